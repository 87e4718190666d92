import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSentFiles } from '../../../src/repo/sent-files.ts';

const file = (path: string) => ({ path, content: Buffer.from(`content of ${path}`).toString('base64') });

test('files that are sent lie in a folder for as long as they are used', async () => {
  let root = '';
  const read = await withSentFiles([file('a.yaml'), file('over/deep/b.yaml')], async (folder) => {
    root = folder;
    return Promise.all(['a.yaml', 'over/deep/b.yaml'].map((path) => readFile(join(folder, path), 'utf8')));
  });
  expect(read).toEqual(['content of a.yaml', 'content of over/deep/b.yaml']);
  expect(existsSync(root)).toBe(false);
  await expect(withSentFiles([file('a.yaml')], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});

test.each(['../a.yaml', 'x/../../a.yaml', '/etc/a.yaml', '', 'a\0b'])('%j does not lie below it', async (path) => {
  const used = withSentFiles([file('fine.yaml'), file(path)], () => Promise.resolve('used'));
  await expect(used).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('must lie below') });
});
