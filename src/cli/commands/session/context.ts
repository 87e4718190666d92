import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import { type Config, withoutContext } from '../../config/config.ts';
import { LOCAL } from '../../config/globals.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';

const CONTEXT_FLAGS = [
  { name: 'delete', type: 'bool', summary: 'delete the context' },
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
  if (options.delete) await remove(options.name, config, context);
  else if (options.name === undefined) await list(config, context);
  else await switchTo(options.name, config, context);
}

async function list(config: Config, context: Context): Promise<void> {
  const { style, table } = await context.view();
  const current = currentOf(config, context);
  const rows = (config.contexts ?? []).map(({ name, server }) => [name === current ? '*' : ' ', name, server]);
  if (hasLocal(config, context)) rows.push([current === LOCAL ? '*' : ' ', LOCAL, 'the local system']);
  context.io.out.write(table({ head: ['CURRENT', 'NAME', 'SERVER'], rows }, style));
}

/** 'local' is there without being saved, where it stands in for a server at all. */
const hasLocal = ({ contexts = [] }: Config, { policy }: Context): boolean =>
  policy.defaults.local && !contexts.some(({ name }) => name === LOCAL);

/** Where nothing is saved as current, the local system is. */
const currentOf = (config: Config, context: Context): string | undefined =>
  config['current-context'] || (hasLocal(config, context) ? LOCAL : undefined);

async function switchTo(argument: string, config: Config, context: Context): Promise<void> {
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
  if (name === current) {
    context.io.out.write(`Already at context '${name}'\n`);
    return;
  }
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
  context.io.out.write(`Switched to context '${name}'\n`);
}

async function remove(name: string | undefined, config: Config, context: Context): Promise<void> {
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
  context.io.out.write(`Context '${name}' deleted\n`);
}
