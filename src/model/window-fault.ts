// What is wrong with a sync window by itself.

import { parseCron } from '../core/cron.ts';
import { messageOf } from '../core/errors.ts';
import { parseDuration } from '../core/time.ts';
import type { SyncWindow } from './project.ts';

const WINDOW_KINDS = ['allow', 'deny'] as const;

const MAX_DESCRIPTION = 255;

/** In the reference's words; undefined when nothing is wrong. A time zone cannot be: `knownTimeZone`. */
export function windowFault({ kind = '', schedule = '', duration = '', description }: SyncWindow): string | undefined {
  if (!WINDOW_KINDS.some((known) => known === kind)) return `kind '${kind}' mismatch: can only be allow or deny`;
  const scheduleFault = faultOf(() => parseCron(schedule));
  if (scheduleFault !== undefined) return `cannot parse schedule '${schedule}': ${scheduleFault}`;
  if (faultOf(() => parseDuration(duration)) !== undefined)
    return `cannot parse duration '${duration}': time: invalid duration ${JSON.stringify(duration)}`;
  if (new TextEncoder().encode(description ?? '').length > MAX_DESCRIPTION)
    return `description must not exceed ${MAX_DESCRIPTION} characters`;
  return undefined;
}

function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** UTC stands for a time zone that nobody knows, and for none. */
export function knownTimeZone(name: string | undefined): string {
  if (!name) return 'UTC';
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return 'UTC';
  }
}
