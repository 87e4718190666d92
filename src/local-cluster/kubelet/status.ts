// The status of a Pod, written from what its containers do. Times that were told once stay.

import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import type { KubeObject } from '../../objects/object.ts';
import { condition, conditionOf, type NewCondition } from '../controllers/conditions.ts';
import { nodeAddress } from '../controllers/node.ts';
import { podAddress } from '../controllers/pod-address.ts';
import type { ReconcilerClient } from '../controllers/reconciler.ts';
import type { ContainerView, Ended } from './container.ts';
import type { PodView } from './pod-at.ts';

export function podStatus(client: ReconcilerClient, pod: KubeObject, view: PodView): JsonObject {
  const old = objectAt(pod, 'status');
  const statuses = (specs: string, field: string, views: readonly ContainerView[]): JsonObject[] =>
    listAt(pod, 'spec', specs).flatMap((container, index) => {
      const name = textAt(container, 'name');
      const before = listAt(old, field).find((status) => textAt(status, 'name') === name);
      const one = views[index];
      return one ? [containerStatus(container, one, { before, uid: pod.metadata.uid ?? '' })] : [];
    });
  const init = statuses('initContainers', 'initContainerStatuses', view.init);
  const address = view.phase === 'Pending' ? '' : textAt(old, 'podIP') || podAddress(client);
  const hostIP = nodeAddress(client.get('/nodes', '', textAt(pod, 'spec', 'nodeName')));
  return {
    ...old,
    phase: view.phase,
    conditions: [
      ...listAt(old, 'conditions').filter((entry) => !OWN.has(textAt(entry, 'type'))),
      ...conditionsOf(pod, view).map((flag) => brief(condition(client, pod, flag))),
    ],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(address === '' ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    containerStatuses: statuses('containers', 'containerStatuses', view.containers),
  };
}

/** The conditions that a kubelet writes: the others are somebody else's, and stay. */
const OWN: ReadonlySet<string> = new Set(['Initialized', 'Ready', 'ContainersReady', 'PodScheduled']);

function conditionsOf(pod: KubeObject, view: PodView): NewCondition[] {
  const isOver = view.phase === 'Succeeded' || view.phase === 'Failed';
  const over = { reason: 'PodCompleted', message: '' };
  const names = (specs: string, views: readonly ContainerView[], lacks: (one: ContainerView) => boolean): string =>
    listAt(pod, 'spec', specs)
      .filter((_, index) => views[index] !== undefined && lacks(views[index]))
      .map((container) => textAt(container, 'name'))
      .join(' ');
  const unready = names('containers', view.containers, ({ ready }) => !ready);
  const incomplete = names('initContainers', view.init, (one) => !isThrough(one));
  const ready = unready === '' && view.isInitialized;
  const why = { reason: 'ContainersNotReady', message: `containers with unready status: [${unready}]` };
  const detail = isOver ? over : ready ? { reason: '', message: '' } : why;
  const status = ready && !isOver ? 'True' : 'False';
  const closed = status === 'True' ? closedGates(pod) : [];
  const gated = { reason: 'ReadinessGatesNotReady', message: closed.join(', ') };
  const uninitialized = {
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete}]`,
  };
  return [
    view.isInitialized
      ? { type: 'Initialized', status: 'True', reason: isOver ? 'PodCompleted' : '', message: '' }
      : { type: 'Initialized', status: 'False', ...uninitialized },
    closed.length > 0 ? { type: 'Ready', status: 'False', ...gated } : { type: 'Ready', status, ...detail },
    { type: 'ContainersReady', status, ...detail },
    { type: 'PodScheduled', status: 'True', reason: '', message: '' },
  ];
}

/** What keeps a Pod unready that has containers which are: conditions that others are to write, and have not. */
function closedGates(pod: KubeObject): string[] {
  return listAt(pod, 'spec', 'readinessGates').flatMap((gate) => {
    const type = textAt(gate, 'conditionType');
    const status = textAt(conditionOf(pod, type), 'status');
    if (status === 'True') return [];
    const name = `pod readiness gate "${type}"`;
    return status === ''
      ? [`corresponding condition of ${name} does not exist.`]
      : [`the status of ${name} is not "True", but ${status}`];
  });
}

/** An init container that ended well, or a sidecar that runs. */
const isThrough = ({ state, isDone, ready }: ContainerView): boolean =>
  ready || (state.is === 'terminated' && isDone && state.ended.exitCode === 0);

interface Earlier {
  readonly before: Json | undefined;
  readonly uid: string;
}

function containerStatus(container: Json, view: ContainerView, { before, uid }: Earlier): JsonObject {
  const { state } = view;
  const image = textAt(container, 'image');
  const restarts = Math.max(view.restarts, numberAt(before, 'restartCount') ?? 0);
  const isSameRun = restarts === (numberAt(before, 'restartCount') ?? 0);
  const hasRun = state.is !== 'waiting' || view.last !== undefined;
  const containerID = `simulated://${uid}`;
  return {
    name: textAt(container, 'name'),
    image,
    imageID: hasRun ? `simulated://${image}` : '',
    ready: view.ready,
    restartCount: restarts,
    ...(hasRun ? { containerID } : {}),
    state: stateOf(view, { before: isSameRun ? at(before, 'state') : undefined, containerID }),
    lastState: lastStateOf(view, { before: isSameRun ? at(before, 'lastState') : undefined, containerID }),
    ...(state.is === 'running' ? given(container) : {}),
  };
}

/** What a running container has: a resize asks for other amounts, and gets them at once. */
function given(container: Json): JsonObject {
  const { requests, limits } = objectAt(container, 'resources');
  const isAsked = Object.keys(objectAt(requests)).length > 0;
  return { ...(isAsked ? { allocatedResources: requests } : {}), resources: omitUndefined({ limits, requests }) };
}

interface Told {
  readonly before: Json | undefined;
  readonly containerID: string;
}

function stateOf({ state }: ContainerView, told: Told): JsonObject {
  if (state.is === 'waiting') return { waiting: brief({ ...state.waiting }) };
  if (state.is === 'terminated') return { terminated: terminated(state.ended, told) };
  return { running: { startedAt: textAt(told.before, 'running', 'startedAt') || timestamp(state.from) } };
}

function lastStateOf({ last }: ContainerView, told: Told): JsonObject {
  if (last) return { terminated: terminated(last, told) };
  return objectAt(told.before);
}

function terminated({ exitCode, reason, from, to }: Ended, { before, containerID }: Told): JsonObject {
  const old = objectAt(before, 'terminated');
  if (old['exitCode'] === exitCode && old['reason'] === reason) return old;
  return { exitCode, reason, startedAt: timestamp(from), finishedAt: timestamp(to), containerID };
}

/** A Pod that its node puts out for want of memory. */
export function evictedStatus(client: ReconcilerClient, pod: KubeObject, view: PodView): JsonObject {
  const { now } = client;
  const ended: Ended = { exitCode: 137, reason: 'Error', from: now(), to: now() };
  const containers = view.containers.map((one) => {
    const from = one.state.is === 'running' ? one.state.from : now();
    return { ...one, state: { is: 'terminated', ended: { ...ended, from } }, ready: false, isDone: true } as const;
  });
  const status = podStatus(client, pod, { ...view, phase: 'Failed', containers });
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'TerminationByKubelet',
    message: EVICTED,
  } as const;
  const others = listAt(status, 'conditions').filter((entry) => textAt(entry, 'type') !== target.type);
  const conditions = [condition(client, pod, target), ...others];
  return { ...status, conditions, reason: 'Evicted', message: EVICTED };
}

export const EVICTED = 'The node was low on resource: memory. Threshold quantity: 100Mi, available: 0. ';

/** Conditions and states of Pods leave out what is empty. */
function brief(entry: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== ''));
}
