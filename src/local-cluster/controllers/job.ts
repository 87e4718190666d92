// Jobs: Pods until enough of them have succeeded, or too many have failed.

import { at, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Told } from '../events/event.ts';
import { recordEvent } from '../events/record.ts';
import { ofJob } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { conditionOf } from './conditions.ts';
import { type Tally, tallyOf } from './job-count.ts';
import { pausesOf } from './job-pause.ts';
import {
  createJobPod,
  hasFailed,
  hasIndexLimit,
  indexOf,
  isIndexed,
  isTracked,
  type NewPod,
  PODS,
  phaseOf,
  release,
  removeActive,
  removeUncounted,
} from './job-pods.ts';
import { isFinished, jobStatus, type Verdict, verdictOf } from './job-status.ts';
import { leastUsefulFirst } from './least-useful.ts';
import { isActive } from './pod.ts';
import { earliest, ownedBy, ownerOfKind, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const JOBS = 'batch/jobs';

export function jobs(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: JOBS,
    watches: { [PODS]: ownerOfKind('Job') },
    reconcile: async (client, job) => {
      const manager = textAt(job, 'spec', 'managedBy');
      if (manager !== '' && manager !== 'kubernetes.io/job-controller') return undefined;
      const pods = ownedBy(client, PODS, job);
      if (isTerminating(job) || isFinished(job)) {
        await Promise.all(pods.filter(isTracked).map((pod) => release(client, pod)));
        return isTerminating(job) ? undefined : expire(client, job);
      }
      return advance(client, job, pods);
    },
    // Nobody counts its Pods any more.
    forget: async (client, job) => {
      const isOf = (pod: KubeObject): boolean => isTracked(pod) && controllerUid(pod) === job.metadata.uid;
      const left = client.list(PODS, job.metadata.namespace ?? '').filter(isOf);
      await Promise.all(left.map((pod) => release(client, pod)));
    },
  };
}

const controllerUid = (pod: KubeObject): string =>
  textAt(pod, 'metadata', 'labels', 'batch.kubernetes.io/controller-uid');

async function advance(
  client: ReconcilerClient,
  job: KubeObject,
  pods: readonly KubeObject[],
): Promise<number | undefined> {
  const target = verdictOf(job, { pods, now: client.now() });
  const tally = tallyOf(job, pods, target?.isTold === true && target.failed);
  const verdict = target ?? verdictOf(job, { pods, now: client.now(), tally });
  const suspended = at(job, 'spec', 'suspend') === true;
  let kept: PromiseSettledResult<number | undefined> | undefined;
  if (verdict?.failed) await removeActive(client, job, pods);
  else if (verdict || suspended) await removeUncounted(client, job, pods.filter(isActive));
  // What keeps Pods from being made does not keep the status from being told.
  else [kept] = await Promise.allSettled([keepPods(client, job, { pods, tally })]);
  const present = ownedBy(client, PODS, job);
  const isLeft = (pod: KubeObject): boolean => isActive(pod) || isTerminating(pod);
  const isEnd = verdict?.isTold === true && !present.some(isLeft);
  await client.updateStatus(JOBS, job, jobStatus(client, job, { pods: present, tally, verdict, suspended, isEnd }));
  await Promise.all(tally.counted.map((pod) => release(client, pod)));
  const told = verdict ? (isEnd ? endingOf(verdict) : undefined) : turned(job, suspended);
  if (told) recordEvent(client, job, told);
  if (kept?.status === 'rejected') throw kept.reason;
  return earliest(deadlineAt(job), kept?.value);
}

const endingOf = ({ failed, reason, message }: Verdict): Told =>
  failed ? ofJob.failed(reason, message) : ofJob.completed();

/** What is told where it is suspended now, and was not, or the other way round. */
function turned(job: KubeObject, suspended: boolean): Told | undefined {
  const before = textAt(conditionOf(job, 'Suspended'), 'status');
  if (suspended) return before === 'True' ? undefined : ofJob.suspended();
  return before === 'True' ? ofJob.resumed() : undefined;
}

interface Situation {
  readonly pods: readonly KubeObject[];
  readonly tally: Tally;
}

/** Makes as many Pods as are missing, or ends those that are too many; answers when more may be made. */
async function keepPods(
  client: ReconcilerClient,
  job: KubeObject,
  { pods, tally }: Situation,
): Promise<number | undefined> {
  const active = pods.filter(isActive);
  const most = parallel(job, tally, active.length);
  if (active.length > most) {
    await removeUncounted(client, job, leastUsefulFirst(active).slice(0, active.length - most));
    return undefined;
  }
  const waits = textAt(job, 'spec', 'podReplacementPolicy') === 'Failed' || hasFailurePolicy(job);
  const ending = waits ? pods.filter((pod) => isTerminating(pod) && phaseOf(pod) !== 'Failed').length : 0;
  const missing = Math.max(0, most - active.length - ending);
  const wishes = isIndexed(job) ? freeIndexes(job, { pods, tally }) : Array.from({ length: missing }, () => NO_INDEX);
  const pauses = pausesOf(job, pods);
  const dueOf = ({ index }: NewPod): number =>
    index === undefined ? pauses.until : Math.max(pauses.until, pauses.ofIndex(index));
  const [due, later] = [
    wishes.filter((wish) => dueOf(wish) <= client.now()),
    wishes.filter((wish) => dueOf(wish) > client.now()),
  ];
  await Promise.all(due.slice(0, missing).map((wish) => createJobPod(client, job, wish)));
  return missing > 0 ? earliest(...later.map(dueOf)) : undefined;
}

const NO_INDEX: NewPod = { index: undefined, failures: 0 };
const hasFailurePolicy = (job: KubeObject): boolean => objectAt(job, 'spec')['podFailurePolicy'] !== undefined;

/** Indexes that have neither come to an end nor a Pod. */
function freeIndexes(job: KubeObject, { pods, tally }: Situation): NewPod[] {
  const taken = new Set(pods.filter((pod) => isActive(pod) && !hasFailed(job, pod)).map(indexOf));
  const indexes = Array.from({ length: numberAt(job, 'spec', 'completions') ?? 0 }, (_, index) => index);
  return indexes
    .filter((index) => !taken.has(index) && !tally.completedIndexes.has(index) && !tally.failedIndexes.has(index))
    .map((index) => ({ index, failures: hasIndexLimit(job) ? (tally.failures.get(index) ?? 0) : 0 }));
}

/** How many Pods may run now. */
function parallel(job: KubeObject, { succeeded, failedIndexes }: Tally, active: number): number {
  const most = numberAt(job, 'spec', 'parallelism') ?? 1;
  const completions = numberAt(job, 'spec', 'completions');
  if (completions === undefined) return succeeded > 0 ? Math.min(most, active) : most;
  return Math.max(0, Math.min(most, completions - succeeded - failedIndexes.size));
}

function deadlineAt(job: KubeObject): number | undefined {
  const seconds = numberAt(job, 'spec', 'activeDeadlineSeconds');
  const start = Date.parse(textAt(job, 'status', 'startTime'));
  return seconds === undefined || Number.isNaN(start) ? undefined : start + seconds * 1000;
}

/** A finished Job may have a time after which it goes. */
async function expire(client: ReconcilerClient, job: KubeObject): Promise<number | undefined> {
  const seconds = numberAt(job, 'spec', 'ttlSecondsAfterFinished');
  if (seconds === undefined) return undefined;
  const ended = listAt(job, 'status', 'conditions').map((entry) => Date.parse(textAt(entry, 'lastTransitionTime')));
  const due = Math.max(...ended) + seconds * 1000;
  if (client.now() < due) return due;
  await client.remove(JOBS, job, 'Foreground');
  return undefined;
}
