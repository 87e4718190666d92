// What a Deployment reports: counts, whether enough is available, how its rollout goes.

import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { conditionOf, type NewCondition, withCondition, withoutCondition } from './conditions.ts';
import { replicasOf, total, unavailable, wantedOf } from './deployment-numbers.ts';
import type { ReconcilerClient } from './reconciler.ts';

export interface Sets {
  readonly current: KubeObject | undefined;
  readonly old: readonly KubeObject[];
}

export interface Report {
  readonly status: JsonObject;
  /** When it may be another by time alone. */
  readonly again: number | undefined;
}

type Conditions = readonly JsonObject[];

/** The counts, and whether enough is available: all that is looked at while nothing is rolled out. */
export function countedStatus(client: ReconcilerClient, deployment: KubeObject, { current, old }: Sets): JsonObject {
  const all = current ? [current, ...old] : old;
  const count = (field: string, sets: readonly KubeObject[] = all): number =>
    total(sets, (set) => numberAt(set, 'status', field) ?? 0);
  const available = count('availableReplicas');
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  const collisions = numberAt(deployment, 'status', 'collisionCount');
  return {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...positive('replicas', count('replicas')),
    ...positive('updatedReplicas', current ? count('replicas', [current]) : 0),
    ...positive('readyReplicas', count('readyReplicas')),
    ...positive('availableReplicas', available),
    ...positive('unavailableReplicas', total(all, replicasOf) - available),
    terminatingReplicas: count('terminatingReplicas'),
    ...(collisions === undefined ? {} : { collisionCount: collisions }),
    conditions: [
      ...withCondition(conditionsOf(deployment), availability(deployment, available), { now: client.time() }),
    ],
  };
}

export const conditionsOf = (deployment: KubeObject): Conditions =>
  listAt(deployment, 'status', 'conditions').filter(isObject);

const AVAILABLE = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
} as const;
const UNAVAILABLE = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
} as const;

const availability = (deployment: KubeObject, available: number): NewCondition =>
  available >= wantedOf(deployment) - unavailable(deployment) ? AVAILABLE : UNAVAILABLE;

const DONE = 'NewReplicaSetAvailable';
const LATE = 'ProgressDeadlineExceeded';

/** A condition that tells how a rollout goes. */
export const progressing = (status: NewCondition['status'], reason: string, message: string): NewCondition => ({
  type: 'Progressing',
  status,
  reason,
  message,
});

/** No deadline is the greatest one that can be said. */
const NO_DEADLINE = 2 ** 31 - 1;
export const deadlineOf = (deployment: KubeObject): number | undefined => {
  const seconds = numberAt(deployment, 'spec', 'progressDeadlineSeconds') ?? 600;
  return seconds === NO_DEADLINE ? undefined : seconds * 1000;
};

/** What it reports while its rollout is looked after. `overdue`: when the time of a rollout was found to be over, by uid. */
export function rolloutStatus(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old, overdue }: Sets & { readonly overdue: Map<string, number> },
): Report {
  const counted = countedStatus(client, deployment, { current, old });
  const before = conditionOf(deployment, 'Progressing');
  const sums = sumsOf(counted);
  const isDone = textAt(before, 'reason') === DONE && sums.replicas === sums.updated;
  const deadline = deadlineOf(deployment);
  let conditions: Conditions = listAt(counted, 'conditions').filter(isObject);
  let again: number | undefined;
  if (deadline === undefined) conditions = withoutCondition(conditions, 'Progressing');
  if (deadline !== undefined && !isDone) {
    const subject = current
      ? `ReplicaSet "${current.metadata.name ?? ''}"`
      : `Deployment "${deployment.metadata.name ?? ''}"`;
    const verdict = verdictOf(client, deployment, { sums, deadline, overdue });
    if (verdict.reason) {
      const { status, words } = VERDICTS[verdict.reason];
      const next = progressing(status, verdict.reason, `${subject} ${words}`);
      conditions = withCondition(conditions, next, {
        now: client.time(),
        force: verdict.reason === 'ReplicaSetUpdated',
      });
    }
    again = verdict.again;
  }
  const all = current ? [current, ...old] : old;
  return { status: { ...counted, conditions: [...withFailure(client, conditions, all)] }, again };
}

const VERDICTS = {
  [DONE]: { status: 'True', words: 'has successfully progressed.' },
  ReplicaSetUpdated: { status: 'True', words: 'is progressing.' },
  [LATE]: { status: 'False', words: 'has timed out progressing.' },
} as const;

interface Verdict {
  /** Absent: as before. */
  readonly reason?: keyof typeof VERDICTS;
  readonly again?: number;
}

interface Sums {
  readonly replicas: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

function sumsOf(status: JsonObject): Sums {
  const count = (field: string): number => numberAt(status, field) ?? 0;
  return {
    replicas: count('replicas'),
    updated: count('updatedReplicas'),
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
  };
}

interface Situation {
  readonly sums: Sums;
  readonly deadline: number;
  readonly overdue: Map<string, number>;
}

function verdictOf(client: ReconcilerClient, deployment: KubeObject, { sums, deadline, overdue }: Situation): Verdict {
  const wanted = wantedOf(deployment);
  if ([sums.replicas, sums.updated, sums.available].every((count) => count === wanted)) return { reason: DONE };
  const condition = conditionOf(deployment, 'Progressing');
  const updated = Date.parse(textAt(condition, 'lastUpdateTime'));
  const { uid = '' } = deployment.metadata;
  if (hasMoved(sumsOf(statusOf(deployment)), sums)) {
    overdue.delete(uid);
    return { reason: 'ReplicaSetUpdated', again: client.now() + deadline };
  }
  const reason = textAt(condition, 'reason');
  if (Number.isNaN(updated) || reason === DONE || reason === LATE) return {};
  const due = dueAt(client, uid, { end: updated + deadline, overdue });
  return client.now() >= due ? { reason: LATE } : { again: due };
}

const statusOf = (deployment: KubeObject): JsonObject => {
  const status = deployment['status'];
  return isObject(status) ? status : {};
};

const hasMoved = (before: Sums, after: Sums): boolean =>
  after.updated > before.updated ||
  after.replicas - after.updated < before.replicas - before.updated ||
  after.ready > before.ready ||
  after.available > before.available;

/** How long a rollout is waited for when its time is found to be over. */
const GRACE_MS = 2000;

/** After a jump of the clock all is due at once: what would have moved meanwhile has its moment first. */
function dueAt(
  client: ReconcilerClient,
  uid: string,
  { end, overdue }: { readonly end: number; readonly overdue: Map<string, number> },
): number {
  if (client.now() < end) return end;
  const since = overdue.get(uid) ?? client.now();
  overdue.set(uid, since);
  return since + GRACE_MS;
}

/** That Pods of one of its sets are refused is told of the Deployment, too. */
function withFailure(client: ReconcilerClient, conditions: Conditions, sets: readonly KubeObject[]): Conditions {
  const [failure] = sets.flatMap((set) => conditionOf(set, 'ReplicaFailure') ?? []);
  if (!failure) return withoutCondition(conditions, 'ReplicaFailure');
  const [reason, message] = [textAt(failure, 'reason'), textAt(failure, 'message')];
  return withCondition(conditions, { type: 'ReplicaFailure', status: 'True', reason, message }, { now: client.time() });
}
