import type { Command } from 'commander';
import { type ClusterNodes, changeClusterNodes, listClusterNodes } from '../../../api/local-cluster.ts';
import { HawserError } from '../../../core/errors.ts';
import { stateCell } from '../../../render/table.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const MOST_NODES = 250;
const MOST_ZONES = 26;

const NODES_FLAGS = [
  { name: 'zones', type: 'int', default: 3, min: 1, own: true, summary: 'zones that the nodes are spread over' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type NodesOptions = OptionsOf<typeof NODES_FLAGS>;

export function nodesCommand(context: Context, run = runNodes): Command {
  return defineCommand(
    {
      name: 'nodes',
      description:
        'Lists the nodes of the local cluster; with a number it has as many: node-1, node-2 and so on, in zones.\nThe nodes are kept in the data folder. When there are fewer, the Pods of those that go end, and their owners make new ones elsewhere.',
      arguments: ['[count]'],
      argumentSummaries: { '[count]': `how many nodes, 1 to ${MOST_NODES}` },
      flags: NODES_FLAGS,
      examples: [
        { about: 'List the nodes', line: 'hawser local nodes' },
        { about: 'Have three nodes in three zones', line: 'hawser local nodes 3' },
        { about: 'Have six nodes in two zones', line: 'hawser local nodes 6 --zones 2' },
        { about: 'Take one out of service', line: 'hawser local kubectl drain node-2 --ignore-daemonsets' },
      ],
    },
    (options, count) => run({ ...options, count }, context),
  );
}

async function runNodes(
  options: NodesOptions & { readonly count: string | undefined },
  context: Context,
): Promise<void> {
  const count = options.count === undefined ? undefined : wholeNumber('the number of nodes', options.count, MOST_NODES);
  const zones = wholeNumber('--zones', String(options.zones), MOST_ZONES);
  const { client } = await context.local();
  const { items }: ClusterNodes =
    count === undefined
      ? await client.call(listClusterNodes, {})
      : await client.call(changeClusterNodes, { count, zones });
  const view = await context.view();
  const text = (): void => {
    if (items.length === 0) context.say('no nodes yet: the first comes with the first Pod, or hawser local nodes 3');
    const rows = items.map(({ name, status, zone, pods }) => [name, stateCell(status), zone, String(pods)]);
    const head = ['NAME', 'STATUS', 'ZONE', 'PODS'];
    if (rows.length > 0) context.io.out.write(view.table({ head, rows }, view.style));
  };
  await writeResult(items, { output: options.output, text }, context);
}

function wholeNumber(what: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new HawserError('usage', `invalid value '${text}' for ${what}`, { hint: `use a number from 1 to ${most}` });
}
