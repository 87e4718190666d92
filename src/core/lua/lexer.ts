// The words of a script in Lua 5.1, and the labels that came later.

import { LuaError } from './values.ts';

export interface Token {
  readonly type: 'name' | 'string' | 'number' | 'keyword' | 'symbol' | 'end';
  readonly text: string;
  readonly number?: number;
  readonly line: number;
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const BLANK = /(?:[ \t\r\n\f\v]+|--\[(=*)\[[\s\S]*?\]\1\]|--(?!\[=*\[)[^\n]*)/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const LONG = /\[(=*)\[(?:\r?\n)?([\s\S]*?)\]\1\]/y;
const SYMBOL = /\.\.\.|\.\.|==|~=|<=|>=|::|[+\-*/%^#<>=(){}[\];:,.]/y;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export function syntaxError(line: number, near: string, problem = 'syntax error'): LuaError {
  return new LuaError(`<string> line:${line}(column:0) near '${near}':   ${problem}\n`, true);
}

export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let [index, line] = [0, 1];
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = index;
    const match = pattern.exec(source);
    if (match) index = pattern.lastIndex;
    return match;
  };
  const countLines = (text: string): void => {
    for (const character of text) if (character === '\n') line += 1;
  };
  if (source.startsWith('#')) index = source.indexOf('\n') < 0 ? source.length : source.indexOf('\n');
  for (;;) {
    for (let blank = take(BLANK); blank; blank = take(BLANK)) countLines(blank[0]);
    if (index >= source.length) return [...tokens, { type: 'end', text: 'EOF', line }];
    const start = line;
    const found = wordAt(source, index, take, start);
    if (!found) throw syntaxError(line, source.charAt(index), 'Invalid token');
    if (found.end !== undefined) index = found.end;
    countLines(found.raw);
    tokens.push(found.token);
  }
}

interface Found {
  readonly token: Token;
  readonly raw: string;
  readonly end?: number;
}

function wordAt(
  source: string,
  index: number,
  take: (pattern: RegExp) => RegExpExecArray | null,
  line: number,
): Found | undefined {
  const name = take(NAME)?.[0];
  if (name !== undefined)
    return { token: { type: KEYWORDS.has(name) ? 'keyword' : 'name', text: name, line }, raw: '' };
  const number = take(NUMBER)?.[0];
  if (number !== undefined) return { token: { type: 'number', text: number, number: Number(number), line }, raw: '' };
  const long = take(LONG);
  if (long) return { token: { type: 'string', text: long[2] ?? '', line }, raw: long[0] };
  const quote = source.charAt(index);
  if (quote === '"' || quote === "'") return quoted(source, index, line);
  const symbol = take(SYMBOL)?.[0];
  return symbol === undefined ? undefined : { token: { type: 'symbol', text: symbol, line }, raw: '' };
}

function quoted(source: string, start: number, line: number): Found {
  const quote = source.charAt(start);
  let [text, index] = ['', start + 1];
  for (; source.charAt(index) !== quote; index++) {
    const character = source.charAt(index);
    if (character === '' || character === '\n') throw syntaxError(line, text, 'unterminated string');
    if (character !== '\\') {
      text += character;
      continue;
    }
    index += 1;
    const mark = source.charAt(index);
    const [digits] = /^\d{1,3}/.exec(source.slice(index, index + 3)) ?? [];
    if (digits !== undefined) {
      text += String.fromCharCode(Number(digits) & 0xff);
      index += digits.length - 1;
    } else text += ESCAPES[mark] ?? mark;
  }
  return { token: { type: 'string', text, line }, raw: source.slice(start, index), end: index + 1 };
}
