// Flags as a table: the reference's names, aliases, types and defaults. Commander parses them; the few habits of the
// reference's own parser that commander does not share (`--flag=false`, `-n=value`, comma lists) are added here.

import { type Command, Option } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { parseDuration } from '../../core/time.ts';

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
  | 'int64Slice';

export interface Flag {
  /** Without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly type: FlagType;
  readonly default?: unknown;
  /** The default is what happens, not what is sent: the value is there only when it was typed. */
  readonly typedOnly?: boolean;
  readonly summary: string;
  readonly value?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
  /** A text that may be given more than once: the value is the list of them. */
  readonly repeats?: boolean;
  /** Not a flag of the reference. */
  readonly own?: boolean;
}

const flagsOf = new WeakMap<Command, readonly Flag[]>();

/** The flags a command was given, for help, completion and the test that compares them with the reference. */
export function declaredFlags(command: Command): readonly Flag[] {
  return flagsOf.get(command) ?? [];
}

export function withFlags(command: Command, flags: readonly Flag[]): Command {
  const all = [...declaredFlags(command), ...flags];
  flagsOf.set(command, all);
  for (const flag of flags) addFlag(command, flag);
  if (all.length === flags.length) {
    const parse = command.parseOptions.bind(command);
    command.parseOptions = (argv) => {
      const words = normalise(argv, declaredFlags(command));
      if (command.commands.length === 0) refuseNumbers(words, declaredFlags(command));
      return parse(words);
    };
  }
  return command;
}

function addFlag(command: Command, flag: Flag): void {
  const long = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  const option = new Option(flag.type === 'bool' ? long : `${long} <${flag.value ?? VALUE[flag.type]}>`, flag.summary);
  if (flag.hidden) option.hideHelp();
  if (flag.required) option.makeOptionMandatory();
  if (flag.type !== 'bool')
    option.argParser((text: string, before: unknown) =>
      READ[flag.repeats ? 'stringArray' : flag.type](text, before, flag),
    );
  if (flag.default !== undefined) {
    if (flag.typedOnly) option.defaultValueDescription = String(flag.default);
    else option.default(flag.default);
  }
  command.addOption(option);
  if (flag.type === 'bool' && !flag.name.startsWith('no-'))
    command.addOption(new Option(`--no-${flag.name}`).hideHelp());
}

const VALUE: Readonly<Record<FlagType, string>> = {
  bool: '',
  string: 'text',
  int: 'number',
  uint: 'number',
  duration: 'duration',
  strings: 'list',
  stringArray: 'text',
  int64Slice: 'numbers',
};

type Read = (text: string, before: unknown, flag: Flag) => unknown;

const lists = new WeakSet<object>();

/** A typed list begins empty, whatever the default was. */
function append(before: unknown, items: readonly unknown[]): unknown[] {
  const kept: readonly unknown[] = Array.isArray(before) && lists.has(before) ? before : [];
  const all = [...kept, ...items];
  lists.add(all);
  return all;
}

const READ: Readonly<Record<FlagType, Read>> = {
  bool: (text) => text,
  string: (text) => text,
  int: (text, _, flag) => wholeNumber(text, flag, /^[+-]?\d+$/),
  uint: (text, _, flag) => wholeNumber(text, flag, /^\+?\d+$/),
  duration: (text, _, flag) => {
    try {
      parseDuration(text);
    } catch (thrown) {
      throw wrongValue(flag, text, thrown instanceof HawserError ? (thrown.hint ?? '') : '');
    }
    return text;
  },
  strings: (text, before) => append(before, text === '' ? [] : text.split(',')),
  stringArray: (text, before) => append(before, [text]),
  int64Slice: (text, before, flag) =>
    append(
      before,
      text.split(',').map((part) => wholeNumber(part.trim(), flag, /^[+-]?\d+$/)),
    ),
};

function wholeNumber(text: string, flag: Flag, pattern: RegExp): number {
  if (!pattern.test(text)) throw wrongValue(flag, text, 'it takes a whole number');
  return Number(text);
}

const GO_PARSERS: Readonly<Partial<Record<FlagType, string>>> = {
  int: 'strconv.ParseInt: parsing',
  uint: 'strconv.ParseUint: parsing',
  int64Slice: 'strconv.ParseInt: parsing',
  bool: 'strconv.ParseBool: parsing',
};

function wrongValue(flag: Flag, text: string, hint: string): HawserError {
  const shown = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
  const go = GO_PARSERS[flag.type];
  const why = go === undefined ? `time: invalid duration "${text}"` : `${go} "${text}": invalid syntax`;
  return new HawserError('usage', `invalid value '${text}' for --${flag.name}`, {
    hint,
    details: { flag: flag.name, argocdLine: `Error: invalid argument "${text}" for "${shown}" flag: ${why}\n` },
  });
}

const TRUE = /^(1|t|T|TRUE|true|True)$/;
const FALSE = /^(0|f|F|FALSE|false|False)$/;

/** argv as commander reads it: `--flag=false` becomes `--no-flag`, `-n=value` becomes `-nvalue`; values stay as they are. */
function normalise(argv: readonly string[], flags: readonly Flag[]): string[] {
  const words: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') return [...words, ...argv.slice(index)];
    words.push(normaliseWord(word, flags));
    const value = argv[index + 1];
    if (value === undefined || !takesNext(word, flags)) continue;
    words.push(value);
    index += 1;
  }
  return words;
}

/** Commander takes '-1' for an argument, the reference for a flag, which no command has. */
function refuseNumbers(words: readonly string[], flags: readonly Flag[]): void {
  const stray = words.find((word, index) => /^-\d/.test(word) && !takesNext(words[index - 1] ?? '', flags));
  if (stray === undefined || words.indexOf('--') >= 0) return;
  throw new HawserError('usage', `unknown flag '${stray}'`, {
    hint: 'put -- before an argument that begins with a dash',
    details: { flag: stray, argocdLine: `Error: unknown shorthand flag: '${stray.slice(1, 2)}' in ${stray}\n` },
  });
}

function takesNext(word: string, flags: readonly Flag[]): boolean {
  const flag = flags.find(({ name, short }) => word === `--${name}` || word === `-${short}`);
  return flag !== undefined && flag.type !== 'bool';
}

function normaliseWord(word: string, flags: readonly Flag[]): string {
  const long = /^--([\w-]+)=(.*)$/s.exec(word);
  if (long) {
    const [, name = '', value = ''] = long;
    const flag = flags.find((known) => known.name === name && known.type === 'bool');
    return flag ? switched(flag, value) : word;
  }
  const short = /^-(\w)=(.*)$/s.exec(word);
  if (!short) return word;
  const [, letter = '', value = ''] = short;
  const flag = flags.find((known) => known.short === letter);
  if (!flag) return word;
  return flag.type === 'bool' ? switched(flag, value) : `--${flag.name}=${value}`;
}

function switched(flag: Flag, value: string): string {
  if (TRUE.test(value)) return `--${flag.name}`;
  if (FALSE.test(value)) return `--no-${flag.name}`;
  throw wrongValue(flag, value, 'it takes true or false');
}
