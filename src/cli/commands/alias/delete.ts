import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import { nearest } from '../../../core/nearest.ts';
import { changeAliases, readAliases } from '../../config/preferences.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const DELETE_FLAGS = [
  { name: 'all', type: 'bool', own: true, summary: 'delete all aliases' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type AliasDeleteOptions = OptionsOf<typeof DELETE_FLAGS> & { readonly names: readonly string[] };

export function aliasDeleteCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete',
      description: 'Deletes aliases.',
      arguments: ['[alias...]'],
      flags: DELETE_FLAGS,
      examples: [
        { about: 'Delete one', line: 'hawser alias delete deploy' },
        { about: 'Delete them all', line: 'hawser alias delete --all' },
      ],
    },
    (options, names) => runDelete({ ...options, names }, context),
  );
}

async function runDelete({ all, names, output }: AliasDeleteOptions, context: Context): Promise<void> {
  if ((names.length === 0) === (all !== true)) {
    throw new HawserError('usage', 'alias delete needs ALIAS or --all', { hint: 'hawser alias list' });
  }
  const aliases = await readAliases(context.env);
  const unknown = names.find((name) => !Object.hasOwn(aliases, name));
  if (unknown !== undefined) {
    const near = nearest(unknown, Object.keys(aliases));
    throw new HawserError('not-found', `there is no alias '${unknown}'`, {
      hint: near.length > 0 ? `did you mean '${near.join("' or '")}'?` : 'hawser alias list',
      details: { near },
    });
  }
  const doomed = all ? Object.keys(aliases) : names;
  await changeAliases(context.env, (saved) =>
    Object.fromEntries(Object.entries(saved).filter(([name]) => !doomed.includes(name))),
  );
  const text = (): void => {
    for (const name of doomed) context.say(`alias deleted: ${name}`);
  };
  await writeResult({ aliases: doomed.map((name) => ({ name, result: 'deleted' })) }, { output, text }, context);
}
