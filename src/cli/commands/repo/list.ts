import type { Command } from 'commander';
import { listRepositories } from '../../../api/repositories.ts';
import type { Context } from '../../context.ts';
import { refusedOption } from '../../input/access-flags.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { writeItems } from '../../output/items.ts';
import { FORMATS, OUTPUT } from './shared/flags.ts';
import { forcesRefresh, REFRESH } from './shared/refresh.ts';
import { repositoryTable } from './shared/table.ts';

const REPO_LIST_FLAGS = [OUTPUT, REFRESH] as const satisfies readonly Flag[];

type ListOptions = OptionsOf<typeof REPO_LIST_FLAGS>;

export function repoListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the registered repositories, and whether each can be reached.',
      flags: REPO_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the repositories', line: 'hawser repo list' },
        { about: 'Test every connection first', line: 'hawser repo list --refresh hard' },
        { about: 'Print their URLs', line: 'hawser repo list -o url' },
      ],
    },
    (options) => runList(options, context),
  );
}

async function runList({ output, refresh }: ListOptions, context: Context): Promise<void> {
  const forceRefresh = forcesRefresh(refresh);
  const isKnown = output === undefined || FORMATS.some((format) => format === output);
  if (!isKnown) throw refusedOption(`unknown output format: ${output}. Supported formats: yaml|json|url|wide`);
  const { client } = await context.connect();
  const items = (await client.call(listRepositories, forceRefresh ? { forceRefresh } : {})).items ?? [];
  await writeItems(
    {
      items,
      output,
      name: { format: 'url', of: ({ repo }) => repo },
      table: (columns) => repositoryTable(items, columns),
      empty: 'no repositories yet: hawser repo add; a public one works without',
    },
    context,
  );
}
