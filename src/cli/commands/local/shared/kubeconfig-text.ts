import type { KubernetesAccess } from '../../../../api/local.ts';
import { formatYaml } from '../../../../core/yaml.ts';

/** A kubeconfig for the local cluster, its certificate authority inline. */
export function kubeconfigText({
  port,
  token,
  certificateAuthority,
}: KubernetesAccess & { readonly port: number }): string {
  const cluster = {
    server: `https://127.0.0.1:${port}`,
    'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
  };
  return formatYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'hawser-local', cluster }],
    users: [{ name: 'hawser-local', user: { token } }],
    contexts: [{ name: 'hawser-local', context: { cluster: 'hawser-local', user: 'hawser-local' } }],
    'current-context': 'hawser-local',
  });
}
