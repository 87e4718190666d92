import { HawserError } from '../../core/errors.ts';
import { parseTime } from '../../core/time.ts';
import type { Context } from '../context.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds that a token is to live; throws `usage`. */
export const readLifetime = (text: string, { policy }: Pick<Context, 'policy'>): number =>
  policy.own.add(() => lifetimeOf, referenceLifetime)(text);

/** The server counts no parts of seconds. */
function lifetimeOf(text: string): number {
  try {
    return Math.ceil(parseTime(text) / 1000);
  } catch {
    throw invalidLifetime(text);
  }
}

/** The reference takes one number with one unit. */
function referenceLifetime(text: string): number {
  const [, amount, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (amount === undefined) throw invalidLifetime(text);
  return Number(amount) * (SECONDS[unit] ?? 0);
}

const invalidLifetime = (text: string): HawserError =>
  new HawserError('usage', `'${text}' is not a token lifetime`, {
    hint: 'give --expires-in a time like 30m, 12h or 7d',
    reason: { kind: 'invalid-token-duration', text },
  });
