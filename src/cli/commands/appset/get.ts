import type { Command } from 'commander';
import { getApplicationSet } from '../../../api/application-sets.ts';
import { applicationSetText } from '../../../render/application-set.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';
import { NAMESPACE, setTarget } from './shared/flags.ts';
import { refuseMissingSet } from './shared/missing-set.ts';
import { parametersText } from './shared/parameters.ts';

const FLAGS = [
  NAMESPACE,
  { ...outputFlag('wide, json or yaml'), default: 'wide' },
  { name: 'show-params', type: 'bool', summary: 'show the Helm parameters of the template' },
] as const satisfies readonly Flag[];

type GetOptions = OptionsOf<typeof FLAGS>;

export function appsetGetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows an ApplicationSet: what it makes applications of, and how it goes.',
      arguments: ['<appset>'],
      flags: FLAGS,
      examples: [
        { about: 'Show a set', line: 'hawser appset get shops' },
        { about: 'Print it as YAML', line: 'hawser appset get shops -o yaml' },
        { about: 'Print its conditions', line: "hawser appset get shops --jq '.status.conditions[]'" },
      ],
    },
    (options, name) => runGet(options, name, context),
  );
}

async function runGet(options: GetOptions, name: string, context: Context): Promise<void> {
  checkFormat(options.output, ['wide', 'json', 'yaml']);
  const { client } = await context.connect();
  const set = await client
    .call(getApplicationSet, setTarget(name, options.appsetNamespace))
    .catch((thrown: unknown) => refuseMissingSet(thrown, name, context));
  if (await writeDocument(set, options.output, context)) return;
  const { io, policy } = context;
  const view = await context.view();
  const tail = (set.status?.conditions ?? []).length > 0 ? policy.layout.yamlTail : '';
  io.out.write(`${applicationSetText(set, view)}${tail}${options.showParams ? parametersText(set, view) : ''}`);
}
