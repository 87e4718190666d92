import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { holdKubernetes } from '../../../api/local.ts';
import { HawserError, systemCode } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { kubeconfigText } from './shared/kubeconfig-text.ts';

export function kubectlCommand(context: Context, run = runKubectl): Command {
  return defineCommand(
    {
      name: 'kubectl',
      description: 'Runs kubectl against the local cluster: hawser local kubectl get pods -A',
      arguments: ['[arguments...]'],
      argumentSummaries: { '[arguments...]': "kubectl's own" },
    },
    (_options, args) => run(args, context),
  )
    .allowUnknownOption()
    .helpOption(false);
}

async function runKubectl(args: readonly string[], context: Context): Promise<void> {
  const { client } = await context.local();
  const hold = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'hawser-kubectl-'));
  try {
    for await (const access of client.stream(holdKubernetes, {}, { signal: hold.signal })) {
      const file = join(folder, 'kubeconfig');
      await writeFile(file, kubeconfigText({ ...access, port: access.port ?? 0 }), { mode: 0o600 });
      await runProgram(['--kubeconfig', file, ...args], context);
      break;
    }
  } finally {
    hold.abort();
    await rm(folder, { recursive: true, force: true });
  }
}

/** kubectl's failure is ours; it has said why. */
async function runProgram(args: readonly string[], context: Context): Promise<void> {
  const env = { ...process.env, ...context.env };
  const child = spawn('kubectl', [...args], { stdio: 'inherit', env, signal: context.signal });
  try {
    const [code] = await once(child, 'close');
    if (code !== 0) throw new HawserError('internal', `kubectl ended with exit code ${code}`);
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT') throw thrown;
    throw new HawserError('missing-tool', 'kubectl is not installed', {
      hint: 'see https://kubernetes.io/docs/tasks/tools',
    });
  }
}
