import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepTemporaryFolders, temporaryFolders } from '../../../src/repo/render/temporary-folders.ts';

test('folders are filled once, and gone even when filling failed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hawser-home-'));
  const folders = temporaryFolders(home);
  const [one, same] = await Promise.all([folders.filled('a'), folders.filled('a')]);
  expect(one).toBe(same);
  const failing = folders.filled('b', async () => {
    throw new Error('disk full');
  });
  await expect(failing).rejects.toThrow('disk full');
  expect(await readdir(join(home, 'scratch'))).toHaveLength(2);
  await folders.remove();
  expect(await readdir(join(home, 'scratch'))).toEqual([]);
  await rm(home, { recursive: true });
});

test('what a killed process left is swept, what may be in use is not', async () => {
  const home = await mkdtemp(join(tmpdir(), 'hawser-home-'));
  const now = Date.parse('2025-01-01T12:00:00Z');
  for (const [name, age] of [
    ['old', 2 * 3_600_000],
    ['new', 60_000],
  ] as const) {
    const path = join(home, 'scratch', name);
    await mkdir(path, { recursive: true });
    await utimes(path, new Date(now - age), new Date(now - age));
  }
  await sweepTemporaryFolders(home, now);
  expect(await readdir(join(home, 'scratch'))).toEqual(['new']);
  await rm(home, { recursive: true });
});
