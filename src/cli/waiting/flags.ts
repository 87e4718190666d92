// The flags of every command that waits, and what they mean once they are read.

import { HawserError } from '../../core/errors.ts';
import { parseDuration } from '../../core/time.ts';
import type { Flag } from '../input/flags.ts';

export interface WaitingFlags {
  readonly keepGoing?: boolean;
  readonly onDegraded: string;
  readonly onTimeout: string;
  readonly parallel: number;
  readonly recursive?: boolean;
  readonly timeout?: number;
}

export const TIMEOUT_FLAG: Flag = {
  name: 'timeout',
  type: 'uint',
  value: 'seconds',
  summary: 'give up waiting after this time; 0 waits for ever (default: 600)',
};

export const DEGRADED_FLAG: Flag = {
  name: 'on-degraded',
  type: 'string',
  value: 'what',
  default: 'fail',
  own: true,
  summary: 'when a resource breaks: fail, wait, or a time to recover in, like 30s',
};

export const PATIENCE_FLAGS: readonly Flag[] = [
  {
    name: 'on-timeout',
    type: 'string',
    value: 'what',
    default: 'leave',
    own: true,
    summary: 'what becomes of a running operation then: leave, or terminate',
  },
  DEGRADED_FLAG,
];

export const MANY_FLAGS: readonly Flag[] = [
  { name: 'parallel', type: 'uint', default: 1, own: true, summary: 'so many applications at once' },
  { name: 'keep-going', type: 'bool', own: true, summary: 'go on with the others when one fails' },
  { name: 'recursive', type: 'bool', own: true, summary: 'wait for the applications that an application deploys too' },
];

/** What a resource that breaks means: the end, nothing, or so many milliseconds to recover in. */
export function degradedGrace(typed: string): number {
  if (typed === 'fail') return 0;
  if (typed === 'wait') return Number.POSITIVE_INFINITY;
  try {
    return parseDuration(typed);
  } catch {
    throw new HawserError('usage', `invalid value '${typed}' for --on-degraded`, {
      hint: 'it takes fail, wait, or a duration like 30s',
    });
  }
}

/** Refuses what no flag can mean, before anything is done. */
export function checkWaiting({ onDegraded, onTimeout, parallel }: WaitingFlags): void {
  degradedGrace(onDegraded);
  if (onTimeout !== 'leave' && onTimeout !== 'terminate') {
    throw new HawserError('usage', `invalid value '${onTimeout}' for --on-timeout`, {
      hint: 'it takes leave or terminate',
    });
  }
  if (parallel < 1) {
    throw new HawserError('usage', `invalid value '${parallel}' for --parallel`, { hint: 'it takes a number above 0' });
  }
}
