import { type JsonObject, numberAt, objectAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isActive, isReady } from './pod.ts';
import { createPod } from './template.ts';
import { adopt, type Controller, isGoing, ownedBy, ownerOfKind, type World } from './world.ts';

/** Keeps the number of Pods. */
export function replicaSets(): Controller {
  return {
    name: 'kube-controller-manager',
    storage: 'apps/replicasets',
    alsoWatches: { '/pods': ownerOfKind('ReplicaSet') },
    reconcile: async (world, set) => {
      if (!isGoing(set)) await adopt(world, '/pods', set);
      const pods = ownedBy(world, '/pods', set).filter(isActive);
      const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
      if (!isGoing(set)) {
        await Promise.all(Array.from({ length: wanted - pods.length }, () => createPod(world, set)));
        const surplus = [...pods].sort(lessUsefulFirst).slice(0, Math.max(0, pods.length - wanted));
        await Promise.all(surplus.map((pod) => world.remove('/pods', pod)));
      }
      const current = world.get('apps/replicasets', set.metadata.namespace ?? '', set.metadata.name ?? '');
      if (current?.metadata.uid === set.metadata.uid && current)
        await world.report('apps/replicasets', current, statusOf(world, current));
      return undefined;
    },
  };
}

function lessUsefulFirst(a: KubeObject, b: KubeObject): number {
  const worth = (pod: KubeObject): number => (isReady(pod) ? 1 : 0);
  return worth(a) - worth(b) || (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? '');
}

function statusOf(world: World, set: KubeObject): JsonObject {
  const all = ownedBy(world, '/pods', set);
  const pods = all.filter(isActive);
  const ready = pods.filter(isReady).length;
  const labels = selectorRequirements({ matchLabels: objectAt(set, 'spec', 'template', 'metadata', 'labels') });
  const labelled = pods.filter((pod) => matchesLabels(labels, labelsOf(pod))).length;
  return {
    replicas: pods.length,
    ...(labelled > 0 ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    terminatingReplicas: all.filter(isGoing).length,
    observedGeneration: set.metadata.generation ?? 1,
  };
}
