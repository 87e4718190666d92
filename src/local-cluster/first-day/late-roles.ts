// The roles of the parts of a cluster, and who has them.

import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { readRule } from '../access/rule-text.ts';
import { RBAC } from '../access/rules.ts';
import { CONTROLLER_ROLES } from './controller-roles.ts';
import { NAMESPACED_BINDINGS, NAMESPACED_ROLES, SYSTEM_BINDINGS, SYSTEM_ROLES } from './system-roles.ts';

const CONTROLLER = 'system:controller:';

export function lateRoles(): KubeObject[] {
  const controllers = Object.entries(CONTROLLER_ROLES);
  return [
    ...controllers.map(([name, rules]) => role('ClusterRole', { name: `${CONTROLLER}${name}` }, rules)),
    ...controllers.map(([name]) =>
      binding(`${CONTROLLER}${name}`, { name: `${CONTROLLER}${name}` }, [`ServiceAccount ${name}`]),
    ),
    ...Object.entries(SYSTEM_ROLES).map(([name, rules]) => role('ClusterRole', { name }, rules)),
    ...Object.entries(SYSTEM_BINDINGS).map(([name, subjects]) => binding(name, { name }, subjects)),
    ...Object.entries(NAMESPACED_ROLES).map(([key, rules]) => {
      const [namespace = '', name = ''] = key.split(' ');
      return role('Role', { namespace, name }, rules);
    }),
    ...Object.entries(NAMESPACED_BINDINGS).map(([key, subjects]) => {
      const [namespace = '', name = '', of = ''] = key.split(' ');
      return binding(of, { namespace, name }, subjects);
    }),
  ];
}

interface Place {
  readonly namespace?: string;
  readonly name: string;
}

const metadata = (place: Place): KubeObject['metadata'] => ({
  ...place,
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
});

const role = (kind: string, place: Place, rules: readonly string[]): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata: metadata(place),
  rules: rules.length > 0 ? rules.map(readRule) : null,
});

const binding = (of: string, place: Place, subjects: readonly string[]): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: place.namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: metadata(place),
  ...(subjects.length > 0 ? { subjects: subjects.map(subjectOf) } : {}),
  roleRef: { apiGroup: RBAC, kind: place.namespace === undefined ? 'ClusterRole' : 'Role', name: of },
});

function subjectOf(text: string): JsonObject {
  const [kind = '', name = ''] = text.split(' ');
  return kind === 'ServiceAccount' ? { kind, name, namespace: 'kube-system' } : { kind, apiGroup: RBAC, name };
}
