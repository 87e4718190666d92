// The data folder has one owner. The kernel keeps a lock on a file in it: it holds for every name of the folder, every user
// and every container, only a process that may write the file can take it, and it ends with the process.

import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError, systemCode } from '../../core/errors.ts';

export type Release = () => Promise<void>;

export const LOCK_FILE = 'lock';

/** Takes the lock of a folder; undefined when another process has it. */
export async function takeLock(folder: string): Promise<Release | undefined> {
  const path = join(folder, LOCK_FILE);
  for (;;) {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o600);
    try {
      if (!(await lock(file))) {
        await file.close();
        return undefined;
      }
      if (await isLockOf(path, file)) return () => file.close();
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
    await file.close();
  }
}

/** Whether the file still has its name: a lock on one that was removed in between locks nothing. */
async function isLockOf(path: string, file: FileHandle): Promise<boolean> {
  const [locked, named] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  // A user who may read a file can take a shared lock on it and so shut its owner out.
  if (locked.uid === process.getuid?.() && (locked.mode & 0o077) !== 0) await file.chmod(0o600);
  return named?.ino === locked.ino && named.dev === locked.dev;
}

async function lock(file: FileHandle): Promise<boolean> {
  const native = await import('fs-native-extensions').catch((thrown: unknown) => {
    // Only where the package has nothing for this platform: two ways of locking do not see each other.
    if (/NOT_FOUND$/.test(systemCode(thrown))) return undefined;
    throw thrown;
  });
  return native ? native.tryLock(file.fd) : lockByProgram(file.fd);
}

/** A lock of flock(1) belongs to the open file, which the program shares with us: it outlives the program. */
export function lockByProgram(descriptor: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] });
    child.once('error', (cause) =>
      reject(
        new HawserError('missing-tool', `on ${process.platform}/${process.arch} the data folder is locked by 'flock'`, {
          hint: 'install util-linux or busybox',
          cause,
        }),
      ),
    );
    child.once('close', (code) => resolve(code === 0));
  });
}
