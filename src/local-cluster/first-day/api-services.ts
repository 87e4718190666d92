// The APIServices of the groups that the API serves itself.

import type { KubeObject } from '../../objects/object.ts';
import type { Kind } from '../kinds.ts';

/** Which group stands before which; versions of one group by a second number. */
const PRIORITIES: Readonly<Record<string, readonly [group: number, version: number]>> = {
  '/v1': [18_000, 1],
  'events.k8s.io/v1': [17_750, 15],
  'apps/v1': [17_800, 15],
  'authentication.k8s.io/v1': [17_700, 15],
  'authorization.k8s.io/v1': [17_600, 15],
  'autoscaling/v1': [17_500, 15],
  'autoscaling/v2': [17_500, 30],
  'batch/v1': [17_400, 15],
  'certificates.k8s.io/v1': [17_300, 15],
  'networking.k8s.io/v1': [17_200, 15],
  'policy/v1': [17_100, 15],
  'rbac.authorization.k8s.io/v1': [17_000, 15],
  'storage.k8s.io/v1': [16_800, 15],
  'admissionregistration.k8s.io/v1': [16_700, 15],
  'apiextensions.k8s.io/v1': [16_700, 15],
  'scheduling.k8s.io/v1': [16_600, 15],
  'coordination.k8s.io/v1': [16_500, 15],
  'node.k8s.io/v1': [16_300, 15],
  'discovery.k8s.io/v1': [16_200, 15],
  'resource.k8s.io/v1': [16_200, 21],
  'flowcontrol.apiserver.k8s.io/v1': [16_100, 21],
};

/** Of each group and version that is served from the first day. */
export function apiServices(kinds: readonly Kind[]): KubeObject[] {
  const served = new Set(kinds.map(({ group, version }) => `${group}/${version}`));
  return Object.entries(PRIORITIES).flatMap(([name, priorities]) =>
    served.has(name) ? [apiService(name, priorities)] : [],
  );
}

function apiService(name: string, [groupPriorityMinimum, versionPriority]: readonly [number, number]): KubeObject {
  const [group = '', version = ''] = name.split('/');
  const message = 'Local APIServices are always available';
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}`, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
    spec: { ...(group === '' ? {} : { group }), version, groupPriorityMinimum, versionPriority },
    status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local', message }] },
  };
}
