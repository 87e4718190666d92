import type { Command } from 'commander';
import { createCluster } from '../../../../api/clusters.ts';
import { HawserError } from '../../../../core/errors.ts';
import { textAt } from '../../../../core/json.ts';
import { fits } from '../../../../core/shape.ts';
import { type ClusterSettings, clusterConnection, clusterSettings } from '../../../../model/cluster.ts';
import {
  clusterMetadata,
  clusterOfTexts,
  clusterSecret,
  SECRET_KEYS,
  SECRET_TYPES,
} from '../../../../model/connection-secret.ts';
import { LINE_QUESTIONS } from '../../../compat/questions.ts';
import type { Context, TargetCluster } from '../../../context.ts';
import { CLUSTER_FLAGS } from '../../../input/cluster-flags.ts';
import { clusterFrom, declaredLogin, withEndpoint } from '../../../input/cluster-settings.ts';
import { defineCommand } from '../../../input/command.ts';
import { documentFlags, type Reading, readConnections, writeSecrets } from '../../../input/connection-documents.ts';
import type { Flag, OptionsOf } from '../../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../../output/result.ts';
import { chooseContext } from './choose-context.ts';

const CLUSTER_ADD_FLAGS = [
  ...CLUSTER_FLAGS,
  {
    name: 'service-account',
    type: 'string',
    value: 'name',
    summary: 'service account to use, in place of one that is made',
  },
  {
    name: 'keep-login',
    type: 'bool',
    own: true,
    summary: 'save the login of the kubeconfig, in place of a service account',
  },
  { name: 'proxy-url', type: 'string', value: 'URL', summary: 'proxy to reach the cluster by' },
  { name: 'upsert', type: 'bool', summary: 'replace the cluster if it is there with other settings' },
  { name: 'yes', short: 'y', type: 'bool', summary: 'skip confirmation' },
  ...documentFlags('clusters'),
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ClusterAddOptions = OptionsOf<typeof CLUSTER_ADD_FLAGS>;

export function clusterAddCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'add',
      description:
        'Adds a cluster by a context of the kubeconfig. A service account with all rights is made in it, and its token saved; the server tests it first. In a terminal it asks for what is missing.',
      arguments: ['[context]'],
      flags: CLUSTER_ADD_FLAGS,
      examples: [
        { about: 'Choose a context, and confirm', line: 'hawser cluster add' },
        { about: 'Add a cluster by its context', line: 'hawser cluster add staging' },
        { about: 'For two namespaces only', line: 'hawser cluster add staging --namespace shop --namespace web --yes' },
        { about: 'Make no account: save the login as it is', line: 'hawser cluster add staging --keep-login' },
        {
          about: 'Write the Secret to a file',
          line: 'hawser cluster add staging --keep-login --dry-run > cluster.yaml',
        },
        { about: 'Add many from a file', line: 'hawser cluster add -f clusters.yaml' },
      ],
    },
    (options, name) => runAdd(name, options, context),
  );
}

async function runAdd(name: string | undefined, options: ClusterAddOptions, context: Context): Promise<void> {
  const { file, dryRun = false, output, upsert = false } = options;
  if (file !== undefined && name !== undefined)
    throw new HawserError('usage', 'a context and -f exclude each other', { hint: 'leave one of them out' });
  const clusters =
    file === undefined ? [await fromKubeconfig(name, options, context)] : await readConnections(file, READING, context);
  if (dryRun) return writeSecrets(clusters.map(clusterSecret), output, context);
  const { client } = await context.connect();
  const results: object[] = [];
  for (const cluster of clusters) {
    await client.call(createCluster, { cluster, upsert });
    const { server = '' } = cluster;
    if (output === undefined) context.io.out.write(`Cluster '${server}' added\n`);
    results.push({ server, name: cluster.name ?? server, result: 'added' });
  }
  await writeResult(results.length === 1 ? results[0] : results, { output, text: () => undefined }, context);
}

async function fromKubeconfig(
  typed: string | undefined,
  options: ClusterAddOptions,
  context: Context,
): Promise<ClusterSettings> {
  const { kubeconfig: path, proxyUrl: proxy } = options;
  const kubeconfig = await context.kubeconfig({ path, proxy });
  const name = typed ?? (await chooseContext(kubeconfig, context));
  const target = await kubeconfig.open(name);
  try {
    if (options.inCluster && options.clusterEndpoint)
      throw new HawserError('usage', 'Can only use one of --in-cluster or --cluster-endpoint', {
        hint: 'leave one of them out',
      });
    const settings = await loginOf(target, { ...options, context: name }, context);
    return clusterFrom(await withEndpoint(settings, target, options), options, name);
  } finally {
    target.close();
  }
}

/** How the server is to log in: by what flags say, by the kubeconfig's own login, or by an account that is made. */
async function loginOf(
  target: TargetCluster,
  options: ClusterAddOptions & { readonly context: string },
  context: Context,
): Promise<ClusterSettings> {
  const { settings } = target;
  const declared = declaredLogin(options);
  if (declared) return { ...settings, config: { ...settings.config, ...declared } };
  if (options.keepLogin) return target.withLogin();
  if (options.dryRun)
    throw new HawserError('usage', 'a dry run makes no service account', {
      hint: 'add --keep-login, or --exec-command',
    });
  const { namespace: namespaces = [], systemNamespace, serviceAccount } = options;
  if (!serviceAccount) await confirmAccount(options, context);
  const told = (step: string): void => context.policy.wording.note(step, context);
  const bearerToken = serviceAccount
    ? await target.tokenOf(serviceAccount, systemNamespace, told)
    : await target.createManager({ systemNamespace, namespaces }, told);
  const { certData, keyData } = settings.config?.tlsClientConfig ?? {};
  // A certificate counts where there is one: a token beside it would be taken first.
  return certData && keyData ? settings : { ...settings, config: { ...settings.config, bearerToken } };
}

async function confirmAccount(
  { context: name, namespace = [], yes = false }: ClusterAddOptions & { readonly context: string },
  { prompt, policy, io }: Context,
): Promise<void> {
  if (yes || !policy.own.add(() => prompt.possible, io.out.terminal)) return;
  const level = namespace.length > 0 ? 'namespace' : 'cluster';
  const message = `Make a service account with all rights in the ${level === 'cluster' ? 'cluster' : 'namespaces'} of '${name}'?`;
  if (await prompt.confirm({ message, line: LINE_QUESTIONS.addCluster(name, level), preset: false })) return;
  throw new HawserError('differs', 'cancelled', { reason: { kind: 'cluster-answer-no' } });
}

const READING: Reading<ClusterSettings> = {
  type: SECRET_TYPES.cluster,
  keys: SECRET_KEYS.cluster,
  shape: clusterConnection,
  ofTexts: (texts, metadata) => ({ ...clusterOfTexts(texts), ...clusterMetadata(metadata) }),
  ofObject: (object) => {
    if (textAt(object, 'server') !== '' && fits(clusterSettings, object)) return object;
    throw new HawserError('usage', `no cluster: ${clusterSettings.problem(object, '') ?? 'server is missing'}`, {
      hint: 'give Secrets as --dry-run prints them, or objects with server, name, config',
    });
  },
};
