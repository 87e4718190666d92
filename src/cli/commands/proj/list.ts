import type { Command } from 'commander';
import { listProjects } from '../../../api/projects.ts';
import type { Project } from '../../../model/project.ts';
import { projectTable } from '../../../render/projects.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { outputFlag } from '../../output/document.ts';
import { formatList, LIST_FORMATS, type Listing, readListFormat } from '../../output/list.ts';

const LIST_FLAGS = [
  { ...outputFlag(LIST_FORMATS), default: 'wide', typedOnly: true },
  { name: 'no-headers', type: 'bool', own: true, summary: 'omit the header row' },
] as const satisfies readonly Flag[];

type ListOptions = OptionsOf<typeof LIST_FLAGS>;

const PROJECTS: Listing<Project> = {
  table: (projects, columns) => projectTable(projects, columns),
  name: ({ metadata }) => metadata.name,
};

export function listProjectsCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists projects.',
      flags: LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List all projects', line: 'hawser proj list' },
        { about: 'Show what each allows', line: 'hawser proj list -o wide' },
        { about: 'Print names, for a script', line: 'hawser proj list -o name' },
      ],
    },
    (options) => runList(options, context),
  );
}

async function runList({ output, headers }: ListOptions, context: Context): Promise<void> {
  const format = await readListFormat(output);
  const { client } = await context.connect();
  const projects = (await client.call(listProjects, {})).items ?? [];
  const columns = context.policy.layout.listColumns;
  const view = await context.view();
  context.io.out.write(await formatList(projects, { format, headers, view, listing: PROJECTS, columns }));
}
