// A stream of events, a line of JSON each.

import type { Answer } from '../../api/exchange.ts';
import { asHawserError } from '../../core/errors.ts';
import { stream, streamError } from './answers.ts';

/** Waits a moment for the first event, so that a refusal still has its status; a later failure is the last line. */
export async function eventStream(
  events: AsyncIterable<unknown>,
  encode: (event: unknown) => unknown,
): Promise<Answer> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  await Promise.race([first, moment()]);
  return stream(lines(iterator, first, encode), 'application/json');
}

const moment = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

async function* lines(
  iterator: AsyncIterator<unknown>,
  first: Promise<IteratorResult<unknown>>,
  encode: (event: unknown) => unknown,
): AsyncGenerator<string> {
  try {
    for (let next = await first; !next.done; next = await iterator.next())
      yield `${JSON.stringify({ result: encode(next.value) })}\n`;
  } catch (thrown) {
    yield JSON.stringify(streamError(asHawserError(thrown)));
  } finally {
    await iterator.return?.();
  }
}
