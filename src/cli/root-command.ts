// Which command a command line means: the root of the tree, with what was typed of it grown.

import { Command } from 'commander';
import { bareVerbs, hintFor } from './aliases/shortcuts.ts';
import { findEntry, grow, unknownCommand } from './command-tree.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS, type Globals } from './config/globals.ts';
import type { Context } from './context.ts';
import { readBy, withFlags } from './input/command.ts';
import type { LiveContext } from './process-context.ts';

/** The command that the words mean, with what stands above it; help lists what stands beside it. */
export async function commandOf(words: readonly string[], isHelp: boolean, live: LiveContext): Promise<Command> {
  const root = rootCommand(live);
  await grow(root, COMMANDS, { words, context: live.context, isHelp });
  quiet(root, live.context);
  return chosenCommand(root, words);
}

export const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command);

/** Which server is meant may have been typed already; what is not whole yet means nothing. */
export function globalsIn(words: readonly string[], live: LiveContext): Globals {
  const root = rootCommand(live);
  root.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    root.parseOptions([...words]);
  } catch {
    return {};
  }
  return root.opts<Globals>();
}

export const isHelpFlag = (word: string): boolean => word === '--help' || word === '-h';

/** The words that name the command: mostly they come before the first flag; where they do not, flags must be parsed. */
export function operandsOf(argv: readonly string[], live: LiveContext): readonly string[] {
  const [head = '', ...tail] = argv;
  if (isHelpFlag(head)) return live.context.policy.own.add(() => operandsOf(tail, live), []);
  const first = argv.findIndex((word) => word.startsWith('-'));
  const words = first < 0 ? argv : argv.slice(0, first);
  if (first < 0 || findEntry(words, COMMANDS).entry?.load) return words;
  return rootCommand(live).parseOptions([...argv]).operands;
}

/** What `help` is asked about, by its word or by a flag before the words; undefined where a command is to run. */
export function helpPath(
  operands: readonly string[],
  argv: readonly string[],
  live: LiveContext,
): readonly string[] | undefined {
  const { policy } = live.context;
  const [head = ''] = argv;
  if (operands[0] === 'help') return operands.slice(1);
  if (isHelpFlag(head) && operands.length > 0) return operands;
  const { entry, rest, depth } = findEntry(operands, COMMANDS);
  // As gh and kubectl have it, a noun alone asks what there is.
  if (
    entry?.children &&
    !entry.load &&
    rest.length === 0 &&
    rootCommand(live).parseOptions([...argv]).unknown.length === 0
  )
    return policy.own.add(() => operands, undefined);
  const isOfGroup =
    rest[0] === 'help' && depth > 0 && findEntry(operands.slice(0, depth), COMMANDS).entry?.children !== undefined;
  return policy.own.add(() => (isOfGroup ? [...operands.slice(0, depth), ...rest.slice(1)] : undefined), undefined);
}

function rootCommand(live: LiveContext): Command {
  const root = new Command(live.context.policy.program).helpCommand(false);
  root.description('Deploys what is in Git to Kubernetes: an Argo CD command line, and the system behind it.');
  withFlags(root, GLOBAL_FLAGS);
  root.hook('preAction', (_root, command) => {
    live.setGlobals(root.opts<Globals>());
    return reshapes(command) ? reshape(command, live) : undefined;
  });
  root.argument('[command...]').action((words: readonly string[]) => {
    const word = words[0];
    if (word === undefined) return root.help();
    const names = root.commands.map((command) => command.name());
    const bare = live.context.policy.own.add(() => bareVerbs(COMMANDS), []);
    throw unknownCommand(root.name(), word, [...names, ...bare]).with({ hint: hintFor(word) });
  });
  return root;
}

/** Whether the answer is to be printed by an expression: `--jq`, `-o jsonpath=…`. */
function reshapes(command: Command): boolean {
  const { output, out = output, jq } = command.opts<Readonly<Record<string, unknown>>>();
  return jq !== undefined || (typeof out === 'string' && out.includes('='));
}

async function reshape(command: Command, live: LiveContext): Promise<void> {
  const { reshapeOf } = await import('./output/reshape.ts');
  const made = await reshapeOf(command, live.context);
  if (made) live.reshape(made);
}

/** Commander prints help through our streams, and errors not at all: they are ours to say. */
function quiet(command: Command, context: Context): void {
  command.exitOverride();
  readBy(command, context.policy.readValue);
  command.configureOutput({ writeOut: (text) => context.io.out.write(text), writeErr: () => undefined });
  command.showSuggestionAfterError(false);
  for (const child of command.commands) quiet(child, context);
}

function chosenCommand(root: Command, words: readonly string[]): Command {
  let command = root;
  for (const word of words) {
    const child = command.commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word));
    if (!child) return command;
    command = child;
  }
  return command;
}
