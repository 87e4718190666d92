import { expect, test } from 'vitest';
import { interleave } from '../../../src/core/interleave.ts';

async function* later(...steps: readonly (readonly [string, number])[]): AsyncGenerator<string> {
  for (const [text, wait] of steps) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    yield text;
  }
}

async function all(source: AsyncIterable<string>): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of source) texts.push(text);
  return texts;
}

test('what comes first is told first, and a source that ends holds up none', async () => {
  const sources = [later(['a', 30], ['d', 60]), later(['b', 50]), later()];
  expect(await all(interleave(sources))).toEqual(['a', 'b', 'd']);
  expect(await all(interleave([]))).toEqual([]);
});

test('a source that fails fails the whole, and the others are ended', async () => {
  let ended = false;
  async function* open(): AsyncGenerator<string> {
    try {
      yield 'a';
      yield 'b';
    } finally {
      ended = true;
    }
  }
  async function* broken(): AsyncGenerator<string> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield await Promise.reject(new Error('broken'));
  }
  const both = interleave([open(), broken()]);
  expect(await both.next()).toEqual({ done: false, value: 'a' });
  await expect(
    (async () => {
      for (let count = 0; count < 3; count += 1) await both.next();
    })(),
  ).rejects.toThrow('broken');
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(ended).toBe(true);
});
