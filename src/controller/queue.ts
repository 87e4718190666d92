// A work queue: each key is worked on by one worker at a time, keys take turns, a key added while it is worked on is
// worked on again.

import type { Clock } from '../core/time.ts';

export interface Queue {
  /** Works on a key now, or after so many milliseconds; an earlier time wins over a later one. */
  add(key: string, afterMs?: number): void;
  /** Resolves when a key is neither waiting for its turn nor being worked on (a later time does not count). */
  idle(key: string): Promise<void>;
  stop(): Promise<void>;
}

export function createQueue(options: {
  readonly clock: Clock;
  readonly workers: number;
  readonly work: (key: string) => Promise<void>;
}): Queue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  const timers = new Map<string, { readonly at: number; readonly control: AbortController }>();
  const idleListeners = new Map<string, (() => void)[]>();
  let stopped = false;
  const tasks = new Set<Promise<void>>();

  function next(): void {
    for (const key of waiting) {
      if (stopped || running.size >= options.workers) return;
      if (running.has(key)) continue;
      waiting.delete(key);
      running.add(key);
      const task = options.work(key).finally(() => {
        running.delete(key);
        tasks.delete(task);
        if (!waiting.has(key)) release(key);
        next();
      });
      tasks.add(task);
    }
  }

  function release(key: string): void {
    for (const listener of idleListeners.get(key) ?? []) listener();
    idleListeners.delete(key);
  }

  function later(key: string, afterMs: number): void {
    const at = options.clock.now() + afterMs;
    const known = timers.get(key);
    if (known && known.at <= at) return;
    known?.control.abort();
    const control = new AbortController();
    timers.set(key, { at, control });
    options.clock.sleep(afterMs, control.signal).then(
      () => {
        timers.delete(key);
        now(key);
      },
      () => undefined,
    );
  }

  function now(key: string): void {
    if (stopped) return;
    waiting.add(key);
    next();
  }

  return {
    add: (key, afterMs = 0) => {
      if (stopped) return;
      if (afterMs > 0) later(key, afterMs);
      else now(key);
    },
    idle: (key) => {
      if (stopped || (!waiting.has(key) && !running.has(key))) return Promise.resolve();
      return new Promise((resolve) => idleListeners.set(key, [...(idleListeners.get(key) ?? []), resolve]));
    },
    stop: async () => {
      stopped = true;
      for (const { control } of timers.values()) control.abort();
      timers.clear();
      waiting.clear();
      await Promise.all(tasks);
      for (const key of [...idleListeners.keys()]) release(key);
    },
  };
}
