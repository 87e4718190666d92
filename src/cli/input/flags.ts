// Flags as tables: names, aliases, types and defaults, most of them the reference's. The type of a command's options is
// inferred from its table, and each value is read by its declared type here, so the two cannot differ.

import { HawserError } from '../../core/errors.ts';
import { isSelector } from '../../core/selector-text.ts';
import { formatDuration, parseDuration, parseTime } from '../../core/time.ts';

export type FlagType =
  | 'bool'
  | 'string'
  | 'int'
  | 'uint'
  | 'duration'
  /** Repeatable, and split at commas. */
  | 'strings'
  /** Repeatable, each as it stands. */
  | 'stringArray'
  | 'int64Slice'
  /** KEY=VALUE, repeatable, and split at commas. */
  | 'stringToString';

export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  readonly default?: unknown;
  /** The default is what happens, not what is sent: the value is there only when it was typed. */
  readonly typedOnly?: boolean;
  readonly summary: string;
  /** What help calls the value. */
  readonly value?: string;
  /** The values of a string; of a duration, words that may stand in its place. */
  readonly choices?: readonly string[];
  /** What a shell offers as values where any text is taken, or the command decides. */
  readonly suggestions?: readonly string[];
  /** A number of seconds, which may be typed as a time: 90, 90s, 1m30s. */
  readonly unit?: 'seconds';
  /** A label selector by the rules of Kubernetes. */
  readonly syntax?: 'selector';
  /** The lowest number. */
  readonly min?: number;
  readonly required?: boolean;
  readonly hidden?: boolean;
  /** A string that may be given more than once: the value is the list of them. */
  readonly repeats?: boolean;
  /** Not a flag of the reference. */
  readonly own?: boolean;
  /** The part of an application's spec that it describes. */
  readonly block?: string;
  /** The heading under which help lists it. */
  readonly group?: string;
}

interface Values {
  readonly bool: boolean;
  readonly string: string;
  readonly int: number;
  readonly uint: number;
  readonly duration: string;
  readonly strings: readonly string[];
  readonly stringArray: readonly string[];
  readonly int64Slice: readonly number[];
  readonly stringToString: Readonly<Record<string, string>>;
}

type ValueOf<F extends Flag> = F extends { readonly repeats: true }
  ? readonly string[]
  : F extends { readonly type: 'string'; readonly choices: readonly (infer Choice)[] }
    ? Choice
    : Values[F['type']];

/** The flags whose value is there although nobody typed it. */
type Always<F extends Flag> = F extends
  | { readonly required: true }
  | { readonly name: `no-${string}`; readonly type: 'bool' }
  ? F
  : F extends { readonly typedOnly: true }
    ? never
    : F extends { readonly default: unknown }
      ? F
      : never;

/** '--no-headers' turns `headers` off; '--no-proxy HOSTS' is a flag like any other. */
type Key<F extends Flag> = F extends { readonly name: `no-${infer Rest}`; readonly type: 'bool' }
  ? Camel<Rest>
  : Camel<F['name']>;

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** What a table of flags is read to: '--dry-run' is `dryRun`, '--no-headers' is `headers`. */
export type OptionsOf<Flags extends readonly Flag[]> = {
  readonly [F in Always<Flags[number]> as Key<F>]: ValueOf<F>;
} & { readonly [F in Exclude<Flags[number], Always<Flags[number]>> as Key<F>]?: ValueOf<F> };

/** Flags that help lists under one heading. */
export const ofGroup = <const Flags extends readonly Flag[]>(
  group: string,
  flags: Flags,
): readonly (Flags[number] & { readonly group: string })[] => flags.map((one: Flags[number]) => ({ ...one, group }));

/** The name of a flag among the options: `dryRun` of '--dry-run'. */
const optionKey = ({ name, type }: Flag): string =>
  name.replace(type === 'bool' ? /^no-/ : '', '').replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());

/** The first of the flags that was typed. */
export const typedFlag = (flags: readonly Flag[], options: object): Flag | undefined =>
  flags.find((flag) => Reflect.get(options, optionKey(flag)) !== undefined);

/** The words that say what the options say, but for what is so by default. */
export function wordsOf(flags: readonly Flag[], options: object): string[] {
  return flags.flatMap((flag) => {
    const value: unknown = Reflect.get(options, optionKey(flag));
    if (value === undefined || value === flag.default) return [];
    if (typeof value === 'boolean') return value ? [`--${flag.name}`] : [`--${flag.name}=false`];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => [`--${flag.name}`, String(one)]);
  });
}

type Read = (text: string, before: unknown, flag: Flag) => unknown;

type Readers = Readonly<Record<FlagType, Read>>;

/** As the reference reads them. */
const READERS: Readers = {
  bool: (text) => text,
  string: (text, _, flag) => {
    if (flag.choices && !flag.choices.includes(text))
      throw refusedValue(flag, text, `valid values: ${flag.choices.join(', ')}`);
    return text;
  },
  int: (text, _, flag) => wholeNumber(text, flag, /^[+-]?\d+$/),
  uint: (text, _, flag) => wholeNumber(text, flag, /^\+?\d+$/),
  duration: (text, _, flag) => {
    if (!flag.choices?.includes(text)) timeBy(parseDuration, text, flag);
    return text;
  },
  strings: (text, before) => append(before, text === '' ? [] : text.split(',')),
  stringArray: (text, before) => append(before, [text]),
  int64Slice: (text, before, flag) =>
    append(
      before,
      text.split(',').map((part) => wholeNumber(part.trim(), flag, /^[+-]?\d+$/)),
    ),
  stringToString: (text, before, flag) => ({ ...(isTexts(before) ? before : {}), ...pairsIn(text, flag) }),
};

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function pairsIn(text: string, flag: Flag): Readonly<Record<string, string>> {
  const pairs = text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at < 1) throw refusedValue(flag, text, 'write it like NAME=VALUE');
    return [part.slice(0, at), part.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Every time with a unit or without: a bare number is a number of seconds. */
const OWN_READERS: Readers = {
  ...READERS,
  string: (text, before, flag) => {
    if (flag.syntax === 'selector' && !isSelector(text))
      throw refusedValue(flag, text, "write it like app=web, 'tier!=db' or 'env in (dev,test)'");
    return READERS.string(text, before, flag);
  },
  int: (text, before, flag) => secondsOr(READERS.int, text, before, flag),
  uint: (text, before, flag) => secondsOr(READERS.uint, text, before, flag),
  duration: (text, _, flag) => {
    if (flag.choices?.includes(text)) return text;
    const milliseconds = timeBy(parseTime, text, flag);
    return /[a-z]$/.test(text) && !/[dw]$/.test(text) ? text : formatDuration(milliseconds);
  },
};

function secondsOr(read: Read, text: string, before: unknown, flag: Flag): unknown {
  return flag.unit === undefined ? read(text, before, flag) : timeBy(parseTime, text, flag) / 1000;
}

function timeBy(parse: (text: string) => number, text: string, flag: Flag): number {
  try {
    return parse(text);
  } catch (thrown) {
    if (flag.choices)
      throw refusedValue(flag, text, `valid values: ${flag.choices.join(', ')}, or a duration like 30s`);
    throw wrongValue(flag, text, thrown instanceof HawserError ? (thrown.hint ?? '') : '');
  }
}

/** A typed value by the type of its flag; `before` is what the flag had until now. */
export type ReadValue = (flag: Flag, text: string, before: unknown) => unknown;

export const readValue: ReadValue = (flag, text, before) =>
  OWN_READERS[flag.repeats ? 'stringArray' : flag.type](text, before, flag);

/** The reference's flags as it reads them. */
export const readReferenceValue: ReadValue = (flag, text, before) =>
  flag.own ? readValue(flag, text, before) : READERS[flag.repeats ? 'stringArray' : flag.type](text, before, flag);

const lists = new WeakSet<object>();

/** A typed list begins empty, whatever the default was. */
function append(before: unknown, items: readonly unknown[]): unknown[] {
  const earlier: readonly unknown[] = Array.isArray(before) && lists.has(before) ? before : [];
  const all = [...earlier, ...items];
  lists.add(all);
  return all;
}

function wholeNumber(text: string, flag: Flag, pattern: RegExp): number {
  if (!pattern.test(text)) throw wrongValue(flag, text, 'use a whole number');
  const number = Number(text);
  if (flag.min !== undefined && number < flag.min)
    throw refusedValue(flag, text, `use a whole number of at least ${flag.min}`);
  return number;
}

const TRUE = /^(1|t|T|TRUE|true|True)$/;
const FALSE = /^(0|f|F|FALSE|false|False)$/;

/** A bool as Go reads it. */
export function readBool(flag: Flag, text: string): boolean {
  if (TRUE.test(text)) return true;
  if (FALSE.test(text)) return false;
  throw wrongValue(flag, text, 'valid values: true, false');
}

/** A value that is not of the type of its flag. */
const wrongValue = (flag: Flag, text: string, hint: string): HawserError =>
  refusedValue(flag, text, hint).with({ reason: { kind: 'invalid-flag-value', flag, text } });

/** A value of the right type that the flag does not take: the reference's parser has no words for it. */
const refusedValue = (flag: Flag, text: string, hint: string): HawserError =>
  new HawserError('usage', `invalid value '${text}' for --${flag.name}`, { hint, details: { flag: flag.name } });
