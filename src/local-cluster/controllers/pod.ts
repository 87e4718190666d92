// Pods that have a node: a start that takes a moment, then what their containers do; faults on request by an annotation.

import { listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { createKubelet } from '../kubelet/kubelet.ts';
import { isLost } from '../kubelet/lost.ts';
import { isTerminating } from '../object-meta.ts';
import { removeOrphan } from './node.ts';
import { asOfNow, namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

/** A start that long ago needs no simulation any more: the Pod is what it would have become. */
export const LONG_AGO_MS = 2500;
const SHORTEST_START_MS = 300;
const START_SPREAD_MS = 600;
const STOP_MS = 80;
/** How long a Pod is there without its node. */
const ORPHAN_MS = 40_000;

/** Simulates the kubelet of every node. */
export function pods(): Reconciler {
  const counts = new Map<string, number>();
  const kubelet = createKubelet();
  const lost = new Set<string>();
  const blockedIn = ({ metadata }: KubeObject): string[] =>
    [...kubelet.blocked].filter((key) => key.startsWith(`${metadata.namespace ?? ''}/`));
  return {
    name: 'kubelet',
    storage: '/pods',
    watches: {
      '/nodes': (node, client) => podsOf(node, { client, lost }),
      '/configmaps': blockedIn,
      '/secrets': blockedIn,
    },
    reconcile: async (client, pod) => {
      const isBound = textAt(pod, 'spec', 'nodeName') !== '';
      const node = nodeOf(client, pod);
      if ((node || !isBound) && !isTerminating(pod) && (isOver(pod) || !isBound)) return undefined;
      if (node && isLost(node)) {
        if (isTerminating(pod) && isOutOfService(node)) await removeOrphan(client, pod);
        return undefined;
      }
      const uid = pod.metadata.uid ?? '';
      const first = counts.get(uid) ?? client.now();
      counts.set(uid, first);
      if (isBound && !node) return endOrphan(client, pod, first);
      if (isTerminating(pod)) {
        if (!isOver(pod) && textAt(pod, 'spec', 'nodeName') !== '') kubelet.stop(client, pod);
        return stop(client, pod, first);
      }
      return kubelet.run(client, pod, startOf(pod, first) + SHORTEST_START_MS + spread(uid));
    },
    forget: async (client, last) => {
      counts.delete(last.metadata.uid ?? '');
      // One that was ended by force has not been told of.
      if (!isOver(last) && textAt(last, 'spec', 'nodeName') !== '') kubelet.stop(client, last);
      kubelet.forget(last);
    },
  };
}

const nodeOf = (client: ReconcilerClient, pod: KubeObject): KubeObject | undefined =>
  client.get('/nodes', '', textAt(pod, 'spec', 'nodeName'));

/** A Pod that was bound to a node before there was one begins with it; one whose node goes ends, and one whose node is back goes on. */
function podsOf(
  { metadata: { name = '' } }: KubeObject,
  { client, lost }: { readonly client: ReconcilerClient; readonly lost: Set<string> },
): readonly string[] {
  const node = client.get('/nodes', '', name);
  const wasLost = lost.delete(name);
  if (isLost(node)) lost.add(name);
  const concernsAll = !node || wasLost || isOutOfService(node);
  const isOf = (pod: KubeObject): boolean =>
    textAt(pod, 'spec', 'nodeName') === name && (concernsAll || textAt(pod, 'status', 'podIP') === '');
  return client.list('/pods').filter(isOf).map(namespacedName);
}

/** Whoever is sure that a lost node is down says so by a taint: its Pods need not be waited for. */
const isOutOfService = (node: KubeObject): boolean =>
  listAt(node, 'spec', 'taints').some((taint) => textAt(taint, 'key') === 'node.kubernetes.io/out-of-service');

async function endOrphan(client: ReconcilerClient, pod: KubeObject, first: number): Promise<number | undefined> {
  if (client.now() < first + ORPHAN_MS) return first + ORPHAN_MS;
  await removeOrphan(client, pod);
  return undefined;
}

/** When the Pod began: as stored when that is long ago, else since it was first seen; one that runs has begun. */
function startOf(pod: KubeObject, first: number): number {
  const stored = Date.parse(textAt(pod, 'status', 'startTime') || (pod.metadata.creationTimestamp ?? ''));
  if (first - stored > LONG_AGO_MS) return stored;
  return textAt(pod, 'status', 'phase') === 'Running' ? first - SHORTEST_START_MS - START_SPREAD_MS : first;
}

export function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
}

/** Gone after a moment, whatever its grace period allows. */
async function stop(client: ReconcilerClient, pod: KubeObject, first: number): Promise<number | undefined> {
  const isKept = (pod.metadata.finalizers ?? []).length > 0;
  if (isKept && isOver(pod)) return undefined;
  const until = Math.max(first, Date.parse(pod.metadata.deletionTimestamp ?? '') - 30_000) + STOP_MS;
  if (client.now() < until) return until;
  if (isKept) {
    await client.updateStatus('/pods', pod, { ...objectAt(pod, 'status'), phase: 'Failed' });
    const over = asOfNow(client, '/pods', pod);
    if (over) await client.remove('/pods', over, 'Background', 0);
    return undefined;
  }
  const { name = '', namespace = '' } = pod.metadata;
  await client.api.store.commit({ resource: '/pods', namespace, name, object: undefined });
  return undefined;
}

/** Not all Pods start equally fast; each always takes the same time. */
function spread(uid: string): number {
  let sum = 0;
  for (const character of uid) sum = (sum * 31 + character.charCodeAt(0)) % START_SPREAD_MS;
  return sum;
}

/** Whether a Pod counts as one that works. */
export function isReady(pod: KubeObject): boolean {
  return listAt(pod, 'status', 'conditions').some(
    (entry) => textAt(entry, 'type') === 'Ready' && textAt(entry, 'status') === 'True',
  );
}

/** Pods that are neither over nor going. */
export function isActive(pod: KubeObject): boolean {
  return !isTerminating(pod) && !isOver(pod);
}
