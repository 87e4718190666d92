// Times at which keys are due: one for each key, and an earlier time wins over a later one.

import type { Clock } from '../core/time.ts';

/** `urgent`: a person or a call waits for it. */
export type Priority = 'urgent' | 'routine';

export interface Timers<Key> {
  /** An urgent key stays urgent until it is due. */
  add(key: Key, afterMs: number, priority: Priority): void;
  clear(): void;
}

interface Timer {
  readonly at: number;
  readonly control: AbortController;
  readonly priority: Priority;
}

export function createTimers<Key>(clock: Clock, due: (key: Key, priority: Priority) => void): Timers<Key> {
  const timers = new Map<Key, Timer>();
  return {
    add: (key, afterMs, requested) => {
      const at = clock.now() + afterMs;
      const timer = timers.get(key);
      const priority = timer?.priority === 'urgent' ? 'urgent' : requested;
      if (timer && timer.at <= at) {
        timers.set(key, { ...timer, priority });
        return;
      }
      timer?.control.abort();
      const control = new AbortController();
      timers.set(key, { at, control, priority });
      clock.sleep(afterMs, control.signal).then(
        () => {
          const current = timers.get(key)?.priority ?? priority;
          timers.delete(key);
          due(key, current);
        },
        () => undefined,
      );
    },
    clear: () => {
      for (const { control } of timers.values()) control.abort();
      timers.clear();
    },
  };
}
