import type { Command } from 'commander';
import { updateCluster } from '../../../api/clusters.ts';
import { HawserError } from '../../../core/errors.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import type { ClusterSettings } from '../../../model/cluster.ts';
import type { Context } from '../../context.ts';
import { pairsOf } from '../../input/cluster-settings.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const CLUSTER_SET_FLAGS = [
  { name: 'name', type: 'string', summary: 'another name' },
  {
    name: 'namespace',
    type: 'stringArray',
    value: 'namespace',
    summary: "a namespace to manage, instead of all (repeatable); '*' is all of them",
  },
  { name: 'label', type: 'stringArray', value: 'key=value', summary: 'label (repeatable); others go' },
  { name: 'annotation', type: 'stringArray', value: 'key=value', summary: 'annotation (repeatable); others go' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type SetOptions = OptionsOf<typeof CLUSTER_SET_FLAGS>;

export function clusterSetCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'set',
      description: 'Changes what is known of a cluster. What opens it stays as it is.',
      arguments: ['<name>'],
      flags: CLUSTER_SET_FLAGS,
      examples: [
        { about: 'Rename a cluster', line: 'hawser cluster set staging --name test' },
        { about: 'Manage two namespaces only', line: 'hawser cluster set staging --namespace shop --namespace web' },
        { about: 'Label it', line: 'hawser cluster set staging --label tier=test' },
      ],
    },
    (options, name) => runSet(name, options, context),
  );
}

async function runSet(name: string, options: SetOptions, context: Context): Promise<void> {
  const cluster = changesOf(options);
  const updatedFields = Object.keys(cluster);
  if (updatedFields.length === 0) {
    context.policy.own.refuse(
      new HawserError('usage', 'nothing to change', { hint: 'give --name, --namespace, --label or --annotation' }),
    );
    context.io.out.write('Specify the cluster field to be updated.\n');
    return;
  }
  const { client } = await context.connect();
  await client
    .call(updateCluster, { 'id.value': name, 'id.type': 'name', updatedFields, cluster })
    .catch((thrown: unknown) => {
      if (thrown instanceof HawserError && thrown.code === 'not-allowed')
        context.policy.wording.remark(
          'Ensure that the cluster is present and you have the necessary permissions to update the cluster',
          context,
          'error',
        );
      throw thrown;
    });
  const text = (): void => context.io.out.write(`Cluster '${name}' updated.\n`);
  await writeResult({ name, changed: updatedFields, result: 'updated' }, { output: options.output, text }, context);
}

function changesOf({ name, namespace, label, annotation }: SetOptions): ClusterSettings {
  const isAll = namespace?.includes('*') ?? false;
  return omitUndefined({
    name,
    namespaces: isAll ? [''] : namespace,
    labels: pairsOf(label),
    annotations: pairsOf(annotation),
  });
}
