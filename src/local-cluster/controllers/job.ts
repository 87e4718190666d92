// Jobs: Pods until enough of them have succeeded, or too many have failed.

import { at, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { recordEvent } from '../events/record.ts';
import { ofJob } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { condition, conditionOf, type NewCondition } from './conditions.ts';
import { isActive, isReady } from './pod.ts';
import { ownedBy, ownerOfKind, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { createPod, removePod } from './template.ts';

const JOBS = 'batch/jobs';

export function jobs(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: JOBS,
    watches: { '/pods': ownerOfKind('Job') },
    reconcile: async (client, job) => {
      if (isTerminating(job)) return undefined;
      if (isFinished(job)) return expire(client, job);
      const pods = ownedBy(client, '/pods', job);
      const phase = (phase: string): number => pods.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
      const counts = { active: pods.filter(isActive).length, succeeded: phase('Succeeded'), failed: phase('Failed') };
      const suspended = at(job, 'spec', 'suspend') === true;
      if (suspended) await removeAll(client, job, pods);
      const verdict = verdictOf(client, job, counts);
      if (!verdict && !suspended) {
        const missing = Math.max(0, parallel(job, counts.succeeded) - counts.active);
        await Promise.all(Array.from({ length: missing }, () => createPod(client, job)));
      }
      if (verdict?.failed) await removeAll(client, job, pods);
      await client.updateStatus(JOBS, job, jobStatus(client, job, { pods, verdict, suspended, ...counts }));
      const told = verdict ? endingOf(verdict) : turned(job, suspended);
      if (told) recordEvent(client, job, told);
      return nextLook(job);
    },
  };
}

async function removeAll(client: ReconcilerClient, job: KubeObject, pods: readonly KubeObject[]): Promise<void> {
  await Promise.all(pods.filter(isActive).map((pod) => removePod(client, job, pod)));
}

const endingOf = ({ failed, reason, message }: Verdict): Told =>
  failed ? ofJob.failed(reason, message) : ofJob.completed();

/** What is told where it is suspended now, and was not, or the other way round. */
function turned(job: KubeObject, suspended: boolean): Told | undefined {
  const before = textAt(conditionOf(job, 'Suspended'), 'status');
  if (suspended) return before === 'True' ? undefined : ofJob.suspended();
  return before === 'True' ? ofJob.resumed() : undefined;
}

export function isFinished(job: KubeObject): boolean {
  return listAt(job, 'status', 'conditions').some(
    (entry) => ['Complete', 'Failed'].includes(textAt(entry, 'type')) && textAt(entry, 'status') === 'True',
  );
}

/** How many Pods may run now. */
function parallel(job: KubeObject, succeeded: number): number {
  const most = numberAt(job, 'spec', 'parallelism') ?? 1;
  const completions = numberAt(job, 'spec', 'completions');
  if (completions === undefined) return succeeded > 0 ? 0 : most;
  return Math.min(most, completions - succeeded);
}

interface Counts {
  readonly active: number;
  readonly succeeded: number;
  readonly failed: number;
}

interface Verdict {
  readonly failed: boolean;
  readonly reason: string;
  readonly message: string;
}

function verdictOf(client: ReconcilerClient, job: KubeObject, counts: Counts): Verdict | undefined {
  const completions = numberAt(job, 'spec', 'completions');
  const reached =
    completions === undefined ? counts.succeeded > 0 && counts.active === 0 : counts.succeeded >= completions;
  if (reached) {
    return { failed: false, reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };
  }
  if (counts.failed > (numberAt(job, 'spec', 'backoffLimit') ?? 6)) {
    return { failed: true, reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
  }
  const deadline = deadlineOf(job);
  if (deadline !== undefined && client.now() >= deadline) {
    return { failed: true, reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  return undefined;
}

function deadlineOf(job: KubeObject): number | undefined {
  const seconds = numberAt(job, 'spec', 'activeDeadlineSeconds');
  const start = Date.parse(textAt(job, 'status', 'startTime'));
  return seconds === undefined || Number.isNaN(start) ? undefined : start + seconds * 1000;
}

const nextLook = (job: KubeObject): number | undefined => deadlineOf(job);

interface Situation extends Counts {
  readonly pods: readonly KubeObject[];
  readonly verdict: Verdict | undefined;
  readonly suspended: boolean;
}

function jobStatus(
  client: ReconcilerClient,
  job: KubeObject,
  { pods, verdict, suspended, ...counts }: Situation,
): JsonObject {
  const positive = (field: string, value: number): JsonObject => (value > 0 ? { [field]: value } : {});
  const current = ownedBy(client, '/pods', job);
  const conditions: NewCondition[] = [];
  if (verdict) {
    const entry = { status: 'True', reason: verdict.reason, message: verdict.message } as const;
    conditions.push({ type: verdict.failed ? 'FailureTarget' : 'SuccessCriteriaMet', ...entry });
    conditions.push({ type: verdict.failed ? 'Failed' : 'Complete', ...entry });
  } else if (suspended) {
    conditions.push({ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' });
  }
  const start = textAt(job, 'status', 'startTime') || (suspended ? '' : client.time());
  return {
    ...(conditions.length > 0 ? { conditions: conditions.map((entry) => condition(client, job, entry)) } : {}),
    ...(start === '' ? {} : { startTime: start }),
    ...(verdict && !verdict.failed ? { completionTime: client.time() } : {}),
    ...positive('active', verdict ? 0 : current.filter(isActive).length),
    ...positive('succeeded', counts.succeeded),
    ...positive('failed', counts.failed),
    terminating: pods.filter(isTerminating).length,
    uncountedTerminatedPods: {},
    ready: current.filter((pod) => isActive(pod) && isReady(pod)).length,
  };
}

/** A finished Job may have a time after which it goes. */
async function expire(client: ReconcilerClient, job: KubeObject): Promise<number | undefined> {
  const seconds = numberAt(job, 'spec', 'ttlSecondsAfterFinished');
  if (seconds === undefined) return undefined;
  const ended = listAt(job, 'status', 'conditions').map((entry) => Date.parse(textAt(entry, 'lastTransitionTime')));
  const due = Math.max(...ended) + seconds * 1000;
  if (client.now() < due) return due;
  await client.remove(JOBS, job);
  return undefined;
}
