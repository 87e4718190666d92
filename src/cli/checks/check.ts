// One check: what it finds within its time, or why it found nothing.

import { unlessAborted } from '../../core/abort.ts';
import { asHawserError, type ErrorCode, HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { formatDuration } from '../../core/time.ts';
import type { Check, Finding } from '../../model/checkup.ts';
import type { Context } from '../context.ts';

export interface Limit {
  readonly milliseconds: number;
  readonly context: Pick<Context, 'clock' | 'signal'>;
}

/** What the work comes to, or `timed-out`: no check may keep the others waiting for ever. */
export async function inTime<T>(limit: Limit, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, signal } = limit.context;
  const late = new AbortController();
  const done = new AbortController();
  const either = AbortSignal.any([late.signal, signal]);
  clock.sleep(limit.milliseconds, done.signal).then(
    () => late.abort(new HawserError('timed-out', `no answer within ${formatDuration(limit.milliseconds)}`)),
    () => undefined,
  );
  try {
    return await unlessAborted(work(either), either);
  } finally {
    done.abort();
  }
}

/** The finding as a check; what was thrown is a fault. A process that is asked to end has no findings. */
export async function asCheck(name: string, { context }: Limit, finding: Promise<Finding>): Promise<Check> {
  try {
    return { name, ...(await finding) };
  } catch (thrown) {
    context.signal.throwIfAborted();
    return { name, ...faultOf(thrown) };
  }
}

function faultOf(thrown: unknown): Finding {
  const { code, message, hint } = asHawserError(thrown);
  const next = commandIn(hint) ?? NEXT[code];
  return { verdict: 'fault', code, message, ...omitUndefined({ hint, next }) };
}

/** What to type where the hint is not a command. */
const NEXT: Readonly<Partial<Record<ErrorCode, string>>> = {
  unreachable: 'hawser context',
  'timed-out': 'hawser context',
};

/** The command that a hint begins with, where it is one that can be typed. */
function commandIn(hint = ''): string | undefined {
  const [, command] = /^(hawser [a-z -]+[a-z])(?=$|;|,| \()/.exec(hint) ?? [];
  return command;
}

export const skipped = (message: string): Finding => ({ verdict: 'skipped', message });
