import { getKubernetesAccess, holdKubernetes, initialPassword, type KubernetesAccess } from '../../api/local.ts';
import {
  type ClusterClockState,
  type ClusterNodes,
  changeClusterClock,
  changeClusterNodes,
  getClusterClock,
  getLocalStatus,
  type LoadResult,
  type LocalStatus,
  listClusterNodes,
  loadObject,
} from '../../api/local-cluster.ts';
import { HawserError } from '../../core/errors.ts';
import { timestamp } from '../../core/time.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { KubernetesPort } from '../http/kubernetes-port.ts';
import { type Call, type Route, route } from '../http/route.ts';

/** What is asked of the local cluster beside its Kubernetes API. */
export interface LocalClusterPort {
  readonly clock: {
    read(): ClockReading;
    change(change: ClockChange): Promise<ClockReading>;
  };
  load(request: LoadRequest): Promise<LoadResult>;
  nodes(): Promise<ClusterNodes['items']>;
  setNodes(nodes: { readonly count: number; readonly zones: number }): Promise<void>;
}

interface LoadRequest {
  readonly object: KubeObject;
  readonly namespace: string;
  readonly dryRun: boolean;
  readonly ownerComes: boolean;
}

interface ClockChange {
  readonly speed?: number | undefined;
  readonly paused?: boolean | undefined;
  readonly advanceMs?: number | undefined;
}

interface ClockReading {
  readonly now: number;
  readonly speed: number;
  readonly paused: boolean;
  readonly aheadMs: number;
}

export interface LocalPorts {
  readonly kubernetes: KubernetesPort;
  /** Sets the controllers to work. */
  readonly run: () => Promise<void>;
  readonly cluster: LocalClusterPort;
  readonly password: () => Promise<string | undefined>;
  readonly status: () => Promise<LocalStatus>;
}

/** Served to local callers, never on a port. */
export function localRoutes({ kubernetes, run, cluster, password, status }: LocalPorts): Route[] {
  return [
    route(initialPassword, async () => ({ password: await password() })),
    route(getKubernetesAccess, () => kubernetes.access()),
    route(getClusterClock, async () => clockState(cluster.clock.read())),
    route(changeClusterClock, async (change) => clockState(await cluster.clock.change(change))),
    route(getLocalStatus, status),
    route(loadObject, ({ object, ...request }) => cluster.load({ ...request, object: checkedObject(object) })),
    route(listClusterNodes, async () => ({ items: await cluster.nodes() })),
    route(changeClusterNodes, async (nodes) => {
      await cluster.setNodes(nodes);
      return { items: await cluster.nodes() };
    }),
    route(holdKubernetes, (_input, call) => hold({ kubernetes, run }, call)),
  ];
}

function checkedObject(value: unknown): KubeObject {
  if (isKubeObject(value)) return value;
  throw new HawserError('invalid', 'an object has apiVersion, kind and metadata');
}

function clockState({ now, speed, paused, aheadMs }: ClockReading): ClusterClockState {
  return { time: timestamp(now), speed, paused, aheadSeconds: Math.round(aheadMs / 1000) };
}

async function* hold(
  { kubernetes, run }: Pick<LocalPorts, 'kubernetes' | 'run'>,
  { signal }: Call,
): AsyncGenerator<KubernetesAccess> {
  await run();
  yield await kubernetes.listen({ host: '127.0.0.1', port: 0 });
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
