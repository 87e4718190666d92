// The words of expr, the language of conditions in the settings.

import { HawserError } from '../errors.ts';

export interface Token {
  readonly type: 'name' | 'number' | 'string' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

export const invalid = (source: string, at: number, problem: string): HawserError =>
  new HawserError('invalid', `${problem} (1:${at + 1})\n | ${source}\n | ${'.'.repeat(at)}^`);

const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
const NUMBER = /0[xX][\da-fA-F_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?!\.)\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y;
const SYMBOL = /\?\?|\?\.|\*\*|==|!=|<=|>=|&&|\|\||\.\.|[-+*/%^<>!?:;=.,()[\]{}#|]/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function unquoted(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/g,
    (_all, byte, unit, letter: string | undefined) => {
      const code = byte ?? unit;
      return typeof code === 'string'
        ? String.fromCharCode(Number.parseInt(code, 16))
        : (ESCAPES[letter ?? ''] ?? letter ?? '');
    },
  );
}

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = index;
    const [text] = pattern.exec(source) ?? [];
    if (text !== undefined) index += text.length;
    return text;
  };
  for (;;) {
    take(BLANK);
    const at = index;
    if (index >= source.length) return [...tokens, { type: 'end', text: 'EOF', at }];
    const name = take(NAME);
    const number = name === undefined ? take(NUMBER) : undefined;
    const string = name === undefined && number === undefined ? take(STRING) : undefined;
    if (name !== undefined) tokens.push({ type: 'name', text: name, at });
    else if (number !== undefined) tokens.push({ type: 'number', text: number.replaceAll('_', ''), at });
    else if (string !== undefined) tokens.push({ type: 'string', text: unquoted(string), at });
    else {
      const symbol = take(SYMBOL);
      if (symbol === undefined)
        throw invalid(source, at, `unrecognized character: U+${hex(source, at)} '${source.charAt(at)}'`);
      tokens.push({ type: 'symbol', text: symbol, at });
    }
  }
}

const hex = (source: string, at: number): string =>
  (source.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
