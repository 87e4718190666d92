// Where the socket of a data folder is, and whether it can be trusted: a client takes its owner for the system.

import { createHash } from 'node:crypto';
import { type FileHandle, mkdtemp, open, realpath, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HawserError } from '../../core/errors.ts';

export const SOCKET_FILE = 'hawser.sock';
/** A path of a socket may have about a hundred bytes. */
const LONGEST_SOCKET_PATH = 100;
const OTHERS_WRITE = 0o022;

/** Windows has named pipes in place of sockets that lie in a folder. */
export async function pipeOf(folder: string): Promise<string> {
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex');
  return `\\\\.\\pipe\\hawser-${name.slice(0, 24)}`;
}

/** Throws `busy` when another user could have put the socket into the folder, or could replace it. */
export async function refuseForeign(folder: string, open: FileHandle): Promise<void> {
  const us = process.getuid?.();
  if (us === undefined) return;
  const { uid, mode } = await open.stat();
  if (uid === us && (mode & OTHERS_WRITE) === 0) return;
  const why = uid === us ? 'others may write in it' : `it belongs to another user (${uid})`;
  throw new HawserError('busy', `the data folder '${folder}' is in use, and its socket cannot be trusted: ${why}`, {
    hint: uid === us ? `chmod go-w '${folder}'` : 'use a folder of your own: --data-dir DIR',
  });
}

/** Whether the socket in a folder is a socket of ours. */
export async function isOwnSocket(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isSocket() === true && stats.uid === process.getuid?.() && (stats.mode & OTHERS_WRITE) === 0;
}

/** Opens a folder and runs with a short path to it. On Linux the path still leads to that folder after a rename. */
export async function inFolder<T>(folder: string, run: (path: string, open: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(folder, 'r');
  try {
    if (process.platform === 'linux') return await run(`/proc/self/fd/${handle.fd}`, handle);
    if (Buffer.byteLength(join(folder, SOCKET_FILE)) <= LONGEST_SOCKET_PATH) return await run(folder, handle);
    return await byShortName(folder, (path) => run(path, handle));
  } finally {
    await handle.close();
  }
}

/** A symbolic link in a folder that only we can write. */
async function byShortName<T>(folder: string, run: (path: string) => Promise<T>): Promise<T> {
  const short = await mkdtemp(join(await shortFolder(), 'hawser-'));
  try {
    const link = join(short, 'd');
    await symlink(await realpath(folder), link);
    return await run(link);
  } finally {
    await rm(short, { recursive: true, force: true });
  }
}

/** One where no other user can replace our files: owned by the user or by root, and sticky if others may write. */
async function shortFolder(): Promise<string> {
  const STICKY = 0o1000;
  for (const path of [tmpdir(), '/tmp']) {
    const stats = await stat(path).catch(() => undefined);
    const isSafe =
      stats &&
      [0, process.getuid?.()].includes(stats.uid) &&
      ((stats.mode & OTHERS_WRITE) === 0 || (stats.mode & STICKY) !== 0);
    if (isSafe && Buffer.byteLength(path) <= LONGEST_SOCKET_PATH / 2) return path;
  }
  throw new HawserError(
    'broken-state',
    `there is no safe folder for temporary files: '${tmpdir()}' belongs to others`,
    {
      hint: 'set TMPDIR to a folder of your own, with a short path',
    },
  );
}
