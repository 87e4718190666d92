// Files that are written whole or not at all, by one writer at a time.

import { promises as fs } from 'node:fs';
import { systemCode } from '../../core/errors.ts';

const MODE = 0o600;
const LOCK_PATIENCE = 50;
const STALE_LOCK = 10_000;

export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const next = `${path}.${process.pid}.next`;
  await fs.writeFile(next, text, { mode });
  await fs.chmod(next, mode);
  await fs.rename(next, path);
}

/** Does the work while no other process does the same with this file. */
export async function withLock(path: string, work: () => Promise<void>): Promise<void> {
  const unlock = await lock(`${path}.lock`);
  try {
    await work();
  } finally {
    await unlock();
  }
}

/** Holds a lock file; one that a killed process left behind is taken over. */
async function lock(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      const handle = await fs.open(path, 'wx', MODE);
      await handle.close();
      return () => fs.rm(path, { force: true });
    } catch (thrown) {
      if (systemCode(thrown) !== 'EEXIST') throw thrown;
      const made = await fs.stat(path).then(
        (stats) => stats.mtimeMs,
        () => Date.now(),
      );
      if (Date.now() - made > STALE_LOCK) await fs.rm(path, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, LOCK_PATIENCE));
    }
  }
}
