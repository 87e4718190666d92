// Files that are written whole or not at all, by one writer at a time.

import { promises as fs } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { systemCode } from '../../core/errors.ts';

const MODE = 0o600;
const LOCK_PATIENCE = 50;
const STALE_LOCK = 10_000;

/** A link stays one: the file that it names is written. A device or a pipe takes the text as it comes. */
export async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const file = await replacedFile(path);
  if (file === undefined) return fs.writeFile(path, text);
  const next = `${file}.${process.pid}.next`;
  try {
    await fs.writeFile(next, text, { mode });
    await fs.chmod(next, mode);
    await fs.rename(next, file);
  } catch (thrown) {
    await fs.rm(next, { force: true });
    throw thrown;
  }
}

/** The file that another takes the place of; undefined for what is no file, and must not be replaced by one. */
export async function replacedFile(path: string): Promise<string | undefined> {
  const stats = await fs.stat(path).catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  });
  if (stats === undefined) return linkedFile(path);
  return stats.isFile() ? fs.realpath(path) : undefined;
}

/** Where a link leads that names nothing yet. */
async function linkedFile(path: string): Promise<string> {
  const target = await fs.readlink(path).catch(() => undefined);
  return target === undefined ? path : resolve(dirname(path), target);
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
