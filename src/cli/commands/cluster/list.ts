import type { Command } from 'commander';
import { listClusters } from '../../../api/clusters.ts';
import { textAt } from '../../../core/json.ts';
import type { ClusterConnection } from '../../../model/cluster.ts';
import type { Cell, Table } from '../../../render/table.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag } from '../../output/document.ts';
import { writeItems } from '../../output/items.ts';

const CLUSTER_LIST_FLAGS = [
  { ...outputFlag('wide, server, json or yaml'), default: 'wide', typedOnly: true },
] as const satisfies readonly Flag[];

export function clusterListCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'list',
      description: 'Lists the clusters that applications can be deployed to, with their versions and states.',
      flags: CLUSTER_LIST_FLAGS,
      allowsSurplus: context.policy.defaults.allowsSurplus,
      examples: [
        { about: 'List the clusters', line: 'hawser cluster list' },
        { about: 'Print their servers', line: 'hawser cluster list -o server' },
      ],
    },
    async ({ output }) => {
      if (output !== undefined) checkFormat(output, ['wide', 'server', 'json', 'yaml', '']);
      const { client } = await context.connect();
      const items = (await client.call(listClusters, {})).items ?? [];
      await writeItems(
        {
          items,
          output,
          name: { format: 'server', of: ({ server }) => server },
          table: () => clusterTable(items),
          empty: 'no clusters: hawser cluster add',
        },
        context,
      );
    },
  );
}

function clusterTable(items: readonly ClusterConnection[]): Table {
  const rows = items.map(({ server, name = '', namespaces = [], project = '', info }) => {
    const restricted = namespaces.length > 0 ? ` (${namespaces.length} namespaces)` : '';
    const state = info?.connectionState;
    return [
      `${server}${restricted}`,
      name,
      info?.serverVersion ?? '',
      stateCell(textAt(state, 'status')),
      textAt(state, 'message'),
      project,
    ];
  });
  return {
    head: ['SERVER', 'NAME', 'VERSION', 'STATUS', 'MESSAGE', 'PROJECT'],
    rows,
    spare: ['PROJECT', 'VERSION'],
    note: 'MESSAGE',
    more: '-o wide',
  };
}

const stateCell = (status: string): Cell => ({
  text: status,
  as: status === 'Successful' ? 'good' : status === 'Failed' ? 'bad' : 'faint',
});
