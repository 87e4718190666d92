// How a Job stands: what it reports, and what it comes to.

import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, conditionOf, type NewCondition } from './conditions.ts';
import type { Tally } from './job-count.ts';
import { hasIndexLimit, isIndexed, writeIndexes } from './job-pods.ts';
import { successOf } from './job-policy.ts';
import { isActive, isReady } from './pod.ts';
import type { ReconcilerClient } from './reconciler.ts';

export function isFinished(job: KubeObject): boolean {
  return ['Complete', 'Failed'].some((type) => textAt(conditionOf(job, type), 'status') === 'True');
}

export interface Verdict {
  readonly failed: boolean;
  readonly reason: string;
  readonly message: string;
  /** It is written down already: what is left to do is to wait for the Pods. */
  readonly isTold: boolean;
}

const failure = (reason: string, message: string): Verdict => ({ failed: true, reason, message, isTold: false });
const success = (reason: string, message: string): Verdict => ({ failed: false, reason, message, isTold: false });

interface Evidence {
  readonly pods: readonly KubeObject[];
  readonly now: number;
  /** Absent: only what is written down. */
  readonly tally?: Tally;
}

/** What it comes to; undefined as long as that is open. */
export function verdictOf(job: KubeObject, { pods, now, tally }: Evidence): Verdict | undefined {
  for (const type of ['FailureTarget', 'SuccessCriteriaMet']) {
    const told = conditionOf(job, type);
    if (textAt(told, 'status') !== 'True') continue;
    const [reason, message] = [textAt(told, 'reason'), textAt(told, 'message')];
    return { failed: type === 'FailureTarget', reason, message, isTold: true };
  }
  if (!tally) return undefined;
  return failureOf(job, { pods, now, tally }) ?? successIn(job, { pods, tally });
}

function failureOf(job: KubeObject, { pods, now, tally }: Required<Evidence>): Verdict | undefined {
  if (tally.verdict !== undefined) return failure('PodFailurePolicy', tally.verdict);
  const limit = numberAt(job, 'spec', 'backoffLimit') ?? 6;
  if (tally.failed > limit || isWornOut(job, pods, limit))
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const seconds = numberAt(job, 'spec', 'activeDeadlineSeconds');
  const start = Date.parse(textAt(job, 'status', 'startTime'));
  const isSuspended = textAt(conditionOf(job, 'Suspended'), 'status') === 'True';
  if (seconds !== undefined && !isSuspended && now >= start + seconds * 1000)
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  if (!hasIndexLimit(job)) return undefined;
  const most = numberAt(job, 'spec', 'maxFailedIndexes');
  if (most !== undefined && tally.failedIndexes.size > most)
    return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  const ended = tally.failedIndexes.size + tally.completedIndexes.size;
  const isAll = tally.failedIndexes.size > 0 && ended >= (numberAt(job, 'spec', 'completions') ?? 0);
  return isAll ? failure('FailedIndexes', 'Job has failed indexes') : undefined;
}

/** Containers that are restarted in place have failed as often as they were restarted. */
function isWornOut(job: KubeObject, pods: readonly KubeObject[], limit: number): boolean {
  if (textAt(job, 'spec', 'template', 'spec', 'restartPolicy') !== 'OnFailure') return false;
  let restarts = 0;
  for (const pod of pods.filter(isActive)) {
    const statuses = [...listAt(pod, 'status', 'containerStatuses'), ...listAt(pod, 'status', 'initContainerStatuses')];
    for (const status of statuses) restarts += numberAt(status, 'restartCount') ?? 0;
  }
  return limit === 0 ? restarts > 0 : restarts >= limit;
}

function successIn(job: KubeObject, { pods, tally }: Pick<Required<Evidence>, 'pods' | 'tally'>): Verdict | undefined {
  const byPolicy = successOf(job, tally.completedIndexes);
  if (byPolicy !== undefined) return success('SuccessPolicy', byPolicy);
  const completions = numberAt(job, 'spec', 'completions');
  const isReached =
    completions === undefined ? tally.succeeded > 0 && !pods.some(isActive) : tally.succeeded >= completions;
  return isReached ? success('CompletionsReached', 'Reached expected number of succeeded pods') : undefined;
}

interface Situation {
  readonly pods: readonly KubeObject[];
  readonly tally: Tally;
  readonly verdict: Verdict | undefined;
  readonly suspended: boolean;
  /** No Pod is left that could hold up the end. */
  readonly isEnd: boolean;
}

export function jobStatus(client: ReconcilerClient, job: KubeObject, situation: Situation): JsonObject {
  const { pods, tally, verdict, suspended, isEnd } = situation;
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  const indexes = (field: string, set: ReadonlySet<number>): JsonObject =>
    set.size > 0 ? { [field]: writeIndexes(set) } : {};
  const isHeld = suspended && !verdict;
  const start = isHeld ? '' : textAt(job, 'status', 'startTime') || client.time();
  const conditions = conditionsAfter(client, job, situation);
  const succeeded = { ...positive('succeeded', tally.succeeded), ...positive('failed', tally.failed) };
  return {
    ...(conditions.length > 0 ? { conditions } : {}),
    ...(start === '' ? {} : { startTime: start }),
    ...(isEnd && verdict && !verdict.failed ? { completionTime: client.time() } : {}),
    ...positive('active', pods.filter(isActive).length),
    ...succeeded,
    terminating: pods.filter((pod) => isTerminating(pod)).length,
    ...(isIndexed(job) ? indexes('completedIndexes', tally.completedIndexes) : {}),
    ...(hasIndexLimit(job) ? { failedIndexes: writeIndexes(tally.failedIndexes) } : {}),
    uncountedTerminatedPods: {},
    ready: pods.filter((pod) => isActive(pod) && isReady(pod)).length,
  };
}

/** Conditions stay in the order in which they came. */
function conditionsAfter(
  client: ReconcilerClient,
  job: KubeObject,
  { verdict, suspended, isEnd }: Situation,
): JsonObject[] {
  const conditions = listAt(job, 'status', 'conditions').filter(isObject);
  const put = (next: NewCondition): void => {
    const { lastTransitionTime = null, ...written } = condition(client, job, next);
    const place = conditions.findIndex((entry) => textAt(entry, 'type') === next.type);
    const probed = { ...written, lastProbeTime: lastTransitionTime, lastTransitionTime };
    if (place < 0) conditions.push(probed);
    else conditions[place] = probed;
  };
  if (verdict) {
    const { failed, reason, message } = verdict;
    put({ type: failed ? 'FailureTarget' : 'SuccessCriteriaMet', status: 'True', reason, message });
    if (isEnd) put({ type: failed ? 'Failed' : 'Complete', status: 'True', reason, message });
  } else if (suspended) {
    put({ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' });
  } else if (conditionOf(job, 'Suspended')) {
    put({ type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' });
  }
  return conditions;
}
