// Nodes: what a kubelet says when it joins, the taint of a cordon, and the end of Pods that do not bear a taint.

import { at, isObject, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofNode } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { type Taint, taintsOf, tolerationsOf, UNSCHEDULABLE } from '../scheduling/node-match.ts';
import { earliest, namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const NODES = '/nodes';
const PODS = '/pods';
/** The one that every cluster begins with. */
const FIRST_NODE = 'node-1';

export function nodes(): Reconciler {
  const memory: Memory = { seen: new Map(), counted: new Map() };
  return {
    name: 'kubelet',
    storage: NODES,
    // A Pod whose time on a tainted node ends must be looked at again.
    watches: { [PODS]: (pod, client) => (hasEvictions(client, pod) ? [`/${textAt(pod, 'spec', 'nodeName')}`] : []) },
    reconcile: async (client, node) => {
      if (isTerminating(node)) return undefined;
      if (textAt(node, 'status', 'capacity', 'pods') === '') {
        await join(client, node);
        return undefined;
      }
      if (await keepTaints(client, node)) return undefined;
      return evict(client, node, memory);
    },
    forget: async (_client, { metadata: { name = '' } }) => {
      memory.seen.delete(name);
      memory.counted.delete(name);
    },
  };
}

/** By the name of a node. */
interface Memory {
  /** Since when each of its taints is known. */
  readonly seen: Map<string, ReadonlyMap<string, number>>;
  /** Pods whose time there is limited. */
  readonly counted: Map<string, ReadonlySet<string>>;
}

/** Ends a Pod whose node is gone: nobody is left that could do it in peace. */
export async function removeOrphan(client: ReconcilerClient, pod: KubeObject): Promise<void> {
  if ((pod.metadata.finalizers ?? []).length > 0) return client.remove(PODS, pod);
  const { name = '', namespace = '' } = pod.metadata;
  await client.api.store.commit({ resource: PODS, namespace, name, object: undefined });
}

function hasEvictions(client: ReconcilerClient, pod: KubeObject): boolean {
  const node = client.get(NODES, '', textAt(pod, 'spec', 'nodeName'));
  return node !== undefined && taintsOf(node).some(({ effect }) => effect === 'NoExecute');
}

const NOT_READY = 'node.kubernetes.io/not-ready';

const isReady = (node: KubeObject): boolean =>
  listAt(node, 'status', 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );

/** `spec.unschedulable` is a taint as well; true when something was written. */
async function keepTaints(client: ReconcilerClient, node: KubeObject): Promise<boolean> {
  const taints = listAt(node, 'spec', 'taints').filter(isObject);
  const { key, effect } = UNSCHEDULABLE;
  const isCordoned = at(node, 'spec', 'unschedulable') === true;
  const others = taints
    .filter((taint) => isCordoned || textAt(taint, 'key') !== key)
    .filter((taint) => !isReady(node) || textAt(taint, 'key') !== NOT_READY);
  const isMarked = others.some((taint) => textAt(taint, 'key') === key);
  const next = [...others, ...(isCordoned && !isMarked ? [{ key, effect }] : [])].map((taint) => {
    const isTimed = textAt(taint, 'key') === key;
    return isTimed && textAt(taint, 'timeAdded') === '' ? { ...taint, timeAdded: client.time() } : taint;
  });
  if (sameJson(taints, next)) return false;
  const { taints: _before, ...spec } = objectAt(node, 'spec');
  await client.update(NODES, node, { ...node, spec: { ...spec, ...(next.length > 0 ? { taints: next } : {}) } });
  const wasMarked = taints.some((taint) => textAt(taint, 'key') === key);
  const status = isCordoned ? 'NodeNotSchedulable' : 'NodeSchedulable';
  if (isCordoned !== wasMarked) recordEvent(client, node, ofNode.is(node.metadata.name ?? '', status));
  return true;
}

/** Ends what does not bear a taint of the node, at once or when its time is over. */
async function evict(
  client: ReconcilerClient,
  node: KubeObject,
  { seen, counted }: Memory,
): Promise<number | undefined> {
  const { name = '' } = node.metadata;
  const taints = taintsOf(node).filter(({ effect }) => effect === 'NoExecute');
  const before = counted.get(name) ?? new Set();
  if (taints.length === 0 && before.size === 0) return undefined;
  const earlier = seen.get(name);
  const since = new Map(taints.map((taint) => [keyOf(taint), earlier?.get(keyOf(taint)) ?? client.now()]));
  seen.set(name, since);
  const here = client.list(PODS).filter((pod) => textAt(pod, 'spec', 'nodeName') === name && !isTerminating(pod));
  const now = new Set<string>();
  counted.set(name, now);
  let next: number | undefined;
  for (const pod of here) {
    const until = staysUntil(pod, taints, since);
    if (until <= client.now()) {
      await client.remove(PODS, pod);
      recordEvent(client, pod, ofNode.evicts(namespacedName(pod)));
    } else if (Number.isFinite(until)) {
      now.add(namespacedName(pod));
      next = earliest(next, until);
    } else if (before.has(namespacedName(pod))) recordEvent(client, pod, ofNode.spares(namespacedName(pod)));
  }
  return next;
}

const keyOf = ({ key, value, effect }: Taint): string => `${key}=${value}:${effect}`;

/** Of several tolerations of a taint the first counts. */
function staysUntil(pod: KubeObject, taints: readonly Taint[], since: ReadonlyMap<string, number>): number {
  const ends = taints.map((taint) => {
    const [toleration] = tolerationsOf(pod, taint);
    if (toleration === undefined) return 0;
    const seconds = numberAt(toleration, 'tolerationSeconds');
    return seconds === undefined
      ? Number.POSITIVE_INFINITY
      : (since.get(keyOf(taint)) ?? 0) + Math.max(0, seconds) * 1000;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
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
