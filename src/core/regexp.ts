// Regular expressions of others, which are Go's. JavaScript's own take the plain ones; whatever it might try for
// ever is left to RE2, which is large, and is loaded when such an expression is there.

import type { RE2JS } from 're2js';
import { repetitionsOf } from './expression-cost.ts';

type Matcher = (text: string) => boolean;

const POSIX: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

const ANCHORS: Readonly<Record<string, string>> = { A: '^', z: '$', a: '\\x07' };

let re2: typeof RE2JS | undefined;

/** To be awaited before an expression is compiled. */
export async function loadRegExps(): Promise<void> {
  re2 ??= (await import('re2js')).RE2JS;
}

export const areRegExpsLoaded = (): boolean => re2 !== undefined;

/** Gone through once, or not repeated at all: the length of the text is all that counts. */
function isPlain(expression: string): boolean {
  const repetitions = repetitionsOf(expression);
  return repetitions === 0 || (repetitions === 1 && /^(\(\?[ims]+\))?\^/.test(expression));
}

/** Fits anywhere in a text, as the reference's do; undefined for one that Go would not read. Throws where RE2 is not loaded. */
export function compileRegExp(expression: string): Matcher | undefined {
  return isPlain(expression) ? compilePlain(expression) : compileWithRe2(expression);
}

/** Finds the texts that an expression fits, as Go does; undefined for one that Go would not read. Throws where RE2 is not loaded. */
export function compileSearch(expression: string): ((text: string, most?: number) => string[]) | undefined {
  if (!re2) throw new Error('RE2 is not loaded');
  try {
    const pattern = re2.compile(expression);
    return (text, most = Number.POSITIVE_INFINITY) => {
      const matcher = pattern.matcher(text);
      const matches: string[] = [];
      while (matches.length < most && matcher.find()) matches.push(matcher.group() ?? '');
      return matches;
    };
  } catch {
    return undefined;
  }
}

/** Why Go would not read an expression; undefined where it would. Throws where RE2 is not loaded. */
export function regExpFault(expression: string): string | undefined {
  if (!re2) throw new Error('RE2 is not loaded');
  try {
    re2.compile(expression);
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function compileWithRe2(expression: string): Matcher | undefined {
  if (!re2) throw new Error('RE2 is not loaded');
  try {
    const pattern = re2.compile(expression);
    return (text) => pattern.test(text);
  } catch {
    return undefined;
  }
}

function compilePlain(expression: string): Matcher | undefined {
  const leading = /^\(\?([ims]+)\)/.exec(expression);
  const source = translate(expression.slice(leading?.[0].length ?? 0));
  if (source === undefined) return undefined;
  try {
    const pattern = new RegExp(source, `u${leading?.[1] ?? ''}`);
    return (text) => pattern.test(text);
  } catch {
    return undefined;
  }
}

function translate(expression: string): string | undefined {
  let source = '';
  let inClass = false;
  for (let at = 0; at < expression.length; ) {
    const rest = expression.slice(at);
    const posix = inClass ? /^\[:(\w+):\]/.exec(rest) : null;
    const escaped = /^\\(?:p[A-Z]|.?)/su.exec(rest)?.[0];
    const group = inClass ? null : /^\(\?P?<(?![=!])/.exec(rest);
    if (posix) {
      const members = POSIX[posix[1] ?? ''];
      if (members === undefined) return undefined;
      source += members;
    } else if (escaped) {
      const translated = escapeOf(escaped);
      if (translated === undefined) return undefined;
      source += translated;
    } else if (group) source += '(?<';
    else if (!inClass && /^\(\?(?!:)/.test(rest)) return undefined;
    else if (inClass && rest.startsWith('[')) source += '\\[';
    else if (!inClass && /^[{}\]]/.test(rest) && !/^\{\d+(,\d*)?\}/.test(rest) && !isEndOfCount(expression, at)) {
      source += `\\${rest.charAt(0)}`;
    } else {
      source += rest.charAt(0);
      if (inClass) inClass = rest.charAt(0) !== ']';
      else inClass = rest.startsWith('[');
    }
    at += posix?.[0].length ?? escaped?.length ?? group?.[0].length ?? 1;
  }
  return source;
}

const isEndOfCount = (expression: string, at: number): boolean => /\{\d+(,\d*)?\}$/.test(expression.slice(0, at + 1));

/** Undefined for one that Go does not know, like a reference back to a group. */
function escapeOf(escaped: string): string | undefined {
  const character = escaped.slice(1);
  if (/^p[A-Z]$/.test(character)) return `\\p{${character.slice(1)}}`;
  if (/^[A-Za-z]$/.test(character))
    return ANCHORS[character] ?? (/^[bBdDfnpPrsStvwWx]$/.test(character) ? escaped : undefined);
  if (character === '' || /^\d$/.test(character)) return undefined;
  return /^[\^$\\.*+?()[\]{}|/-]$/.test(character) ? escapedOf(character) : character;
}

/** JavaScript knows an escaped hyphen in brackets alone; its code is known everywhere. */
const escapedOf = (character: string): string => (character === '-' ? '\\x2d' : `\\${character}`);
