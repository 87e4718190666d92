// Pods that have a node: a start that takes a moment, then readiness or an end; faults on request by an annotation.

import { at, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { condition } from './conditions.ts';
import { nodeAddress, removeOrphan } from './node.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const FAULT = 'hawser.dev/fault';
/** A start that long ago needs no simulation any more: the Pod is what it would have become. */
const LONG_AGO_MS = 2500;
const SHORTEST_START_MS = 300;
const START_SPREAD_MS = 600;
const RUN_MS = 400;
const STOP_MS = 80;
/** How long a Pod is there without its node. */
const ORPHAN_MS = 5000;
const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;

/** Simulates the kubelet of every node. */
export function pods(): Reconciler {
  const counts = new Map<string, number>();
  return {
    name: 'kubelet',
    storage: '/pods',
    watches: { '/nodes': podsOf },
    reconcile: async (client, pod) => {
      if (!isTerminating(pod) && (isOver(pod) || textAt(pod, 'spec', 'nodeName') === '')) return undefined;
      const uid = pod.metadata.uid ?? '';
      const first = counts.get(uid) ?? client.now();
      counts.set(uid, first);
      if (isTerminating(pod)) return stop(client, pod, first);
      return nodeOf(client, pod) ? live(client, pod, startOf(pod, first)) : endOrphan(client, pod, first);
    },
    forget: async (_client, last) => {
      counts.delete(last.metadata.uid ?? '');
    },
  };
}

const nodeOf = (client: ReconcilerClient, pod: KubeObject): KubeObject | undefined =>
  client.get('/nodes', '', textAt(pod, 'spec', 'nodeName'));

/** A Pod that was bound to a node before there was one begins with it; one whose node goes ends. */
function podsOf(node: KubeObject, client: ReconcilerClient): readonly string[] {
  const isGone = !client.get('/nodes', '', node.metadata.name ?? '');
  const isOf = (pod: KubeObject): boolean =>
    textAt(pod, 'spec', 'nodeName') === node.metadata.name && (isGone || textAt(pod, 'status', 'podIP') === '');
  return client.list('/pods').filter(isOf).map(namespacedName);
}

async function endOrphan(client: ReconcilerClient, pod: KubeObject, first: number): Promise<number | undefined> {
  if (client.now() < first + ORPHAN_MS) return first + ORPHAN_MS;
  await removeOrphan(client, pod);
  return undefined;
}

/** When the Pod began: as stored when that is long ago, else since it was first seen; one that runs has begun. */
function startOf(pod: KubeObject, first: number): number {
  if (textAt(pod, 'status', 'phase') === 'Running') return first - SHORTEST_START_MS - START_SPREAD_MS;
  const stored = Date.parse(textAt(pod, 'status', 'startTime') || (pod.metadata.creationTimestamp ?? ''));
  return first - stored > LONG_AGO_MS ? stored : first;
}

function isOver(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
}

/** Gone after a moment, whatever its grace period allows. */
async function stop(client: ReconcilerClient, pod: KubeObject, first: number): Promise<number | undefined> {
  if ((pod.metadata.finalizers ?? []).length > 0) return undefined;
  const until = Math.max(first, Date.parse(pod.metadata.deletionTimestamp ?? '') - 30_000) + STOP_MS;
  if (client.now() < until) return until;
  const { name = '', namespace = '' } = pod.metadata;
  await client.api.store.commit({ resource: '/pods', namespace, name, object: undefined });
  return undefined;
}

async function live(client: ReconcilerClient, pod: KubeObject, start: number): Promise<number | undefined> {
  const fault = annotationsOf(pod)[FAULT];
  const ready = start + SHORTEST_START_MS + spread(pod.metadata.uid ?? '');
  const now = client.now();
  if (fault === 'never-pull') {
    const reason = now < ready ? 'ContainerCreating' : 'ImagePullBackOff';
    await client.updateStatus(
      '/pods',
      pod,
      podStatus(client, pod, { phase: 'Pending', waiting: { reason, message: pullText(pod, reason) } }),
    );
    return now < ready ? ready : undefined;
  }
  if (now < ready) {
    await client.updateStatus(
      '/pods',
      pod,
      podStatus(client, pod, { phase: 'Pending', waiting: { reason: 'ContainerCreating' } }),
    );
    return ready;
  }
  const runsToEnd = textAt(pod, 'spec', 'restartPolicy') !== 'Always' && fault !== 'hang';
  if (fault === 'crash') return crash(client, pod, { since: ready, runsToEnd });
  if (runsToEnd && now >= ready + RUN_MS) {
    await client.updateStatus(
      '/pods',
      pod,
      podStatus(client, pod, { phase: 'Succeeded', ended: { exitCode: 0, reason: 'Completed' } }),
    );
    return undefined;
  }
  await client.updateStatus('/pods', pod, podStatus(client, pod, { phase: 'Running', ready: fault !== 'hang' }));
  return runsToEnd ? ready + RUN_MS : undefined;
}

async function crash(
  client: ReconcilerClient,
  pod: KubeObject,
  { since, runsToEnd }: { readonly since: number; readonly runsToEnd: boolean },
): Promise<number | undefined> {
  const ended = { exitCode: 1, reason: 'Error' };
  if (runsToEnd && textAt(pod, 'spec', 'restartPolicy') === 'Never') {
    await client.updateStatus('/pods', pod, podStatus(client, pod, { phase: 'Failed', ended }));
    return undefined;
  }
  let restarts = 1;
  let next = since + FIRST_BACKOFF_MS;
  for (let backoff = FIRST_BACKOFF_MS; next <= client.now(); restarts += 1) {
    backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    next += backoff;
  }
  const container = textAt(pod, 'spec', 'containers', 0, 'name');
  const message = `back-off restarting failed container=${container} pod=${pod.metadata.name ?? ''}`;
  const waiting = { reason: 'CrashLoopBackOff', message };
  await client.updateStatus('/pods', pod, podStatus(client, pod, { phase: 'Running', waiting, ended, restarts }));
  return next;
}

interface Stage {
  readonly phase: string;
  readonly ready?: boolean;
  readonly waiting?: JsonObject;
  /** How its containers ended, or ended last. */
  readonly ended?: JsonObject;
  readonly restarts?: number;
}

function podStatus(client: ReconcilerClient, pod: KubeObject, stage: Stage): JsonObject {
  const old = objectAt(pod, 'status');
  const ready = stage.ready === true;
  const over = stage.phase === 'Succeeded' || stage.phase === 'Failed';
  const wait = over ? { reason: 'PodCompleted', message: '' } : { reason: 'ContainersNotReady', message: unready(pod) };
  const detail = ready ? { reason: '', message: '' } : wait;
  const flags = [
    { type: 'Initialized', status: 'True', reason: over ? 'PodCompleted' : '', message: '' },
    { type: 'Ready', status: ready ? 'True' : 'False', ...detail },
    { type: 'ContainersReady', status: ready ? 'True' : 'False', ...detail },
    { type: 'PodScheduled', status: 'True', reason: '', message: '' },
  ] as const;
  const address = textAt(pod, 'status', 'podIP') || freeAddress(client);
  const hostIP = nodeAddress(nodeOf(client, pod));
  return {
    ...old,
    phase: stage.phase,
    conditions: flags.map((flag) => brief(condition(client, pod, flag))),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(stage.phase === 'Pending' ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    containerStatuses: listAt(pod, 'spec', 'containers').map((container, index) =>
      containerStatus(client, stage, { container, old: at(old, 'containerStatuses', index), pod }),
    ),
  };
}

function containerStatus(
  client: ReconcilerClient,
  stage: Stage,
  { container, old, pod }: { readonly container: unknown; readonly old: unknown; readonly pod: KubeObject },
): JsonObject {
  const started = textAt(old, 'state', 'running', 'startedAt') || client.time();
  const finished = textAt(old, 'state', 'terminated', 'finishedAt') || client.time();
  const end = stage.ended && { ...stage.ended, startedAt: started, finishedAt: finished };
  const running = !stage.waiting && !end;
  const image = textAt(container, 'image');
  return {
    name: textAt(container, 'name'),
    image,
    imageID: running || end ? `simulated://${image}` : '',
    ready: stage.ready === true,
    restartCount: stage.restarts ?? 0,
    ...(running || end ? { containerID: `simulated://${pod.metadata.uid ?? ''}` } : {}),
    state: stage.waiting ? { waiting: stage.waiting } : end ? { terminated: end } : { running: { startedAt: started } },
    lastState: stage.waiting && stage.ended ? { terminated: { ...stage.ended } } : {},
  };
}

function unready(pod: KubeObject): string {
  const names = listAt(pod, 'spec', 'containers').map((container) => textAt(container, 'name'));
  return `containers with unready status: [${names.join(' ')}]`;
}

function pullText(pod: KubeObject, reason: string): string {
  const image = textAt(pod, 'spec', 'containers', 0, 'image');
  return reason === 'ImagePullBackOff' ? `Back-off pulling image "${image}"` : '';
}

/** Conditions of Pods leave out what is empty. */
function brief(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== ''));
}

function freeAddress(client: ReconcilerClient): string {
  const usedAddresses = new Set(client.list('/pods').map((pod) => textAt(pod, 'status', 'podIP')));
  for (let index = 2; ; index += 1) {
    const address = `10.244.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    if (!usedAddresses.has(address)) return address;
  }
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
