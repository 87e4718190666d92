// Schedules of cron: spelt as Go reads them, their times croner's, in any time zone: what falls into the hour that a change of the
// clock skips comes right after it, and a time of day that comes twice runs once.

import { Cron } from 'croner';
import { spellCron } from './cron-spelling.ts';
import { HawserError } from './errors.ts';

export interface CronSchedule {
  /** The first time after this one, in milliseconds since 1970; undefined when there is none. */
  next(after: number): number | undefined;
}

/** Throws `invalid` with Go's words for what cannot be read. */
export function parseCron(text: string, timeZone = 'UTC'): CronSchedule {
  const spelling = spellCron(text);
  const timezone = knownZone(timeZone);
  if ('every' in spelling) {
    const second = 1000;
    return { next: (after) => Math.floor(after / second) * second + spelling.every };
  }
  const cron = new Cron(spelling.pattern, { mode: '5-part', paused: true, timezone });
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}

function knownZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name || 'UTC' }).resolvedOptions().timeZone;
  } catch {
    throw new HawserError('invalid', `unknown time zone ${name}`);
  }
}
