// The items of a list, cut out of the bytes of the answer as they come: of a list of thousands never more than one is text
// and object at once.

import { isObject } from '../core/json.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
/** Inside the root object and its list of items. */
const ITEM_DEPTH = 2;

/** Each element of the `items` of a JSON object; throws what `JSON.parse` throws where the text is broken or ends early. */
export async function* itemsOf(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<unknown> {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let key = '';
  let isList = false;
  let item: Buffer[] | undefined;
  let tail: Buffer = Buffer.alloc(0);
  for await (const piece of chunks) {
    const chunk = tail.length > 0 ? Buffer.concat([tail, Buffer.from(piece)]) : Buffer.from(piece);
    tail = Buffer.alloc(0);
    let begin = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (isText || byte === QUOTE) {
        const from: number = isText ? index + (isEscaped ? 1 : 0) : index + 1;
        const end: number = endOfText(chunk, from);
        isText = end < 0;
        isEscaped = isText && slashesBefore(chunk, chunk.length, from) % 2 === 1;
        // A key that a chunk cuts is read again with the next one; an item keeps its pieces.
        if (isText && depth === 1) tail = chunk.subarray(index);
        if (isText) break;
        if (depth === 1) key = chunk.toString('utf8', index + 1, end);
        index = end;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === 1) isList = key === 'items';
        if (depth === ITEM_DEPTH && isList) {
          item = [];
          begin = index;
        }
        depth += 1;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth -= 1;
        if (item && depth === ITEM_DEPTH) {
          const last = chunk.subarray(begin, index + 1);
          yield JSON.parse((item.length === 0 ? last : Buffer.concat([...item, last])).toString('utf8'));
          item = undefined;
        }
      }
    }
    if (tail.length > 0) isText = false;
    else if (item) item.push(chunk.subarray(begin));
  }
  if (depth !== 0 || isText || tail.length > 0) throw new SyntaxError('the list ends early');
}

/** The place of the quote that ends a text which goes on at `from`; -1 where it does not end in this chunk. */
function endOfText(chunk: Buffer, from: number): number {
  for (let end = chunk.indexOf(QUOTE, from); end >= 0; end = chunk.indexOf(QUOTE, end + 1)) {
    if (slashesBefore(chunk, end, from) % 2 === 0) return end;
  }
  return -1;
}

function slashesBefore(chunk: Buffer, end: number, from: number): number {
  let slashes = 0;
  while (end - 1 - slashes >= from && chunk[end - 1 - slashes] === BACKSLASH) slashes += 1;
  return slashes;
}

/** The same of a list that came as a value. */
export function itemsOfValue(body: unknown): readonly unknown[] {
  const items = isObject(body) ? body['items'] : undefined;
  return Array.isArray(items) ? items : [];
}

/** Takes a field out of an object that nobody else has. */
export function forget(value: unknown, [key = '', ...rest]: readonly string[]): void {
  if (!isObject(value)) return;
  if (rest.length > 0) forget(value[key], rest);
  else Reflect.deleteProperty(value, key);
}
