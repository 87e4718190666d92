// Runs the Pods that have a node: works out what their containers do by now, writes it down, tells of what went wrong.

import { at, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { KubeObject } from '../../objects/object.ts';
import { namespacedName, type ReconcilerClient } from '../controllers/reconciler.ts';
import { recordEvent } from '../events/record.ts';
import { faultNamed, faultText, faultyUntil } from '../faults/of.ts';
import type { Fault } from '../faults/parse.ts';
import { createImages, type Images, type ImagesOfNode } from './images.ts';
import { type PodPlan, podAt, podBeforeStart } from './pod-at.ts';
import { missingConfig, missingVolume, mountedVolumes } from './references.ts';
import { type Circumstances, containerScripts, initScripts } from './scripts.ts';
import { countBefore, faultsOfPod } from './siblings.ts';
import { EVICTED, evictedStatus, podStatus } from './status.ts';
import { eventsBetween, readinessEvents, stoppingEvents, type Telling } from './tell.ts';

export interface Kubelet {
  /** Pods that wait for a ConfigMap or a Secret, as 'namespace/name'. */
  readonly blocked: ReadonlySet<string>;
  /** Brings a Pod forward whose containers may begin at `start`; answers when to look again. */
  run(client: ReconcilerClient, pod: KubeObject, start: number): Promise<number | undefined>;
  /** Tells that it ends its containers. */
  stop(client: ReconcilerClient, pod: KubeObject): void;
  forget(last: KubeObject): void;
}

/** What is known of a Pod beside what is written in it. */
interface Memory {
  faultText: string | undefined;
  /** When the annotation was changed, of a Pod that was there already. */
  faultSince: number | undefined;
  /** When a volume could be mounted that could not before. */
  mounted: number | undefined;
  /** When the environment of a container was whole, by its name. */
  readonly mended: Map<string, number>;
  /** When to tell again that it is not ready. */
  unready: { readonly next: number; readonly pause: number } | undefined;
  readonly told: Set<string>;
  isStopping: boolean;
}

const FIRST_PROBE_MS = 10_000;
const LONGEST_PROBE_MS = 600_000;

interface Known {
  /** By uid. */
  readonly memories: Map<string, Memory>;
  readonly blocked: Set<string>;
  readonly images: Images;
}

export function createKubelet(): Kubelet {
  const known: Known = { memories: new Map(), blocked: new Set(), images: createImages() };
  return {
    blocked: known.blocked,
    run: (client, pod, start) => run(client, pod, { known, start }),
    stop: (client, pod) => {
      const memory = memoryOf(client, pod, known);
      if (!memory.isStopping) tell(client, pod, stoppingEvents(pod));
      memory.isStopping = true;
    },
    forget: (last) => {
      known.memories.delete(last.metadata.uid ?? '');
      known.blocked.delete(namespacedName(last));
    },
  };
}

async function run(
  client: ReconcilerClient,
  pod: KubeObject,
  { known, start }: { readonly known: Known; readonly start: number },
): Promise<number | undefined> {
  const key = namespacedName(pod);
  const memory = memoryOf(client, pod, known);
  const faults = faultsOfPod(client, pod);
  const images = known.images.on(client, textAt(pod, 'spec', 'nodeName'));
  known.blocked.delete(key);
  const plan = planOf(client, pod, { faults, memory, start });
  const obstacle = client.now() < plan.begin || hasBegun(pod) ? undefined : mountObstacle(client, pod, faults);
  if (obstacle) {
    known.blocked.add(key);
    memory.mounted = client.now();
    await tellOnce(client, pod, { memory, message: obstacle.message });
    const view = podBeforeStart(plan, obstacle.until);
    return write(client, pod, { status: podStatus(client, pod, view), next: view.next, faults, memory, images });
  }
  const { name = '', namespace = '', uid = '' } = pod.metadata;
  const view = podAt(plan, { now: client.now(), podText: `${name}_${namespace}(${uid})` });
  if ([...plan.init, ...plan.containers].some((script) => script.blocked)) known.blocked.add(key);
  const eviction = evictionAt(client, pod, { faults, begin: plan.begin });
  if (eviction !== undefined && client.now() >= eviction) {
    await client.updateStatus('/pods', pod, evictedStatus(client, pod, view));
    tell(client, pod, [{ type: 'Warning', reason: 'Evicted', message: EVICTED }, ...stoppingEvents(pod)]);
    return undefined;
  }
  const next = Math.min(view.next, eviction ?? Number.POSITIVE_INFINITY);
  return write(client, pod, { status: podStatus(client, pod, view), next, faults, memory, images });
}

/** In the name of the node's kubelet. */
function tell(client: ReconcilerClient, pod: KubeObject, events: readonly Telling[]): void {
  const host = textAt(pod, 'spec', 'nodeName');
  for (const told of events)
    recordEvent(client, pod, { ...told, component: 'kubelet', host }, omitUndefined({ times: told.times }));
}

function memoryOf(client: ReconcilerClient, pod: KubeObject, { memories }: Known): Memory {
  const uid = pod.metadata.uid ?? '';
  const text = faultText(pod);
  const memory = memories.get(uid) ?? {
    faultText: text,
    faultSince: undefined,
    mounted: undefined,
    mended: new Map(),
    unready: undefined,
    told: new Set(),
    isStopping: false,
  };
  memories.set(uid, memory);
  if (memory.faultText !== text) {
    memory.faultText = text;
    memory.faultSince = client.now();
  }
  return memory;
}

async function write(client: ReconcilerClient, pod: KubeObject, work: Work): Promise<number | undefined> {
  const { status, next, faults, memory } = work;
  const liveness = faultNamed(faults, 'liveness') !== undefined;
  tell(client, pod, eventsBetween(pod, status, { liveness, images: work.images }));
  await client.updateStatus('/pods', pod, status);
  const probes = faultNamed(faults, 'never-ready') ? await tellUnready(client, pod, { status, memory }) : undefined;
  const due = Math.min(next, probes ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(due) ? due : undefined;
}

interface Work {
  readonly images: ImagesOfNode;
  readonly status: JsonObject;
  readonly next: number;
  readonly faults: readonly Fault[];
  readonly memory: Memory;
}

interface Setting {
  readonly faults: readonly Fault[];
  readonly memory: Memory;
  readonly start: number;
}

function planOf(client: ReconcilerClient, pod: KubeObject, { faults, memory, start }: Setting): PodPlan {
  const slow = faultNamed(faults, 'slow')?.numbers['by'] ?? 0;
  const begin = Math.max(start + slow, memory.mounted ?? 0);
  const namespace = pod.metadata.namespace ?? '';
  const hasCount = faults.some(({ numbers }) => numbers['times'] !== undefined);
  const circumstances: Circumstances = {
    faults,
    delay: Math.max(0, (memory.faultSince ?? 0) - begin),
    earlierFailures: hasCount ? countBefore(client, pod, hasFailed) : 0,
    missingConfig: (container) => (isCreated(pod, container) ? undefined : missingConfig(client, namespace, container)),
  };
  const mend = <T extends { readonly name: string; readonly blocked: unknown }>(script: T): T => {
    if (!script.blocked && isWaitingForConfig(pod, script.name) && !memory.mended.has(script.name)) {
      memory.mended.set(script.name, client.now());
    }
    const notBefore = memory.mended.get(script.name);
    return notBefore === undefined ? script : { ...script, notBefore };
  };
  return {
    begin,
    init: initScripts(pod, circumstances).map(mend),
    containers: containerScripts(pod, circumstances).map(mend),
    restartPolicy: textAt(pod, 'spec', 'restartPolicy') || 'Always',
  };
}

const hasFailed = (pod: KubeObject): boolean =>
  textAt(pod, 'status', 'phase') === 'Failed' && textAt(pod, 'status', 'reason') !== 'Evicted';
const isEvicted = (pod: KubeObject): boolean => textAt(pod, 'status', 'reason') === 'Evicted';

const statusesOf = (pod: KubeObject): readonly Json[] => [
  ...listAt(pod, 'status', 'initContainerStatuses'),
  ...listAt(pod, 'status', 'containerStatuses'),
];

function statusNamed(pod: KubeObject, name: string): Json | undefined {
  return statusesOf(pod).find((status) => textAt(status, 'name') === name);
}

/** A container that runs has read its environment: what goes later does not matter to it. */
const isCreated = (pod: KubeObject, container: Json): boolean =>
  textAt(statusNamed(pod, textAt(container, 'name')), 'containerID') !== '';

const isWaitingForConfig = (pod: KubeObject, name: string): boolean =>
  textAt(statusNamed(pod, name), 'state', 'waiting', 'reason') === 'CreateContainerConfigError';

const hasBegun = (pod: KubeObject): boolean =>
  statusesOf(pod).some((status) => !['', 'ContainerCreating', 'PodInitializing'].includes(waitingReason(status)));

const waitingReason = (status: Json): string =>
  at(status, 'state', 'waiting') === undefined ? 'none' : textAt(status, 'state', 'waiting', 'reason');

interface Obstacle {
  readonly message: string;
  readonly until: number;
}

function mountObstacle(client: ReconcilerClient, pod: KubeObject, faults: readonly Fault[]): Obstacle | undefined {
  const until = faultyUntil(pod, 'mount');
  if (until !== undefined && client.now() < until) {
    const [first = ''] = mountedVolumes(pod);
    const volume = faultNamed(faults, 'mount')?.texts['volume'] ?? first;
    const message = `MountVolume.SetUp failed for volume "${volume}" : rpc error: code = DeadlineExceeded desc = context deadline exceeded`;
    return { message, until };
  }
  const message = missingVolume(client, pod);
  return message === undefined ? undefined : { message, until: Number.POSITIVE_INFINITY };
}

async function tellOnce(
  client: ReconcilerClient,
  pod: KubeObject,
  { memory, message }: { readonly memory: Memory; readonly message: string },
): Promise<void> {
  if (memory.told.has(message)) return;
  memory.told.add(message);
  tell(client, pod, [{ type: 'Warning', reason: 'FailedMount', message }]);
}

/** When its node puts it out; undefined when it does not. */
function evictionAt(
  client: ReconcilerClient,
  pod: KubeObject,
  { faults, begin }: { readonly faults: readonly Fault[]; readonly begin: number },
): number | undefined {
  const fault = faultNamed(faults, 'evict');
  if (!fault || countBefore(client, pod, isEvicted) >= (fault.numbers['times'] ?? 1)) return undefined;
  return begin + (fault.numbers['after'] ?? 0);
}

/** Tells that the readiness probe failed, less and less often; answers when to tell it again. */
async function tellUnready(
  client: ReconcilerClient,
  pod: KubeObject,
  { status, memory }: { readonly status: JsonObject; readonly memory: Memory },
): Promise<number | undefined> {
  const events = readinessEvents(pod, objectAt(status));
  if (events.length === 0) {
    memory.unready = undefined;
    return undefined;
  }
  const { next, pause } = memory.unready ?? { next: client.now(), pause: FIRST_PROBE_MS };
  if (client.now() < next) return next;
  tell(client, pod, events);
  memory.unready = { next: client.now() + pause, pause: Math.min(pause * 2, LONGEST_PROBE_MS) };
  return memory.unready.next;
}
