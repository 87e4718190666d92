// In which order objects are loaded: definitions and namespaces first, owners before what they own.

import { isObject, type JsonObject, listAt, textAt } from '../../../../core/json.ts';
import type { Loaded } from './read.ts';

/** As helm and Argo CD have it; other kinds come after these. */
const KINDS = [
  'CustomResourceDefinition',
  'Namespace',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Node',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'Job',
  'CronJob',
  'Ingress',
  'IngressClass',
  'APIService',
] as const;

const WEIGHTS = new Map<string, number>(KINDS.map((kind, index) => [kind, index]));

const weightOf = (object: JsonObject): number => WEIGHTS.get(textAt(object, 'kind')) ?? KINDS.length;

/** Objects that can be loaded side by side, batch after batch. */
export function inBatches(objects: readonly Loaded[]): readonly (readonly Loaded[])[] {
  const byUid = new Map<string, JsonObject>();
  for (const { object } of objects) {
    const uid = textAt(object, 'metadata', 'uid');
    if (uid !== '') byUid.set(uid, object);
  }
  const batches = new Map<number, Loaded[]>();
  for (const entry of objects) {
    const order = levelOf(entry.object, byUid) * (KINDS.length + 1) + weightOf(entry.object);
    const batch = batches.get(order);
    if (batch) batch.push(entry);
    else batches.set(order, [entry]);
  }
  return [...batches].sort(([a], [b]) => a - b).map(([, batch]) => batch);
}

/** How many owners are above an object. Owners in a circle end the count. */
function levelOf(object: JsonObject, byUid: ReadonlyMap<string, JsonObject>, seen: readonly JsonObject[] = []): number {
  if (seen.includes(object)) return 0;
  const uids = listAt(object, 'metadata', 'ownerReferences').map((owner) => textAt(owner, 'uid'));
  const levels = uids.map((uid) => {
    const owner = byUid.get(uid);
    return owner === undefined ? 0 : 1 + levelOf(owner, byUid, [...seen, object]);
  });
  return Math.max(0, ...levels);
}

/** Whether the controller of an object comes with the same load. */
export function ownerComes(object: JsonObject, uids: ReadonlySet<string>): boolean {
  const owners = listAt(object, 'metadata', 'ownerReferences').filter(isObject);
  return owners.some((owner) => owner['controller'] === true && uids.has(textAt(owner, 'uid')));
}
