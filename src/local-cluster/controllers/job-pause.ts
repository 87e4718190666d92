// How long a Job waits before it makes up for a Pod that failed: ten seconds, twice as long after each further one.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { earlierFailures, hasIndexLimit, indexOf, phaseOf } from './job-pods.ts';

const FIRST_MS = 10_000;
const LONGEST_MS = 600_000;

export interface Pauses {
  /** Until when nothing is made. */
  readonly until: number;
  /** Until when an index is left alone, where each is counted by itself. */
  ofIndex(index: number): number;
}

export function pausesOf(job: KubeObject, pods: readonly KubeObject[]): Pauses {
  const failed = pods.filter((pod) => phaseOf(pod) === 'Failed');
  const ofIndex = (index: number): number =>
    Math.max(0, ...failed.filter((pod) => indexOf(pod) === index).map((pod) => after(pod, earlierFailures(pod) + 1)));
  if (hasIndexLimit(job)) return { until: 0, ofIndex };
  const success = Math.max(0, ...pods.filter((pod) => phaseOf(pod) === 'Succeeded').map(endOf));
  const since = failed.filter((pod) => endOf(pod) > success);
  return { until: Math.max(0, ...since.map((pod) => after(pod, since.length))), ofIndex: () => 0 };
}

const after = (pod: KubeObject, failures: number): number =>
  endOf(pod) + Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));

/** When its last container ended; 0 where that is not known. */
function endOf(pod: KubeObject): number {
  const ends = listAt(pod, 'status', 'containerStatuses').map((status) =>
    Date.parse(textAt(status, 'state', 'terminated', 'finishedAt')),
  );
  return Math.max(0, ...ends.filter((time) => !Number.isNaN(time)));
}
