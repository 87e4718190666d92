// How far the log has been acknowledged, in a small file beside it. It is written after the log is safe, and need not be safe
// itself: what it says may be older than the log, never newer. A log that ends before has lost what was acknowledged.

import { type FileHandle, open } from 'node:fs/promises';
import { HawserError, systemCode } from '../../core/errors.ts';
import { numberAt } from '../../core/json.ts';
import { readIfThere, syncFolderOf } from './files.ts';
import { decodeLine, encodeLine } from './record.ts';

/** Always as long: it is overwritten in place. */
const LENGTH = 64;

/** The acknowledged revision, undefined where there is no such file; throws `broken-state` where it cannot be read. */
export async function readHead(path: string): Promise<number | undefined> {
  const text = (await readIfThere(path))?.toString('utf8');
  if (text === undefined) return undefined;
  const revision = numberAt(decodeLine(text.trimEnd(), 0)?.value, 'revision');
  if (revision !== undefined) return revision;
  throw new HawserError('broken-state', `'${path}' is damaged: whether the log beside it is whole cannot be told`, {
    hint: `restore its folder from a copy, or go on with the log as it is: rm '${path}'`,
  });
}

/** The file, made safe before anything is acknowledged: it would be missed. */
export async function openHead(path: string, revision: number): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
  }
  const file = await open(path, 'wx+', 0o600);
  try {
    await writeHead(file, revision);
    await file.sync();
    await syncFolderOf(path);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

export async function writeHead(file: FileHandle, revision: number): Promise<void> {
  await file.write(
    `${encodeLine({ revision }, 0)
      .text.trimEnd()
      .padEnd(LENGTH - 1)}\n`,
    0,
  );
}
