import type { Command } from 'commander';
import { getKubernetesAccess } from '../../../api/local.ts';
import { HawserError } from '../../../core/errors.ts';
import type { FileChange } from '../../config/kubeconfig-file.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { CONTEXT_NAME, kubeconfigDocument, kubeconfigEntries, kubeconfigText } from './shared/kubeconfig-text.ts';

const KUBECONFIG_FLAGS = [
  {
    name: 'merge',
    type: 'bool',
    own: true,
    summary: `add the context ${CONTEXT_NAME} to the kubeconfig that kubectl reads (KUBECONFIG, ~/.kube/config)`,
  },
  { name: 'set-context', type: 'bool', own: true, summary: 'with --merge: make it the current context' },
  { name: 'remove', type: 'bool', own: true, summary: `take the context ${CONTEXT_NAME} out of the kubeconfig again` },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type KubeconfigFlags = OptionsOf<typeof KUBECONFIG_FLAGS>;

export function kubeconfigCommand(context: Context, run = runKubeconfig): Command {
  return defineCommand(
    {
      name: 'kubeconfig',
      description:
        'Prints a kubeconfig for the local cluster, which hawser server and hawser local serve serve, or adds it to the one that kubectl reads.\nWith --merge all else in the file stays, its mode and links too; comments do not.',
      flags: KUBECONFIG_FLAGS,
      examples: [
        {
          about: 'Add the local cluster to ~/.kube/config, while hawser server or hawser local serve runs',
          line: 'hawser local kubeconfig --merge',
        },
        { about: 'Use it', line: 'kubectl --context hawser-local get pods -A' },
        { about: 'Write a kubeconfig of its own', line: 'hawser local kubeconfig > local.kubeconfig' },
        { about: 'Without a kubeconfig', line: 'hawser local kubectl get pods -A' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runKubeconfig(options: KubeconfigFlags, context: Context): Promise<void> {
  const { merge, remove, setContext, output } = options;
  if (setContext && !merge)
    throw new HawserError('usage', '--set-context belongs to --merge', {
      hint: 'hawser local kubeconfig --merge --set-context',
    });
  if (merge && remove)
    throw new HawserError('usage', '--merge and --remove contradict each other', { hint: 'give one of them' });
  if (remove) return removeContext(output, context);
  const { client } = await context.local();
  const { port, ...access } = await client.call(getKubernetesAccess, {});
  if (port === undefined) {
    throw new HawserError('unreachable', 'the local cluster does not listen', {
      hint: 'hawser local serve, or hawser server; hawser local kubectl needs neither',
    });
  }
  const listening = { ...access, port };
  if (!merge) {
    const text = (): void => context.io.out.write(kubeconfigText(listening));
    return writeResult(kubeconfigDocument(listening), { output, text }, context);
  }
  const { mergeKubeconfig } = await import('../../config/kubeconfig-file.ts');
  const entries = kubeconfigEntries(listening);
  const change = await mergeKubeconfig(context.env, { name: CONTEXT_NAME, entries, isCurrent: setContext === true });
  const verb = { added: 'added to', updated: 'updated in', unchanged: 'is already in', removed: '' }[change.result];
  await tell(change, `context '${CONTEXT_NAME}' ${verb} '${change.path}'`, { output, context });
  if (change.current !== CONTEXT_NAME)
    context.say(
      `use it: kubectl --context ${CONTEXT_NAME} get pods -A   (the current context is still '${change.current}')`,
    );
}

async function removeContext(output: string | undefined, context: Context): Promise<void> {
  const { removeFromKubeconfig } = await import('../../config/kubeconfig-file.ts');
  const change = await removeFromKubeconfig(context.env, CONTEXT_NAME);
  const what = change.result === 'removed' ? 'removed from' : 'is not in';
  await tell(change, `context '${CONTEXT_NAME}' ${what} '${change.path}'`, { output, context });
}

async function tell(
  { path, result, current, commentsLost }: FileChange,
  sentence: string,
  { output, context }: { readonly output: string | undefined; readonly context: Context },
): Promise<void> {
  const text = (): void => context.io.out.write(`${sentence}\n`);
  await writeResult({ file: path, context: CONTEXT_NAME, result, currentContext: current }, { output, text }, context);
  for (const file of commentsLost) context.say(`the comments in '${file}' were not kept`);
}
