// APIServices: available when the Service behind them has a ready endpoint.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, type NewCondition } from './conditions.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const API_SERVICES = 'apiregistration.k8s.io/apiservices';

export function apiServices(): Reconciler {
  return {
    name: 'kube-aggregator',
    storage: API_SERVICES,
    watches: { '/services': servedBy, '/endpoints': servedBy },
    reconcile: async (client, object) => {
      if (isTerminating(object)) return undefined;
      const conditions = [condition(client, object, { type: 'Available', ...availability(client, object) })];
      await client.updateStatus(API_SERVICES, object, { conditions });
      return undefined;
    },
  };
}

/** A Service and its Endpoints have one name. */
function servedBy(object: KubeObject, client: ReconcilerClient): readonly string[] {
  return client
    .list(API_SERVICES)
    .filter((api) => serviceOf(api) === namespacedName(object))
    .map(namespacedName);
}

function serviceOf(api: KubeObject): string | undefined {
  const name = textAt(api, 'spec', 'service', 'name');
  return name === '' ? undefined : `${textAt(api, 'spec', 'service', 'namespace')}/${name}`;
}

function availability(client: ReconcilerClient, api: KubeObject): Omit<NewCondition, 'type'> {
  if (serviceOf(api) === undefined) {
    return { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };
  }
  const name = textAt(api, 'spec', 'service', 'name');
  const namespace = textAt(api, 'spec', 'service', 'namespace');
  const what = `service/${name} in "${namespace}"`;
  if (!client.get('/services', namespace, name)) {
    return { status: 'False', reason: 'ServiceNotFound', message: `${what} is not present` };
  }
  const subsets = listAt(client.get('/endpoints', namespace, name), 'subsets');
  if (!subsets.some((subset) => listAt(subset, 'addresses').length > 0)) {
    return { status: 'False', reason: 'MissingEndpoints', message: `endpoints for ${what} have no addresses` };
  }
  return { status: 'True', reason: 'Passed', message: 'all checks passed' };
}

const METRICS = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;

/** Metrics are there from the first day. */
export async function prepareMetrics(client: ReconcilerClient): Promise<void> {
  const name = `${METRICS.version}.${METRICS.group}`;
  if (client.get(API_SERVICES, '', name)) return;
  await client.create(API_SERVICES, {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name, labels: { 'kube-aggregator.kubernetes.io/automanaged': 'onstart' } },
    spec: { ...METRICS, groupPriorityMinimum: 100, versionPriority: 100 },
  });
}
