// A command from its declaration: commander parses, the types of arguments and options come from what is declared.

import { Command, Option } from 'commander';
import type { Example } from '../../render/help-page.ts';
import { normaliseArgv, refuseNumbers } from './argv.ts';
import { type Flag, type FlagType, type OptionsOf, type ReadValue, readValue } from './flags.ts';

/** '<name>' is there, '[name]' may be; '...' takes all that follow. */
export type ArgumentName = `<${string}>` | `[${string}]`;

type ArgumentOf<Name extends string> = Name extends `${string}...${string}`
  ? readonly string[]
  : Name extends `<${string}`
    ? string
    : string | undefined;

export type ArgumentsOf<Names extends readonly ArgumentName[]> = { readonly [I in keyof Names]: ArgumentOf<Names[I]> };

export interface Declaration<Names extends readonly ArgumentName[], Flags extends readonly Flag[]> {
  readonly name: string;
  readonly description: string;
  readonly arguments?: Names;
  readonly flags?: Flags;
  /** What help shows first: lines that work as they are pasted. */
  readonly examples?: readonly Example[];
  /** What help says of an argument. */
  readonly argumentSummaries?: Readonly<Record<string, string>>;
  /** Asks for the first argument where a person left it out. */
  readonly asks?: Asks;
  /** Arguments beyond those that are declared are no error. */
  readonly allowsSurplus?: boolean;
}

export interface Asks {
  readonly possible: boolean;
  ask(): Promise<string>;
}

/** The command; `action` gets its options and then its arguments. */
export function defineCommand<
  const Names extends readonly ArgumentName[] = [],
  const Flags extends readonly Flag[] = [],
>(
  declaration: Declaration<Names, Flags>,
  action: (options: OptionsOf<Flags>, ...args: ArgumentsOf<Names>) => unknown,
): Command {
  const names: readonly string[] = declaration.arguments ?? [];
  const command = new Command(declaration.name)
    .description(declaration.description)
    .allowExcessArguments(declaration.allowsSurplus ?? false)
    .action(async (...values) => {
      const args = values.slice(0, names.length);
      if (asks && args[0] === undefined) args[0] = await asks.ask();
      await Reflect.apply(action, undefined, [values[names.length], ...args]);
    });
  const asks = declaration.asks?.possible ? declaration.asks : undefined;
  names.forEach((name, index) => {
    const shown = asks && index === 0 ? name.replace(/^<(.*)>$/, '[$1]') : name;
    command.argument(shown, declaration.argumentSummaries?.[name]);
  });
  if (declaration.examples) examplesOf.set(command, declaration.examples);
  return declaration.flags ? withFlags(command, declaration.flags) : command;
}

const examplesOf = new WeakMap<Command, readonly Example[]>();

export const declaredExamples = (command: Command): readonly Example[] => examplesOf.get(command) ?? [];

const flagsOf = new WeakMap<Command, readonly Flag[]>();

/** The flags a command was given, for help, completion and the test that compares them with the reference. */
export function declaredFlags(command: Command): readonly Flag[] {
  return flagsOf.get(command) ?? [];
}

export const visibleFlags = (flags: readonly Flag[]): readonly Flag[] => flags.filter(({ hidden }) => !hidden);

/** What every command that answers in JSON takes. */
const JQ_FLAG = {
  name: 'jq',
  type: 'string',
  value: 'expression',
  own: true,
  group: 'Output',
  summary: 'answer in JSON, filtered by a jq expression',
} as const satisfies Flag;

/** `out` is how the reference calls one of them. */
const answersInJson = ({ name, summary }: Flag): boolean => /^out(put)?$/.test(name) && /\bjson\b/.test(summary);

/** A format with an expression: it is made of JSON, whatever the command's own formats are. */
const isExpression = (text: string): boolean => /^(jsonpath|custom-columns|go-template)=./s.test(text);

export function withFlags(command: Command, declared: readonly Flag[]): Command {
  const flags = declared.some(answersInJson) ? [...declared, JQ_FLAG] : declared;
  flagsOf.set(command, flags);
  for (const flag of flags) addFlag(command, flag);
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (argv) => {
    const words = normaliseArgv(argv, flags);
    if (command.commands.length === 0) refuseNumbers(words, flags);
    return parse(words);
  };
  return command;
}

const readers = new WeakMap<Command, ReadValue>();

/** How the values of its flags are read, where that is not our own way. */
export const readBy = (command: Command, read: ReadValue): unknown => readers.set(command, read);

function addFlag(command: Command, flag: Flag): void {
  const option = new Option(spelledFlag(flag), flag.summary);
  // One with a value turns nothing off.
  if (flag.type !== 'bool') option.negate = false;
  if (flag.hidden) option.hideHelp();
  if (flag.required) option.makeOptionMandatory();
  if (flag.type !== 'bool') option.argParser((text: string, before: unknown) => readerOf(command)(flag, text, before));
  if (flag.default !== undefined) {
    if (flag.typedOnly) option.defaultValueDescription = String(flag.default);
    else option.default(flag.default);
  }
  command.addOption(option);
  if (flag.type === 'bool' && !flag.name.startsWith('no-'))
    command.addOption(new Option(`--no-${flag.name}`).hideHelp());
}

/** By the way of the command: our own where nothing else was said. */
const readerOf =
  (command: Command): ReadValue =>
  (flag, text, before) =>
    answersInJson(flag) && isExpression(text) ? text : (readers.get(command) ?? readValue)(flag, text, before);

/** A flag as help spells it: '-o, --output <format>'. */
export function spelledFlag({ name, short, type, value }: Flag): string {
  const long = short === undefined ? `--${name}` : `-${short}, --${name}`;
  return type === 'bool' ? long : `${long} <${value ?? VALUE[type]}>`;
}

/** What help calls a value that has no name of its own. */
const VALUE: Readonly<Record<FlagType, string>> = {
  bool: '',
  string: 'text',
  int: 'number',
  uint: 'number',
  duration: 'duration',
  strings: 'list',
  stringArray: 'text',
  int64Slice: 'numbers',
  stringToString: 'name=value',
};
