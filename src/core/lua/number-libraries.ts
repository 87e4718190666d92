// The library of numbers, and what is left of the one of the operating system: the time.

import { type Arguments, argumentError, integerAt, numberAt, tableAt } from './arguments.ts';
import { library } from './base-library.ts';
import type { Runtime } from './operations.ts';
import { LuaError, type LuaFunction, type LuaTable, type LuaValue, toNumber } from './values.ts';

const ONE = [
  'abs',
  'acos',
  'asin',
  'atan',
  'ceil',
  'cos',
  'cosh',
  'exp',
  'floor',
  'sin',
  'sinh',
  'sqrt',
  'tan',
  'tanh',
] as const;

const numbers = (args: Arguments, name: string): number[] => args.map((_value, at) => numberAt(args, at + 1, name));

const mod: LuaFunction = (args) => [numberAt(args, 1, 'mod') % numberAt(args, 2, 'mod')];

/** A number in order of the last one: scripts are no lottery. */
function createChance(): LuaFunction {
  let seed = 42;
  return (args) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const part = seed / 2_147_483_648;
    if (args.length === 0) return [part];
    const [low, high] =
      args.length === 1
        ? [1, integerAt(args, 1, 'random')]
        : [integerAt(args, 1, 'random'), integerAt(args, 2, 'random')];
    if (high < low) throw argumentError(args.length, 'random', 'interval is empty');
    return [low + Math.floor(part * (high - low + 1))];
  };
}

export function openMath({ globals }: Runtime): void {
  const single = Object.fromEntries(
    ONE.map((name): [string, LuaFunction] => [name, (args) => [Math[name](numberAt(args, 1, name))]]),
  );
  globals.set(
    'math',
    library({
      ...single,
      atan2: (args) => [Math.atan2(numberAt(args, 1, 'atan2'), numberAt(args, 2, 'atan2'))],
      deg: (args) => [(numberAt(args, 1, 'deg') * 180) / Math.PI],
      fmod: mod,
      huge: Number.POSITIVE_INFINITY,
      log: (args) => [Math.log(numberAt(args, 1, 'log'))],
      log10: (args) => [Math.log10(numberAt(args, 1, 'log10'))],
      max: (args) => [Math.max(numberAt(args, 1, 'max'), ...numbers(args, 'max'))],
      min: (args) => [Math.min(numberAt(args, 1, 'min'), ...numbers(args, 'min'))],
      mod,
      modf: (args) => {
        const value = numberAt(args, 1, 'modf');
        return [Math.trunc(value), value - Math.trunc(value)];
      },
      pi: Math.PI,
      pow: (args) => [numberAt(args, 1, 'pow') ** numberAt(args, 2, 'pow')],
      rad: (args) => [(numberAt(args, 1, 'rad') * Math.PI) / 180],
      random: createChance(),
      randomseed: () => [],
    }),
  );
}

const two = (value: number): string => String(value).padStart(2, '0');
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAY_MS = 86_400_000;

const dayOfYear = (date: Date): number =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY_MS) + 1;

const nameIn = (names: readonly string[], at: number): string => names[at] ?? '';

/** A server has no time of day but that of Greenwich. */
const PARTS: Readonly<Record<string, (date: Date) => string>> = {
  '%': () => '%',
  A: (date) => nameIn(DAYS, date.getUTCDay()),
  B: (date) => nameIn(MONTHS, date.getUTCMonth()),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  M: (date) => two(date.getUTCMinutes()),
  S: (date) => two(date.getUTCSeconds()),
  X: (date) => date.toISOString().slice(11, 19),
  Y: (date) => String(date.getUTCFullYear()),
  Z: () => 'UTC',
  a: (date) => nameIn(DAYS, date.getUTCDay()).slice(0, 3),
  b: (date) => nameIn(MONTHS, date.getUTCMonth()).slice(0, 3),
  c: (date) =>
    `${two(date.getUTCDate())} ${nameIn(MONTHS, date.getUTCMonth()).slice(0, 3)} ${two(date.getUTCFullYear() % 100)} ${date.toISOString().slice(11, 16)} UTC`,
  d: (date) => two(date.getUTCDate()),
  j: (date) => String(dayOfYear(date)).padStart(3, '0'),
  m: (date) => two(date.getUTCMonth() + 1),
  p: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  w: (date) => String(date.getUTCDay()),
  x: (date) => `${two(date.getUTCMonth() + 1)}/${two(date.getUTCDate())}/${two(date.getUTCFullYear() % 100)}`,
  y: (date) => two(date.getUTCFullYear() % 100),
  z: () => '+0000',
};

function dateTable(date: Date): LuaTable {
  const table = library({
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    min: date.getUTCMinutes(),
    month: date.getUTCMonth() + 1,
    sec: date.getUTCSeconds(),
    wday: date.getUTCDay() + 1,
    yday: dayOfYear(date),
    year: date.getUTCFullYear(),
  });
  table.set('isdst', false);
  return table;
}

function dateOf(args: Arguments, now: number): LuaValue {
  const pattern = typeof args[0] === 'string' ? args[0].replace(/^!/, '') : '%c';
  const date = new Date(args[1] === undefined ? now : numberAt(args, 2, 'date') * 1000);
  if (Number.isNaN(date.getTime())) throw new LuaError('time result cannot be represented');
  if (pattern.startsWith('*t')) return dateTable(date);
  return pattern.replace(/%(.)/g, (all, letter: string) => PARTS[letter]?.(date) ?? all);
}

function timeOf(args: Arguments, now: number): number {
  if (args[0] === undefined) return Math.floor(now / 1000);
  const table = tableAt(args, 1, 'time');
  const part = (name: string, fallback?: number): number => {
    const value = toNumber(table.get(name)) ?? fallback;
    if (value === undefined) throw new LuaError(`field '${name}' missing in date table`);
    return value;
  };
  return (
    Date.UTC(part('year'), part('month') - 1, part('day'), part('hour', 12), part('min', 0), part('sec', 0)) / 1000
  );
}

export function openTime({ globals }: Runtime, now: number): void {
  globals.set(
    'os',
    library({
      clock: () => [0],
      date: (args) => [dateOf(args, now)],
      difftime: (args) => [numberAt(args, 1, 'difftime') - numberAt(args, 2, 'difftime', 0)],
      time: (args) => [timeOf(args, now)],
    }),
  );
}
