// What has come of a Job's Pods so far: those that ended are counted once, and then let go.

import { numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import {
  earlierFailures,
  hasFailed,
  hasIndexLimit,
  indexOf,
  isIndexed,
  isTracked,
  phaseOf,
  readIndexes,
} from './job-pods.ts';
import { rulingOn } from './job-policy.ts';

export interface Tally {
  readonly succeeded: number;
  readonly failed: number;
  readonly completedIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
  /** How often each index has failed. */
  readonly failures: ReadonlyMap<number, number>;
  /** Pods that are counted now. */
  readonly counted: readonly KubeObject[];
  /** Why a rule fails the whole Job. */
  readonly verdict: string | undefined;
}

/** `isOver`: nothing follows, so that one that ends has failed. */
export function tallyOf(job: KubeObject, pods: readonly KubeObject[], isOver: boolean): Tally {
  const completedIndexes = readIndexes(textAt(job, 'status', 'completedIndexes'));
  const failedIndexes = readIndexes(textAt(job, 'status', 'failedIndexes'));
  const failures = new Map<number, number>();
  const counted = pods.filter(
    (pod) => isTracked(pod) && (phaseOf(pod) === 'Succeeded' || hasFailed(job, pod) || (isOver && isTerminating(pod))),
  );
  let succeeded = numberAt(job, 'status', 'succeeded') ?? 0;
  let failed = numberAt(job, 'status', 'failed') ?? 0;
  let verdict: string | undefined;
  const limit = numberAt(job, 'spec', 'backoffLimitPerIndex') ?? 0;
  for (const pod of pods.filter((pod) => phaseOf(pod) !== 'Succeeded' && hasFailed(job, pod))) {
    const index = indexOf(pod);
    const { action, message } = rulingOn(job, pod);
    if (action === 'FailJob') verdict ??= message;
    if (counted.includes(pod) && action !== 'Ignore') failed += 1;
    if (index === undefined) continue;
    const times = earlierFailures(pod) + (action === 'Ignore' ? 0 : 1);
    failures.set(index, Math.max(failures.get(index) ?? 0, times));
    if (hasIndexLimit(job) && (action === 'FailIndex' || times > limit)) failedIndexes.add(index);
  }
  for (const pod of counted) {
    if (phaseOf(pod) === 'Succeeded') {
      const index = indexOf(pod);
      const isNew = !isIndexed(job) || (index !== undefined && !completedIndexes.has(index));
      if (index !== undefined && isIndexed(job)) completedIndexes.add(index);
      if (isNew) succeeded += 1;
    } else if (!hasFailed(job, pod)) failed += 1;
  }
  return { succeeded, failed, completedIndexes, failedIndexes, failures, counted, verdict };
}
