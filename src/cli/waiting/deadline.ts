import { HawserError } from '../../core/errors.ts';
import { formatDuration } from '../../core/time.ts';
import type { Context } from '../context.ts';

/** The time that a whole call may take, whatever it waits for. */
export interface Deadline {
  /** Milliseconds; 0 is for ever. */
  readonly milliseconds: number;
  /** Fires when the time is up. */
  readonly signal: AbortSignal;
  /** '10m0s'. */
  readonly text: string;
  /** No timer stays behind. */
  end(): void;
}

/** Starts the time that was typed in seconds, or what the policy gives where none was. */
export function startDeadline(seconds: number | undefined, context: Context): Deadline {
  const { policy, clock } = context;
  const milliseconds = seconds === undefined ? policy.defaults.deadline : seconds * 1000;
  const late = new AbortController();
  const done = new AbortController();
  const text = formatDuration(milliseconds);
  if (milliseconds > 0) {
    context.limit(late.signal, milliseconds);
    void clock.sleep(milliseconds, done.signal).then(
      () => late.abort(new HawserError('timed-out', `there was no answer within ${text}`)),
      () => undefined,
    );
  }
  return { milliseconds, signal: late.signal, text, end: () => done.abort() };
}
