import type { Command } from 'commander';
import { clusterId, deleteCluster, getCluster } from '../../../api/clusters.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { agreeEach } from '../../input/agree-each.ts';
import { defineCommand } from '../../input/command.ts';
import { endDeclined } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

const CLUSTER_REMOVE_FLAGS = [
  { name: 'yes', short: 'y', type: 'bool', summary: 'skip confirmation' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type RemoveOptions = OptionsOf<typeof CLUSTER_REMOVE_FLAGS>;

export function clusterRemoveCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rm',
      description:
        'Removes clusters by their servers or names. What is deployed there stays; the account that was made to manage it goes where the kubeconfig has a context of its name.',
      arguments: ['<server/name...>'],
      flags: CLUSTER_REMOVE_FLAGS,
      examples: [
        { about: 'Remove a cluster', line: 'hawser cluster rm staging' },
        { about: 'Without a question', line: 'hawser cluster rm staging --yes' },
      ],
    },
    (options, names) => runRemove(names, options, context),
  );
}

async function runRemove(
  names: readonly string[],
  { yes = false, output }: RemoveOptions,
  context: Context,
): Promise<void> {
  const results: Readonly<Record<string, string>>[] = [];
  const question = {
    several: names.length > 1,
    // In a pipe, what was typed is the decision; the reference asks there too.
    isForAll: yes || !context.prompt.possible,
    message: (name: string) => `Remove the cluster '${name}'? Its applications can no longer be looked after.`,
    line: LINE_QUESTIONS.removeCluster,
    eachLine: LINE_QUESTIONS.removeEachCluster,
  };
  const agree = agreeEach(question, context);
  let isDeclined = false;
  for (const name of names) {
    const agreed = await agree(name);
    if (agreed) await removeOne(name, output, context);
    else {
      isDeclined = true;
      if (output === undefined) context.io.out.write(`The command to remove '${name}' was cancelled.\n`);
    }
    results.push({ cluster: name, result: agreed ? 'removed' : 'cancelled' });
  }
  await writeResult(results.length === 1 ? results[0] : results, { output, text: () => undefined }, context);
  if (isDeclined) endDeclined(context);
}

async function removeOne(name: string, output: string | undefined, context: Context): Promise<void> {
  const { client } = await context.connect();
  const { server } = await client.call(getCluster, clusterId(name));
  await client.call(deleteCluster, clusterId(name));
  if (output === undefined) context.io.out.write(`Cluster '${name}' removed\n`);
  const kubeconfig = await context.kubeconfig();
  // A context of the same name may lead elsewhere; the reference takes it, and misses one that is not there.
  const leadsThere = kubeconfig.contexts.some((one) => one.name === name && one.server === server);
  if (!context.policy.own.add(() => leadsThere, true)) return;
  const target = await kubeconfig.open(name);
  try {
    await target.removeManager('kube-system', (step) => context.policy.wording.note(step, context));
  } finally {
    target.close();
  }
}
