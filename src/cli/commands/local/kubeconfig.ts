import type { Command } from 'commander';
import { getKubernetesAccess } from '../../../api/local.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { kubeconfigText } from './shared/kubeconfig-text.ts';

export function kubeconfigCommand(context: Context, run = runKubeconfig): Command {
  return defineCommand(
    {
      name: 'kubeconfig',
      description: 'Prints a kubeconfig for the cluster that `hawser local serve` serves.',
      examples: [
        {
          about: 'Write a kubeconfig, while hawser local serve runs',
          line: 'hawser local kubeconfig > local.kubeconfig',
        },
        { about: 'Use it with kubectl', line: 'kubectl --kubeconfig local.kubeconfig get pods -A' },
        { about: 'Without a kubeconfig', line: 'hawser local kubectl get pods -A' },
      ],
    },
    () => run(context),
  );
}

async function runKubeconfig(context: Context): Promise<void> {
  const { client } = await context.local();
  const access = await client.call(getKubernetesAccess, {});
  if (access.port === undefined) {
    throw new HawserError('unreachable', 'the local cluster does not listen', {
      hint: 'hawser local serve, in place of a hawser server; hawser local kubectl needs neither',
    });
  }
  context.io.out.write(kubeconfigText({ ...access, port: access.port }));
}
