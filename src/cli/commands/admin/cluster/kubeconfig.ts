import type { Command } from 'commander';
import { exportInstallation } from '../../../../api/installation.ts';
import { HawserError } from '../../../../core/errors.ts';
import { objectAt, textAt } from '../../../../core/json.ts';
import { omitUndefined } from '../../../../core/omit-undefined.ts';
import { type ClusterConfig, type ClusterSettings, IN_CLUSTER } from '../../../../model/cluster.ts';
import { clusterOfTexts, SECRET_TYPE_LABEL, SECRET_TYPES } from '../../../../model/connection-secret.ts';
import type { Connection, Context } from '../../../context.ts';
import { defineCommand } from '../../../input/command.ts';
import { fromHawser, INSTALLATION_FLAGS, type InstallationOptions, openInstallation } from '../shared/installation.ts';

export function adminKubeconfigCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'kubeconfig',
      description:
        'Writes a kubeconfig for a registered cluster, with the login that applications are deployed with. It is a password: keep it as one.',
      arguments: ['<cluster_url>', '<output_path>'],
      argumentSummaries: { '<output_path>': 'a file; - is stdout' },
      flags: INSTALLATION_FLAGS,
      examples: [
        {
          about: 'Write one for a cluster',
          line: 'hawser admin cluster kubeconfig https://staging.example.com:6443 staging.kubeconfig',
        },
        {
          about: 'Print one',
          line: 'hawser admin cluster kubeconfig https://staging.example.com:6443 -',
        },
      ],
    },
    (options, url, path) => runKubeconfig({ url, path }, options, context),
  );
}

interface Target {
  readonly url: string;
  readonly path: string;
}

/** What the reference logs before it looks for the cluster. */
const REFERENCE_STEPS = [
  'Starting configmap/secret informers',
  'Configmap/secret informer synced',
  'Cluster cache informer synced',
];

const FILE_MODE = 0o600;

async function runKubeconfig({ url, path }: Target, options: InstallationOptions, context: Context): Promise<void> {
  const connection = await openInstallation(options, context);
  const clusters = await registeredClusters(connection);
  for (const step of REFERENCE_STEPS) context.policy.wording.remark(step, context);
  const cluster = clusters.find(({ server }) => server === url);
  if (!cluster) throw notRegistered(url, clusters);
  const { formatYaml } = await import('../../../../core/yaml.ts');
  const text = formatYaml(kubeconfigOf(cluster), { sortKeys: true });
  if (path === '-') return context.io.out.write(text);
  const { openReportFile } = await import('../../../io/report-file.ts');
  await (await openReportFile(path, FILE_MODE)).write(text);
}

/** With their logins, which no other answer tells. */
async function registeredClusters({ client }: Connection): Promise<readonly ClusterSettings[]> {
  const clusters: ClusterSettings[] = [];
  await fromHawser(async () => {
    for await (const { object } of client.stream(exportInstallation, { secrets: true })) {
      if (textAt(object, 'metadata', 'labels', SECRET_TYPE_LABEL) !== SECRET_TYPES.cluster) continue;
      const data = objectAt(object, 'data');
      const texts = Object.keys(data).map((key) => [key, Buffer.from(textAt(data, key), 'base64').toString()] as const);
      clusters.push(clusterOfTexts(Object.fromEntries(texts)));
    }
  });
  return clusters;
}

function notRegistered(url: string, clusters: readonly ClusterSettings[]): HawserError {
  if (url === IN_CLUSTER.server) {
    const message = 'the cluster around the system is there without a login of its own';
    return new HawserError('not-found', message, {
      hint: 'of the local system: hawser local kubeconfig',
      reason: {
        kind: 'invalid-argument',
        message:
          'unable to create K8s REST config: unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
      },
    });
  }
  const known = clusters.map(({ server }) => server).join(', ') || 'none';
  return new HawserError('not-found', `cluster "${url}" not found`, { hint: `registered clusters: ${known}` });
}

function kubeconfigOf({ server = '', name, config = {} }: ClusterSettings): object {
  const called = name || server;
  const { tlsClientConfig: tls = {}, disableCompression, proxyUrl } = config;
  const cluster = omitUndefined({
    server,
    'certificate-authority-data': tls.caData || undefined,
    'insecure-skip-tls-verify': tls.insecure || undefined,
    'tls-server-name': tls.serverName || undefined,
    'proxy-url': proxyUrl || undefined,
    'disable-compression': disableCompression || undefined,
  });
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: called, cluster }],
    users: [{ name: called, user: userOf(config) }],
    contexts: [{ name: called, context: { cluster: called, user: called } }],
    'current-context': called,
  };
}

function userOf(config: ClusterConfig): object {
  const { username, password, bearerToken, tlsClientConfig: tls = {} } = config;
  return omitUndefined({
    username: username || undefined,
    password: password || undefined,
    token: bearerToken || undefined,
    'client-certificate-data': tls.certData || undefined,
    'client-key-data': tls.keyData || undefined,
    exec: execOf(config),
  });
}

function execOf({ awsAuthConfig: aws, execProviderConfig: exec }: ClusterConfig): object | undefined {
  if (aws) {
    const { clusterName, roleARN, profile } = aws;
    const flags = { '--cluster-name': clusterName, '--role-arn': roleARN, '--profile': profile };
    const args = ['aws', ...Object.entries(flags).flatMap(([flag, value]) => (value ? [flag, value] : []))];
    return { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'argocd-k8s-auth', args };
  }
  if (!exec?.command) return undefined;
  const { command, args, env, apiVersion, installHint } = exec;
  return omitUndefined({
    apiVersion: apiVersion || 'client.authentication.k8s.io/v1',
    command,
    args,
    env: env && Object.entries(env).map(([name, value]) => ({ name, value })),
    installHint: installHint || undefined,
    interactiveMode: 'IfAvailable',
  });
}
