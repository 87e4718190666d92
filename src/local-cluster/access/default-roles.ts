// The roles that every cluster has: for administrators, editors and readers of namespaces, and for whoever is let in.

import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { RBAC } from './rules.ts';
import { AUTHENTICATED, UNAUTHENTICATED } from './user.ts';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];

/** What belongs to a namespace, by group; the words behind a slash are subresources. */
type Resources = Readonly<Record<string, readonly string[]>>;

const WORKLOADS: Resources = {
  apps: [
    'daemonsets',
    'deployments',
    'deployments/scale',
    'replicasets',
    'replicasets/scale',
    'statefulsets',
    'statefulsets/scale',
  ],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  policy: ['poddisruptionbudgets'],
  'networking.k8s.io': ['ingresses', 'networkpolicies'],
};

const CORE = [
  'configmaps',
  'endpoints',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'replicationcontrollers/scale',
  'serviceaccounts',
  'services',
];

const STATUSES: Resources = {
  '': [
    'persistentvolumeclaims/status',
    'services/status',
    'namespaces/status',
    'pods/log',
    'pods/status',
    'replicationcontrollers/status',
    'resourcequotas',
    'resourcequotas/status',
    'bindings',
    'events',
    'limitranges',
    'namespaces',
  ],
  apps: ['controllerrevisions', 'daemonsets/status', 'deployments/status', 'replicasets/status', 'statefulsets/status'],
  autoscaling: ['horizontalpodautoscalers/status'],
  batch: ['cronjobs/status', 'jobs/status'],
  policy: ['poddisruptionbudgets/status'],
  'networking.k8s.io': ['ingresses/status'],
  'discovery.k8s.io': ['endpointslices'],
};

const rules = (resources: Resources, verbs: readonly string[]): JsonObject[] =>
  Object.entries(resources).map(([group, plurals]) => ({
    apiGroups: [group],
    resources: [...plurals],
    verbs: [...verbs],
  }));

const VIEW = [...rules({ '': CORE }, READ), ...rules(WORKLOADS, READ), ...rules(STATUSES, READ)];

const EDIT = [
  ...rules({ '': ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'] }, READ),
  ...rules({ '': ['serviceaccounts'] }, ['impersonate']),
  ...rules({ '': ['pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'] }, WRITE),
  ...rules({ '': ['pods/eviction', 'serviceaccounts/token'] }, ['create']),
  ...rules({ '': [...CORE.filter((plural) => plural !== 'pods'), 'events', 'secrets', 'services/proxy'] }, WRITE),
  ...rules({ apps: ['deployments/rollback'] }, WRITE),
  ...rules(WORKLOADS, WRITE),
  ...rules({ 'coordination.k8s.io': ['leases'] }, [...WRITE, ...READ]),
];

const ADMIN = [
  ...rules({ 'authorization.k8s.io': ['localsubjectaccessreviews'] }, ['create']),
  ...rules({ [RBAC]: ['roles', 'rolebindings'] }, [...WRITE, ...READ]),
];

const SELF = [
  ...rules({ 'authorization.k8s.io': ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] }, ['create']),
  ...rules({ 'authentication.k8s.io': ['selfsubjectreviews'] }, ['create']),
];

const path = (...urls: readonly string[]): JsonObject => ({ nonResourceURLs: [...urls], verbs: ['get'] });
const HEALTH = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const DISCOVERY = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];

const ANYTHING = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];

const AGGREGATE = `${RBAC}/aggregate-to-`;
const TO_ALL = Object.fromEntries(['admin', 'edit', 'view'].map((name) => [`${AGGREGATE}${name}`, 'true']));
const METRICS = rules({ 'metrics.k8s.io': ['pods', 'nodes'] }, READ);

/** The ClusterRoles and their bindings. */
export function defaultRoles(): KubeObject[] {
  const everyone = [AUTHENTICATED, UNAUTHENTICATED];
  return [
    role('cluster-admin', { rules: ANYTHING }),
    role('system:discovery', { rules: [path(...DISCOVERY, ...HEALTH)] }),
    role('system:public-info-viewer', { rules: [path(...HEALTH)] }),
    role('system:basic-user', { rules: SELF }),
    role('admin', gathers('admin', [...ADMIN, ...EDIT, ...VIEW])),
    role('edit', gathers('edit', [...EDIT, ...VIEW]), { [`${AGGREGATE}admin`]: 'true' }),
    role('view', gathers('view', VIEW), { [`${AGGREGATE}edit`]: 'true' }),
    role('system:aggregate-to-admin', { rules: ADMIN }, { [`${AGGREGATE}admin`]: 'true' }),
    role('system:aggregate-to-edit', { rules: EDIT }, { [`${AGGREGATE}edit`]: 'true' }),
    role('system:aggregate-to-view', { rules: VIEW }, { [`${AGGREGATE}view`]: 'true' }),
    role('system:aggregated-metrics-reader', { rules: METRICS }, TO_ALL),
    binding('cluster-admin', ['system:masters']),
    binding('system:discovery', [AUTHENTICATED]),
    binding('system:basic-user', [AUTHENTICATED]),
    binding('system:public-info-viewer', everyone),
  ];
}

const gathers = (name: string, own: readonly JsonObject[]): JsonObject => ({
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${name}`]: 'true' } }] },
  rules: [...own],
});

const metadata = (name: string, labels: Readonly<Record<string, string>> = {}): KubeObject['metadata'] => ({
  name,
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
});

const role = (name: string, content: JsonObject, labels: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: metadata(name, labels),
  ...content,
});

const binding = (name: string, groups: readonly string[]): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: metadata(name),
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  subjects: groups.map((group) => ({ apiGroup: RBAC, kind: 'Group', name: group })),
});
