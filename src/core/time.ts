// Time enters by a clock; durations are Go's texts.

import { HawserError } from './errors.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds (at most 24 days), or rejects when the signal fires. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay of a timer in Node: a longer one would end at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** RFC 3339 in UTC with whole seconds, as Kubernetes writes times. */
export function timestamp(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

/** Milliseconds of a Go duration ('1h30m', '300ms', '0'); throws `usage` on anything else. */
export function parseDuration(value: string): number {
  const sign = value.startsWith('-') ? -1 : 1;
  const body = value.replace(/^[+-]/, '');
  if (body === '0') return 0;
  if (!/^(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))*$/.test(body)) {
    throw new HawserError('usage', `invalid duration '${value}'`, { hint: 'write it like 90s, 5m or 1h30m' });
  }
  let total = 0;
  for (const [, amount, unit] of body.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? 's'] ?? 0);
  }
  return sign * total;
}

/** What Go can count in nanoseconds: 292 years. */
const LONGEST_MS = 2 ** 63 / 1e6;
const DAYS: Readonly<Record<string, number>> = { d: 24, w: 7 * 24 };

/** Milliseconds of a time as people type it: a Go duration, a number of seconds ('90'), days or weeks ('7d', '2w'); throws `usage`. */
export function parseTime(value: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([dw]?)$/.exec(value) ?? [];
  const hours = DAYS[unit];
  try {
    const milliseconds = amount === '' ? parseDuration(value) : Number(amount) * (hours ? hours * 3_600_000 : 1000);
    if (milliseconds >= 0 && !value.startsWith('-') && milliseconds < LONGEST_MS) return milliseconds;
  } catch {
    // The hint of a Go duration knows no days.
  }
  throw new HawserError('usage', `invalid time '${value}'`, { hint: 'write it like 90, 90s, 1h30m or 7d' });
}

/** A Go duration text: 90_000 → '1m30s'. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0) return `-${formatDuration(-milliseconds)}`;
  if (milliseconds === 0) return '0s';
  if (milliseconds < 1000) return `${trim(milliseconds)}ms`;
  const hours = Math.floor(milliseconds / 3_600_000);
  const minutes = Math.floor((milliseconds % 3_600_000) / 60_000);
  const seconds = `${trim((milliseconds % 60_000) / 1000)}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

const trim = (value: number): string => String(Number(value.toFixed(6)));
