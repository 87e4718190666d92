// A Pod is available when it has been ready for as long as its owner asks (minReadySeconds).

import { listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isReady } from './pod.ts';

export interface Availability {
  readonly available: number;
  /** When the next Pod gets available by time alone. */
  readonly due: number | undefined;
}

export function availabilityOf(owner: KubeObject, pods: readonly KubeObject[], now: number): Availability {
  const times = pods.filter(isReady).map((pod) => availableFrom(owner, pod));
  const later = times.filter((time) => time > now);
  return { available: times.length - later.length, due: later.length > 0 ? Math.min(...later) : undefined };
}

export const isAvailable = (owner: KubeObject, pod: KubeObject, now: number): boolean =>
  isReady(pod) && availableFrom(owner, pod) <= now;

function availableFrom(owner: KubeObject, pod: KubeObject): number {
  const wait = (numberAt(owner, 'spec', 'minReadySeconds') ?? 0) * 1000;
  return wait === 0 ? 0 : readySince(pod) + wait;
}

function readySince(pod: KubeObject): number {
  const ready = listAt(pod, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'Ready');
  return Date.parse(textAt(ready, 'lastTransitionTime')) || 0;
}
