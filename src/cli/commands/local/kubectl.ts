import type { Command } from 'commander';
import { holdKubernetes } from '../../../api/local.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { withTemporaryFolder } from '../../input/temporary-folder.ts';
import { runOnTerminal } from '../../io/programs.ts';
import { kubeconfigText } from './shared/kubeconfig-text.ts';

export function kubectlCommand(context: Context, run = runKubectl): Command {
  return defineCommand(
    {
      name: 'kubectl',
      description: 'Runs kubectl against the local cluster: hawser local kubectl get pods -A',
      arguments: ['[arguments...]'],
      argumentSummaries: { '[arguments...]': "kubectl's own" },
      examples: [
        { about: 'List the pods of the local cluster', line: 'hawser local kubectl get pods -A' },
        {
          about: 'Scale a Deployment by hand, to see drift',
          line: 'hawser local kubectl scale deployment web -n shop --replicas 5',
        },
        { about: 'Show the Application objects', line: 'hawser local kubectl get applications -n argocd' },
      ],
    },
    (_options, args) => run(args, context),
  )
    .allowUnknownOption()
    .helpOption(false);
}

async function runKubectl(args: readonly string[], context: Context): Promise<void> {
  const { client } = await context.local();
  const hold = new AbortController();
  try {
    for await (const access of client.stream(holdKubernetes, {}, { signal: hold.signal })) {
      await withTemporaryFolder('hawser-kubectl-', async (folder) => {
        const file = await folder.write('kubeconfig', kubeconfigText({ ...access, port: access.port ?? 0 }));
        await callKubectl(['--kubeconfig', file, ...args], context);
      });
      break;
    }
  } finally {
    hold.abort();
  }
}

/** kubectl's failure is ours, with its exit code; it has said why. */
async function callKubectl(words: readonly string[], context: Context): Promise<void> {
  const hint = 'see https://kubernetes.io/docs/tasks/tools';
  const code = await runOnTerminal({ name: 'kubectl', words, hint, missing: 'kubectl is not installed' }, context);
  if (code === 0) return;
  const reason = { kind: 'chosen-exit', exit: code } as const;
  throw new HawserError('differs', `kubectl ended with exit code ${code}`, { reason });
}
