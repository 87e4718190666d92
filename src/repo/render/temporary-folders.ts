import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface TemporaryFolders {
  /** The folder of a name, filled when it is first asked for. */
  filled(name: string, fill?: (path: string) => Promise<void>): Promise<string>;
  remove(): Promise<void>;
}

/** Folders of one rendering: its files are its own, and gone with it. */
export function temporaryFolders(home: string): TemporaryFolders {
  const parent = join(home, 'scratch');
  const made = new Map<string, Promise<string>>();
  const paths: string[] = [];
  const make = async (fill: ((path: string) => Promise<void>) | undefined): Promise<string> => {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    const path = await mkdtemp(join(parent, 'render-'));
    paths.push(path);
    await fill?.(path);
    return path;
  };
  return {
    filled(name, fill) {
      const making = made.get(name) ?? make(fill);
      made.set(name, making);
      return making;
    },
    async remove() {
      // A folder may still be filling when another step failed.
      await Promise.allSettled(made.values());
      for (const path of paths) await rm(path, { recursive: true, force: true });
    },
  };
}

const STALE_MS = 3_600_000;

/** Removes what a process that was killed left behind. */
export async function sweepTemporaryFolders(home: string, now: number): Promise<void> {
  const parent = join(home, 'scratch');
  for (const name of await readdir(parent).catch(() => [])) {
    const path = join(parent, name);
    const stats = await stat(path).catch(() => undefined);
    if (stats && now - stats.mtimeMs > STALE_MS) await rm(path, { recursive: true, force: true });
  }
}
