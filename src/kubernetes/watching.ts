// The lines of a watch as events.

import { HawserError } from '../core/errors.ts';
import { isObject, type Json, type JsonObject, numberAt } from '../core/json.ts';
import type { WatchEvent } from '../objects/cluster.ts';
import { isKubeObject } from '../objects/object.ts';
import { apiFailure } from './failure.ts';
import { splitLines } from './lines.ts';
import { isStream, type KubeResponse } from './transport.ts';

/** Throws what an ERROR event tells: `conflict` when the resource version is too old. */
export async function* watchEvents(body: KubeResponse['body']): AsyncGenerator<WatchEvent> {
  if (!isStream(body)) throw new HawserError('bad-answer', 'a watch was answered without a stream');
  for await (const event of objectsOf(body)) {
    const type = event['type'];
    const { object } = event;
    if (type === 'ERROR') throw apiFailure(numberAt(object, 'code') ?? 500, isObject(object) ? object : '');
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') continue;
    if (isKubeObject(object)) yield { type, object };
  }
}

/** Objects come as they are from the same process, and as lines of text from afar. */
async function* objectsOf(stream: AsyncIterable<JsonObject | string>): AsyncGenerator<JsonObject> {
  const iterator = stream[Symbol.asyncIterator]();
  const parsed: JsonObject[] = [];
  async function* texts(): AsyncGenerator<string> {
    for (;;) {
      const { value, done } = await iterator.next();
      if (done) return;
      if (typeof value === 'string') yield value;
      else {
        parsed.push(value);
        yield '\n';
      }
    }
  }
  try {
    for await (const line of splitLines(texts())) {
      yield* parsed.splice(0);
      if (line.trim() === '') continue;
      const event: Json = JSON.parse(line);
      if (isObject(event)) yield event;
    }
  } finally {
    await iterator.return?.();
  }
}
