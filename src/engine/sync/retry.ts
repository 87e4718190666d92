import { parseDuration } from '../../core/time.ts';
import type { RetryStrategy } from '../../model/operation.ts';

const DEFAULT_DURATION = '5s';
const DEFAULT_FACTOR = 2;
const DEFAULT_MAX_DURATION = '3m';

/** Milliseconds to wait before the next try, undefined when no more is allowed. */
export function retryDelay(strategy: RetryStrategy | undefined, retryCount: number): number | undefined {
  const limit = strategy?.limit ?? 0;
  if (limit >= 0 && retryCount >= limit) return undefined;
  const backoff = strategy?.backoff;
  const duration = durationOf(backoff?.duration || DEFAULT_DURATION);
  const most = durationOf(backoff?.maxDuration || DEFAULT_MAX_DURATION);
  return Math.min(most, duration * (backoff?.factor ?? DEFAULT_FACTOR) ** retryCount);
}

/** A bare number is seconds. */
function durationOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : parseDuration(text);
}
