import type { Command } from 'commander';
import { clusterId, rotateClusterAuth } from '../../../api/clusters.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function clusterRotateCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rotate-auth',
      description:
        'Renews the token that a cluster was added with: a new one is made, tested and saved, and the old one deleted.',
      arguments: ['<server/name>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Renew the token of a cluster', line: 'hawser cluster rotate-auth staging' },
        { about: 'By its server', line: 'hawser cluster rotate-auth https://10.0.0.1:6443' },
      ],
    },
    async ({ output }, name) => {
      const { client } = await context.connect();
      await client.call(rotateClusterAuth, clusterId(name));
      const text = (): void => context.io.out.write(`Cluster '${name}' rotated auth\n`);
      await writeResult({ cluster: name, result: 'rotated' }, { output, text }, context);
    },
  );
}
