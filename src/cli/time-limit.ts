// How long a command line may take: until the process is asked to end, or until the deadline of its command.

import { type Clock, MAX_TIMER_MS } from '../core/time.ts';

export interface TimeLimit {
  /** Ends the calls that wait when `deadline` fires, so many milliseconds from now. */
  limit(deadline: AbortSignal, milliseconds: number): void;
  /** What ends a call that begins now. */
  ending(): AbortSignal;
  /** Fires when the deadline passes; undefined where there is none. */
  rest(): AbortSignal | undefined;
}

/** What a call may take by which a command reports that its time is up. */
const LAST_CALL_MS = 5000;

export function createTimeLimit(signal: AbortSignal, clock: Clock): TimeLimit {
  let deadline: AbortSignal | undefined;
  let end = Number.POSITIVE_INFINITY;
  return {
    limit: (late, milliseconds) => {
      deadline = late;
      end = clock.now() + milliseconds;
    },
    ending: () => {
      if (!deadline) return signal;
      return AbortSignal.any([signal, deadline.aborted ? AbortSignal.timeout(LAST_CALL_MS) : deadline]);
    },
    rest: () => {
      if (!Number.isFinite(end)) return undefined;
      return AbortSignal.timeout(Math.min(Math.max(end - clock.now(), 0), MAX_TIMER_MS));
    },
  };
}
