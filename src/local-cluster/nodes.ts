// How many nodes there are: node-1 to node-N, in zones that take turns. Nodes of other names belong to whoever made them.

import { at, listAt, textAt } from '../core/json.ts';
import { type KubeObject, labelsOf } from '../objects/object.ts';
import type { Api } from './api.ts';
import { addNode, nodeNamed, removeOrphan } from './controllers/node.ts';
import { createReconcilerClient, type ReconcilerClient } from './controllers/reconciler.ts';

const NODES = '/nodes';
const PODS = '/pods';
const ZONE = 'topology.kubernetes.io/zone';
const REGION = 'topology.kubernetes.io/region';

export interface NodeSummary {
  readonly name: string;
  /** As kubectl says it: 'Ready', 'Ready,SchedulingDisabled'. */
  readonly status: string;
  readonly zone: string;
  readonly pods: number;
}

/** `zones` letters at most. */
export async function setNodes(
  api: Api,
  { count, zones }: { readonly count: number; readonly zones: number },
): Promise<void> {
  await api.ready();
  const client = createReconcilerClient(api, 'hawser');
  for (let number = 1; number <= count; number += 1) await keepNode(client, number, zones);
  const surplus = client.list(NODES).filter((node) => numberOf(node) > count);
  for (const { metadata } of surplus) {
    const name = metadata.name ?? '';
    const node = client.get(NODES, '', name);
    if (node) await client.remove(NODES, node);
    const pods = client.list(PODS).filter((pod) => textAt(pod, 'spec', 'nodeName') === name);
    await Promise.all(pods.map((pod) => removeOrphan(client, pod)));
  }
}

const numberOf = (node: KubeObject): number => Number(/^node-([1-9]\d*)$/.exec(node.metadata.name ?? '')?.[1] ?? '0');

async function keepNode(client: ReconcilerClient, number: number, zones: number): Promise<void> {
  const name = `node-${number}`;
  const labels = { [REGION]: 'local', [ZONE]: `zone-${String.fromCharCode(97 + ((number - 1) % zones))}` };
  const node = client.get(NODES, '', name);
  if (!node) return addNode(client, nodeNamed(name, labels));
  const { metadata } = node;
  await client.update(NODES, node, { ...node, metadata: { ...metadata, labels: { ...labelsOf(node), ...labels } } });
}

export function listNodes({ store }: Pick<Api, 'store'>): readonly NodeSummary[] {
  const counts = new Map<string, number>();
  for (const pod of store.list(PODS)) {
    const node = textAt(pod, 'spec', 'nodeName');
    counts.set(node, (counts.get(node) ?? 0) + 1);
  }
  const nodes = store.list(NODES).map((node) => {
    const { name = '' } = node.metadata;
    return { name, status: statusOf(node), zone: labelsOf(node)[ZONE] ?? '', pods: counts.get(name) ?? 0 };
  });
  return nodes.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

function statusOf(node: KubeObject): string {
  const ready = listAt(node, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'Ready');
  const state = textAt(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${state},SchedulingDisabled` : state;
}
