// A clock that stands still until a test moves it: whoever sleeps is woken in the order of what is due.

import type { Clock } from '../../src/core/time.ts';

export interface ScriptedClock extends Clock {
  /** Lets so much time pass, and everything happen that is due in it. */
  advance(milliseconds: number): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  wake(): void;
}

export function scriptedClock(start = Date.parse('2026-01-01T00:00:00Z')): ScriptedClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  /** Lets promises and the files of an in-memory cluster come to rest. */
  async function settle(): Promise<void> {
    for (let round = 0; round < 60; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        const sleeper: Sleeper = {
          due: now + milliseconds,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(new Error('aborted'));
        });
      }),
    advance: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const [next] = [...sleepers].sort((a, b) => a.due - b.due);
        if (!next || next.due > until) break;
        now = Math.max(now, next.due);
        next.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}
