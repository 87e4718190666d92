// Pods of the same owner: where nothing is restarted in place, a fault that comes so many times is counted over them.

import { textAt } from '../../core/json.ts';
import type { KubeObject, OwnerReference } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import { faultsOf } from '../faults/of.ts';
import type { Fault } from '../faults/parse.ts';
import { isTerminating } from '../object-meta.ts';

const ownerOf = (pod: KubeObject): OwnerReference | undefined =>
  pod.metadata.ownerReferences?.find(({ controller }) => controller === true);

/** Its own faults, and those of the Job that owns it. One that never ends cannot fail in the end. */
export function faultsOfPod(client: ReconcilerClient, pod: KubeObject): readonly Fault[] {
  const owner = ownerOf(pod);
  const isEndless = textAt(pod, 'spec', 'restartPolicy') === 'Always';
  const own = faultsOf(pod).filter(({ name }) => name !== 'fail' || !isEndless);
  if (owner?.kind !== 'Job') return own;
  const ofJob = faultsOf(client.get('batch/jobs', pod.metadata.namespace ?? '', owner.name));
  return [...own, ...ofJob.filter(({ name }) => name === 'fail')];
}

/** How many Pods of its owner had that end before this one, or will have it. */
export function countBefore(client: ReconcilerClient, pod: KubeObject, hadIt: (pod: KubeObject) => boolean): number {
  const owner = ownerOf(pod);
  if (!owner) return 0;
  const others = client.api.store
    .controlledBy('/pods', owner.uid)
    .filter((other) => other.metadata.uid !== pod.metadata.uid);
  return others.filter((other) => hadIt(other) || (isRunning(other) && isOlder(other, pod))).length;
}

const isRunning = (pod: KubeObject): boolean =>
  !isTerminating(pod) && !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));

function isOlder(a: KubeObject, b: KubeObject): boolean {
  const [first = '', second = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return first === second ? (a.metadata.uid ?? '') < (b.metadata.uid ?? '') : first < second;
}
