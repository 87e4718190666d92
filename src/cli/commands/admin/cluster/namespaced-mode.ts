// Clusters that are kept to the namespaces in use, and those that are freed of that.

import type { Command } from 'commander';
import { updateCluster } from '../../../../api/clusters.ts';
import { matchesGlob } from '../../../../core/glob.ts';
import type { Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { INSTALLATION_FLAGS, openInstallation } from '../shared/installation.ts';
import { type NamespacesInUse, namespacesInUse } from '../shared/namespaces-in-use.ts';

const DISABLE_FLAGS = [
  ...INSTALLATION_FLAGS,
  { name: 'dry-run', type: 'bool', default: true, summary: 'print the changes without making them' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

const ENABLE_FLAGS = [
  ...DISABLE_FLAGS,
  {
    name: 'cluster-resources',
    type: 'bool',
    summary: 'follow objects outside of namespaces too',
  },
  {
    name: 'max-namespace-count',
    type: 'int',
    value: 'number',
    summary: 'skip clusters with more namespaces in use than this (default: no limit)',
  },
] as const satisfies readonly Flag[];

export function enableNamespacedModeCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'enable-namespaced-mode',
      description:
        'Keeps clusters to the namespaces that applications deploy to, so that nothing else is followed. It prints what it would change: --dry-run=false changes it.',
      arguments: ['<pattern>'],
      argumentSummaries: { '<pattern>': 'a glob for the URLs of clusters' },
      flags: ENABLE_FLAGS,
      examples: [
        {
          about: 'Show what would change',
          line: "hawser admin cluster namespaces enable-namespaced-mode 'https://*.example.com*'",
        },
      ],
    },
    (options, pattern) => {
      const { clusterResources = false, maxNamespaceCount = 0 } = options;
      const isMeant = ({ namespaces }: NamespacesInUse): boolean =>
        namespaces.length > 0 && (maxNamespaceCount === 0 || namespaces.length <= maxNamespaceCount);
      const settingsOf = ({ namespaces }: NamespacesInUse): Mode => ({ namespaces, clusterResources });
      return setMode({ pattern, isMeant, settingsOf }, options, context);
    },
  );
}

export function disableNamespacedModeCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'disable-namespaced-mode',
      description:
        'Frees clusters from their list of namespaces, so that applications can deploy to all of them. It prints what it would change: --dry-run=false changes it.',
      arguments: ['<pattern>'],
      argumentSummaries: { '<pattern>': 'a glob for the URLs of clusters' },
      flags: DISABLE_FLAGS,
      examples: [
        {
          about: 'Free all clusters',
          line: "hawser admin cluster namespaces disable-namespaced-mode '*' --dry-run=false",
        },
      ],
    },
    (options, pattern) => {
      const isMeant = ({ cluster }: NamespacesInUse): boolean => (cluster.namespaces ?? []).length > 0;
      const settingsOf = (): Mode => ({ namespaces: [], clusterResources: false });
      return setMode({ pattern, isMeant, settingsOf }, options, context);
    },
  );
}

interface Mode {
  readonly namespaces: readonly string[];
  readonly clusterResources: boolean;
}

interface Change {
  readonly pattern: string;
  readonly isMeant: (cluster: NamespacesInUse) => boolean;
  readonly settingsOf: (cluster: NamespacesInUse) => Mode;
}

async function setMode(
  { pattern, isMeant, settingsOf }: Change,
  options: OptionsOf<typeof DISABLE_FLAGS>,
  context: Context,
): Promise<void> {
  const { dryRun, output } = options;
  const connection = await openInstallation(options, context);
  const meant = (await namespacesInUse(connection)).filter((one) => matchesGlob(pattern, one.server) && isMeant(one));
  const changes = meant.map((one) => ({ server: one.server, ...settingsOf(one) }));
  for (const { server, ...mode } of dryRun ? [] : changes) {
    const cluster = { server, ...mode };
    await connection.client.call(updateCluster, {
      'id.value': server,
      updatedFields: ['namespaces', 'clusterResources'],
      cluster,
    });
  }
  const text = (): void =>
    context.io.out.write(
      changes
        .map(
          ({ server, namespaces }) =>
            `${server}: ${namespaces.join(', ') || 'all namespaces'}${dryRun ? ' (dry run)' : ''}\n`,
        )
        .join(''),
    );
  await writeResult({ dryRun, clusters: changes }, { output, text }, context);
  if (changes.length === 0) context.policy.wording.advise(`no cluster of '${pattern}' is to change`, context);
  else if (dryRun) context.policy.wording.advise('nothing was changed: --dry-run=false changes it', context);
}
