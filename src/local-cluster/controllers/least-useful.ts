// Which Pods of a set go first when there are too many.

import { listAt, numberAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { isReady } from './pod.ts';

const COST = 'controller.kubernetes.io/pod-deletion-cost';
const PHASES: readonly string[] = ['Pending', 'Unknown', 'Running'];

/** What makes a Pod worth keeping, the most important first: the Pod with less of it goes. */
const MERITS: readonly ((pod: KubeObject, neighbours: ReadonlyMap<string, number>) => number)[] = [
  (pod) => (nodeOf(pod) === '' ? 0 : 1),
  (pod) => PHASES.indexOf(textAt(pod, 'status', 'phase')),
  (pod) => (isReady(pod) ? 1 : 0),
  (pod) => Number.parseInt(annotationsOf(pod)[COST] ?? '0', 10) || 0,
  (pod, neighbours) => -(neighbours.get(nodeOf(pod)) ?? 0),
  (pod) => -readySince(pod),
  (pod) => -restartsOf(pod),
  (pod) => -(Date.parse(pod.metadata.creationTimestamp ?? '') || 0),
];

export function leastUsefulFirst(pods: readonly KubeObject[]): KubeObject[] {
  const neighbours = new Map<string, number>();
  for (const pod of pods) neighbours.set(nodeOf(pod), (neighbours.get(nodeOf(pod)) ?? 0) + 1);
  const judged = pods.map((pod) => ({ pod, merits: MERITS.map((merit) => merit(pod, neighbours)) }));
  judged.sort((a, b) => {
    const place = a.merits.findIndex((merit, index) => merit !== b.merits[index]);
    return place < 0 ? 0 : (a.merits[place] ?? 0) - (b.merits[place] ?? 0);
  });
  return judged.map(({ pod }) => pod);
}

const nodeOf = (pod: KubeObject): string => textAt(pod, 'spec', 'nodeName');

function readySince(pod: KubeObject): number {
  const ready = listAt(pod, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'Ready');
  return isReady(pod) ? Date.parse(textAt(ready, 'lastTransitionTime')) || 0 : 0;
}

const restartsOf = (pod: KubeObject): number =>
  Math.max(0, ...listAt(pod, 'status', 'containerStatuses').map((status) => numberAt(status, 'restartCount') ?? 0));
