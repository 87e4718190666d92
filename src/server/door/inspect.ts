// How a data folder is used, found out without making one.

import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/time.ts';
import { LOCK_FILE, takeLock } from './lock.ts';
import { askOwner } from './socket.ts';

/** 'absent': there is no folder; 'unused': nothing of ours is in it; 'silent': its owner does not answer. */
export type FolderUse = 'absent' | 'unused' | 'free' | 'command' | 'server' | 'silent';

export interface FolderState {
  readonly use: FolderUse;
  /** Why it cannot be used, or made. */
  readonly problem?: string;
}

const MAX_WAIT_MS = 2000;
const RETRY_MS = 50;

export async function inspectFolder(folder: string, clock: Clock, signal: AbortSignal): Promise<FolderState> {
  const stats = await stat(folder).catch(() => undefined);
  if (!stats) return { use: 'absent', ...problemOf(await whyNotMade(folder)) };
  if (!stats.isDirectory()) return { use: 'unused', problem: 'it is a file' };
  if (!(await isUsable(folder))) return { use: 'unused', problem: 'it cannot be written' };
  const hasLock = await stat(join(folder, LOCK_FILE)).catch(() => undefined);
  return { use: hasLock ? await ownerOf(folder, clock, signal) : 'unused' };
}

/** Who begins to own the folder takes the lock a moment before it answers. */
async function ownerOf(folder: string, clock: Clock, signal: AbortSignal): Promise<FolderUse> {
  const end = clock.now() + MAX_WAIT_MS;
  do {
    const owner = await askOwner(folder, MAX_WAIT_MS, signal);
    if (owner !== undefined) return owner === 'server' ? 'server' : 'command';
    const release = await takeLock(folder);
    if (release) {
      await release();
      return 'free';
    }
    await clock.sleep(RETRY_MS, signal);
  } while (clock.now() < end);
  return 'silent';
}

const problemOf = (problem: string | undefined): { readonly problem?: string } =>
  problem === undefined ? {} : { problem };

const isUsable = (folder: string): Promise<boolean> =>
  access(`${folder}/.`, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );

/** File systems of the kernel's own (proc, sysfs): they take no folders, whoever asks. */
const KERNEL_TYPES = [0x9fa0, 0x62656572];

async function whyNotMade(folder: string): Promise<string | undefined> {
  const parent = dirname(folder);
  const stats = await stat(parent).catch(() => undefined);
  if (!stats) return parent === folder ? 'no folder can be made there' : whyNotMade(parent);
  if (!stats.isDirectory()) return `${parent} is a file`;
  const { type } = await statfs(parent);
  return KERNEL_TYPES.includes(type) || !(await isUsable(parent)) ? `no folder can be made in ${parent}` : undefined;
}
