// Noticing at once that a local repository has a new commit.

import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '../../core/time.ts';

const POLL_MS = 1000;
const SETTLE_MS = 20;

/** Calls `onChange` whenever a reference of a Git folder moved, until the signal fires. */
export async function watchReferences(
  gitFolder: string,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  onChange: () => void,
): Promise<void> {
  const folder = await sharedFolder(gitFolder);
  let last = await fingerprint(gitFolder, folder);
  let looking = false;
  const look = async (): Promise<void> => {
    // Git writes several files for one commit: let it finish.
    await clock.sleep(SETTLE_MS, signal);
    looking = false;
    const current = await fingerprint(gitFolder, folder);
    if (current === last || signal.aborted) return;
    last = current;
    onChange();
  };
  const notice = (): void => {
    if (looking) return;
    looking = true;
    look().catch(() => undefined);
  };
  const watchers = [gitFolder, folder, join(folder, 'refs', 'heads')].flatMap((path) => watcher(path, notice));
  signal.addEventListener('abort', () => {
    for (const one of watchers) one.close();
  });
  // Watches miss what happens on network file systems, and branches in folders of their own.
  while (!signal.aborted) {
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
    if (!signal.aborted) notice();
  }
}

function watcher(path: string, notice: () => void): FSWatcher[] {
  try {
    const made = watch(path, { persistent: false }, notice);
    made.on('error', () => made.close());
    return [made];
  } catch {
    // Polling remains.
    return [];
  }
}

/** A linked worktree keeps its references in the folder of the repository it belongs to. */
async function sharedFolder(gitFolder: string): Promise<string> {
  const commonFolder = await readFile(join(gitFolder, 'commondir'), 'utf8').catch(() => undefined);
  return commonFolder === undefined ? gitFolder : resolve(gitFolder, commonFolder.trim());
}

async function fingerprint(gitFolder: string, folder: string): Promise<string> {
  const head = await readFile(join(gitFolder, 'HEAD'), 'utf8').catch(() => '');
  const packed = await stat(join(folder, 'packed-refs')).catch(() => undefined);
  const files = await readdir(join(folder, 'refs'), { recursive: true }).catch(() => []);
  const loose = await Promise.all(
    files.sort().map(async (name) => {
      const commit = await readFile(join(folder, 'refs', name), 'utf8').catch(() => '');
      return `${name} ${commit}`;
    }),
  );
  return [head, packed === undefined ? '' : `${packed.mtimeMs} ${packed.size}`, ...loose].join('\n');
}
