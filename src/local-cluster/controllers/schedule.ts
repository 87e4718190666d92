// Cron schedules of five fields, in UTC.

export interface Schedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** When both are restricted, one of day and weekday is enough. */
  readonly eitherDay: boolean;
}

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The times that a text names, or undefined when it cannot be read. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (NAMED[text.trim()] ?? text.trim()).split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5) return undefined;
  const minutes = parseField(minute, 0, 59);
  const hours = parseField(hour, 0, 23);
  const days = parseField(day, 1, 31);
  const months = parseField(named(month, MONTHS, 1), 1, 12);
  const weekdays = parseField(named(weekday, WEEKDAYS, 0), 0, 7);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  const open = (field: string): boolean => field.startsWith('*') || field.startsWith('?');
  return { minutes, hours, days, months, weekdays, eitherDay: !open(day) && !open(weekday) };
}

function named(field: string, names: readonly string[], first: number): string {
  return field.toLowerCase().replace(/[a-z]{3}/g, (name) => {
    const index = names.indexOf(name);
    return index < 0 ? name : String(index + first);
  });
}

function parseField(field: string, least: number, most: number): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const found = /^(\*|\?|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (!found) return undefined;
    const step = Number(found[4] ?? '1');
    const from = found[2] === undefined ? least : Number(found[2]);
    const to =
      found[3] === undefined ? (found[2] === undefined || found[4] !== undefined ? most : from) : Number(found[3]);
    if (step === 0 || from < least || to > most || from > to) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const HORIZON_DAYS = 1500;

/** The first time after `from`; undefined when there is none in some years. */
export function nextTime(schedule: Schedule, from: number): number | undefined {
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  let day = Math.floor(start / DAY_MS) * DAY_MS;
  for (let count = 0; count < HORIZON_DAYS; count += 1, day += DAY_MS) {
    if (!onDay(schedule, new Date(day))) continue;
    for (let time = Math.max(day, start); time < day + DAY_MS; time += MINUTE_MS) {
      const date = new Date(time);
      if (schedule.hours.has(date.getUTCHours()) && schedule.minutes.has(date.getUTCMinutes())) return time;
    }
  }
  return undefined;
}

function onDay(schedule: Schedule, date: Date): boolean {
  if (!schedule.months.has(date.getUTCMonth() + 1)) return false;
  const day = schedule.days.has(date.getUTCDate());
  const weekday = schedule.weekdays.has(date.getUTCDay());
  return schedule.eitherDay ? day || weekday : day && weekday;
}
