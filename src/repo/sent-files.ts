// Files that a client sends, in a folder of their own for as long as they are rendered.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { HawserError } from '../core/errors.ts';
import type { SentFile } from '../model/sent-files.ts';

/** Throws `invalid` for a file that would not lie below the folder. */
export async function withSentFiles<T>(files: readonly SentFile[], use: (root: string) => Promise<T>): Promise<T> {
  for (const { path } of files) {
    const plain = normalize(path);
    if (path !== '' && !isAbsolute(plain) && !plain.startsWith('..') && !path.includes('\0')) continue;
    throw new HawserError('invalid', `a file must lie below the folder that is sent: '${path}'`);
  }
  const root = await mkdtemp(join(tmpdir(), 'hawser-files-'));
  try {
    for (const { path, content } of files) {
      const target = join(root, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, Buffer.from(content, 'base64'));
    }
    return await use(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
