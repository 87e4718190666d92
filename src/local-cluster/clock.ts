// The time of the cluster: the machine's, or faster, slower, paused, or ahead of it. It never runs backward, also when the
// machine's clock is turned back, and it goes on by its speed while no process owns the folder.

import { anySignal } from '../core/abort.ts';
import { HawserError } from '../core/errors.ts';
import { at, numberAt } from '../core/json.ts';
import { type Clock, MAX_TIMER_MS } from '../core/time.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Store } from './store/store.ts';

/** The line that the time runs on: at `wall` on the machine's clock it was `time` in the cluster. */
export interface TimeLine {
  readonly wall: number;
  readonly time: number;
  readonly speed: number;
  readonly paused: boolean;
}

/** What is not named stays as it is. */
export interface ClockChange {
  readonly speed?: number | undefined;
  readonly paused?: boolean | undefined;
  readonly advanceMs?: number | undefined;
}

export interface ClockReading {
  readonly now: number;
  readonly speed: number;
  readonly paused: boolean;
  /** How far the cluster's time is before the machine's; negative when it is behind. */
  readonly aheadMs: number;
}

export interface ClusterClock extends Clock {
  read(): ClockReading;
  /** Resolves when the change would survive a power cut; whoever sleeps then sleeps by it. */
  change(change: ClockChange): Promise<ClockReading>;
  /** Writes down what a restart must know. */
  close(): Promise<void>;
}

const SPEEDS = { slowest: 0.01, fastest: 10_000 } as const;
/** The latest time that Kubernetes can write: years have four digits. */
const LATEST = Date.parse('9999-01-01T00:00:00Z');

const MACHINE_TIME: TimeLine = { wall: 0, time: 0, speed: 1, paused: false };
/** What a time service corrects is waited for; more is a clock that was turned back. */
const TOLERANCE_MS = 1000;
/** Not served by the API: it is set by the clock alone. */
const STORAGE = 'hawser/clock';
const NAME = 'cluster';

const timeAt = ({ wall, time, speed, paused }: TimeLine, now: number): number =>
  paused ? time : Math.floor(time + (now - wall) * speed);

export async function openClusterClock(machine: Clock, store: Store): Promise<ClusterClock> {
  const sleepers = new Set<() => void>();
  let line = readLine(store) ?? MACHINE_TIME;
  let wall = Math.max(line.wall, machine.now());
  const newest = newestCreation(store);
  let latest = Math.max(line.time, newest);

  function now(): number {
    const current = machine.now();
    if (current < wall - TOLERANCE_MS) turnedBack(current);
    wall = Math.max(wall, current);
    latest = Math.max(latest, timeAt(line, wall));
    return latest;
  }

  /** The time goes on from where it was. */
  function turnedBack(current: number): void {
    line = { ...line, wall: current, time: latest };
    wall = current;
    save(line).catch(() => undefined);
  }

  const save = async (next: TimeLine): Promise<void> => {
    const object: KubeObject = {
      apiVersion: 'hawser.dev/v1',
      kind: 'Clock',
      metadata: { name: NAME },
      spec: { ...next },
    };
    await store.commit({ resource: STORAGE, namespace: '', name: NAME, object });
  };

  function read(): ClockReading {
    const { speed, paused } = line;
    const time = now();
    return { now: time, speed, paused, aheadMs: time - machine.now() };
  }

  /** Until so much time has passed at the present speed, or until the clock is changed. */
  async function nap(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const rest = new AbortController();
    const { promise: changed, wake } = wakeUp();
    sleepers.add(wake);
    const longest = line.paused ? MAX_TIMER_MS : Math.min(MAX_TIMER_MS, Math.ceil(milliseconds / line.speed));
    try {
      await Promise.race([changed, machine.sleep(longest, anySignal(signal, rest.signal))]);
    } finally {
      sleepers.delete(wake);
      rest.abort();
    }
    signal?.throwIfAborted();
  }

  if (machine.now() < line.wall || newest > timeAt(line, wall) + TOLERANCE_MS) turnedBack(machine.now());
  return {
    now,
    read,
    sleep: async (milliseconds, signal) => {
      const end = now() + milliseconds;
      do await nap(Math.max(0, end - now()), signal);
      while (now() < end);
    },
    change: async (change) => {
      const next = changedLine({ ...line, time: now(), wall }, change);
      await save(next);
      line = next;
      for (const wake of [...sleepers]) wake();
      return read();
    },
    close: async () => {
      const runsByItself = line.wall !== 0;
      if (runsByItself) await save({ ...line, time: now(), wall }).catch(() => undefined);
    },
  };
}

/** Throws `usage` for a speed or a time that no cluster can have. */
function changedLine(
  line: TimeLine,
  { speed = line.speed, paused = line.paused, advanceMs = 0 }: ClockChange,
): TimeLine {
  if (!(speed >= SPEEDS.slowest && speed <= SPEEDS.fastest)) {
    const hint = `use a number from ${SPEEDS.slowest} to ${SPEEDS.fastest}; to stop the clock: --pause`;
    throw new HawserError('usage', `the clock cannot run at speed ${speed}`, { hint });
  }
  if (!(advanceMs >= 0)) throw new HawserError('usage', 'the clock of the cluster never runs backward');
  const time = line.time + Math.floor(advanceMs);
  if (time > LATEST) throw new HawserError('usage', 'the clock cannot go beyond the year 9998');
  return { ...line, time, speed, paused };
}

function readLine(store: Store): TimeLine | undefined {
  const object = store.get(STORAGE, '', NAME);
  const [wall, time, speed] = ['wall', 'time', 'speed'].map((field) => numberAt(object, 'spec', field));
  if (wall === undefined || time === undefined || speed === undefined) return undefined;
  return { wall, time, speed, paused: at(object, 'spec', 'paused') === true };
}

/** What is made from now on must not be older than what is there. */
function newestCreation(store: Store): number {
  let newest = '';
  for (const { object } of store.all()) {
    const { creationTimestamp = '' } = object.metadata;
    if (creationTimestamp > newest) newest = creationTimestamp;
  }
  return Date.parse(newest) || 0;
}

function wakeUp(): { readonly promise: Promise<void>; readonly wake: () => void } {
  let wake: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return { promise, wake };
}
