// Prints what `help` and `--help` are asked about.

import type { Command } from 'commander';
import { HawserError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { renderHelp } from '../../render/help-page.ts';
import { findEntry, pathOf, unknownCommand } from '../command-tree.ts';
import { COMMANDS } from '../commands.ts';
import type { Context } from '../context.ts';
import type { LiveContext } from '../process-context.ts';
import { commandOf, globalsIn, isHelpFlag, rootOf } from '../root-command.ts';
import { unknownFlag } from '../usage-errors.ts';
import { commandPage, HAWSER_ADDITIONS, NO_ADDITIONS } from './command-page.ts';
import { TOPICS } from './topics.ts';

/** The page of a command as wide as the terminal. */
export async function pageOf(command: Command, context: Context): Promise<string> {
  const { style } = await context.view();
  const additions = context.policy.own.add(() => HAWSER_ADDITIONS, NO_ADDITIONS);
  return renderHelp(commandPage(command, additions), { columns: context.io.out.columns(), style });
}

/** Has `--help` of a command print its page; words behind a group that are no command of it are refused. */
export async function preparePage(command: Command, words: readonly string[], context: Context): Promise<void> {
  const { entry, rest } = findEntry(words, COMMANDS);
  const [stray] = rest;
  if (stray !== undefined && !entry?.load) context.policy.own.refuse(unknownIn(command, stray));
  const page = await pageOf(command, context);
  command.helpInformation = () => page;
}

/** What `help WORDS` answers: a topic, or the page of a command. */
export async function printHelp(words: readonly string[], argv: readonly string[], live: LiveContext): Promise<void> {
  const { context } = live;
  const command = await commandOf(words, true, live);
  const [stray] = rootOf(command).parseOptions(argv.filter((word) => !isHelpFlag(word))).unknown;
  if (stray !== undefined) throw unknownFlag(stray, command, `${pathOf(rootOf(command))} --help`);
  live.setGlobals(globalsIn(argv, live));
  const topic = words.length === 1 ? TOPICS.find(({ name }) => name === words[0]) : undefined;
  const { style } = await context.view();
  if (topic) return context.io.out.write(renderHelp(topic, { columns: context.io.out.columns(), style }));
  const [unknown] = findEntry(words, COMMANDS).rest;
  if (unknown !== undefined)
    context.policy.own.refuse(command.parent ? unknownIn(command, unknown) : noHelpOn(unknown, command));
  context.io.out.write(await pageOf(command, context));
}

const unknownIn = (command: Command, word: string): HawserError =>
  unknownCommand(
    pathOf(command),
    word,
    command.commands.map((child) => child.name()),
  );

function noHelpOn(word: string, root: Command): HawserError {
  const topics = TOPICS.map(({ name }) => name);
  const near = nearest(word, [...root.commands.map((command) => command.name()), ...topics]);
  const meant = near.length > 0 ? `did you mean '${near.join("' or '")}'? ` : '';
  return new HawserError('usage', `no command and no help topic is called '${word}'`, {
    hint: `${meant}topics: ${topics.join(', ')}; commands: ${root.name()} --help`,
    details: { near, topics },
  });
}
