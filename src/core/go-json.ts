// The JSON of a body as Go's decoder takes it: the first value counts, and what is no JSON is refused in its words.

import { asHawserError, HawserError } from './errors.ts';
import { goQuote } from './go-text.ts';

/** Undefined for an empty body; throws `invalid`. */
export function readGoJson(text: string): unknown {
  if (/^[ \t\r\n]*$/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const bytes = Buffer.from(text);
    const reader = readerOf(bytes);
    skipValue(reader);
    return JSON.parse(bytes.toString('utf8', 0, reader.at));
  }
}

/** What Go says of a text that is not one JSON value; undefined for one that is. */
export function goJsonFault(given: string | Buffer): string | undefined {
  const bytes = Buffer.from(given);
  try {
    JSON.parse(bytes.toString('utf8'));
    return undefined;
  } catch {
    // Go ends what it reads with a space, and tells of it in what is not yet complete.
    return faultIn(readerOf(Buffer.concat([bytes, SPACE])));
  }
}

const SPACE = Buffer.from(' ');

/** Go reads bytes, and tells each as a letter. */
const readerOf = (bytes: Buffer): Reader => ({ text: bytes.toString('latin1'), at: 0 });

function faultIn(reader: Reader): string | undefined {
  try {
    skipValue(reader);
    const character = nextAfterSpace(reader);
    return unexpected(character, 'after top-level value').message;
  } catch (thrown) {
    const { message } = asHawserError(thrown);
    return message === UNEXPECTED_END ? 'unexpected end of JSON input' : message;
  }
}

const UNEXPECTED_END = 'unexpected EOF';

/** A text, and how far it was read. */
interface Reader {
  readonly text: string;
  at: number;
}

function skipValue(reader: Reader): void {
  const first = nextAfterSpace(reader);
  if (first === '{') skipMembers(reader, '}');
  else if (first === '[') skipMembers(reader, ']');
  else if (first === '"') skipString(reader);
  else if (/[-\d]/.test(first)) skipNumber(reader);
  else skipWord(reader, first);
}

function skipMembers(reader: Reader, end: '}' | ']'): void {
  take(reader);
  for (let isFirst = true; nextAfterSpace(reader) !== end || !isFirst; isFirst = false) {
    if (end === '}') skipKey(reader);
    skipValue(reader);
    const separator = nextAfterSpace(reader);
    if (separator === end) break;
    if (separator !== ',')
      throw unexpected(separator, `after ${end === '}' ? 'object key:value pair' : 'array element'}`);
    take(reader);
  }
  take(reader);
}

function skipKey(reader: Reader): void {
  const quote = nextAfterSpace(reader);
  if (quote !== '"') throw unexpected(quote, 'looking for beginning of object key string');
  skipString(reader);
  const colon = nextAfterSpace(reader);
  if (colon !== ':') throw unexpected(colon, 'after object key');
  take(reader);
}

function skipString(reader: Reader): void {
  take(reader);
  for (;;) {
    const character = next(reader);
    if (character < ' ') throw unexpected(character, 'in string literal');
    take(reader);
    if (character === '"') return;
    if (character === '\\') skipEscape(reader);
  }
}

function skipEscape(reader: Reader): void {
  const character = next(reader);
  if (!/["\\/bfnrtu]/.test(character)) throw unexpected(character, 'in string escape code');
  take(reader);
  for (let digits = character === 'u' ? 4 : 0; digits > 0; digits -= 1) {
    const digit = next(reader);
    if (!/[\da-f]/i.test(digit)) throw unexpected(digit, 'in \\u hexadecimal character escape');
    take(reader);
  }
}

function skipNumber(reader: Reader): void {
  if (next(reader) === '-') take(reader);
  if (peek(reader) === '0') take(reader);
  else skipDigits(reader, 'in numeric literal');
  if (peek(reader) === '.') {
    take(reader);
    skipDigits(reader, 'after decimal point in numeric literal');
  }
  if (!/[eE]/.test(peek(reader))) return;
  take(reader);
  if (/[-+]/.test(peek(reader))) take(reader);
  skipDigits(reader, 'in exponent of numeric literal');
}

function skipDigits(reader: Reader, context: string): void {
  const first = next(reader);
  if (!/\d/.test(first)) throw unexpected(first, context);
  while (/\d/.test(peek(reader))) take(reader);
}

function skipWord(reader: Reader, first: string): void {
  const word = ['true', 'false', 'null'].find((literal) => literal.startsWith(first));
  if (word === undefined) throw unexpected(first, 'looking for beginning of value');
  for (const expected of word) {
    const character = next(reader);
    if (character !== expected) throw unexpected(character, `in literal ${word} (expecting ${quoted(expected)})`);
    take(reader);
  }
}

function nextAfterSpace(reader: Reader): string {
  while (/[ \t\r\n]/.test(peek(reader))) take(reader);
  return next(reader);
}

/** Throws `invalid` at the end of the text. */
function next(reader: Reader): string {
  const character = peek(reader);
  if (character === '') throw new HawserError('invalid', UNEXPECTED_END);
  return character;
}

const peek = ({ text, at }: Reader): string => text.charAt(at);

function take(reader: Reader): void {
  reader.at += 1;
}

function unexpected(character: string, context: string): HawserError {
  return new HawserError('invalid', `invalid character ${quoted(character)} ${context}`);
}

/** As strconv.Quote with other quotes. */
function quoted(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return `'"'`;
  return `'${goQuote(character).slice(1, -1)}'`;
}
