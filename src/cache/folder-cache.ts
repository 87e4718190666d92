// A cache in a folder: what one process rendered, the next one finds. One file an entry, its name the digest of its
// key; the first line says what it is, the rest is the value.

import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from '../core/json.ts';
import type { Clock } from '../core/time.ts';
import type { Cache } from './cache.ts';

interface Head {
  readonly key: string;
  readonly expires: number;
  /** Of the value: a file that was cut off or changed is no entry. */
  readonly digest: string;
}

const MANY = 500;

/** A cache below `folder`, which is made when first needed; the oldest files go when they outgrow `maxBytes`. */
export function createFolderCache(folder: string, clock: Clock, maxBytes = 256 * 1024 * 1024): Cache {
  let written = 0;
  const fileOf = (key: string): string => join(folder, `${digest(key)}.json`);

  const trim = async (): Promise<void> => {
    const files = await measured(folder);
    let total = files.reduce((sum, file) => sum + file.size, 0);
    for (const file of files) {
      if (total <= maxBytes) return;
      await rm(file.path, { force: true });
      total -= file.size;
    }
  };

  return {
    async get(key) {
      const path = fileOf(key);
      const entry = await readEntry(path);
      if (entry?.head.key !== key) return undefined;
      if (entry.head.expires <= clock.now()) {
        await rm(path, { force: true });
        return undefined;
      }
      const used = new Date(clock.now());
      await utimes(path, used, used).catch(() => undefined);
      return entry.value;
    },
    async set(key, value, ttlMs) {
      if (value.length > maxBytes) return;
      const head: Head = { key, expires: clock.now() + ttlMs, digest: digest(value) };
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `${randomBytes(8).toString('hex')}.draft`);
      try {
        await writeFile(draft, `${JSON.stringify(head)}\n${value}`, { mode: 0o600 });
        const used = new Date(clock.now());
        await utimes(draft, used, used);
        await rename(draft, fileOf(key));
      } catch {
        // What cannot be kept, for want of space, is made again next time.
        await rm(draft, { force: true });
        return;
      }
      // Measuring all files at each write would cost more than the cache saves; a process that writes once only counts.
      const crowded = written === 0 && (await names(folder)).length > MANY;
      written += value.length;
      if (crowded || written > maxBytes / 16) {
        written = 0;
        await trim();
      }
    },
    async delete(prefix = '') {
      for (const name of await names(folder)) {
        const path = join(folder, name);
        if (prefix === '' || (await readEntry(path))?.head.key.startsWith(prefix)) await rm(path, { force: true });
      }
    },
  };
}

async function readEntry(path: string): Promise<{ readonly head: Head; readonly value: string } | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    const cut = text.indexOf('\n');
    const head: unknown = JSON.parse(text.slice(0, cut));
    const value = text.slice(cut + 1);
    return isHead(head) && head.digest === digest(value) ? { head, value } : undefined;
  } catch {
    // Absent or damaged: both are a miss.
    return undefined;
  }
}

function isHead(value: unknown): value is Head {
  return (
    isObject(value) &&
    typeof value['key'] === 'string' &&
    typeof value['expires'] === 'number' &&
    typeof value['digest'] === 'string'
  );
}

/** The files of the folder, the one used longest ago first. */
async function measured(folder: string): Promise<{ path: string; size: number; used: number }[]> {
  const files = await Promise.all(
    (await names(folder)).map(async (name) => {
      const path = join(folder, name);
      const stats = await stat(path).catch(() => undefined);
      return stats ? [{ path, size: stats.size, used: stats.mtimeMs }] : [];
    }),
  );
  return files.flat().sort((a, b) => a.used - b.used);
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
