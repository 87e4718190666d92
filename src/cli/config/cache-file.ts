// Small answers that are kept for some seconds, in files that this person alone can read.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../io/colour.ts';

const FRESH_MS = 20_000;

export interface Question {
  /** What the answer depends on. */
  readonly key: unknown;
  /** A file whose change makes another question of it. */
  readonly of: string;
  readonly now: number;
}

/** Lines that were answered a moment ago, or are now; a cache that cannot be written is no failure. */
export async function cached(
  { key, of, now }: Question,
  env: Environment,
  ask: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const folder = join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'hawser');
  const digest = createHash('sha256')
    .update(JSON.stringify([key, stampOf(of)]))
    .digest('hex');
  const path = join(folder, `${digest.slice(0, 32)}.json`);
  const known = freshLines(path, now);
  if (known) return known;
  const lines = await ask();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify({ at: now, lines }), { mode: 0o600 });
  } catch {
    return lines;
  }
  return lines;
}

function freshLines(path: string, now: number): readonly string[] | undefined {
  try {
    const entry: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof entry !== 'object' || entry === null || !('at' in entry) || !('lines' in entry)) return undefined;
    const { at, lines } = entry;
    if (typeof at !== 'number' || at > now || now - at > FRESH_MS || !Array.isArray(lines)) return undefined;
    return lines.filter((line) => typeof line === 'string');
  } catch {
    return undefined;
  }
}

function stampOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}
