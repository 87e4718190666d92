// From argv to an exit code. Only this file turns errors into what is printed and into a number.

import { Command, CommanderError } from 'commander';
import { unlessAborted } from '../core/abort.ts';
import { asHawserError, HawserError, type Reason } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { grow, pathOf, unknownCommand } from './command-tree.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS, type Globals } from './config/globals.ts';
import type { Context } from './context.ts';
import { declaredFlags, visibleFlags, withFlags } from './input/command.ts';
import { styleFor } from './io/style.ts';
import type { LiveContext } from './process-context.ts';

/** Runs one command line; the answer is its exit code. Whatever it opened is closed, also when it fails. */
export async function runProgram(argv: readonly string[], live: LiveContext): Promise<number> {
  const { context } = live;
  try {
    let succeeded = false;
    const plugin = isOwn(argv[0]) ? undefined : await pluginFor(argv, context);
    try {
      if (plugin) return await plugin();
      if (argv[0] === COMPLETE) await runComplete(argv.slice(1), live);
      else await unlessAborted(runCommand(argv, live), live.late);
      succeeded = true;
    } finally {
      await unlessAborted(live.close(succeeded), live.late);
    }
    return 0;
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return 0;
    return report(endingOf(thrown, context.signal), outputOf(argv), context);
  }
}

/** Whether the first word is for us: a flag, nothing, or one of our commands. */
function isOwn(word: string | undefined): boolean {
  if (word === undefined || word.startsWith('-') || word === COMPLETE) return true;
  return COMMANDS.some(({ name, aliases }) => name === word || aliases?.includes(word));
}

/** The program on PATH that a first word means which no command of ours has. */
async function pluginFor(
  [word = '', ...words]: readonly string[],
  context: Context,
): Promise<(() => Promise<number>) | undefined> {
  const { findPlugin, runPlugin } = await import('./plugin.ts');
  const path = await findPlugin(word, context);
  if (path === undefined) return undefined;
  return async () => {
    const code = await runPlugin(path, words, context);
    if (code !== 0) context.io.out.write(context.policy.wording.pluginFailed(code));
    return code;
  };
}

/** What the scripts of `completion` call. */
const COMPLETE = '__complete';

/** Which server is meant may have been typed already; what is not whole yet means nothing. */
function globalsIn(words: readonly string[], live: LiveContext): Globals {
  const root = rootCommand(live);
  root.exitOverride().configureOutput({ writeErr: () => undefined });
  try {
    root.parseOptions([...words]);
  } catch {
    return {};
  }
  return root.opts<Globals>();
}

async function runComplete(words: readonly string[], live: LiveContext): Promise<void> {
  live.setGlobals(globalsIn(words.slice(0, -1), live));
  const { complete } = await import('./complete.ts');
  await complete(words, COMMANDS, live.context);
}

/** A failure while the process ends is its end, unless the command says more about that. */
function endingOf(thrown: unknown, signal: AbortSignal): HawserError {
  const error = asHawserError(thrown);
  const isEnding = error.code === 'interrupted' || error.code === 'terminated';
  return signal.aborted && !isEnding ? asHawserError(signal.reason) : error;
}

async function runCommand(argv: readonly string[], live: LiveContext): Promise<void> {
  live.setGlobals({});
  const root = rootCommand(live);
  const operands = operandsOf(argv, live);
  const words =
    operands[0] === 'help' && operands.length > 1 && operands[1] !== 'exit-codes' ? operands.slice(1) : operands;
  const line = words === operands ? argv : [...argv.filter((word) => word !== 'help'), '--help'];
  const isHelp = line.some((word) => word === '--help' || word === '-h');
  await grow(root, COMMANDS, { words, context: live.context, isHelp });
  quiet(root, live.context);
  const command = chosenCommand(root, words);
  try {
    await root.parseAsync([...line], { from: 'user' });
  } catch (thrown) {
    const error = thrown instanceof CommanderError ? usageError(thrown, command) : thrown;
    if (await live.context.policy.showsHelp(error)) live.context.io.out.write(command.helpInformation());
    throw error;
  }
}

/** The words that name the command: mostly they come before the first flag; where they do not, flags must be parsed. */
function operandsOf(argv: readonly string[], live: LiveContext): readonly string[] {
  if (argv[0] === '--help' || argv[0] === '-h') return [];
  const first = argv.findIndex((word) => word.startsWith('-'));
  const words = first < 0 ? argv : argv.slice(0, first);
  if (first < 0 || namesCommand(words)) return words;
  return rootCommand(live).parseOptions([...argv]).operands;
}

function namesCommand(words: readonly string[]): boolean {
  let entries = COMMANDS;
  for (const word of words) {
    const entry = entries.find((candidate) => candidate.name === word || candidate.aliases?.includes(word));
    if (entry?.load) return true;
    entries = entry?.children ?? [];
  }
  return false;
}

function rootCommand(live: LiveContext): Command {
  const root = new Command(live.context.policy.program).usage('<command> [flags]').helpCommand(false);
  root.description('Deploys what is in Git to Kubernetes: an Argo CD command line, and the system behind it.');
  withFlags(root, GLOBAL_FLAGS);
  root.hook('preAction', () => live.setGlobals(root.opts<Globals>()));
  root.argument('[command...]').action((words: readonly string[]) => {
    const word = words[0];
    if (word === undefined) return root.help();
    const names = root.commands.map((command) => command.name());
    throw unknownCommand(root.name(), word, names);
  });
  return root;
}

/** Commander prints help through our streams, and errors not at all: they are ours to say. */
function quiet(command: Command, context: Context): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => context.io.out.write(text),
    writeErr: () => undefined,
    getOutHelpWidth: () => context.io.out.columns(),
    getOutHasColors: () => false,
  });
  command.showSuggestionAfterError(false);
  command.configureHelp({ sortSubcommands: false });
  if (command.parent) command.addHelpText('after', `\nGlobal flags: ${context.policy.program} --help`);
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

/** Commander's complaint in our words; what is not a complaint (help was asked for) stays what it is. */
function usageError(thrown: CommanderError, command: Command): Error {
  if (thrown.exitCode === 0) return thrown;
  const path = pathOf(command);
  const hint = `${path} --help`;
  const [, subject = ''] = /'([^']*)'/.exec(thrown.message) ?? [];
  const explain = COMPLAINTS[thrown.code];
  if (explain) return explain(subject, command, hint);
  return new HawserError('usage', thrown.message.replace(/^error: /, ''), { hint });
}

type Complaint = (subject: string, command: Command, hint: string) => HawserError;

const COMPLAINTS: Readonly<Record<string, Complaint>> = {
  'commander.unknownOption': unknownFlag,
  'commander.missingArgument': (subject, command, hint) =>
    new HawserError('usage', `${pathOf(command)} needs ${subject.toUpperCase()}`, {
      hint,
      reason: incomplete(command),
    }),
  'commander.excessArguments': (_, command, hint) =>
    new HawserError('usage', `too many arguments for ${pathOf(command)}`, { hint, reason: incomplete(command) }),
  'commander.optionMissingArgument': (subject, _, hint) =>
    new HawserError('usage', `${flagName(subject)} needs a value`, {
      hint,
      reason: { kind: 'flag-without-value', flag: flagName(subject) },
    }),
  'commander.missingMandatoryOptionValue': (subject, _, hint) =>
    new HawserError('usage', `${flagName(subject)} is missing`, {
      hint,
      reason: { kind: 'flag-missing', flag: flagName(subject) },
    }),
};

const incomplete = (command: Command): Reason => ({ kind: 'incomplete-command', command: command.name() });

const flagName = (subject: string): string => /--[\w-]+/.exec(subject)?.[0] ?? subject;

function unknownFlag(subject: string, command: Command, hint: string): HawserError {
  const name = subject.replace(/=.*$/s, '');
  const names = [declaredFlags(command), GLOBAL_FLAGS].flatMap(visibleFlags).map((flag) => flag.name);
  const near = nearest(name.replace(/^-+/, ''), names).map((flag) => `--${flag}`);
  return new HawserError('usage', `unknown flag '${name}'`, {
    hint: near.length > 0 ? `did you mean ${near.join(' or ')}?` : hint,
    details: { flag: name, near },
    reason: { kind: 'unknown-flag', flag: name },
  });
}

/** Says what went wrong; the answer is the exit code. */
async function report(error: HawserError, output: string, context: Context): Promise<number> {
  const style = await styleFor(context.io.err, context.globals().color, context.env);
  const { logformat = 'json' } = context.globals();
  const setting = { output, logformat, style, now: context.clock.now() };
  const { out, err, exit } = await context.policy.report(error, setting);
  if (out !== '') context.io.out.write(out);
  if (err !== '') context.io.err.write(err);
  if (context.globals().loglevel === 'debug') context.io.err.write(`${stackOf(error)}\n`);
  return exit;
}

function stackOf(error: HawserError): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/** The machine format on the command line, read before the parser runs: its errors must obey it too. */
function outputOf(argv: readonly string[]): string {
  let format = '';
  for (let index = 0; index < argv.length && argv[index] !== '--'; index += 1) {
    const [, joined] = /^(?:-o=?|--output=|--out=)(.+)$/.exec(argv[index] ?? '') ?? [];
    if (joined !== undefined) format = joined;
    else if (/^(-o|--output|--out)$/.test(argv[index] ?? '')) format = argv[index + 1] ?? '';
  }
  return format;
}
