import type { Command } from 'commander';
import { roleText } from '../../../../render/roles.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { readProject } from '../shared/read-project.ts';
import { roleOf } from '../shared/roles.ts';

export function getRoleCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows a role of a project: what it may do, its groups and its tokens.',
      arguments: ['<project>', '<role-name>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Show a role', line: 'hawser proj role get shop ci' },
        { about: 'Print its policies', line: "hawser proj role get shop ci --jq '.policies[]'" },
      ],
    },
    ({ output }, project, role) => runGet({ project, role }, output, context),
  );
}

interface RoleName {
  readonly project: string;
  readonly role: string;
}

async function runGet(names: RoleName, output: string | undefined, context: Context): Promise<void> {
  const project = await readProject(names.project, context);
  const role = roleOf(project, names.role);
  const view = await context.view();
  await writeResult(role, { output, text: () => context.io.out.write(roleText(project, role, view)) }, context);
}
