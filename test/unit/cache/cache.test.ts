import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cache } from '../../../src/cache/cache.ts';
import { createFolderCache } from '../../../src/cache/folder-cache.ts';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import type { Clock } from '../../../src/core/time.ts';

let now = 0;
const clock: Clock = { now: () => now, sleep: async () => undefined };
let folder = '';

beforeEach(async () => {
  now = Date.parse('2025-01-01T00:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'hawser-cache-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const KINDS: readonly (readonly [string, (maxBytes?: number) => Cache])[] = [
  ['memory', (maxBytes) => createMemoryCache(clock, maxBytes)],
  ['folder', (maxBytes) => createFolderCache(join(folder, 'cache'), clock, maxBytes)],
];

describe.each(KINDS)('the %s cache', (_name, create) => {
  test('gives back what was set, until its time is over', async () => {
    const cache = create();
    await cache.set('a', '{"x":"ü"}', 1000);
    expect(await cache.get('a')).toBe('{"x":"ü"}');
    expect(await cache.get('b')).toBeUndefined();
    now += 1000;
    expect(await cache.get('a')).toBeUndefined();
  });

  test('forgets by prefix, or all', async () => {
    const cache = create();
    for (const key of ['refs|a', 'refs|b', 'render|a']) await cache.set(key, key, 1000);
    await cache.delete('refs|');
    expect([await cache.get('refs|a'), await cache.get('refs|b'), await cache.get('render|a')]).toEqual([
      undefined,
      undefined,
      'render|a',
    ]);
    await cache.delete();
    expect(await cache.get('render|a')).toBeUndefined();
  });

  test('keeps what was used last when it is full', async () => {
    const cache = create(3000);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await cache.set(key, key.repeat(700), 1_000_000);
      now += 1000;
      await cache.get('a');
    }
    expect(await cache.get('a')).toBeDefined();
    expect(await cache.get('b')).toBeUndefined();
    expect(await cache.get('e')).toBeDefined();
  });
});

describe('the folder cache', () => {
  test('survives its process', async () => {
    await createFolderCache(folder, clock).set('a', 'value', 1000);
    expect(await createFolderCache(folder, clock).get('a')).toBe('value');
  });

  test('takes damage for a miss', async () => {
    const cache = createFolderCache(folder, clock);
    await cache.set('a', 'value', 1000);
    const [name = ''] = await readdir(folder);
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.slice(0, -2));
    expect(await cache.get('a')).toBeUndefined();
    await writeFile(join(folder, name), '');
    expect(await cache.get('a')).toBeUndefined();
  });
});
