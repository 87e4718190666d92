// Throws the state of a data folder away, also when it cannot be read: only what this program has made, by name.

import { open, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { LOCK_FILE, takeLock } from '../door/lock.ts';
import { SOCKET_FILE } from '../door/place.ts';
import { askOwner } from '../door/socket.ts';

export interface ResetOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** By folder, what in it is ours; the log goes first, so that a reset that was cut short is no state. */
const OURS = [
  ['cluster', /^cluster\.(log|head)(\.new)?$/],
  ['audit', /^(changes|routine|attempts)-\d{6,}\.jsonl$/],
  ['cache', /^([0-9a-f]{64}\.json|[0-9a-f]{16}\.draft)$/],
  ['repo/repositories', /^[0-9a-f]{32}(-commits)?$/],
  ['repo/charts', /^[0-9a-f]{1,32}(\.\w+)*$/],
  ['repo/scratch', /^\w+-\w{6}$/],
  ['repo/helm', /^(cache|plugins-none)$/],
  ['repo', /^$/],
] as const;

/** Answers what lies among the state but is not ours, and stays. Throws `busy` while a process owns the folder. */
export async function resetFolder(options: ResetOptions): Promise<readonly string[]> {
  const { folder } = options;
  const names = await namesIn(folder);
  if (names.every((name) => name === LOCK_FILE || name === SOCKET_FILE)) return [];
  if (!(await holdsCluster(folder))) {
    throw new HawserError('invalid', `'${folder}' is not a data folder of hawser; nothing was removed`, {
      hint: 'name the folder that the commands use: --data-dir DIR, or HAWSER_DATA_DIR',
    });
  }
  const release = await lockForReset(options);
  try {
    const remaining = [];
    for (const [part, ours] of OURS) remaining.push(...(await empty(folder, part, ours)));
    return remaining;
  } catch (thrown) {
    throw new HawserError('broken-state', `cannot empty '${folder}': ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    await release();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (thrown) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(thrown))) return [];
    throw thrown;
  }
}

/** Of a damaged state one of its files may still say whose it is. */
async function holdsCluster(folder: string): Promise<boolean> {
  const [log, head] = await Promise.all([
    beginning(join(folder, 'cluster', 'cluster.log')),
    beginning(join(folder, 'cluster', 'cluster.head')),
  ]);
  return /^[0-9a-f]{8} \{"hawser":"local-cluster"/.test(log) || /^[0-9a-f]{8} \{"revision":\d+\} *\n$/.test(head);
}

async function beginning(path: string): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64) });
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const LONGEST_WAIT_MS = 10_000;

async function lockForReset({ folder, clock, signal }: ResetOptions): Promise<() => Promise<void>> {
  const end = clock.now() + LONGEST_WAIT_MS;
  for (let remaining = LONGEST_WAIT_MS; remaining > 0; remaining = end - clock.now()) {
    const release = await takeLock(folder);
    if (release) return release;
    if ((await askOwner(folder, remaining, signal)) === 'server') break;
    await clock.sleep(100, signal);
  }
  throw new HawserError('busy', `the data folder '${folder}' is in use`, {
    hint: 'end the hawser server or command that uses it first',
  });
}

async function empty(folder: string, part: string, ours: RegExp): Promise<readonly string[]> {
  const path = join(folder, part);
  const names = await namesIn(path);
  // The log before what says how far it goes.
  for (const name of names.filter((name) => ours.test(name)).reverse())
    await rm(join(path, name), { recursive: true, force: true });
  const remaining = names.filter((name) => !ours.test(name) && !isPart(`${part}/${name}`));
  if (remaining.length === 0) await rmdir(path).catch(() => undefined);
  return remaining.map((name) => join(path, name));
}

const isPart = (path: string): boolean => OURS.some(([part]) => part === path);
