import { type JsonObject, numberAt, objectAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { isActive, isReady } from './pod.ts';
import { adopt, ownedBy, ownerOfKind, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { createPod } from './template.ts';

/** Keeps the number of Pods. */
export function replicaSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: 'apps/replicasets',
    watches: { '/pods': ownerOfKind('ReplicaSet') },
    reconcile: async (client, set) => {
      if (!isTerminating(set)) await adopt(client, '/pods', set);
      const pods = ownedBy(client, '/pods', set).filter(isActive);
      const replicas = numberAt(set, 'spec', 'replicas') ?? 1;
      if (!isTerminating(set)) {
        await Promise.all(Array.from({ length: replicas - pods.length }, () => createPod(client, set)));
        const surplus = [...pods].sort(lessUsefulFirst).slice(0, Math.max(0, pods.length - replicas));
        await Promise.all(surplus.map((pod) => client.remove('/pods', pod)));
      }
      const current = client.get('apps/replicasets', set.metadata.namespace ?? '', set.metadata.name ?? '');
      if (current?.metadata.uid === set.metadata.uid && current)
        await client.updateStatus('apps/replicasets', current, replicaSetStatus(client, current));
      return undefined;
    },
  };
}

function lessUsefulFirst(a: KubeObject, b: KubeObject): number {
  const worth = (pod: KubeObject): number => (isReady(pod) ? 1 : 0);
  return worth(a) - worth(b) || (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
}

function replicaSetStatus(client: ReconcilerClient, set: KubeObject): JsonObject {
  const all = ownedBy(client, '/pods', set);
  const pods = all.filter(isActive);
  const ready = pods.filter(isReady).length;
  const labels = selectorRequirements({ matchLabels: objectAt(set, 'spec', 'template', 'metadata', 'labels') });
  const labelled = pods.filter((pod) => matchesLabels(labels, labelsOf(pod))).length;
  return {
    replicas: pods.length,
    ...(labelled > 0 ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    terminatingReplicas: all.filter(isTerminating).length,
    observedGeneration: set.metadata.generation ?? 1,
  };
}
