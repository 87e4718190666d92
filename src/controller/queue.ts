// A work queue: each key is worked on by one worker at a time, keys take turns, those that somebody waits for come first; a
// key added while it is worked on is worked on again.

import type { Clock } from '../core/time.ts';

export interface Queue<Key> {
  /** Works on a key now, or after so many milliseconds; an earlier time wins over a later one. */
  add(key: Key, afterMs?: number, priority?: Priority): void;
  /** Resolves when a key is neither waiting for its turn nor being worked on (a later time does not count). */
  idle(key: Key): Promise<void>;
  stop(): Promise<void>;
}

/** `asked`: somebody waits for it; `routine`: it only has to be done. */
export type Priority = 'asked' | 'routine';

const ROUTINE_TURN = 5;

export function createQueue<Key>(options: {
  readonly clock: Clock;
  readonly workers: number;
  readonly work: (key: Key) => Promise<void>;
}): Queue<Key> {
  const asked = new Set<Key>();
  const routine = new Set<Key>();
  const running = new Set<Key>();
  const timers = new Map<Key, Timer>();
  const idleListeners = new Map<Key, (() => void)[]>();
  let stopped = false;
  let turns = 1;
  const tasks = new Set<Promise<void>>();

  function next(): void {
    if (running.size >= options.workers) return;
    for (const key of inOrder()) {
      if (stopped || running.size >= options.workers) return;
      if (running.has(key)) continue;
      asked.delete(key);
      routine.delete(key);
      turns += 1;
      running.add(key);
      const task = options.work(key).finally(() => {
        running.delete(key);
        tasks.delete(task);
        if (!isWaiting(key)) release(key);
        next();
      });
      tasks.add(task);
    }
  }

  /** Who asks comes first; each fifth turn is routine's, so that nothing starves. */
  function* inOrder(): Iterable<Key> {
    const first = turns % ROUTINE_TURN === 0 ? routine : asked;
    yield* first;
    yield* first === asked ? routine : asked;
  }

  const isWaiting = (key: Key): boolean => asked.has(key) || routine.has(key);

  function release(key: Key): void {
    for (const listener of idleListeners.get(key) ?? []) listener();
    idleListeners.delete(key);
  }

  function later(key: Key, afterMs: number, wanted: Priority): void {
    const at = options.clock.now() + afterMs;
    const timer = timers.get(key);
    const priority = timer?.priority === 'asked' ? 'asked' : wanted;
    if (timer && timer.at <= at) {
      timers.set(key, { ...timer, priority });
      return;
    }
    timer?.control.abort();
    const control = new AbortController();
    timers.set(key, { at, control, priority });
    options.clock.sleep(afterMs, control.signal).then(
      () => {
        const due = timers.get(key)?.priority ?? priority;
        timers.delete(key);
        now(key, due);
      },
      () => undefined,
    );
  }

  function now(key: Key, priority: Priority): void {
    if (stopped) return;
    (priority === 'asked' ? asked : routine).add(key);
    next();
  }

  return {
    add: (key, afterMs = 0, priority = 'routine') => {
      if (stopped) return;
      if (afterMs > 0) later(key, afterMs, priority);
      else now(key, priority);
    },
    idle: (key) => {
      if (stopped || (!isWaiting(key) && !running.has(key))) return Promise.resolve();
      return new Promise((resolve) => idleListeners.set(key, [...(idleListeners.get(key) ?? []), resolve]));
    },
    stop: async () => {
      stopped = true;
      for (const { control } of timers.values()) control.abort();
      timers.clear();
      asked.clear();
      routine.clear();
      await Promise.all(tasks);
      for (const key of [...idleListeners.keys()]) release(key);
    },
  };
}

interface Timer {
  readonly at: number;
  readonly control: AbortController;
  readonly priority: Priority;
}
