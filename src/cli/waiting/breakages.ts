// Resources that break while they are waited for, and how long they may take to recover.

import { type ResourceState, stateKey } from '../../render/states.ts';
import type { Context } from '../context.ts';

export interface Breakage {
  readonly resource: string;
  /** What it was before; nothing where it was Degraded at first sight. */
  readonly from: string | undefined;
}

export interface Breakages {
  /** Fires when a resource broke, and did not recover in time. */
  readonly signal: AbortSignal;
  /** With `isFinal` nothing goes on that could still repair what was Degraded at first sight. */
  see(states: readonly ResourceState[], isFinal: boolean): void;
  first(): Breakage | undefined;
}

const UNTOLD: readonly string[] = ['', 'Unknown', 'Degraded'];

/** A grace of 0 ends it at once, an infinite one never. */
export function createBreakages(grace: number, context: Context, done: AbortSignal): Breakages {
  const over = new AbortController();
  const health = new Map<string, string>();
  const broken = new Map<string, Breakage>();
  let first: Breakage | undefined;

  const giveUp = (key: string, breakage: Breakage): void => {
    // What recovered and broke again has its own time.
    if (broken.get(key) !== breakage) return;
    first ??= breakage;
    over.abort();
  };
  const breakDown = (key: string, breakage: Breakage): void => {
    broken.set(key, breakage);
    if (grace === 0) giveUp(key, breakage);
    else if (Number.isFinite(grace)) {
      void context.clock.sleep(grace, done).then(
        () => giveUp(key, breakage),
        () => undefined,
      );
    }
  };
  const look = (state: ResourceState, isFinal: boolean): void => {
    const key = stateKey(state);
    const before = health.get(key);
    if (state.health !== '') health.set(key, state.health);
    if (state.health !== 'Degraded') broken.delete(key);
    else if (broken.has(key)) return;
    else if (before !== undefined && !UNTOLD.includes(before)) breakDown(key, breakageOf(state, before));
    else if (isFinal) breakDown(key, breakageOf(state, undefined));
  };
  return {
    signal: over.signal,
    first: () => first,
    see: (states, isFinal) => {
      for (const state of states) look(state, isFinal);
    },
  };
}

const breakageOf = ({ kind, name }: ResourceState, from: string | undefined): Breakage => ({
  resource: `${kind} ${name}`,
  from,
});
