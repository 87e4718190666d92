// Aliases of one's own and shortcuts, replaced before a command line is read.

import { HawserError } from '../../core/errors.ts';
import { type Entry, findEntry } from '../command-tree.ts';
import { GLOBAL_FLAGS } from '../config/globals.ts';
import { leadingOperands } from '../input/argv.ts';
import type { Flag } from '../input/flags.ts';
import { splitWords } from '../input/split-words.ts';
import { shortcutFor } from './shortcuts.ts';

/** What an alias may be called and stand for. */
export interface CommandNames {
  isCommand(name: string): boolean;
  /** Whether a command line begins with a command. */
  namesCommand(words: readonly string[]): boolean;
}

type Aliases = Readonly<Record<string, string>>;

const HELP = { name: 'help', short: 'h', type: 'bool', summary: '' } as const satisfies Flag;

/** Where the words are that name a command; of `help app ls` these are the last two. */
function commandOperands(argv: readonly string[]): readonly number[] {
  const all = leadingOperands(argv, [...GLOBAL_FLAGS, HELP]);
  return argv[all[0] ?? -1] === 'help' ? all.slice(1) : all;
}

/** The word that may be an alias or the name of a plugin: the first that is neither a flag nor `help`. */
export const firstWord = (argv: readonly string[]): string | undefined => argv[commandOperands(argv)[0] ?? -1];

/** With what the alias stands for; its `$1`, `$2` are the words that follow, and what is left of these comes after it. */
export function expandAlias(argv: readonly string[], aliases: Aliases): readonly string[] {
  const [at = -1] = commandOperands(argv);
  const name = argv[at] ?? '';
  const expansion = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
  if (expansion === undefined) return argv;
  const before = argv.slice(0, at);
  const values = argv.slice(at + 1);
  // Help is about the command, not about the flags and values that it would be given.
  if (before.includes('help')) return [...before, ...splitWords(expansion.replace(/\s-.*$/s, ''))];
  if (values.some((word) => word === '--help' || word === '-h')) return [...before, ...splitWords(expansion), '--help'];
  return [...before, ...withValues(expansion, values, name)];
}

function withValues(expansion: string, values: readonly string[], name: string): readonly string[] {
  const needed = Math.max(0, ...[...expansion.matchAll(/\$(\d)/g)].map(([, digit]) => Number(digit)));
  if (values.length < needed) {
    throw new HawserError('usage', `alias '${name}' needs ${needed} ${needed === 1 ? 'argument' : 'arguments'}`, {
      hint: `it stands for: ${expansion}`,
    });
  }
  const words = splitWords(expansion).map((word) =>
    word.replace(/\$(\d)/g, (text, digit: string) => values[Number(digit) - 1] ?? text),
  );
  return [...words, ...values.slice(needed)];
}

/** With the command that its first words mean here, where they are another program's. */
export function expandShortcut(argv: readonly string[], entries: readonly Entry[]): readonly string[] {
  const indexes = commandOperands(argv);
  const shortcut = shortcutFor(
    indexes.map((index) => argv[index] ?? ''),
    entries,
  );
  if (!shortcut) return argv;
  const replaced = indexes.slice(0, shortcut.count);
  return argv.flatMap((word, index) =>
    index === replaced[0] ? shortcut.words : replaced.includes(index) ? [] : [word],
  );
}

/** Whether a command line begins with a command, in our words or in those that mean one. */
export function namesCommand(words: readonly string[], entries: readonly Entry[]): boolean {
  const line = expandShortcut(words, entries);
  const operands = commandOperands(line).map((index) => line[index] ?? '');
  return findEntry(operands, entries).entry !== undefined;
}
