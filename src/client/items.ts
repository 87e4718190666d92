// The items of a list, cut out of the bytes of the answer as they come: of a list of thousands never more than one is text
// and object at once. What nobody will look at is not even parsed.

import { HawserError } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** Paths of fields: ['status', 'history']. */
export type Paths = readonly (readonly string[])[];

export interface ListItem {
  /** With `null` in place of the fields that nobody will look at. */
  readonly value: unknown;
  /** With all its fields. */
  whole(): unknown;
}

/** Each element of the `items` of a JSON object; throws a SyntaxError where the text is broken or ends early. */
export async function* itemsOf(
  chunks: AsyncIterable<string | Uint8Array>,
  without: Paths = [],
): AsyncGenerator<ListItem> {
  let rest: Buffer = Buffer.alloc(0);
  let position: 'before' | 'within' | 'after' = 'before';
  for await (const chunk of chunks) {
    // What is not whole is read again with the next piece.
    const buffer = rest.length > 0 ? Buffer.concat([rest, Buffer.from(chunk)]) : Buffer.from(chunk);
    let at = 0;
    if (position === 'before') {
      const begin = beginOfItems(buffer);
      if (begin !== undefined) {
        at = begin;
        position = 'within';
      }
    }
    while (position === 'within') {
      at = afterSeparators(buffer, at);
      if (buffer[at] === CLOSE_BRACKET) position = 'after';
      const item = position === 'within' ? readItem(buffer, at, without) : undefined;
      if (!item) break;
      const [begin, { end }] = [at, item];
      yield { value: JSON.parse(item.text), whole: () => JSON.parse(buffer.toString('utf8', begin, end)) };
      at = end;
    }
    rest = position === 'after' ? Buffer.alloc(0) : buffer.subarray(at);
  }
  if (position === 'within') throw new SyntaxError('the list ends early');
  if (position === 'before') yield* itemsOfValue(JSON.parse(rest.toString('utf8'))).map(asListItem);
}

/** The place behind `"items":[` of the root object; undefined where it has not come. */
function beginOfItems(buffer: Buffer): number | undefined {
  if (buffer[afterSeparators(buffer, 0)] !== OPEN_BRACE) return undefined;
  let depth = 0;
  let key = '';
  for (let at = 0; at < buffer.length; at += 1) {
    const byte = buffer[at];
    if (byte === QUOTE) {
      const end = endOfText(buffer, at + 1);
      if (end < 0) return undefined;
      if (depth === 1) key = buffer.toString('utf8', at + 1, end);
      at = end;
    } else if (byte === OPEN_BRACKET && depth === 1 && key === 'items') return at + 1;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1;
  }
  return undefined;
}

function afterSeparators(buffer: Buffer, from: number): number {
  let at = from;
  while (buffer[at] === COMMA || (buffer[at] ?? QUOTE) <= 32) at += 1;
  return at;
}

interface Item {
  readonly text: string;
  /** The place behind it. */
  readonly end: number;
}

/** The item that begins here; undefined where its end has not come. */
function readItem(buffer: Buffer, begin: number, without: Paths): Item | undefined {
  const path: string[] = [];
  const pieces: string[] = [];
  let copied = begin;
  let key = '';
  for (let at = begin; at < buffer.length; at += 1) {
    const byte = buffer[at];
    if (byte === QUOTE) {
      const end = endOfText(buffer, at + 1);
      if (end < 0) return undefined;
      if (path.length <= LONGEST) key = buffer.toString('latin1', at + 1, end);
      at = end;
    } else if (byte === COLON) path[path.length - 1] = key;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (path.length > 0 && path.length <= LONGEST && isUnseen(path, without)) {
        const end = endOfValue(buffer, at);
        if (end === undefined) return undefined;
        pieces.push(buffer.toString('utf8', copied, at), 'null');
        copied = end;
        at = end - 1;
      } else path.push('');
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      path.pop();
      if (path.length === 0)
        return { text: [...pieces, buffer.toString('utf8', copied, at + 1)].join(''), end: at + 1 };
    }
  }
  return undefined;
}

/** Nobody names fields deeper than this. */
const LONGEST = 4;

const isUnseen = (path: readonly string[], without: Paths): boolean =>
  without.some((unseen) => unseen.length === path.length && unseen.every((key, index) => key === path[index]));

/** The place behind an object or a list. */
function endOfValue(buffer: Buffer, begin: number): number | undefined {
  let depth = 0;
  for (let at = begin; at < buffer.length; at += 1) {
    const byte = buffer[at];
    if (byte === QUOTE) {
      at = endOfText(buffer, at + 1);
      if (at < 0) return undefined;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

/** The place of the quote that ends a text; -1 where it has not come. */
function endOfText(buffer: Buffer, from: number): number {
  for (let end = buffer.indexOf(QUOTE, from); end >= 0; end = buffer.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (end - 1 - slashes >= from && buffer[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return -1;
}

export const asListItem = (value: unknown): ListItem => ({ value, whole: () => value });

/** The same of a list that came as a value; throws `bad-answer` for what is none. */
export function itemsOfValue(body: unknown): readonly unknown[] {
  const items = isObject(body) ? body['items'] : undefined;
  if (Array.isArray(items)) return items;
  // An empty list may come as null, or not at all.
  if (isObject(body) && (items === null || (items === undefined && isEmptyList(body)))) return [];
  throw new HawserError('bad-answer', 'the answer is JSON, but no list', {
    hint: 'is this the address of an Argo CD server? another service may have answered',
  });
}

const isEmptyList = (body: JsonObject): boolean => Object.keys(body).every((key) => LIST_FIELDS.includes(key));
const LIST_FIELDS: readonly string[] = ['metadata', 'kind', 'apiVersion'];
