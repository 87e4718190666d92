// From argv to an exit code. Only this file turns errors into what is printed and into a number.

import { CommanderError } from 'commander';
import { unlessAborted } from '../core/abort.ts';
import { asHawserError, type HawserError } from '../core/errors.ts';
import { expandAlias, expandShortcut, firstWord } from './aliases/expand.ts';
import { ciOf } from './ci/detect.ts';
import { isNamed } from './command-tree.ts';
import { COMMANDS } from './commands.ts';
import type { Context } from './context.ts';
import { styleFor } from './io/style.ts';
import type { LiveContext } from './process-context.ts';
import { commandOf, globalsIn, helpPath, isHelpFlag, operandsOf, rootOf } from './root-command.ts';
import { usageError } from './usage-errors.ts';

/** Runs one command line; the answer is its exit code. Whatever it opened is closed, also when it fails. */
export async function runProgram(line: readonly string[], live: LiveContext): Promise<number> {
  const { context } = live;
  let argv = line;
  try {
    let succeeded = false;
    argv = await context.policy.own.add(() => withAliases(line, context), Promise.resolve(line));
    const plugin = await pluginFor(argv, live);
    try {
      if (plugin) return await plugin();
      argv = context.policy.own.add(() => expandShortcut(argv, COMMANDS), argv);
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

/** With what an alias stands for; `--version` is one too. */
async function withAliases(argv: readonly string[], { env }: Context): Promise<readonly string[]> {
  const [head = '', ...tail] = argv;
  if (head === '--version' || head === '-v') return ['version', '--client', ...tail];
  if (isOwn(firstWord(argv))) return argv;
  const { readAliases } = await import('./config/preferences.ts');
  return expandAlias(argv, await readAliases(env));
}

/** Whether the first word is for us: a flag, nothing, or one of our commands. */
function isOwn(word: string | undefined): boolean {
  if (word === undefined || word.startsWith('-') || word === COMPLETE) return true;
  return COMMANDS.some((entry) => isNamed(entry, word));
}

/** The program on PATH that a first word means which no command of ours has; it gets what follows, and the flags before it as variables. */
async function pluginFor(argv: readonly string[], live: LiveContext): Promise<(() => Promise<number>) | undefined> {
  const { context } = live;
  const word = context.policy.own.add(() => firstWord(argv), argv[0]);
  const at = argv.indexOf(word ?? '');
  const before = argv.slice(0, Math.max(at, 0));
  if (word === undefined || isOwn(word) || before.some((one) => one === 'help' || isHelpFlag(one))) return undefined;
  const [{ findPlugin, runPlugin }, { variablesFor }] = await Promise.all([
    import('./plugin.ts'),
    import('./config/variables.ts'),
  ]);
  const path = await findPlugin(word, context);
  if (path === undefined) return undefined;
  const env = { ...context.env, ...variablesFor(globalsIn(before, live), context.env) };
  return async () => {
    const code = await runPlugin(path, argv.slice(at + 1), { ...context, env });
    if (code !== 0) context.io.out.write(context.policy.wording.pluginFailed(code));
    return code;
  };
}

/** What the scripts of `completion` call. */
const COMPLETE = '__complete';

async function runComplete(words: readonly string[], live: LiveContext): Promise<void> {
  const { context } = live;
  const before = words.slice(0, -1);
  live.setGlobals(globalsIn(before, live));
  const { complete } = await import('./completion/complete.ts');
  const line = await context.policy.own.add(
    async () => expandShortcut(await withAliases(before, context).catch(() => before), COMMANDS),
    Promise.resolve(before),
  );
  await complete([...line, ...words.slice(-1)], COMMANDS, context);
}

/** A failure while the process ends is its end, unless the command says more about that. */
function endingOf(thrown: unknown, signal: AbortSignal): HawserError {
  const error = asHawserError(thrown);
  const isEnding = error.code === 'interrupted' || error.code === 'terminated';
  return signal.aborted && !isEnding ? asHawserError(signal.reason) : error;
}

async function runCommand(argv: readonly string[], live: LiveContext): Promise<void> {
  live.setGlobals({});
  const { context } = live;
  const operands = operandsOf(argv, live);
  const path = helpPath(operands, argv, live);
  if (path) {
    const { printHelp } = await import('./help/print-help.ts');
    return printHelp(path, argv, live);
  }
  const isHelp = operands.length === 0 || argv.some(isHelpFlag);
  const command = await commandOf(operands, isHelp, live);
  const root = rootOf(command);
  if (isHelp) {
    live.setGlobals(globalsIn(argv, live));
    const { preparePage } = await import('./help/print-help.ts');
    await preparePage(command, operands, context);
  }
  try {
    await root.parseAsync([...argv], { from: 'user' });
    await live.written();
  } catch (thrown) {
    await live.written().catch(() => undefined);
    const error = thrown instanceof CommanderError ? usageError(thrown, command) : thrown;
    if (await context.policy.showsHelp(error)) {
      const { pageOf } = await import('./help/print-help.ts');
      context.io.out.write(await pageOf(command, context));
    }
    throw error;
  }
}

/** Says what went wrong; the answer is the exit code. */
async function report(error: HawserError, output: string, context: Context): Promise<number> {
  const style = await styleFor(context.io.err, context.globals().color, context.env);
  const { logformat = 'json' } = context.globals();
  // The terminal has written ^C where the cursor was.
  const leads = context.signal.aborted && error.code === 'interrupted' && context.io.err.terminal;
  const setting = { output, logformat, style, now: context.clock.now(), lead: leads ? '\n' : '' };
  const { out, err, exit } = await context.policy.report(error, setting);
  if (out !== '') context.io.out.write(out);
  if (err !== '') context.io.err.write(err);
  const isMachine = output === 'json' || output === 'yaml';
  if (err !== '' && !isMachine && ciOf(context) === 'github')
    (await import('./ci/annotate.ts')).annotateFailure(error, context);
  if (context.globals().loglevel === 'debug') context.io.err.write(`${stackOf(error)}\n`);
  return exit;
}

function stackOf(error: HawserError): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
  return `${error.stack ?? error.message}${cause}`;
}

/**
 * The machine format on the command line, read before the parser runs: its errors must obey it too. What jq was to make of the
 * answer nobody can tell of an error: that is a sentence.
 */
function outputOf(argv: readonly string[]): string {
  let format = '';
  if (argv.some((word) => /^--jq(=|$)/.test(word))) return format;
  for (let index = 0; index < argv.length && argv[index] !== '--'; index += 1) {
    const [, joined] = /^(?:-o=?|--output=|--out=)(.+)$/.exec(argv[index] ?? '') ?? [];
    if (joined !== undefined) format = joined;
    else if (/^(-o|--output|--out)$/.test(argv[index] ?? '')) format = argv[index + 1] ?? '';
  }
  return format;
}
