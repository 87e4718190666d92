// Times as Go's time package reads them: what it says of a text that is none.

export const RFC3339 = '2006-01-02T15:04:05Z07:00';
export const RFC3339_MICRO = '2006-01-02T15:04:05.000000Z07:00';

/** A part of a layout: how it is written there, and how much of a text it takes; undefined where the text does not fit. */
type Part = readonly [element: string, take: RegExp, range?: readonly [name: string, least: number, most: number]];

const DATE: readonly Part[] = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d\d/, ['month', 1, 12]],
  ['-', /^-/],
  ['02', /^\d\d/],
  ['T', /^T/],
  ['15', /^\d\d?/, ['hour', 0, 23]],
  [':', /^:/],
  ['04', /^\d\d/, ['minute', 0, 59]],
  [':', /^:/],
];
const SECOND: Part = ['05', /^\d\d/, ['second', 0, 59]];
const FRACTION: Part = ['.000000', /^[.,]\d{6}/];
const ZONE: Part = ['Z07:00', /^(Z|[+-]\d\d:\d\d)/];

const LAYOUTS = {
  [RFC3339]: [...DATE, SECOND, ['', /^([.,]\d+)?/], ZONE],
  [RFC3339_MICRO]: [...DATE, SECOND, FRACTION, ZONE],
} as const satisfies Readonly<Record<string, readonly Part[]>>;

/** A month and a day that it has in each year. */
const DAY = /(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)/.source;
const TIME = /(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/.source;

/** Most times are as a server wrote them: nothing more is to look at. */
const AS_WRITTEN = {
  [RFC3339]: new RegExp(`^\\d{4}-${DAY}T${TIME}Z$`),
  [RFC3339_MICRO]: new RegExp(`^\\d{4}-${DAY}T${TIME}\\.\\d{6}Z$`),
} as const satisfies Readonly<Record<string, RegExp>>;

/** Whether a text is a time that is written again as it is. False may mean that this is still to be found out. */
export const isAsWritten = (text: string, layout: keyof typeof LAYOUTS): boolean => AS_WRITTEN[layout].test(text);

/** Go's sentence on a text that is no time of the layout; undefined for one that is. */
export function timeFault(text: string, layout: keyof typeof LAYOUTS): string | undefined {
  if (isAsWritten(text, layout)) return undefined;
  const quoted = JSON.stringify(text);
  let rest = text;
  for (const [element, take, range] of LAYOUTS[layout] as readonly Part[]) {
    const taken = take.exec(rest)?.[0];
    if (taken === undefined) {
      return `parsing time ${quoted} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${element}"`;
    }
    if (range && (Number(taken) < range[1] || Number(taken) > range[2])) return outOfRange(quoted, range[0]);
    if (element === ZONE[0] && Number(taken.slice(1, 3)) > 24) return outOfRange(quoted, 'time zone offset hour');
    if (element === ZONE[0] && Number(taken.slice(4)) > 60) return outOfRange(quoted, 'time zone offset minute');
    rest = rest.slice(taken.length);
  }
  if (rest !== '') return `parsing time ${quoted}: extra text: ${JSON.stringify(rest)}`;
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > days ? outOfRange(quoted, 'day') : undefined;
}

const outOfRange = (quoted: string, name: string): string => `parsing time ${quoted}: ${name} out of range`;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** What Go's time.ParseDuration says of a text that is no duration; undefined of one that is. */
export function durationFault(text: string): string | undefined {
  const invalid = `time: invalid duration ${JSON.stringify(text)}`;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return undefined;
  if (rest === '') return invalid;
  let nanoseconds = 0;
  while (rest !== '') {
    const [part = '', amount = '', unit = ''] = /^(\d+\.?\d*|\.\d+)([^.\d]*)/.exec(rest) ?? [];
    if (part === '') return invalid;
    if (unit === '') return `time: missing unit in duration ${JSON.stringify(text)}`;
    const scale = UNITS[unit];
    if (scale === undefined) return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`;
    nanoseconds += Number(amount) * scale;
    if (nanoseconds >= 2 ** 63) return invalid;
    rest = rest.slice(part.length);
  }
  return undefined;
}
