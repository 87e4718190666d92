// What the node controller says of a node: the taints of its conditions, whether its kubelet is heard of, and of the Pods of one that
// is not.

import { at, isObject, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofNode } from '../events/tell.ts';
import { isLost, SILENT } from '../kubelet/lost.ts';
import { isTerminating } from '../object-meta.ts';
import { UNSCHEDULABLE } from '../scheduling/node-match.ts';
import { conditionOf } from './conditions.ts';
import { isReady } from './pod.ts';
import type { Reconciler, ReconcilerClient } from './reconciler.ts';

const NODES = '/nodes';
const PODS = '/pods';
/** How long a kubelet may be silent. */
const GRACE_MS = 50_000;

/** Conditions that are taints, too. */
const TAINTS = [
  { type: 'Ready', status: 'False', key: 'node.kubernetes.io/not-ready', drives: true },
  { type: 'Ready', status: 'Unknown', key: 'node.kubernetes.io/unreachable', drives: true },
  { type: 'MemoryPressure', status: 'True', key: 'node.kubernetes.io/memory-pressure', drives: false },
  { type: 'DiskPressure', status: 'True', key: 'node.kubernetes.io/disk-pressure', drives: false },
  { type: 'PIDPressure', status: 'True', key: 'node.kubernetes.io/pid-pressure', drives: false },
  { type: 'NetworkUnavailable', status: 'True', key: 'node.kubernetes.io/network-unavailable', drives: false },
] as const;

export function nodeLives(): Reconciler {
  const silentSince = new Map<string, number>();
  return {
    name: 'kube-controller-manager',
    storage: NODES,
    reconcile: async (client, node) => {
      const { uid = '' } = node.metadata;
      if (isTerminating(node) || !conditionOf(node, 'Ready')) return undefined;
      if (await keepNode(client, node)) return undefined;
      if (readinessOf(node) !== 'True') await markPods(client, node);
      if (!isLost(node)) silentSince.delete(uid);
      else if (readinessOf(node) === 'True') {
        const since = silentSince.get(uid) ?? client.now();
        silentSince.set(uid, since);
        if (client.now() < since + GRACE_MS) return since + GRACE_MS;
        await markSilent(client, node, since);
      }
      return undefined;
    },
    forget: async (client, last) => {
      silentSince.delete(last.metadata.uid ?? '');
      recordEvent(client, last, ofNode.leaves(last.metadata.name ?? ''));
    },
  };
}

const readinessOf = (node: KubeObject): string => textAt(conditionOf(node, 'Ready'), 'status');

/** Labels that older clients look for. */
const OLD_LABELS = ['os', 'arch'] as const;
const TTL = 'node.alpha.kubernetes.io/ttl';

function metadataFor({ metadata, ...node }: KubeObject): KubeObject['metadata'] {
  const labels = labelsOf({ metadata, ...node });
  const old = OLD_LABELS.flatMap((name) => {
    const value = labels[`kubernetes.io/${name}`];
    return value === undefined ? [] : [[`beta.kubernetes.io/${name}`, value] as const];
  });
  const annotations = { [TTL]: '0', ...metadata.annotations };
  return { ...metadata, labels: { ...labels, ...Object.fromEntries(old) }, annotations };
}

/** Brings up to date what is the node controller's own: taints, some metadata; true when something was written. */
async function keepNode(client: ReconcilerClient, node: KubeObject): Promise<boolean> {
  const taints = listAt(node, 'spec', 'taints').filter(isObject);
  const wanted = taintsFor(client, node);
  const isWanted = (taint: JsonObject): boolean => wanted.some((one) => isSame(one, taint));
  const kept = taints.filter((taint) => isWanted(taint) || !isOwn(taint));
  const missing = wanted.filter((one) => !kept.some((taint) => isSame(one, taint)));
  const next = [...kept, ...missing].map((taint) =>
    textAt(taint, 'timeAdded') === '' && isOwn(taint) ? { ...taint, timeAdded: client.time() } : taint,
  );
  const metadata = metadataFor(node);
  if (sameJson(taints, next) && sameJson(metadata, node.metadata)) return false;
  const { taints: _before, ...spec } = objectAt(node, 'spec');
  await client.update(NODES, node, {
    ...node,
    metadata,
    spec: { ...spec, ...(next.length > 0 ? { taints: next } : {}) },
  });
  const isCordoned = at(node, 'spec', 'unschedulable') === true;
  const wasMarked = taints.some((taint) => textAt(taint, 'key') === UNSCHEDULABLE.key);
  const status = isCordoned ? 'NodeNotSchedulable' : 'NodeSchedulable';
  if (isCordoned !== wasMarked) recordEvent(client, node, ofNode.is(node.metadata.name ?? '', status));
  return true;
}

interface OwnTaint extends JsonObject {
  readonly key: string;
  readonly effect: string;
}

function taintsFor(client: ReconcilerClient, node: KubeObject): readonly OwnTaint[] {
  const rows = TAINTS.filter(({ type, status }) => textAt(conditionOf(node, type), 'status') === status);
  const cordon = at(node, 'spec', 'unschedulable') === true ? [UNSCHEDULABLE] : [];
  const driving = rows.filter(({ drives }) => drives && mayDrive(client));
  return [
    ...rows.map(({ key }) => ({ key, effect: 'NoSchedule' })),
    ...cordon.map(({ key, effect }) => ({ key, effect })),
    ...driving.map(({ key }) => ({ key, effect: 'NoExecute' })),
  ];
}

const isSame = (one: OwnTaint, taint: JsonObject): boolean =>
  one.key === textAt(taint, 'key') && one.effect === textAt(taint, 'effect');

/** Nobody else may set them. */
function isOwn(taint: JsonObject): boolean {
  const [key, effect] = [textAt(taint, 'key'), textAt(taint, 'effect')];
  if (key === UNSCHEDULABLE.key) return effect === UNSCHEDULABLE.effect;
  const row = TAINTS.find((one) => one.key === key);
  return row !== undefined && (effect === 'NoSchedule' || (effect === 'NoExecute' && row.drives));
}

const MOST_DOWN = 0.55;

/** Where all nodes are down, or most of more than two, the fault is more likely the network's: Pods stay where they are. */
function mayDrive(client: ReconcilerClient): boolean {
  const nodes = client.list(NODES);
  const down = nodes.filter((node) => readinessOf(node) !== 'True').length;
  return down < nodes.length && (down <= 2 || down / nodes.length < MOST_DOWN);
}

const NEVER = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' } as const;
const STOPPED = { reason: SILENT, message: 'Kubelet stopped posting node status.' } as const;

/** What was last heard of it was at `since`. */
async function markSilent(client: ReconcilerClient, node: KubeObject, since: number): Promise<void> {
  const known = listAt(node, 'status', 'conditions').filter(isObject);
  const turned = known.map((entry) => ({
    ...entry,
    status: 'Unknown',
    lastHeartbeatTime: timestamp(since),
    lastTransitionTime: client.time(),
    ...STOPPED,
  }));
  const types = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].filter((type) => !conditionOf(node, type));
  const missing = types.map((type) => ({
    type,
    status: 'Unknown',
    lastHeartbeatTime: node.metadata.creationTimestamp ?? client.time(),
    lastTransitionTime: client.time(),
    ...NEVER,
  }));
  await client.updateStatus(NODES, node, { ...objectAt(node, 'status'), conditions: [...turned, ...missing] });
  recordEvent(client, node, ofNode.silent(node.metadata.name ?? ''));
}

/** Nobody knows whether they still work. */
async function markPods(client: ReconcilerClient, node: KubeObject): Promise<void> {
  const pods = client.list(PODS).filter((pod) => textAt(pod, 'spec', 'nodeName') === node.metadata.name);
  for (const pod of pods.filter(isReady)) {
    const conditions = listAt(pod, 'status', 'conditions').filter(isObject);
    const next = conditions.map((entry) =>
      textAt(entry, 'type') === 'Ready' ? { ...entry, status: 'False', lastTransitionTime: client.time() } : entry,
    );
    await client.updateStatus(PODS, pod, { ...objectAt(pod, 'status'), conditions: next });
    recordEvent(client, pod, ofNode.unready());
  }
}
