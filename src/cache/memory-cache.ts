import type { Clock } from '../core/time.ts';
import type { Cache } from './cache.ts';

interface Entry {
  readonly value: string;
  readonly expires: number;
}

/** A cache in this process; what was used longest ago goes first when the texts outgrow `maxBytes`. */
export function createMemoryCache(clock: Clock, maxBytes = 64 * 1024 * 1024): Cache {
  // A Map remembers the order of insertion: the first key is the one used longest ago.
  const entries = new Map<string, Entry>();
  let bytes = 0;

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry) bytes -= sizeOf(key, entry.value);
    entries.delete(key);
  };

  return {
    async get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (entry.expires <= clock.now()) {
        drop(key);
        return undefined;
      }
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    async set(key, value, ttlMs) {
      drop(key);
      if (sizeOf(key, value) > maxBytes) return;
      entries.set(key, { value, expires: clock.now() + ttlMs });
      bytes += sizeOf(key, value);
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break;
        drop(oldest);
      }
    },
    async delete(prefix = '') {
      for (const key of entries.keys()) if (key.startsWith(prefix)) drop(key);
    },
  };
}

/** Node keeps texts with at most two bytes a character. */
const sizeOf = (key: string, value: string): number => 2 * (key.length + value.length);
