import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import { type Config, withoutContext } from '../../config/config.ts';
import { LOCAL } from '../../config/globals.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const CONTEXT_FLAGS = [
  { name: 'delete', type: 'bool', summary: 'delete the context' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ContextOptions = OptionsOf<typeof CONTEXT_FLAGS> & { readonly name?: string };

export function contextCommand(context: Context, run = runContext): Command {
  return defineCommand(
    {
      name: 'context',
      description:
        "Lists the saved contexts, switches to one (- is the previous one), or deletes one. The context 'local' always exists.",
      arguments: ['[context]'],
      flags: CONTEXT_FLAGS,
      examples: [
        { about: 'List the contexts', line: 'hawser context' },
        { about: 'Switch to another context, and back', line: 'hawser context prod\nhawser context -' },
        { about: 'Delete a context', line: 'hawser context staging --delete' },
      ],
    },
    (options, name) => run({ ...options, name }, context),
  );
}

async function runContext(options: ContextOptions, context: Context): Promise<void> {
  const config = (await (await context.config()).read()) ?? (context.policy.defaults.local ? {} : undefined);
  if (!config) {
    throw new HawserError('not-found', 'No local configuration found', {
      hint: 'hawser login SERVER (without a login the local system is used)',
      reason: { kind: 'no-configuration' },
    });
  }
  const { name, output } = options;
  if (options.delete) await remove(config, { name, output }, context);
  else if (name === undefined) await list(config, output, context);
  else await switchTo(config, { name, output }, context);
}

interface Choice {
  readonly name: string | undefined;
  readonly output: string | undefined;
}

async function list(config: Config, output: string | undefined, context: Context): Promise<void> {
  const { style, table } = await context.view();
  const current = currentOf(config, context);
  const saved = (config.contexts ?? []).map(({ name, server }) => ({ name, server, current: name === current }));
  const local = { name: LOCAL, server: 'the local system', current: current === LOCAL };
  const contexts = hasLocal(config, context) ? [...saved, local] : saved;
  const rows = contexts.map(({ name, server, current: isCurrent }) => [isCurrent ? '*' : ' ', name, server]);
  const text = (): void => context.io.out.write(table({ head: ['CURRENT', 'NAME', 'SERVER'], rows }, style));
  await writeResult(contexts, { output, text }, context);
}

/** 'local' is there without being saved, where it stands in for a server at all. */
const hasLocal = ({ contexts = [] }: Config, { policy }: Context): boolean =>
  policy.defaults.local && !contexts.some(({ name }) => name === LOCAL);

/** Where nothing is saved as current, the local system is. */
const currentOf = (config: Config, context: Context): string | undefined =>
  config['current-context'] || (hasLocal(config, context) ? LOCAL : undefined);

async function switchTo(config: Config, { name: argument = '', output }: Choice, context: Context): Promise<void> {
  const file = await context.config();
  const name = argument === '-' ? (await file.previousContext()).trim() : argument;
  const current = currentOf(config, context) ?? '';
  if (name === '') {
    context.policy.own.refuse(
      new HawserError('not-found', 'there is no previous context: none was switched to yet', {
        hint: 'hawser context NAME',
      }),
    );
  }
  const write = (text: string): Promise<void> =>
    writeResult({ context: name, previous: current }, { output, text: () => context.io.out.write(text) }, context);
  if (name === current) return write(`Already at context '${name}'\n`);
  const saved = (config.contexts ?? []).map((entry) => entry.name);
  const names = hasLocal(config, context) ? [...saved, LOCAL] : saved;
  if (!names.includes(name)) {
    throw new HawserError('not-found', `Context '${name}' undefined`, {
      hint: `available contexts: ${names.join(', ')}`,
      reason: { kind: 'undefined-entry' },
    });
  }
  // The reference refuses a file whose current context is not among the saved ones.
  const next = saved.includes(name) ? name : '';
  await file.change((before) => ({ ...before, 'current-context': next }));
  await file.rememberContext(current);
  await write(`Switched to context '${name}'\n`);
}

async function remove(config: Config, { name, output }: Choice, context: Context): Promise<void> {
  if (name === undefined) {
    throw new HawserError('usage', 'context --delete needs the name of a context', {
      hint: 'hawser context',
      reason: { kind: 'incomplete-command' },
    });
  }
  if (!config.contexts?.some((saved) => saved.name === name)) {
    throw new HawserError('not-found', `context ${name} does not exist`, { hint: 'hawser context' });
  }
  const file = await context.config();
  await file.change((saved) => withoutContext(saved, name));
  const text = (): void => context.io.out.write(`Context '${name}' deleted\n`);
  await writeResult({ context: name, result: 'deleted' }, { output, text }, context);
}
