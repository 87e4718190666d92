import type { Command } from 'commander';
import { listResourceActions, type ResourceTarget } from '../../../../api/resources.ts';
import { HawserError } from '../../../../core/errors.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { NAMESPACE_FLAG } from '../../../input/target.ts';
import { writeDocument } from '../../../output/document.ts';
import { FILTER_FLAGS, liveObjects, noMatch } from '../shared/live-objects.ts';

const ACTION_LIST_FLAGS = [
  NAMESPACE_FLAG,
  ...FILTER_FLAGS,
  { name: 'out', short: 'o', type: 'string', value: 'format', summary: 'json or yaml' },
] as const satisfies readonly Flag[];

export type ActionListOptions = OptionsOf<typeof ACTION_LIST_FLAGS> & { readonly appname: string };

export function actionListCommand(context: Context, run = runList): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the actions available for the resources of an application.',
      arguments: ['<appname>'],
      flags: ACTION_LIST_FLAGS,
      examples: [
        { about: 'List the actions of all resources', line: 'hawser app actions list shop' },
        { about: 'List the actions of the Deployments', line: 'hawser app actions list shop --kind Deployment' },
        { about: 'Print them as JSON', line: 'hawser app actions list shop -o json' },
      ],
    },
    (options, appname) => run({ ...options, appname }, context),
  );
}

interface ListedAction {
  readonly Group: string;
  readonly Kind: string;
  readonly Name: string;
  readonly Action: string;
  readonly Disabled: boolean;
}

async function runList(options: ActionListOptions, context: Context): Promise<void> {
  const format = options.out ?? '';
  if (!['', 'json', 'yaml', 'wide'].includes(format)) {
    throw new HawserError('usage', `unknown output format: ${format}`, { hint: 'valid formats: json, yaml' });
  }
  const actions: ListedAction[] = [];
  const objects = await liveObjects(options, context);
  if (objects.length === 0) throw noMatch(options.appname);
  for (const object of objects) actions.push(...(await actionsOf(object, context)));
  if (await writeDocument(actions, format, context)) {
    if (format === 'yaml') context.io.out.write(context.policy.layout.yamlTail);
    return;
  }
  const { style, table } = await context.view();
  const rows = actions.map(({ Group, Kind, Name, Action, Disabled }) => [Group, Kind, Name, Action, String(Disabled)]);
  context.io.out.write(table({ head: ['GROUP', 'KIND', 'NAME', 'ACTION', 'DISABLED'], rows }, style));
}

async function actionsOf(object: ResourceTarget, context: Context): Promise<ListedAction[]> {
  const { client } = await context.connect();
  const { actions } = await client.call(listResourceActions, object);
  return (actions ?? []).map(({ name = '', disabled = false }) => ({
    Group: object.group ?? '',
    Kind: object.kind,
    Name: object.resourceName,
    Action: name,
    Disabled: disabled,
  }));
}
