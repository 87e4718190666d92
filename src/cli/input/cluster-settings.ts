// A cluster of a kubeconfig, and what flags say of it, as it is registered.

import { HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type ClusterConfig, type ClusterSettings, IN_CLUSTER } from '../../model/cluster.ts';
import type { TargetCluster } from '../context.ts';
import { refusedOption } from './access-flags.ts';

export interface LoginOptions {
  readonly awsClusterName?: string;
  readonly awsRoleArn?: string;
  readonly awsProfile?: string;
  readonly execCommand?: string;
  readonly execCommandArgs?: readonly string[];
  readonly execCommandEnv?: Readonly<Record<string, string>>;
  readonly execCommandApiVersion?: string;
  readonly execCommandInstallHint?: string;
}

/** A login by AWS or by a program, where flags name one. */
export function declaredLogin(
  options: LoginOptions,
): Pick<ClusterConfig, 'awsAuthConfig' | 'execProviderConfig'> | undefined {
  const { awsClusterName: clusterName, awsRoleArn: roleARN, awsProfile: profile, execCommand: command } = options;
  if (clusterName) return { awsAuthConfig: omitUndefined({ clusterName, roleARN, profile }) };
  if (!command) return undefined;
  const { execCommandArgs: args, execCommandEnv: env, execCommandApiVersion: apiVersion } = options;
  const installHint = options.execCommandInstallHint;
  return { execProviderConfig: omitUndefined({ command, args, env, apiVersion, installHint }) };
}

export interface EndpointOptions {
  readonly inCluster?: boolean;
  readonly clusterEndpoint?: string;
}

/** With the address that is to be saved. */
export async function withEndpoint(
  settings: ClusterSettings,
  target: Pick<TargetCluster, 'published'>,
  { inCluster = false, clusterEndpoint = '' }: EndpointOptions,
): Promise<ClusterSettings> {
  if (inCluster || clusterEndpoint === 'internal') return { ...settings, server: IN_CLUSTER.server };
  if (clusterEndpoint === '' || clusterEndpoint === 'kubeconfig') return settings;
  if (clusterEndpoint !== 'kube-public')
    throw new HawserError('usage', `invalid value '${clusterEndpoint}' for --cluster-endpoint`, {
      hint: 'valid values: kubeconfig, kube-public, internal',
    });
  const { server, config } = await target.published();
  const tlsClientConfig = { ...settings.config?.tlsClientConfig, caData: config?.tlsClientConfig?.caData };
  return { ...settings, server, config: { ...settings.config, tlsClientConfig } };
}

export interface ClusterOptions {
  readonly name?: string;
  readonly project?: string;
  readonly namespace?: readonly string[];
  readonly clusterResources?: boolean;
  readonly label?: readonly string[];
  readonly annotation?: readonly string[];
  readonly shard: number;
  readonly disableCompression?: boolean;
  readonly proxyUrl?: string;
}

/** With what flags say of it. */
export function clusterFrom(settings: ClusterSettings, options: ClusterOptions, context: string): ClusterSettings {
  const { namespace: namespaces, clusterResources, shard, project, disableCompression, proxyUrl } = options;
  return {
    ...omitUndefined({
      server: settings.server,
      name: options.name || context,
      namespaces,
      clusterResources,
      project,
      labels: pairsOf(options.label),
      annotations: pairsOf(options.annotation),
      shard: shard >= 0 ? shard : undefined,
    }),
    config: { ...settings.config, ...omitUndefined({ disableCompression, proxyUrl }) },
  };
}

/** 'a=b' of each text; undefined where there is none. */
export function pairsOf(texts: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  if (texts === undefined || texts.length === 0) return undefined;
  const pairs = texts.map((text) => {
    const [key = '', value, ...more] = text.split('=');
    if (value === undefined || more.length > 0 || key === '')
      throw refusedOption(`labels should have key=value, but instead got: ${text}`, 'write it like tier=production');
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}
