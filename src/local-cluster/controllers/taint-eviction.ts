// Pods that do not bear a taint of their node with NoExecute: they end at once, or when their time there is over.

import { numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofNode } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { withTrueCondition } from '../pod-parts.ts';
import { type Taint, taintsOf, tolerationsOf } from '../scheduling/node-match.ts';
import { asOfNow, earliest, namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const NODES = '/nodes';
const PODS = '/pods';

export function taintEvictions(): Reconciler {
  const memory: Memory = { seen: new Map(), counted: new Map() };
  return {
    name: 'kube-controller-manager',
    storage: NODES,
    // A Pod whose time on a tainted node ends must be looked at again.
    watches: { [PODS]: (pod, client) => (hasEvictions(client, pod) ? [`/${textAt(pod, 'spec', 'nodeName')}`] : []) },
    reconcile: async (client, node) => (isTerminating(node) ? undefined : evict(client, node, memory)),
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
  readonly counted: Map<string, ReadonlyMap<string, KubeObject>>;
}

function hasEvictions(client: ReconcilerClient, pod: KubeObject): boolean {
  const node = client.get(NODES, '', textAt(pod, 'spec', 'nodeName'));
  return node !== undefined && taintsOf(node).some(({ effect }) => effect === 'NoExecute');
}

async function evict(
  client: ReconcilerClient,
  node: KubeObject,
  { seen, counted }: Memory,
): Promise<number | undefined> {
  const { name = '' } = node.metadata;
  const taints = taintsOf(node).filter(({ effect }) => effect === 'NoExecute');
  const before = new Map(counted.get(name));
  if (taints.length === 0 && before.size === 0) return undefined;
  const earlier = seen.get(name);
  const since = new Map(taints.map((taint) => [keyOf(taint), earlier?.get(keyOf(taint)) ?? client.now()]));
  seen.set(name, since);
  const here = client.list(PODS).filter((pod) => textAt(pod, 'spec', 'nodeName') === name);
  const now = new Map<string, KubeObject>();
  counted.set(name, now);
  let next: number | undefined;
  for (const pod of here.filter((one) => !isTerminating(one))) {
    const until = staysUntil(pod, taints, since);
    if (until <= client.now()) {
      before.delete(namespacedName(pod));
      await end(client, pod);
    } else if (Number.isFinite(until)) {
      now.set(namespacedName(pod), pod);
      next = earliest(next, until);
    }
  }
  // One that was deleted meanwhile is counted as long as it is there.
  const going = taints.length > 0 ? here.filter(isTerminating) : [];
  for (const pod of going) if (before.has(namespacedName(pod))) now.set(namespacedName(pod), pod);
  for (const [key, pod] of before) if (!now.has(key)) recordEvent(client, pod, ofNode.spares(key));
  return next;
}

async function end(client: ReconcilerClient, pod: KubeObject): Promise<void> {
  recordEvent(client, pod, ofNode.evicts(namespacedName(pod)));
  const { status } = withTrueCondition(pod, client.time(), {
    ...EVICTED,
    observedGeneration: pod.metadata.generation ?? 1,
  });
  await client.updateStatus(PODS, pod, objectAt(status));
  const marked = asOfNow(client, PODS, pod);
  if (marked) await client.remove(PODS, marked);
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

const EVICTED = {
  type: 'DisruptionTarget',
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
} as const;
