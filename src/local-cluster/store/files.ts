// Files that hold the state: whole writes, in place of another in one step, and what the system says when it refuses.

import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';

/** The bytes of a file, undefined where there is none. What is no file (a pipe, a folder) is refused, and never waited for. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
  try {
    if ((await file.stat()).isFile()) return await file.readFile();
  } finally {
    await file.close();
  }
  throw new HawserError('broken-state', `'${path}' is not a file`, { hint: 'restore its folder from a copy' });
}

export async function writeWhole(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Puts a new file, safe on the disk, under a name; answers it opened. Nothing is left behind when it fails. */
export async function replaceFile(
  path: string,
  bytes: AsyncIterable<Buffer> | Iterable<Buffer>,
  mayReplace: () => Promise<boolean>,
): Promise<FileHandle> {
  const beside = `${path}.new`;
  if (!(await mayReplace())) throw new HawserError('broken-state', `'${path}' is another file by now`);
  await rm(beside, { force: true });
  const file = await open(beside, 'wx+', 0o600);
  try {
    let length = 0;
    for await (const part of bytes) {
      await writeWhole(file, part, length);
      length += part.length;
    }
    await file.sync();
    if (!(await mayReplace())) throw new HawserError('broken-state', `'${path}' is another file by now`);
    await rename(beside, path);
    return file;
  } catch (thrown) {
    await file.close();
    await rm(beside, { force: true });
    throw thrown;
  }
}

/** Makes the names in the folder of a file as safe as the file. */
export async function syncFolderOf(path: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is what lasts.
  if (process.platform === 'win32') return;
  const handle = await open(dirname(path), 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room, then run the command again',
  EDQUOT: 'your quota is used up: make room, then run the command again',
  EFBIG: 'the file may not grow further: raise the limit on file sizes (ulimit -f)',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  EACCES: 'the folder cannot be written: choose another one with --data-dir',
  EPERM: 'the folder cannot be written: choose another one with --data-dir',
  EROFS: 'the folder is read-only: choose another one with --data-dir',
};

export function writeRefused(thrown: unknown, path: string): HawserError {
  if (thrown instanceof HawserError) return thrown;
  const hint = HINTS[systemCode(thrown)];
  return new HawserError('broken-state', `cannot keep the local cluster in '${path}': ${messageOf(thrown)}`, {
    ...omitUndefined({ hint }),
    cause: thrown,
  });
}
