import type { KubernetesAccess } from '../../../../api/local.ts';
import { formatYaml } from '../../../../core/yaml.ts';
import type { Entries } from '../../../config/kubeconfig-entries.ts';

export const CONTEXT_NAME = 'hawser-local';

type Listening = KubernetesAccess & { readonly port: number };

/** How the local cluster is reached, its certificate authority inline. */
export function kubeconfigEntries({ port, token, certificateAuthority }: Listening): Entries {
  return {
    clusters: {
      server: `https://127.0.0.1:${port}`,
      'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
    },
    users: { token },
    contexts: { cluster: CONTEXT_NAME, user: CONTEXT_NAME },
  };
}

/** A kubeconfig for the local cluster alone. */
export function kubeconfigDocument(access: Listening): Record<string, unknown> {
  const { clusters: cluster, users: user, contexts: context } = kubeconfigEntries(access);
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT_NAME, cluster }],
    users: [{ name: CONTEXT_NAME, user }],
    contexts: [{ name: CONTEXT_NAME, context }],
    'current-context': CONTEXT_NAME,
  };
}

export const kubeconfigText = (access: Listening): string => formatYaml(kubeconfigDocument(access));
