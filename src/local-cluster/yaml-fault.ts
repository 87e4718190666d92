// A fault of a YAML text in the words of Go's parser, from those of ours and from what stands where it stopped.

import { HawserError, messageOf } from '../core/errors.ts';

interface Place {
  /** Counted from 0. */
  readonly line: number;
  /** The text from there on. */
  readonly rest: string;
  /** What is read from a flow collection's last open bracket on. */
  readonly opener: string | undefined;
}

interface Words {
  readonly what: string;
  /** The scanner counts lines from 1, the parser from 0; neither names the first. What is decoded has no line. */
  readonly from: 'scanner' | 'parser' | 'decoder';
}

const scanner = (what: string): Words => ({ what, from: 'scanner' });
const parser = (what: string): Words => ({ what, from: 'parser' });
const decoder = (what: string): Words => ({ what, from: 'decoder' });

const NO_KEY = parser('did not find expected key');
const NO_TOKEN = scanner('found character that cannot start any token');

type Rule = readonly [reason: RegExp, words: (place: Place, named: string) => Words];

const RULES: readonly Rule[] = [
  [/^unknown escape sequence/, () => scanner('found unknown escape character')],
  [/^expected hexadecimal character/, () => scanner('did not find expected hexdecimal number')],
  [/^a line break is expected/, () => scanner('did not find expected comment or line break')],
  [/^tab characters must not be used/, () => NO_TOKEN],
  [/^deficient indentation|within a (single|double) quoted scalar/, () => scanner('found unexpected end of stream')],
  [/multiline key may not be an implicit key/, () => scanner("could not find expected ':'")],
  [/^unidentified alias "(.*)"/, (_, name) => decoder(`unknown anchor '${name}' referenced`)],
  [/^cannot merge mappings/, () => decoder('map merge requires map or sequence of maps as the value')],
  [/flow collection/, ({ opener }) => parser(`did not find expected ',' or '${opener === '{' ? '}' : ']'}'`)],
  [/^directives end mark is expected/, () => scanner('found unknown directive name')],
  [/^expected the node content/, () => parser('did not find expected node content')],
  [/^bad indentation of a sequence entry/, () => parser("did not find expected '-' indicator")],
  [/^bad indentation of a mapping entry/, ({ rest }) => unexpected(rest)],
  [/^duplication of an anchor|^end of the stream or a document separator/, () => NO_KEY],
];

function unexpected(rest: string): Words {
  if (/^\s*:(\s|$)/.test(rest)) return scanner('mapping values are not allowed in this context');
  if (/^\s*-(\s|$)/.test(rest)) return scanner('block sequence entries are not allowed in this context');
  return /^\s*[@`%]/.test(rest) ? NO_TOKEN : NO_KEY;
}

/** `yaml: line 2: …`; in our own words where Go's are not known. */
export function goYamlFault(text: string, thrown: unknown): string {
  const cause = thrown instanceof HawserError ? thrown.cause : undefined;
  const { reason, mark } = (cause ?? {}) as { reason?: string; mark?: { line: number; position: number } };
  if (reason === undefined || mark === undefined) return `yaml: ${messageOf(thrown)}`;
  const place = { line: mark.line, rest: text.slice(mark.position), opener: openBracket(text.slice(0, mark.position)) };
  return faultAt(place.line, wordsFor(reason, place));
}

function faultAt(line: number, { what, from }: Words): string {
  const isTold = from !== 'decoder' && line > 0;
  return `yaml: ${isTold ? `line ${from === 'scanner' ? line + 1 : line}: ` : ''}${what}`;
}

/** An escape of half a character, with a backslash that is not escaped itself. */
const SURROGATE = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i;

/** Go's YAML has no half characters; its JSON puts U+FFFD in their place. */
export function surrogateFault(text: string, parsed: unknown): string | undefined {
  const found = SURROGATE.exec(text);
  // The text may be of a scalar without escapes: what came of it tells.
  if (!found || !SURROGATE.test(JSON.stringify(parsed) ?? '')) return undefined;
  const line = text.slice(0, found.index).split('\n').length - 1;
  return faultAt(line, scanner('found invalid Unicode character escape code'));
}

function wordsFor(reason: string, place: Place): Words {
  for (const [form, words] of RULES) {
    const found = form.exec(reason);
    if (found) return words(place, found[1] ?? reason);
  }
  return scanner(reason);
}

function openBracket(text: string): string | undefined {
  const open: string[] = [];
  for (const [sign] of text.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|[[\]{}]/g)) {
    if (sign === '[' || sign === '{') open.push(sign);
    else if (sign === ']' || sign === '}') open.pop();
  }
  return open.at(-1);
}
