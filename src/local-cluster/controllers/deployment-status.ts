import { type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { condition, conditionOf, type NewCondition } from './conditions.ts';
import type { ReconcilerClient } from './reconciler.ts';

interface Sets {
  readonly current: KubeObject | undefined;
  readonly old: readonly KubeObject[];
}

export const replicasOf = (set: KubeObject): number => numberAt(set, 'spec', 'replicas') ?? 0;

export function total(sets: readonly KubeObject[], of: (set: KubeObject) => number): number {
  return sets.reduce((sum, set) => sum + of(set), 0);
}

export function newestFirst(sets: readonly KubeObject[]): KubeObject[] {
  return [...sets].sort((a, b) =>
    (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''),
  );
}

/** What a Deployment reports, and when that may change by time alone. */
export function deploymentStatus(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old, overdue }: Sets & { readonly overdue: Map<string, number> },
): { readonly status: JsonObject; readonly again: number | undefined } {
  const all = current ? [current, ...old] : old;
  const count = (field: string, sets: readonly KubeObject[] = all): number =>
    total(sets, (set) => numberAt(set, 'status', field) ?? 0);
  const desired = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const replicas = count('replicas');
  const updated = current ? count('replicas', [current]) : 0;
  const available = count('availableReplicas');
  const ready = count('readyReplicas');
  const missing = Math.max(0, Math.max(desired, replicas) - available);
  const done = updated === desired && replicas === desired && available === desired;
  const progress = progressOf(client, deployment, {
    current,
    done,
    overdue,
    moved: [replicas, updated, available].join('/'),
  });
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  return {
    status: {
      observedGeneration: deployment.metadata.generation ?? 1,
      ...positive('replicas', replicas),
      ...positive('updatedReplicas', updated),
      ...positive('readyReplicas', ready),
      ...positive('availableReplicas', available),
      ...positive('unavailableReplicas', missing),
      terminatingReplicas: count('terminatingReplicas'),
      conditions: inOrder(deployment, [
        condition(client, deployment, availability(deployment, { desired, available })),
        ...(progress.condition ? [condition(client, deployment, progress.condition)] : []),
        ...failureOf(all).map((failure) => condition(client, deployment, failure)),
      ]),
    },
    again: progress.again,
  };
}

/** That Pods of one of its sets are refused is told of the Deployment, too. */
function failureOf(sets: readonly KubeObject[]): NewCondition[] {
  return sets
    .flatMap((set) => conditionOf(set, 'ReplicaFailure') ?? [])
    .slice(0, 1)
    .map((failure) => ({
      type: 'ReplicaFailure',
      status: 'True',
      reason: textAt(failure, 'reason'),
      message: textAt(failure, 'message'),
      withUpdateTime: true,
    }));
}

function availability(
  deployment: KubeObject,
  { desired, available }: { readonly desired: number; readonly available: number },
): NewCondition {
  const allowed =
    textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate' ? 0 : unavailableOf(deployment, desired);
  const enough = available >= desired - allowed;
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
        withUpdateTime: true,
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
        withUpdateTime: true,
      };
}

function unavailableOf(deployment: KubeObject, replicas: number): number {
  const text = textAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable');
  const fixed = numberAt(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable');
  return fixed ?? (text.endsWith('%') ? Math.floor((Number(text.slice(0, -1)) * replicas) / 100) : 0);
}

interface RolloutProgress {
  readonly current: KubeObject | undefined;
  readonly done: boolean;
  /** When the time of a rollout was found to be over, by uid. */
  readonly overdue: Map<string, number>;
  /** The counts: when they change, something has moved. */
  readonly moved: string;
}

function progressOf(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, done, moved, overdue }: RolloutProgress,
): { readonly condition: NewCondition | undefined; readonly again: number | undefined } {
  const name = current?.metadata.name ?? '';
  const common = { type: 'Progressing', withUpdateTime: true } as const;
  if (done) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    return { condition: { ...common, status: 'True', reason: 'NewReplicaSetAvailable', message }, again: undefined };
  }
  const old = conditionOf(deployment, 'Progressing');
  const deadline = (numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600) * 1000;
  const counts = ['replicas', 'updatedReplicas', 'availableReplicas'];
  const before = counts.map((field) => numberAt(deployment, 'status', field) ?? 0).join('/');
  const updated = Date.parse(textAt(old, 'lastUpdateTime'));
  const observed = numberAt(deployment, 'status', 'observedGeneration') === deployment.metadata.generation;
  const still =
    before === moved && observed && !Number.isNaN(updated) && textAt(old, 'reason') !== 'NewReplicaSetAvailable';
  const due = still ? dueAt(client, deployment, { end: updated + deadline, overdue }) : client.now() + deadline;
  if (!still) overdue.delete(deployment.metadata.uid ?? '');
  if (still && (textAt(old, 'reason') === 'ProgressDeadlineExceeded' || client.now() >= due)) {
    const message = `ReplicaSet "${name}" has timed out progressing.`;
    return {
      condition: { ...common, status: 'False', reason: 'ProgressDeadlineExceeded', message },
      again: undefined,
    };
  }
  const message = `ReplicaSet "${name}" is progressing.`;
  const condition: NewCondition = { ...common, status: 'True', reason: 'ReplicaSetUpdated', message };
  return { condition, again: due };
}

/** How long a rollout is waited for when its time is found to be over. */
const GRACE_MS = 2000;

/** After a jump of the clock all is due at once: what would have moved meanwhile has its moment first. */
function dueAt(
  client: ReconcilerClient,
  { metadata }: KubeObject,
  { end, overdue }: { readonly end: number; readonly overdue: Map<string, number> },
): number {
  if (client.now() < end) return end;
  const { uid = '' } = metadata;
  const since = overdue.get(uid) ?? client.now();
  overdue.set(uid, since);
  return since + GRACE_MS;
}

/** Conditions keep the place that they have. */
function inOrder(deployment: KubeObject, conditions: readonly JsonObject[]): JsonObject[] {
  const types = listAt(deployment, 'status', 'conditions').map((entry) => textAt(entry, 'type'));
  const position = (entry: JsonObject): number => {
    const index = types.indexOf(textAt(entry, 'type'));
    return index < 0 ? types.length : index;
  };
  return [...conditions].sort((a, b) => position(a) - position(b));
}
