// The clusters of a kubeconfig, to be registered or let go of: how each is reached, and the account to manage it by.

import { HawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { proxyFor } from '../../core/proxy.ts';
import { parseYaml } from '../../core/yaml.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { createHttpTransport, type KubeEndpoint } from '../../kubernetes/http.ts';
import { contextsIn, type KubeconfigContextName, readKubeconfig } from '../../kubernetes/kubeconfig.ts';
import type { ClusterSettings } from '../../model/cluster.ts';
import type { ResourceType } from '../../objects/cluster.ts';
import type { SystemOptions } from './components.ts';
import { kubeconfigFiles, kubeconfigWorld } from './kubeconfig-files.ts';
import { createManager, type ManagerOptions, managerToken, removeManager } from './manager-account.ts';

type Told = ManagerOptions['told'];

export interface TargetCluster {
  /** The server, and what of the login can be kept without asking anybody: certificates. */
  readonly settings: ClusterSettings;
  /** The same with the token or password that the kubeconfig uses. */
  withLogin(): Promise<ClusterSettings>;
  /** The same, with the server and authority that the cluster itself publishes. */
  published(): Promise<ClusterSettings>;
  /** Makes the account with its rights; answers its token. */
  createManager(where: Pick<ManagerOptions, 'systemNamespace' | 'namespaces'>, told: Told): Promise<string>;
  /** The token of an account that is there. */
  tokenOf(account: string, systemNamespace: string, told: Told): Promise<string>;
  removeManager(systemNamespace: string, told: Told): Promise<void>;
  /** What the cluster serves, each kind by its plural in the paths. */
  kinds(): Promise<readonly Pick<ResourceType, 'group' | 'kind' | 'resource'>[]>;
  close(): void;
}

export interface Kubeconfig {
  readonly contexts: readonly KubeconfigContextName[];
  /** Throws `not-found` for a context that is not there. */
  open(context: string): Promise<TargetCluster>;
}

export interface KubeconfigOptions extends Pick<SystemOptions, 'environment' | 'clock'> {
  /** In place of the files that the environment names. */
  readonly path?: string;
  readonly proxy?: string;
}

export async function openKubeconfig(options: KubeconfigOptions): Promise<Kubeconfig> {
  const { clock, path, proxy } = options;
  const environment = path ? { ...options.environment, KUBECONFIG: path } : options.environment;
  const { sources } = await kubeconfigFiles({ environment });
  const contexts = sources.length === 0 ? [] : contextsIn(sources);
  return {
    contexts,
    open: async (name) => {
      if (!contexts.some((one) => one.name === name))
        throw new HawserError('not-found', `context ${name} does not exist in kubeconfig`, {
          hint:
            contexts.length === 0
              ? 'name a kubeconfig: --kubeconfig FILE'
              : `contexts: ${contexts.map((one) => one.name).join(', ')}`,
          reason: { kind: 'invalid-argument' },
        });
      const { endpoint } = await readKubeconfig(sources, kubeconfigWorld({ environment, clock }), name);
      return targetOf({ ...endpoint, proxy: proxy || proxyFor(endpoint.server, environment) }, { clock, proxy });
    },
  };
}

async function targetOf(
  endpoint: KubeEndpoint,
  { clock, proxy }: Pick<KubeconfigOptions, 'clock' | 'proxy'>,
): Promise<TargetCluster> {
  const { transport, close } = createHttpTransport(endpoint);
  const cluster = createKubeCluster(transport, { userAgent: 'argocd' });
  const settings = settingsOf(endpoint, proxy);
  return {
    settings,
    withLogin: async () => {
      const { username, password } = endpoint.basic ?? {};
      const login = omitUndefined({ bearerToken: await endpoint.token?.(), username, password });
      return { ...settings, config: { ...settings.config, ...login } };
    },
    published: async () => {
      const where = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'kube-public', name: 'cluster-info' };
      const published = parseYaml(textAt(await cluster.get(where), 'data', 'kubeconfig') || '{}', 'cluster-info');
      const server = textAt(published, 'clusters', 0, 'cluster', 'server');
      if (server === '')
        throw new HawserError(
          'not-found',
          "the cluster publishes no address: there is no ConfigMap 'kube-public/cluster-info'",
        );
      const caData = textAt(published, 'clusters', 0, 'cluster', 'certificate-authority-data');
      return {
        ...settings,
        server,
        config: { ...settings.config, tlsClientConfig: { ...settings.config?.tlsClientConfig, caData } },
      };
    },
    createManager: (where, told) => createManager(cluster, { ...where, clock, told }),
    tokenOf: (account, systemNamespace, told) => managerToken(cluster, { account, systemNamespace, clock, told }),
    removeManager: (systemNamespace, told) => removeManager(cluster, { systemNamespace, told }),
    kinds: () => cluster.types(),
    close,
  };
}

function settingsOf(
  { server, insecure = false, serverName, ca, clientCert, clientKey }: KubeEndpoint,
  proxyUrl: string | undefined,
): ClusterSettings {
  return {
    server,
    config: {
      tlsClientConfig: omitUndefined({
        insecure,
        serverName,
        caData: base64(ca),
        certData: base64(clientCert),
        keyData: base64(clientKey),
      }),
      ...omitUndefined({ proxyUrl: proxyUrl || undefined }),
    },
  };
}

const base64 = (pem: string | Buffer | undefined): string | undefined =>
  pem === undefined ? undefined : Buffer.from(pem).toString('base64');
