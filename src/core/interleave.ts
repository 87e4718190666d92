/** What several sources yield, in the order in which it comes; ends with the last of them, and ends all when nobody listens any more. */
export async function* interleave<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const next = async (iterator: AsyncIterator<T>) => ({ iterator, result: await iterator.next() });
  const waiting = new Map(iterators.map((iterator) => [iterator, next(iterator)]));
  try {
    while (waiting.size > 0) {
      const { iterator, result } = await Promise.race(waiting.values());
      if (result.done) waiting.delete(iterator);
      else {
        waiting.set(iterator, next(iterator));
        yield result.value;
      }
    }
  } finally {
    // One that waits for its next value ends when that comes, or when the signal behind it fires: it is not waited for.
    for (const [iterator, pending] of waiting) {
      pending.catch(() => undefined);
      iterator.return?.().catch(() => undefined);
    }
  }
}
