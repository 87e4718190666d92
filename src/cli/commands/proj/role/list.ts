import type { Command } from 'commander';
import { roleTable } from '../../../../render/roles.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag } from '../../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../../output/document.ts';
import { readProject } from '../shared/read-project.ts';

const FORMATS = ['wide', 'name', 'json', 'yaml'];

const LIST_FLAGS = [{ ...outputFlag('wide, name, json or yaml'), default: 'wide' }] as const satisfies readonly Flag[];

export function listRolesCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the roles of a project.',
      arguments: ['<project>'],
      flags: LIST_FLAGS,
      examples: [
        { about: 'List the roles', line: 'hawser proj role list shop' },
        { about: 'Print their names', line: 'hawser proj role list shop -o name' },
      ],
    },
    ({ output }, project) => runList(project, output, context),
  );
}

async function runList(name: string, output: string, context: Context): Promise<void> {
  checkFormat(output, FORMATS);
  const { spec } = await readProject(name, context);
  const roles = spec.roles ?? [];
  if (await writeDocument(roles, output, context)) return;
  const { style, table } = await context.view();
  const names = roles.map((role) => `${role.name}\n`).join('');
  context.io.out.write(output === 'name' ? names : table(roleTable(roles), style));
}
