// How long controllers rest: until woken, until something is due, and after what failed.

import type { Api } from '../api.ts';

const FIRST_RETRY_MS = 10;
const LONGEST_RETRY_MS = 10_000;

/** What failed is tried again soon, then less and less often. */
export const retryDelay = (failures: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);

interface Waker {
  readonly signal: AbortSignal;
  readonly onWake: (call: () => void) => void;
}

/** Sleeps until something is due, or until woken. */
export async function sleepUntil(api: Api, due: ReadonlyMap<string, number>, { signal, onWake }: Waker): Promise<void> {
  // One that has fired tells nobody any more.
  if (signal.aborted) return;
  const rest = new AbortController();
  const woken = new Promise<void>((resolve) => {
    onWake(resolve);
    signal.addEventListener('abort', () => resolve(), { once: true, signal: rest.signal });
  });
  let next = Number.POSITIVE_INFINITY;
  for (const time of due.values()) next = Math.min(next, time);
  const slept = Number.isFinite(next)
    ? api.clock.sleep(Math.max(0, next - api.clock.now()), rest.signal).catch(() => undefined)
    : undefined;
  await Promise.race(slept ? [woken, slept] : [woken]);
  rest.abort();
}
