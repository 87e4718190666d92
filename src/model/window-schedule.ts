// When sync windows let an application be synced.

import { type CronSchedule, parseCron } from '../core/cron.ts';
import { parseDuration } from '../core/time.ts';
import type { SyncWindow } from './project.ts';

export interface WindowVerdict {
  readonly active: readonly SyncWindow[];
  /** Whether a sync that a person asks for may run, and one that nobody asks for. */
  readonly manual: boolean;
  readonly automatic: boolean;
}

export function judgeWindows(windows: readonly SyncWindow[], now: number): WindowVerdict {
  return verdictAt(windows.map(timed), now);
}

/** Whether what began at a time may still go on: what forbids it now may let it end. */
export function mayGoOn(
  windows: readonly SyncWindow[],
  { now, since }: { readonly now: number; readonly since: number },
  by: 'manual' | 'automatic',
): boolean {
  const timedWindows = windows.map(timed);
  if (verdictAt(timedWindows, now)[by]) return true;
  if (!verdictAt(timedWindows, since)[by]) return false;
  const isActiveNow = (window: TimedWindow): boolean => isActive(window, now);
  const denying = timedWindows.filter((window) => window.window.kind === 'deny' && isActiveNow(window));
  const closed = timedWindows.filter((window) => window.window.kind === 'allow' && !isActiveNow(window));
  return (denying.length > 0 ? denying : closed).every(({ window }) => window.syncOverrun === true);
}

/** The first time from now at which a sync may run; undefined where there is none to be seen. */
export function nextAllowed(
  windows: readonly SyncWindow[],
  now: number,
  by: 'manual' | 'automatic',
): number | undefined {
  const timedWindows = windows.map(timed);
  const times = timedWindows.flatMap((window) => changesOf(window, now)).sort((a, b) => a - b);
  return [now, ...times].find((time) => time >= now && verdictAt(timedWindows, time)[by]);
}

interface TimedWindow {
  readonly window: SyncWindow;
  /** Absent where the schedule or the duration cannot be read: such a window blocks. */
  readonly time?: { readonly schedule: CronSchedule; readonly duration: number };
}

function timed(window: SyncWindow): TimedWindow {
  try {
    const { schedule = '', duration = '', timeZone } = window;
    return { window, time: { schedule: parseCron(schedule, timeZone || 'UTC'), duration: parseDuration(duration) } };
  } catch {
    return { window };
  }
}

/** Active when the first time after (now - duration) has come. */
function isActive({ time }: TimedWindow, now: number): boolean {
  const start = time?.schedule.next(now - time.duration);
  return start !== undefined && start <= now;
}

function verdictAt(windows: readonly TimedWindow[], now: number): WindowVerdict {
  const active = windows.filter((window) => isActive(window, now)).map(({ window }) => window);
  const isAllow = ({ kind }: SyncWindow): boolean => kind === 'allow';
  const lets = (blocking: readonly SyncWindow[]): boolean => blocking.every(({ manualSync }) => manualSync === true);
  if (windows.some(({ time }) => time === undefined)) return { active, manual: false, automatic: false };
  const denying = active.filter(({ kind }) => kind === 'deny');
  if (denying.length > 0) return { active, manual: lets(denying), automatic: false };
  if (active.some(isAllow)) return { active, manual: true, automatic: true };
  const waiting = windows.map(({ window }) => window).filter(isAllow);
  return { active, manual: lets(waiting), automatic: waiting.length === 0 };
}

/** So many starts ahead are looked at. */
const STARTS = 60;

function changesOf({ time }: TimedWindow, now: number): readonly number[] {
  if (!time) return [];
  const times: number[] = [];
  let start = time.schedule.next(now - time.duration);
  for (let count = 0; start !== undefined && count < STARTS; count += 1) {
    // At its end to the millisecond a window is still active.
    times.push(start, start + time.duration + 1);
    start = time.schedule.next(start);
  }
  return times.filter((at) => at > now);
}
