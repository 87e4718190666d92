import type { Command } from 'commander';
import { getRepository } from '../../../api/repositories.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, writeDocument } from '../../output/document.ts';
import { writeItems } from '../../output/items.ts';
import { FORMATS, OUTPUT, PROJECT } from './shared/flags.ts';
import { forcesRefresh, REFRESH } from './shared/refresh.ts';
import { repositoryTable } from './shared/table.ts';

const REPO_GET_FLAGS = [OUTPUT, PROJECT, REFRESH] as const satisfies readonly Flag[];

type GetOptions = OptionsOf<typeof REPO_GET_FLAGS>;

export function repoGetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows a registered repository, and whether it can be reached.',
      arguments: ['<repo>'],
      flags: REPO_GET_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'Show a repository', line: 'hawser repo get https://git.example.com/shop/deploy.git' },
        {
          about: 'Test the connection first',
          line: 'hawser repo get https://git.example.com/shop/deploy.git --refresh hard',
        },
      ],
    },
    (options, repo) => runGet(repo, options, context),
  );
}

async function runGet(repo: string, { output, project, refresh }: GetOptions, context: Context): Promise<void> {
  const forceRefresh = forcesRefresh(refresh);
  if (output !== undefined) checkFormat(output, FORMATS);
  const { client } = await context.connect();
  const query = { repo, ...omitUndefined({ appProject: project }), ...(forceRefresh ? { forceRefresh } : {}) };
  const repository = await client.call(getRepository, query);
  if (output !== undefined && (await writeDocument(repository, output, context))) return;
  const items = [repository];
  await writeItems(
    {
      items,
      output,
      name: { format: 'url', of: (one) => one.repo },
      table: (columns) => repositoryTable(items, columns),
      empty: '',
    },
    context,
  );
}
