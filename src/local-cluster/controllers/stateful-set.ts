// StatefulSets: Pods with ordinals, made in order, ended from the last.

import { type JsonObject, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { availabilityOf, isAvailable } from './availability.ts';
import { isReady } from './pod.ts';
import { claim, ownedBy, ownerOrChooser, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { dropRevisions, keepRevision, recordedTemplate } from './revision-history.ts';
import { createMember, firstOrdinal, HASH, isMember, keepClaims, ordinalOf } from './stateful-set-member.ts';
import { removePod } from './template.ts';

const SETS = 'apps/statefulsets';

export function statefulSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: SETS,
    watches: { '/pods': ownerOrChooser('StatefulSet', SETS) },
    reconcile: async (client, set) => {
      if (isTerminating(set)) return undefined;
      await claim(client, '/pods', set, (pod) => isMember(set, pod));
      const { name: update } = await keepRevision(client, set, 'controller.kubernetes.io/hash');
      const pods = ownedBy(client, '/pods', set);
      await keepClaims(client, set, pods);
      const plan = {
        pods: new Map(pods.map((pod) => [ordinalOf(pod), pod])),
        revisions: revisionsOf(client, set, update),
      };
      try {
        await step(client, set, plan);
      } finally {
        await report(client, set, update);
      }
      return availabilityOf(set, pods, client.now()).due;
    },
  };
}

interface Revisions {
  /** The one that all members had when the last rollout was over. */
  readonly current: string;
  readonly update: string;
}

function revisionsOf(client: ReconcilerClient, set: KubeObject, update: string): Revisions {
  const current = textAt(set, 'status', 'currentRevision');
  const isKnown = current !== '' && recordedTemplate(client, set.metadata.namespace ?? '', current) !== undefined;
  return { current: isKnown ? current : update, update };
}

interface Plan {
  readonly pods: ReadonlyMap<number, KubeObject>;
  readonly revisions: Revisions;
}

const replicasOf = (set: KubeObject): number => numberAt(set, 'spec', 'replicas') ?? 1;
const isParallel = (set: KubeObject): boolean => textAt(set, 'spec', 'podManagementPolicy') === 'Parallel';
const isOver = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));

/** One step towards what is wanted; of a set that is not parallel, one member at a time. */
async function step(client: ReconcilerClient, set: KubeObject, { pods, revisions }: Plan): Promise<void> {
  const first = firstOrdinal(set);
  const end = first + replicasOf(set);
  for (let ordinal = first; ordinal < end; ordinal += 1) {
    const isSettled = await settle(client, set, { ordinal, pod: pods.get(ordinal), revisions });
    if (!isSettled && !isParallel(set)) return;
  }
  const surplus = [...pods].filter(([ordinal]) => ordinal < first || ordinal >= end).sort(([a], [b]) => b - a);
  for (const [, pod] of surplus) {
    if (!isTerminating(pod)) await removePod(client, set, pod);
    if (!isParallel(set)) return;
  }
  await renew(client, set, { pods, revisions });
}

interface Place {
  readonly ordinal: number;
  readonly pod: KubeObject | undefined;
  readonly revisions: Revisions;
}

/** Sees to it that a member is there; true when it is, and works. */
async function settle(client: ReconcilerClient, set: KubeObject, { ordinal, pod, revisions }: Place): Promise<boolean> {
  if (!pod) {
    const revision = isKept(set, ordinal) ? revisions.current : revisions.update;
    const recorded = recordedTemplate(client, set.metadata.namespace ?? '', revision);
    const template = recorded ?? objectAt(set, 'spec', 'template');
    await createMember(client, set, { ordinal, revision, template });
    return false;
  }
  if (isOver(pod) && !isTerminating(pod)) {
    await removePod(client, set, pod);
    return false;
  }
  return isAvailable(set, pod, client.now()) && !isTerminating(pod);
}

const isRolling = (set: KubeObject): boolean => textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete';
const partitionOf = (set: KubeObject): number =>
  numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;

/** Members below the partition keep the current revision, also when they are made again. */
const isKept = (set: KubeObject, ordinal: number): boolean =>
  isRolling(set) && ordinal < firstOrdinal(set) + partitionOf(set);

/** Ends the last member of an older revision; one that does not work yet is waited for. */
async function renew(client: ReconcilerClient, set: KubeObject, { pods, revisions }: Plan): Promise<void> {
  if (!isRolling(set)) return;
  const first = firstOrdinal(set);
  for (let ordinal = first + replicasOf(set) - 1; ordinal >= first + partitionOf(set); ordinal -= 1) {
    const pod = pods.get(ordinal);
    if (!pod || isTerminating(pod)) return;
    if (labelsOf(pod)[HASH] !== revisions.update) return removePod(client, set, pod);
    if (!isAvailable(set, pod, client.now())) return;
  }
}

/** Writes down how it stands, as long as it is there. */
async function report(client: ReconcilerClient, { metadata }: KubeObject, update: string): Promise<void> {
  const set = client.get(SETS, metadata.namespace ?? '', metadata.name ?? '');
  if (!set || set.metadata.uid !== metadata.uid) return;
  const status = statusOf(client, set, revisionsOf(client, set, update));
  await client.updateStatus(SETS, set, status);
  const pods = ownedBy(client, '/pods', set);
  const used = new Set([...pods.map((pod) => labelsOf(pod)[HASH]), update, textAt(status, 'currentRevision')]);
  await dropRevisions(client, set, (revision) => used.has(revision.metadata.name));
}

function statusOf(client: ReconcilerClient, set: KubeObject, { current, update }: Revisions): JsonObject {
  const pods = ownedBy(client, '/pods', set);
  const staying = pods.filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isReady).length;
  const on = (revision: string): number => staying.filter((pod) => labelsOf(pod)[HASH] === revision).length;
  const updated = on(update);
  const isDone = isRolling(set) && updated === pods.length && ready === pods.length && pods.length === replicasOf(set);
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...positive('readyReplicas', ready),
    ...positive('currentReplicas', isDone ? updated : on(current)),
    ...positive('updatedReplicas', updated),
    currentRevision: isDone ? update : current,
    updateRevision: update,
    collisionCount: 0,
    availableReplicas: availabilityOf(set, pods, client.now()).available,
  };
}
