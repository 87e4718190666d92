import type { Command } from 'commander';
import { clusterId, getCluster } from '../../../api/clusters.ts';
import type { ClusterConnection } from '../../../model/cluster.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { checkFormat, outputFlag, writeDocument } from '../../output/document.ts';

const CLUSTER_GET_FLAGS = [
  { ...outputFlag('wide, json or yaml'), default: 'yaml', typedOnly: true },
] as const satisfies readonly Flag[];

export function clusterGetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'get',
      description: 'Shows clusters by their servers or names. What opens them is never shown.',
      arguments: ['<server/name...>'],
      flags: CLUSTER_GET_FLAGS,
      examples: [
        { about: 'Show a cluster', line: 'hawser cluster get staging' },
        { about: 'Print it as JSON', line: 'hawser cluster get https://10.0.0.1:6443 -o json' },
      ],
    },
    async ({ output = context.policy.own.add(() => 'wide', 'yaml') }, names) => {
      checkFormat(output, ['wide', 'json', 'yaml', '']);
      const { client } = await context.connect();
      const clusters: ClusterConnection[] = [];
      for (const name of names) clusters.push(await client.call(getCluster, clusterId(name)));
      if (await writeDocument(clusters.length === 1 ? clusters[0] : clusters, output, context)) return;
      context.io.out.write(clusters.map(blockOf).join(''));
    },
  );
}

function blockOf({ server, name, namespaces = [], config = {}, serverVersion, info }: ClusterConnection): string {
  const { tlsClientConfig: tls = {}, username, bearerToken, awsAuthConfig, disableCompression, proxyUrl } = config;
  return `Cluster information

  Server URL:            ${server}
  Server Name:           ${name || '-'}
  Server Version:        ${serverVersion ?? info?.serverVersion ?? ''}
  Namespaces:        \t ${namespaces.length === 0 ? 'all namespaces' : namespaces.join(', ')}

TLS configuration

  Client cert:           ${Boolean(tls.certData)}
  Cert validation:       ${!(tls.insecure ?? false)}

Authentication

  Basic authentication:  ${Boolean(username)}
  oAuth authentication:  ${Boolean(bearerToken)}
  AWS authentication:    ${Boolean(awsAuthConfig)}

Disable compression: ${Boolean(disableCompression)}

Use proxy: ${Boolean(proxyUrl)}

`;
}
