// Nodes whose kubelet is silent on request: it neither posts nor does anything.

import { listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { faultsOf } from '../faults/of.ts';

/** The reason of the conditions of a node that was not heard of for too long. */
export const SILENT = 'NodeStatusUnknown';

export const isLost = (node: KubeObject | undefined): boolean => faultsOf(node).some(({ name }) => name === 'lost');

/** When its kubelet posted last. */
export function heardOf(node: KubeObject): number {
  const ready = listAt(node, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'Ready');
  return Date.parse(textAt(ready, 'lastHeartbeatTime')) || 0;
}
