import type { Command } from 'commander';
import { getDetailedProject } from '../../../api/projects.ts';
import { HawserError } from '../../../core/errors.ts';
import { projectText } from '../../../render/projects.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { refuseMissingProject } from './shared/read-project.ts';

const GET_FLAGS = [{ ...outputFlag('wide, json or yaml'), default: 'wide' }] as const satisfies readonly Flag[];

export function getProjectCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows a project: what its applications may use, and who may touch them.',
      arguments: ['<project>'],
      flags: GET_FLAGS,
      examples: [
        { about: 'Show a project', line: 'hawser proj get shop' },
        { about: 'Print it as YAML', line: 'hawser proj get shop -o yaml' },
        { about: 'Print its repositories', line: "hawser proj get shop --jq '.spec.sourceRepos[]'" },
      ],
    },
    (options, name) => runGet(options, name, context),
  );
}

async function runGet({ output }: OptionsOf<typeof GET_FLAGS>, name: string, context: Context): Promise<void> {
  checkFormat(output, ['wide', 'json', 'yaml']);
  const { client } = await context.connect();
  const detailed = await client
    .call(getDetailedProject, { name })
    .catch((thrown: unknown) => refuseMissingProject(thrown, name, context));
  const { project } = detailed;
  if (!project) throw new HawserError('bad-answer', `the server tells nothing of project '${name}'`);
  if (await writeDocument(project, output, context)) return;
  context.io.out.write(projectText(detailed, project, await context.view()));
}
