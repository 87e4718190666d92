import { type JsonObject, numberAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { availabilityOf } from './availability.ts';
import { condition, conditionOf } from './conditions.ts';
import { leastUsefulFirst } from './least-useful.ts';
import { isActive, isOver, isReady } from './pod.ts';
import { claim, earliest, ownedBy, ownerOrChooser, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { createPod, refusalOf, removePod } from './template.ts';

/** As many Pods as Kubernetes makes for one set before it looks at others. */
const MOST_AT_ONCE = 500;

export const replicaSets = (): Reconciler => keepsReplicas('ReplicaSet', 'apps/replicasets');
export const replicationControllers = (): Reconciler =>
  keepsReplicas('ReplicationController', '/replicationcontrollers');

/** Keeps the number of Pods. */
function keepsReplicas(kind: string, storage: string): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage,
    watches: { '/pods': ownerOrChooser(kind, storage) },
    reconcile: async (client, set) => {
      if (!isTerminating(set)) await claim(client, '/pods', set);
      const pods = ownedBy(client, '/pods', set).filter(isActive);
      const replicas = numberAt(set, 'spec', 'replicas') ?? 1;
      let refused: Error | undefined;
      if (!isTerminating(set)) {
        refused = await createPods(client, set, Math.min(replicas - pods.length, MOST_AT_ONCE));
        const surplus = pods.length - replicas;
        if (surplus > 0) {
          const going = leastUsefulFirst(pods).slice(0, surplus);
          await Promise.all(going.map((pod) => removePod(client, set, pod)));
        }
      }
      const current = client.get(storage, set.metadata.namespace ?? '', set.metadata.name ?? '');
      let due: number | undefined;
      if (current?.metadata.uid === set.metadata.uid && current) {
        const report = statusOf(client, current, refused?.message);
        due = report.due;
        await client.updateStatus(storage, current, report.status);
      }
      if (refused) throw refused;
      const isPart = replicas - pods.length > MOST_AT_ONCE;
      return earliest(due, isPart ? client.now() : undefined);
    },
  };
}

/** Answers why one was refused, if one was. */
async function createPods(client: ReconcilerClient, set: KubeObject, count: number): Promise<Error | undefined> {
  const made = await Promise.allSettled(Array.from({ length: Math.max(0, count) }, () => createPod(client, set)));
  const failures = made.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  const refused = failures.find((reason) => reason instanceof Error && refusalOf(reason) !== undefined);
  if (refused === undefined && failures.length > 0) throw failures[0];
  return refused;
}

function statusOf(
  client: ReconcilerClient,
  set: KubeObject,
  refused: string | undefined,
): { readonly status: JsonObject; readonly due: number | undefined } {
  const all = ownedBy(client, '/pods', set);
  const pods = all.filter(isActive);
  const ready = pods.filter(isReady).length;
  const labels = selectorRequirements({ matchLabels: objectAt(set, 'spec', 'template', 'metadata', 'labels') });
  const labelled = pods.filter((pod) => matchesLabels(labels, labelsOf(pod))).length;
  const { available, due } = availabilityOf(set, pods, client.now());
  const status = {
    replicas: pods.length,
    ...(labelled > 0 ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(set.kind === 'ReplicaSet'
      ? { terminatingReplicas: all.filter((pod) => isTerminating(pod) && !isOver(pod)).length }
      : {}),
    observedGeneration: set.metadata.generation ?? 1,
    ...(refused === undefined ? {} : { conditions: [failure(client, set, refused)] }),
  };
  return { status, due };
}

/** Each Pod that is refused has another name: a new one is no news, and must not wake this controller again. */
function failure(client: ReconcilerClient, set: KubeObject, message: string): JsonObject {
  const nameless = (text: string): string => text.replace(/"[^"]*"/, '');
  const told = textAt(conditionOf(set, 'ReplicaFailure'), 'message');
  const same = nameless(told) === nameless(message);
  return condition(client, set, {
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'FailedCreate',
    message: same ? told : message,
  });
}
