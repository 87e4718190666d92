// Pods that are resized: where they run there must be a node with so much.

import { objectAt, sameJson, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { aggregate } from '../../objects/pod-amounts.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';

const PODS = { group: '', plural: 'pods', kind: 'Pod' } as const;
/** How much of each is one, in nano. */
const UNITS = { cpu: 1_000_000n, memory: 1_000_000_000n } as const;

/** Throws when a Pod is to get more than all that its node has. */
export function checkResize(store: Store, pod: KubeObject, before: KubeObject): void {
  const spec = objectAt(pod, 'spec');
  const name = textAt(spec, 'nodeName');
  if (name === '' || sameJson(spec, objectAt(before, 'spec'))) return;
  const refuse = (why: string): Error => forbidden(PODS, pod.metadata.name ?? '', why);
  const node = store.get('/nodes', '', name);
  if (!node) throw refuse(`node ${JSON.stringify(name)} not found`);
  const [whole, allocatable] = [objectAt(spec, 'resources', 'requests'), objectAt(node, 'status', 'allocatable')];
  const missing = Object.entries(UNITS).flatMap(([resource, unit]) => {
    const units = (amount: string): bigint => (parseQuantity(amount).nano + unit - 1n) / unit;
    const requested = units(String(whole[resource] ?? aggregate(spec, 'requests', resource)));
    const given = units(String(allocatable[resource] ?? '0'));
    return requested > given ? [`${resource}, requested: ${requested}, allocatable: ${given}`] : [];
  });
  if (missing.length > 0) throw refuse(`node didn't have enough allocatable resources: ${missing.join('; ')}`);
}
