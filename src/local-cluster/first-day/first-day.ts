// What a cluster has from the first day, and gets again when it is taken away.

import { groupOf, type KubeObject, versionOf } from '../../objects/object.ts';
import { defaultRoles } from '../access/default-roles.ts';
import { OWNER } from '../access/user.ts';
import type { Api, WriteSettings } from '../api.ts';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'argocd'];

const namespaceNamed = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const priorityClass = (name: string, value: number, description: string): KubeObject => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name },
  value,
  description,
});

/** The address of the API in the network of the Services. */
const API_ADDRESS = '10.96.0.1';
/** Where it is behind that: as simulated as the nodes are. */
const [API_HOST, API_PORT] = ['192.0.2.1', 6443];
const KUBERNETES = { name: 'kubernetes', namespace: 'default' } as const;
const PORT = { name: 'https', protocol: 'TCP' } as const;

const API_SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...KUBERNETES, labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: { clusterIP: API_ADDRESS, ports: [{ ...PORT, port: 443, targetPort: API_PORT }], type: 'ClusterIP' },
};

const API_ENDPOINTS: readonly KubeObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { ...KUBERNETES, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: API_HOST }], ports: [{ ...PORT, port: API_PORT }] }],
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...KUBERNETES, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [API_HOST], conditions: { ready: true } }],
    ports: [{ ...PORT, port: API_PORT }],
  },
];

/** Namespaces stand before what is in them. */
const firstObjects = (): KubeObject[] => [
  ...NAMESPACES.map(namespaceNamed),
  ...defaultRoles(),
  priorityClass(
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ),
  priorityClass(
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ),
  API_SERVICE,
  ...API_ENDPOINTS,
];

const SETTINGS: WriteSettings = {
  dryRun: false,
  manager: 'hawser',
  subresource: '',
  operation: 'Update',
  validation: 'Ignore',
  user: OWNER,
};

/** Makes what is missing. A Service that somebody has put at the API's address stays. */
export async function prepareCluster(api: Api): Promise<void> {
  const missing = firstObjects().flatMap((object) => {
    const { name = '', namespace = '' } = object.metadata;
    const kind = api.kinds.ofKind(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind);
    if (!kind || api.store.get(kind.storage, namespace, name)) return [];
    return object === API_SERVICE && api.store.isHeld(kind.storage, API_ADDRESS) ? [] : [{ kind, object }];
  });
  if (missing.length === 0) return;
  const { createInStore } = await import('../registry.ts');
  await api.ready();
  const isNamespaced = ({ object }: (typeof missing)[number]): boolean => object.metadata.namespace !== undefined;
  const create = (entries: typeof missing): Promise<unknown> =>
    Promise.all(entries.map(({ kind, object }) => createInStore(api, kind, object, SETTINGS)));
  await create(missing.filter((entry) => !isNamespaced(entry)));
  await create(missing.filter(isNamespaced));
}
