// A clock that goes where it is told, and a cluster's controllers brought to rest by it.

import type { Clock } from '../../src/core/time.ts';

export interface SteppedClock extends Clock {
  /** Goes on, also back, and wakes who has slept enough. */
  advance(milliseconds: number): void;
  /** In so many milliseconds the first sleeper is due; undefined where nobody sleeps. */
  next(): number | undefined;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

export function steppedClock(start = Date.parse('2026-01-01T00:00:00Z')): SteppedClock {
  let time = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper: Sleeper = { due: time + milliseconds, wake: resolve };
        if (signal?.aborted) return reject(new Error('aborted'));
        sleepers.add(sleeper);
        const leave = (): void => {
          sleepers.delete(sleeper);
          reject(new Error('aborted'));
        };
        signal?.addEventListener('abort', leave, { once: true });
      }),
    advance: (milliseconds) => {
      time += milliseconds;
      for (const sleeper of [...sleepers].filter(({ due }) => due <= time)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
    next: () => {
      const due = Math.min(...[...sleepers].map((sleeper) => sleeper.due));
      return Number.isFinite(due) ? Math.max(0, due - time) : undefined;
    },
  };
}
