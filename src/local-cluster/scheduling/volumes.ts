// The volumes of a Pod: where they can be reached from, and which are still to be found.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import { isWithin } from './node-match.ts';
import type { PodVolumes, Reason, Situation } from './situation.ts';

export function volumesOf(client: ReconcilerClient, pod: KubeObject): PodVolumes {
  const names = listAt(pod, 'spec', 'volumes').map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'));
  const claims = names.flatMap(
    (name) => client.get('/persistentvolumeclaims', pod.metadata.namespace ?? '', name) ?? [],
  );
  return {
    bound: claims.flatMap((claim) => client.get('/persistentvolumes', '', textAt(claim, 'spec', 'volumeName')) ?? []),
    isMissing: claims.some((claim) => isLeftToOthers(client, claim)),
  };
}

/** Whether a claim that has no volume has it only when somebody makes one where its Pod may be. */
export function isLeftToOthers(client: ReconcilerClient, claim: KubeObject): boolean {
  if (textAt(claim, 'status', 'phase') === 'Bound') return false;
  const name = textAt(claim, 'spec', 'storageClassName');
  const storageClass = name === '' ? undefined : client.get('storage.k8s.io/storageclasses', '', name);
  const isLate = textAt(storageClass, 'volumeBindingMode') === 'WaitForFirstConsumer';
  return isLate && textAt(storageClass, 'provisioner') === NO_PROVISIONER;
}

export const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

export function volumeReason(_pod: KubeObject, node: KubeObject, { volumes }: Situation): Reason | undefined {
  const isNear = (volume: KubeObject): boolean => {
    const required = objectAt(volume, 'spec', 'nodeAffinity')['required'];
    return required === undefined || isWithin(required, node);
  };
  if (!volumes.bound.every(isNear))
    return { text: "node(s) didn't match PersistentVolume's node affinity", resolvable: false };
  return volumes.isMissing
    ? { text: "node(s) didn't find available persistent volumes to bind", resolvable: false }
    : undefined;
}
