// The roles that every cluster has: for administrators, editors and readers of namespaces, and for whoever is let in.

import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { readRule } from './rule-text.ts';
import { RBAC } from './rules.ts';
import { AUTHENTICATED, UNAUTHENTICATED } from './user.ts';

/** Groups; resources; verbs: see `readRule`. */
const VIEW = [
  'core; configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status; get list watch',
  'core; bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status; get list watch',
  'core; namespaces; get list watch',
  'core events.k8s.io; events; get list watch',
  'discovery.k8s.io; endpointslices; get list watch',
  'apps; controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status; get list watch',
  'autoscaling; horizontalpodautoscalers horizontalpodautoscalers/status; get list watch',
  'batch; cronjobs cronjobs/status jobs jobs/status; get list watch',
  'extensions; daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale; get list watch',
  'policy; poddisruptionbudgets poddisruptionbudgets/status; get list watch',
  'networking.k8s.io; ingresses ingresses/status networkpolicies; get list watch',
  'resource.k8s.io; resourceclaims resourceclaims/status resourceclaimtemplates; get list watch',
].map(readRule);

const EDIT = [
  'core; pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy; get list watch',
  'core; serviceaccounts; impersonate',
  'core; pods pods/attach pods/exec pods/portforward pods/proxy; create delete deletecollection patch update',
  'core; pods/eviction; create',
  'core; configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy; create delete deletecollection patch update',
  'core; serviceaccounts/token; create',
  'core events.k8s.io; events; create delete deletecollection patch update',
  'apps; daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale; create delete deletecollection patch update',
  'autoscaling; horizontalpodautoscalers; create delete deletecollection patch update',
  'batch; cronjobs jobs; create delete deletecollection patch update',
  'extensions; daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale; create delete deletecollection patch update',
  'policy; poddisruptionbudgets; create delete deletecollection patch update',
  'networking.k8s.io; ingresses networkpolicies; create delete deletecollection patch update',
  'coordination.k8s.io; leases; create delete deletecollection get list patch update watch',
  'resource.k8s.io; resourceclaims resourceclaimtemplates; create delete deletecollection patch update',
].map(readRule);

const ADMIN = [
  'authorization.k8s.io; localsubjectaccessreviews; create',
  `${RBAC}; rolebindings roles; create delete deletecollection get list patch update watch`,
].map(readRule);

const SELF = [
  'authorization.k8s.io; selfsubjectaccessreviews selfsubjectrulesreviews; create',
  'authentication.k8s.io; selfsubjectreviews; create',
].map(readRule);

const HEALTH = readRule('; /healthz /livez /readyz /version /version/; get');
const DISCOVERY = readRule(
  '; /api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/; get',
);
const ANYTHING = ['*; *; *', '; *; *'].map(readRule);
const METRICS = [readRule('metrics.k8s.io; pods nodes; get list watch')];

const AGGREGATE = `${RBAC}/aggregate-to-`;
const TO_ALL = Object.fromEntries(['admin', 'edit', 'view'].map((name) => [`${AGGREGATE}${name}`, 'true']));

/** The ClusterRoles and their bindings. */
export function defaultRoles(): KubeObject[] {
  const everyone = [AUTHENTICATED, UNAUTHENTICATED];
  return [
    role('cluster-admin', { rules: ANYTHING }),
    role('system:discovery', { rules: [DISCOVERY] }),
    role('system:public-info-viewer', { rules: [HEALTH] }),
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
