// The Leases by which nodes say that they are alive. They are worked out when asked for: an idle cluster writes nothing.

import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { heardOf, isLost } from './lost.ts';

export const LEASES = 'coordination.k8s.io/leases';
export const HEARTBEAT_NAMESPACE = 'kube-node-lease';
const RENEWED_EVERY_MS = 10_000;
const DURATION_SECONDS = 40;

/** A Lease of each node that has none stored. */
export function heartbeats({ store, clock }: Pick<Api, 'store' | 'clock'>): KubeObject[] {
  const renewed = Math.floor(clock.now() / RENEWED_EVERY_MS) * RENEWED_EVERY_MS;
  return store.list('/nodes').flatMap((node) => {
    const { name = '', uid = '', creationTimestamp = '' } = node.metadata;
    if (store.get(LEASES, HEARTBEAT_NAMESPACE, name)) return [];
    const heard = isLost(node) ? heardOf(node) : renewed;
    const at = Math.max(heard, Date.parse(creationTimestamp));
    return [
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          name,
          namespace: HEARTBEAT_NAMESPACE,
          uid: `${uid.slice(0, -12)}${uid.slice(-6)}${uid.slice(-12, -6)}`,
          resourceVersion: String(store.revision()),
          creationTimestamp,
          ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
        },
        spec: {
          holderIdentity: name,
          leaseDurationSeconds: DURATION_SECONDS,
          renewTime: timestamp(at).replace('Z', '.000000Z'),
        },
      },
    ];
  });
}
