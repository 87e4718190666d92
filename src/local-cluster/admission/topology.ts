// Pods say where they are: they take the zone and the region of their node.

import { textAt } from '../../core/json.ts';
import { type Draft, within } from '../../objects/draft.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import type { Store } from '../store/store.ts';

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'] as const;

function topologyOf(store: Store, nodeName: string): Readonly<Record<string, string>> {
  const node = nodeName === '' ? undefined : store.get('/nodes', '', nodeName);
  const labels = node ? labelsOf(node) : {};
  const known = TOPOLOGY.filter((name) => labels[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, labels[name] ?? '']));
}

/** A Pod that has a node, with its labels. */
export function withTopology(store: Store, pod: KubeObject): KubeObject {
  const topology = topologyOf(store, textAt(pod, 'spec', 'nodeName'));
  if (Object.keys(topology).length === 0) return pod;
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, ...topology } } };
}

/** The same of a Pod that is made with a node. */
export function applyTopology(store: Store, pod: Draft): void {
  const topology = topologyOf(store, textAt(pod, 'spec', 'nodeName'));
  if (Object.keys(topology).length > 0) Object.assign(within(within(pod, 'metadata'), 'labels'), topology);
}
