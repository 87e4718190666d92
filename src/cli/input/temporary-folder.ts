import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TemporaryFolder {
  /** Writes a file for this user alone and returns its path; the folders above it are made. */
  write(name: string, text: string): Promise<string>;
  read(name: string): Promise<string>;
}

/** A folder for as long as `use` takes. */
export async function withTemporaryFolder<T>(prefix: string, use: (folder: TemporaryFolder) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), prefix));
  try {
    return await use({
      write: async (name, text) => {
        const file = join(path, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text, { mode: 0o600 });
        return file;
      },
      read: (name) => readFile(join(path, name), 'utf8'),
    });
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}
