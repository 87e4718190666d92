import type { Command } from 'commander';
import { listApplicationSets } from '../../../api/application-sets.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { applicationSetTable, setName } from '../../../render/application-set.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { NAMESPACE } from './shared/flags.ts';

const FLAGS = [
  NAMESPACE,
  { ...outputFlag('wide, name, json or yaml'), default: 'wide' },
  { name: 'project', short: 'p', type: 'stringArray', value: 'project', summary: 'only sets of this project' },
  {
    name: 'selector',
    short: 'l',
    type: 'string',
    syntax: 'selector',
    value: 'selector',
    summary: 'only sets with these labels',
  },
] as const satisfies readonly Flag[];

type ListOptions = OptionsOf<typeof FLAGS>;

export function appsetListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the ApplicationSets that you may see.',
      flags: FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the sets', line: 'hawser appset list' },
        { about: 'List those of a project', line: 'hawser appset list -p shop' },
        { about: 'Print their names', line: 'hawser appset list -o name' },
      ],
    },
    (options) => runList(options, context),
  );
}

async function runList({ output, project, selector, appsetNamespace }: ListOptions, context: Context): Promise<void> {
  if (output !== '') checkFormat(output, ['wide', 'name', 'json', 'yaml']);
  const { client } = await context.connect();
  const query = omitUndefined({ projects: project, selector, appsetNamespace });
  const sets = (await client.call(listApplicationSets, query)).items ?? [];
  if (output !== '' && (await writeDocument(sets, output, context))) return;
  if (output === 'name') return context.io.out.write(sets.map((set) => `${setName(set)}\n`).join(''));
  const { policy, io } = context;
  if (sets.length === 0) {
    policy.wording.advise('no ApplicationSets: hawser appset create FILE', context);
    if (!policy.layout.headsEmptyLists) return;
  }
  const columns = output === '' ? 'short' : policy.own.add(() => 'brief' as const, 'wide' as const);
  const { style, table } = await context.view();
  io.out.write(table(applicationSetTable(sets, columns), style));
}
