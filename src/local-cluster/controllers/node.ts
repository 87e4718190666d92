// Nodes: what a kubelet says when it joins, before it falls silent, and when it is heard of again.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofNode } from '../events/tell.ts';
import { isLost, SILENT } from '../kubelet/lost.ts';
import { isTerminating } from '../object-meta.ts';
import { withTrueCondition } from '../pod-parts.ts';
import { conditionOf } from './conditions.ts';
import { createReconcilerClient, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const NODES = '/nodes';
const PODS = '/pods';
/** The one that every cluster begins with. */
const FIRST_NODE = 'node-1';

export function nodes(): Reconciler {
  /** Those whose kubelet has posted for the last time. */
  const silent = new Set<string>();
  return {
    name: 'kubelet',
    storage: NODES,
    reconcile: async (client, node) => {
      if (isTerminating(node)) return undefined;
      if (textAt(node, 'status', 'capacity', 'pods') === '') await join(client, node);
      else await post(client, node, silent);
      return undefined;
    },
    forget: async (_client, { metadata: { name = '' } }) => {
      silent.delete(name);
    },
  };
}

/** Ends a Pod whose node is gone: nobody is left that could do it in peace. */
export async function removeOrphan({ api }: Pick<ReconcilerClient, 'api'>, pod: KubeObject): Promise<void> {
  const client = createReconcilerClient(api, 'kube-controller-manager');
  const { name = '', namespace = '', finalizers = [] } = pod.metadata;
  if (finalizers.length === 0) {
    await client.api.store.commit({ resource: PODS, namespace, name, object: undefined });
    return;
  }
  // Its finalizers are others' to take away.
  if (pod.metadata.deletionGracePeriodSeconds === 0) return;
  const { status } = withTrueCondition(pod, client.time(), {
    ...GONE,
    observedGeneration: pod.metadata.generation ?? 1,
  });
  const phase = ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase')) ? {} : { phase: 'Failed' };
  await client.updateStatus(PODS, pod, { ...objectAt(status), ...phase });
  const current = client.get(PODS, namespace, name);
  if (current?.metadata.uid === pod.metadata.uid && current) await client.remove(PODS, current, 'Background', 0);
}

const GONE = {
  type: 'DisruptionTarget',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
} as const;

/** What a kubelet posts before it falls silent, and when it is heard of again. */
async function post(client: ReconcilerClient, node: KubeObject, silent: Set<string>): Promise<void> {
  const { name = '' } = node.metadata;
  const ready = conditionOf(node, 'Ready');
  const isBack = textAt(ready, 'reason') === SILENT && !isLost(node);
  const falls = isLost(node) && textAt(ready, 'status') === 'True' && !silent.has(name);
  if (isLost(node)) silent.add(name);
  else silent.delete(name);
  if (!isBack && !falls) return;
  const [fresh] = listAt(joined(client, node), 'conditions').filter(isObject);
  const now = falls ? { ...ready, lastHeartbeatTime: client.time() } : fresh;
  const known = listAt(node, 'status', 'conditions');
  const conditions = known.map((entry) => (textAt(entry, 'type') === 'Ready' && now ? now : entry));
  await client.updateStatus(NODES, node, { ...objectAt(node, 'status'), conditions });
  if (isBack) recordEvent(client, node, ofNode.is(name, 'NodeReady'));
}

export const nodeAddress = (node: KubeObject | undefined): string =>
  textAt(
    listAt(node, 'status', 'addresses').find((entry) => textAt(entry, 'type') === 'InternalIP'),
    'address',
  ) || FIRST_ADDRESS;

const FIRST_ADDRESS = '192.0.2.1';

/** Addresses that belong to nobody (RFC 5737), by the number at the end of the name. */
function addressOf(name: string): string {
  const number = Number(/-(\d+)$/.exec(name)?.[1] ?? '1');
  return number >= 1 && number <= 254 ? `192.0.2.${number}` : `198.51.100.${(number % 254) + 1}`;
}

function joined(client: ReconcilerClient, node: KubeObject): JsonObject {
  const { name = '' } = node.metadata;
  const capacity = { cpu: '256', memory: '1Ti', pods: '5000', 'ephemeral-storage': '1Ti' };
  const time = client.time();
  return {
    capacity,
    allocatable: capacity,
    addresses: [
      { type: 'InternalIP', address: addressOf(name) },
      { type: 'Hostname', address: labelsOf(node)['kubernetes.io/hostname'] ?? name },
    ],
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        lastHeartbeatTime: time,
        lastTransitionTime: time,
        reason: 'KubeletReady',
        message: 'the simulated node is ready',
      },
    ],
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: 'simulated',
      osImage: 'simulated',
      containerRuntimeVersion: 'simulated://1',
      kubeletVersion: 'v1.36.1',
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: 'amd64',
    },
  };
}

/** A node as it is before its kubelet has joined. */
export const nodeNamed = (name: string, labels: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', ...labels },
  },
  spec: {},
});

export async function prepareNodes(client: ReconcilerClient): Promise<void> {
  if (client.list(NODES).length > 0) return;
  const node = await client.create(NODES, nodeNamed(FIRST_NODE));
  await client.updateStatus(NODES, node, joined(client, node));
}

/** A node that is ready at once. */
export async function addNode(client: ReconcilerClient, node: KubeObject): Promise<void> {
  await join(client, await client.create(NODES, node));
}

async function join(client: ReconcilerClient, node: KubeObject): Promise<void> {
  await client.updateStatus(NODES, node, joined(client, node));
  const { name = '' } = node.metadata;
  recordEvent(client, node, ofNode.is(name, 'NodeReady'));
  recordEvent(client, node, ofNode.joined(name));
}
