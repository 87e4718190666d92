// The command tree grows only where the command line points: what is not typed is a name and a summary for the help.

import { Command } from 'commander';
import { HawserError, type Reason } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Context } from './context.ts';

export type CommandFactory = (context: Context) => Command;

export interface Entry {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** The heading under which help lists it. */
  readonly group?: string;
  readonly load?: () => Promise<CommandFactory>;
  /** Beside `load`: what is run where no child is named. */
  readonly children?: readonly Entry[];
}

export const isNamed = ({ name, aliases }: Entry, word: string): boolean =>
  name === word || aliases?.includes(word) === true;

interface Match {
  /** The last entry that the words lead to. */
  readonly entry: Entry | undefined;
  /** How many words lead there. */
  readonly depth: number;
  readonly rest: readonly string[];
}

/** As far as the words lead into the tree of commands. */
export function findEntry(words: readonly string[], tree: readonly Entry[]): Match {
  let entry: Entry | undefined;
  let entries = tree;
  for (const [depth, word] of words.entries()) {
    const next = entries.find((candidate) => isNamed(candidate, word));
    if (!next) return { entry, depth, rest: words.slice(depth) };
    entry = next;
    entries = next.children ?? [];
  }
  return { entry, depth: words.length, rest: [] };
}

export interface Branch {
  readonly words: readonly string[];
  readonly context: Context;
  /** Help lists what stands beside the command that is meant. */
  readonly isHelp: boolean;
}

/**
 * Adds the entries to a command; the one that the first word names is loaded, with what stands below it. What stands beside
 * it is not made where nobody will see it.
 */
export async function grow(parent: Command, entries: readonly Entry[], branch: Branch): Promise<void> {
  const [word, ...rest] = branch.words;
  const match = entries.find((entry) => isNamed(entry, word ?? ''));
  for (const entry of match && !branch.isHelp ? [match] : entries) {
    const command = entry === match ? await grown(entry, { ...branch, words: rest }) : stub(entry);
    parent.addCommand(command);
  }
}

async function grown(entry: Entry, branch: Branch): Promise<Command> {
  const [word = ''] = branch.words;
  const isGroup = entry.children?.some((child) => isNamed(child, word)) ?? false;
  if (entry.load && !isGroup) {
    const factory = await entry.load();
    return factory(branch.context)
      .name(entry.name)
      .summary(entry.summary)
      .helpGroup(entry.group ?? '')
      .aliases(entry.aliases ?? []);
  }
  const group = stub(entry);
  await grow(group, entry.children ?? [], branch);
  group.helpCommand(false).usage('<command> [flags]');
  group.argument('[command...]').action((words: readonly string[]) => {
    throw incomplete(group, words[0]);
  });
  return group;
}

function stub(entry: Entry): Command {
  return new Command(entry.name)
    .summary(entry.summary)
    .description(entry.summary)
    .helpGroup(entry.group ?? '')
    .aliases(entry.aliases ?? []);
}

function incomplete(group: Command, word: string | undefined): HawserError {
  const path = pathOf(group);
  const names = group.commands.map((command) => command.name());
  const [, noun = ''] = path.split(' ');
  const reason: Reason = { kind: 'incomplete-command', command: word === undefined ? `${noun} alone` : noun };
  if (word !== undefined) return unknownCommand(path, word, names).with({ reason });
  return new HawserError('usage', `${path} needs a command: ${names.join(', ')}`, { hint: `${path} --help`, reason });
}

export function unknownCommand(path: string, word: string, names: readonly string[]): HawserError {
  const near = nearest(word, names);
  return new HawserError('usage', `unknown command '${word}' for '${path}'`, {
    hint: near.length > 0 ? `did you mean '${near.join("' or '")}'?` : `${path} --help`,
    details: { near },
    reason: { kind: 'unknown-command', word, path, near },
  });
}

/** 'hawser app get' of a command. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
