// Times as the reference prints them, in the zone of the reader.

/** '2026-01-02 03:04:05 +0000 UTC' of an RFC 3339 text; '<nil>' where there is none. */
export function longTime(time: string | undefined): string {
  if (time === undefined) return '<nil>';
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const { day, clock, offset } = parts(date);
  return `${day} ${clock} ${offset} ${zoneName(date, offset)}`;
}

/** '2026-01-02T03:04:05+00:00' of a moment. */
export function offsetTime(milliseconds: number): string {
  const { day, clock, offset } = parts(new Date(milliseconds));
  return `${day}T${clock}${offset.slice(0, 3)}:${offset.slice(3)}`;
}

/** '03:04:05' of a moment. */
export function clockTime(milliseconds: number): string {
  return parts(new Date(milliseconds)).clock;
}

/** RFC 3339 in the reader's zone, 'Z' where that is UTC. */
export function zonedTime(milliseconds: number): string {
  return offsetTime(milliseconds).replace(/\+00:00$/, 'Z');
}

function parts(date: Date): { day: string; clock: string; offset: string } {
  const minutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + minutes * 60_000).toISOString();
  const size = Math.abs(minutes);
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
  return { day: local.slice(0, 10), clock: local.slice(11, 19), offset };
}

const two = (value: number): string => String(value).padStart(2, '0');

function zoneName(date: Date, offset: string): string {
  if (offset === '+0000') return 'UTC';
  const zone = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
    .formatToParts(date)
    .find((part) => part.type === 'timeZoneName');
  return zone && /^[A-Z]{3,5}$/.test(zone.value) ? zone.value : offset.replace(/00$/, '');
}

interface AgeStep {
  readonly below: number;
  readonly unit: number;
  readonly name: string;
  /** The smaller unit that stands behind, where it is not zero. */
  readonly rest?: { readonly unit: number; readonly name: string };
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const YEAR = 365 * DAY;

const AGES: readonly AgeStep[] = [
  { below: 2 * MINUTE, unit: 1, name: 's' },
  { below: 10 * MINUTE, unit: MINUTE, name: 'm', rest: { unit: 1, name: 's' } },
  { below: 3 * HOUR, unit: MINUTE, name: 'm' },
  { below: 8 * HOUR, unit: HOUR, name: 'h', rest: { unit: MINUTE, name: 'm' } },
  { below: 2 * DAY, unit: HOUR, name: 'h' },
  { below: 8 * DAY, unit: DAY, name: 'd', rest: { unit: HOUR, name: 'h' } },
  { below: 2 * YEAR, unit: DAY, name: 'd' },
  { below: 8 * YEAR, unit: YEAR, name: 'y', rest: { unit: DAY, name: 'd' } },
];

/** '5m30s', '3h', '2d4h': how long ago a time was, in the width that still tells something. */
export function age(time: string | undefined, now: number): string {
  const since = time === undefined ? Number.NaN : new Date(time).getTime();
  if (Number.isNaN(since)) return '<unknown>';
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  const step = AGES.find(({ below }) => seconds < below) ?? { unit: YEAR, name: 'y' };
  const rest = 'rest' in step && step.rest ? Math.floor((seconds % step.unit) / step.rest.unit) : 0;
  const behind = 'rest' in step && step.rest && rest > 0 ? `${rest}${step.rest.name}` : '';
  return `${Math.floor(seconds / step.unit)}${step.name}${behind}`;
}

/** '1m5s': how long something took, or has taken so far; whole seconds. */
export function operationTime(startedAt: string, finishedAt: string | undefined, now: number): string {
  const end = finishedAt === undefined ? now : new Date(finishedAt).getTime();
  const seconds = Math.max(0, Math.floor((end - new Date(startedAt).getTime()) / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** Up to these seconds, in units of so many. */
const DISTANCES: readonly (readonly [below: number, unit: number, text: string])[] = [
  [1, 1, 'now'],
  [2, 1, '1 second'],
  [MINUTE, 1, '# seconds'],
  [2 * MINUTE, 1, '1 minute'],
  [HOUR, MINUTE, '# minutes'],
  [2 * HOUR, 1, '1 hour'],
  [DAY, HOUR, '# hours'],
  [2 * DAY, 1, '1 day'],
  [7 * DAY, DAY, '# days'],
  [14 * DAY, 1, '1 week'],
  [30 * DAY, 7 * DAY, '# weeks'],
  [60 * DAY, 1, '1 month'],
  [360 * DAY, 30 * DAY, '# months'],
  [540 * DAY, 1, '1 year'],
  [720 * DAY, 1, '2 years'],
];

/** '4 minutes ago', '2 months from now': a moment seen from another, as the reference words it. */
export function relativeTime(at: number, now: number): string {
  const seconds = Math.abs(Math.trunc((now - at) / 1000));
  const [, unit, text] = DISTANCES.find(([below]) => seconds < below) ?? [0, 360 * DAY, '# years'];
  if (text === 'now') return text;
  return `${text.replace('#', String(Math.trunc(seconds / unit)))} ${at > now ? 'from now' : 'ago'}`;
}
