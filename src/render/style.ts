// Views say what a thing is; the terminal decides how that looks, or that it does not.

export type Meaning = 'good' | 'warn' | 'busy' | 'bad' | 'held' | 'faint' | 'heading' | 'plain';

export type Style = Readonly<Record<Meaning, (text: string) => string>>;

const same = (text: string): string => text;

export const PLAIN: Style = {
  good: same,
  warn: same,
  busy: same,
  bad: same,
  held: same,
  faint: same,
  heading: same,
  plain: same,
};

/** What a status word means, whatever kind of status it is. */
export function meaningOf(status: string): Meaning {
  return STATUS_MEANINGS[status] ?? 'plain';
}

const STATUS_MEANINGS: Readonly<Record<string, Meaning>> = {
  Synced: 'good',
  OutOfSync: 'warn',
  Unknown: 'faint',
  Healthy: 'good',
  Progressing: 'busy',
  Degraded: 'bad',
  Suspended: 'held',
  Missing: 'faint',
  Running: 'busy',
  Terminating: 'warn',
  Succeeded: 'good',
  Failed: 'bad',
  Error: 'bad',
  SyncFailed: 'bad',
  Pruned: 'warn',
  PruneSkipped: 'warn',
};
