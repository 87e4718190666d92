import type { Command } from 'commander';
import { spacedColumns, tokenTable } from '../../../../render/roles.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { readProject } from '../shared/read-project.ts';
import { roleOf } from '../shared/roles.ts';

const LIST_FLAGS = [
  { name: 'unixtime', short: 'u', type: 'bool', summary: 'show times in seconds since 1970' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type ListOptions = OptionsOf<typeof LIST_FLAGS> & { readonly project: string; readonly role: string };

/** Of its columns in this table. */
const REFERENCE_GAP = 4;

export function listTokensCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list-tokens',
      description: 'Lists the tokens of a role of a project, the latest first.',
      arguments: ['<project>', '<role-name>'],
      flags: LIST_FLAGS,
      examples: [
        { about: 'List the tokens', line: 'hawser proj role list-tokens shop ci' },
        { about: 'Show times as delete-token takes them', line: 'hawser proj role list-tokens shop ci --unixtime' },
      ],
    },
    (options, project, role) => runList({ ...options, project, role }, context),
  );
}

async function runList(
  { project, role: name, unixtime = false, output }: ListOptions,
  context: Context,
): Promise<void> {
  const { jwtTokens = [] } = roleOf(await readProject(project, context), name);
  const { style, table } = await context.view();
  const rows = tokenTable(jwtTokens, unixtime);
  const listed = context.policy.own.add(() => table(rows, style), spacedColumns(rows, REFERENCE_GAP));
  const text = (): void => context.io.out.write(jwtTokens.length === 0 ? `No tokens for ${project}.${name}\n` : listed);
  await writeResult(jwtTokens, { output, text }, context);
}
