// The late objects of the first day, as a real API server makes them when it starts.

import { createHash } from 'node:crypto';
import { isObject, type JsonObject, listAt } from '../../core/json.ts';
import { groupOf, type KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { apiServices } from './api-services.ts';
import { definitionServices, followDefinitionServices } from './definition-services.ts';
import { flowObjects } from './flow.ts';
import { lateRoles } from './late-roles.ts';
import { followServiceAddresses, serviceAddresses } from './service-addresses.ts';

const SERVICE_RANGE: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'ServiceCIDR',
  metadata: { name: 'kubernetes' },
  spec: { cidrs: ['10.96.0.0/16'] },
  status: {
    conditions: [{ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes default Service CIDR is ready' }],
  },
};

export function putLateObjects(api: Api): void {
  const { store, kinds } = api;
  const since = store.get('/namespaces', '', 'kube-system')?.metadata.creationTimestamp ?? '';
  const own = [...lateRoles(), ...flowObjects(), ...apiServices(kinds.all()), SERVICE_RANGE];
  const followed = [...definitionServices(api), ...serviceAddresses(api)];
  for (const { object, since: from } of [...own.map((object) => ({ object, since })), ...followed]) {
    const kind = kinds.ofKind(groupOf(object.apiVersion), 'v1', object.kind);
    if (kind) store.seed(kind.storage, asMade(object, kind.storage, from));
  }
  followDefinitionServices(api);
  followServiceAddresses(api);
}

/** With what the cluster writes into a new object; an object is the same after each start. */
function asMade(object: KubeObject, storage: string, since: string): KubeObject {
  const { namespace = '', name = '' } = object.metadata;
  const hash = createHash('sha1').update(`${storage}/${namespace}/${name}`).digest('hex');
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `4${hash.slice(13, 16)}`, `a${hash.slice(17, 20)}`];
  const uid = [...parts, hash.slice(20, 32)].join('-');
  const metadata = { ...object.metadata, uid, resourceVersion: '1', creationTimestamp: since };
  return { ...object, metadata, ...withTimes(object, since) };
}

/** Conditions that hold since the first day. */
function withTimes(object: KubeObject, since: string): JsonObject {
  const conditions = listAt(object, 'status', 'conditions').filter(isObject);
  if (conditions.length === 0) return {};
  return { status: { conditions: conditions.map((condition) => ({ ...condition, lastTransitionTime: since })) } };
}
