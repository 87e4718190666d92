// A work queue: one worker at a time works on a key, urgent keys come first, and a key that is added while it is worked on is
// worked on again.

import type { Clock } from '../core/time.ts';
import { createTimers, type Priority } from './timers.ts';

export interface Queue<Key> {
  /** Works on a key now, or after so many milliseconds; an earlier time wins over a later one. */
  add(key: Key, afterMs?: number, priority?: Priority): void;
  /** Resolves when a key is neither waiting for its turn nor being worked on (a later time does not count). */
  idle(key: Key): Promise<void>;
  stop(): Promise<void>;
}

export function createQueue<Key>(options: {
  readonly clock: Clock;
  readonly workers: number;
  readonly work: (key: Key) => Promise<void>;
}): Queue<Key> {
  const backlog = createBacklog<Key>();
  const running = new Set<Key>();
  const tasks = new Set<Promise<void>>();
  const timers = createTimers<Key>(options.clock, addNow);
  const idleListeners = new Map<Key, (() => void)[]>();
  let stopped = false;

  function fillWorkers(): void {
    for (const key of backlog.inOrder()) {
      if (stopped || running.size >= options.workers) return;
      if (running.has(key)) continue;
      backlog.take(key);
      // Before the work begins: it may add its own key again.
      running.add(key);
      const task = options.work(key).finally(() => {
        running.delete(key);
        tasks.delete(task);
        if (!backlog.has(key)) release(key);
        fillWorkers();
      });
      tasks.add(task);
    }
  }

  function release(key: Key): void {
    for (const listener of idleListeners.get(key) ?? []) listener();
    idleListeners.delete(key);
  }

  function addNow(key: Key, priority: Priority): void {
    if (stopped) return;
    backlog.add(key, priority);
    if (running.size < options.workers) fillWorkers();
  }

  return {
    add: (key, afterMs = 0, priority = 'routine') => {
      if (stopped) return;
      if (afterMs > 0) timers.add(key, afterMs, priority);
      else addNow(key, priority);
    },
    idle: (key) => {
      if (stopped || (!backlog.has(key) && !running.has(key))) return Promise.resolve();
      return new Promise((resolve) => idleListeners.set(key, [...(idleListeners.get(key) ?? []), resolve]));
    },
    stop: async () => {
      stopped = true;
      timers.clear();
      backlog.clear();
      await Promise.all(tasks);
      for (const key of [...idleListeners.keys()]) release(key);
    },
  };
}

interface Backlog<Key> {
  add(key: Key, priority: Priority): void;
  has(key: Key): boolean;
  take(key: Key): void;
  inOrder(): Iterable<Key>;
  clear(): void;
}

const ROUTINE_TURN = 5;

/** The keys that wait for a worker. Urgent ones come first, but each fifth turn is routine's: nothing starves. */
function createBacklog<Key>(): Backlog<Key> {
  const urgent = new Set<Key>();
  const routine = new Set<Key>();
  let turn = 1;
  return {
    add: (key, priority) => void (priority === 'urgent' ? urgent : routine).add(key),
    has: (key) => urgent.has(key) || routine.has(key),
    take: (key) => {
      urgent.delete(key);
      routine.delete(key);
      turn += 1;
    },
    *inOrder() {
      const first = turn % ROUTINE_TURN === 0 ? routine : urgent;
      yield* first;
      yield* first === urgent ? routine : urgent;
    },
    clear: () => {
      urgent.clear();
      routine.clear();
    },
  };
}
