// Why a Pod finds no node, whatever the nodes are like: a fault, or claims that have no volume.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import { faultyUntil } from '../faults/of.ts';
import { isLeftToOthers } from './volumes.ts';

export interface Obstacle {
  readonly reason: string;
  /** When to look again; absent: when something changes. */
  readonly until?: number;
}

export function obstacleOf(client: ReconcilerClient, pod: KubeObject): Obstacle | undefined {
  const until = faultyUntil(pod, 'unschedulable');
  if (until !== undefined && client.now() < until) {
    return { reason: `${client.list('/nodes').length} Insufficient cpu`, ...(Number.isFinite(until) ? { until } : {}) };
  }
  for (const volume of listAt(pod, 'spec', 'volumes')) {
    const name = textAt(volume, 'persistentVolumeClaim', 'claimName');
    if (name === '') continue;
    const claim = client.get('/persistentvolumeclaims', pod.metadata.namespace ?? '', name);
    if (!claim) return { reason: `persistentvolumeclaim "${name}" not found` };
    if (textAt(claim, 'status', 'phase') !== 'Bound' && !isLeftToOthers(client, claim))
      return { reason: 'pod has unbound immediate PersistentVolumeClaims' };
  }
  return undefined;
}
