import type { Command } from 'commander';
import { resourceTree } from '../../../api/applications.ts';
import type { ResourceNode } from '../../../model/resource.ts';
import { type Row, stateCell } from '../../../render/table.ts';
import { age } from '../../../render/times.ts';
import { walkTree } from '../../../render/tree.ts';
import type { Context } from '../../context.ts';
import { applicationPicker } from '../../input/application-picker.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { NAMESPACE_FLAG, targetOf } from '../../input/target.ts';
import { unknownFormat, writeDocument } from '../../output/document.ts';

const RESOURCES_FLAGS = [
  NAMESPACE_FLAG,
  { name: 'orphaned', type: 'bool', summary: 'only orphaned resources; --orphaned=false excludes them' },
  { name: 'output', type: 'string', value: 'format', summary: 'tree, tree=detailed, json or yaml' },
  { name: 'project', type: 'string', value: 'name', summary: 'project of the application' },
] as const satisfies readonly Flag[];

export type ResourcesOptions = OptionsOf<typeof RESOURCES_FLAGS> & { readonly name: string };

export function resourcesCommand(context: Context, run = runResources): Command {
  return defineCommand(
    {
      name: 'resources',
      description: 'Lists the resources of an application, including orphaned ones.',
      arguments: ['<appname>'],
      asks: applicationPicker(context),
      flags: RESOURCES_FLAGS,
      examples: [
        { about: 'List the resources of an application', line: 'hawser app resources shop' },
        { about: 'Show them with what they own', line: 'hawser app resources shop --output tree' },
        { about: 'List only orphaned resources', line: 'hawser app resources shop --orphaned' },
      ],
    },
    (options, name) => run({ name, ...options }, context),
  );
}

const FORMATS: readonly string[] = ['tree', 'tree=detailed', 'json', 'yaml', ''];

async function runResources(options: ResourcesOptions, context: Context): Promise<void> {
  const { output = '' } = options;
  if (!FORMATS.includes(output)) context.policy.own.refuse(unknownFormat(output, FORMATS));
  const { client } = await context.connect();
  const { name, appNamespace } = targetOf(options.name, options.appNamespace);
  const tree = await client.call(resourceTree, { applicationName: name, appNamespace, project: options.project });
  if (await writeDocument(tree, output, context)) return;
  const { style, table, now } = await context.view();
  const isTree = output === 'tree' || output === 'tree=detailed';
  const detailed = output === 'tree=detailed';
  const own = options.orphaned === true ? [] : (tree.nodes ?? []);
  const orphans = options.orphaned === false ? [] : (tree.orphanedNodes ?? []);
  const rowsOf = (nodes: readonly ResourceNode[], orphaned: string): Row[] =>
    walkTree(nodes)
      .filter(({ prefix }) => isTree || prefix === '')
      .map(({ prefix, node }) => nodeRow(node, { prefix, orphaned, detailed, now }));
  const head = ['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'ORPHANED', ...(detailed ? ['AGE', 'HEALTH', 'REASON'] : [])];
  const rows = [...rowsOf(own, 'No'), ...rowsOf(orphans, 'Yes')];
  context.io.out.write(table({ head, rows }, style));
}

interface RowSetting {
  readonly prefix: string;
  readonly orphaned: string;
  readonly detailed: boolean;
  readonly now: number;
}

function nodeRow(node: ResourceNode, { prefix, orphaned, detailed, now }: RowSetting): Row {
  const { group = '', kind = '', namespace = '', name = '' } = node;
  const row: Row = [prefix + group, kind, namespace, name, orphaned];
  if (!detailed) return row;
  const health = node.health?.status ?? '';
  return [...row, age(node.createdAt, now), stateCell(health), node.health?.message ?? ''];
}
