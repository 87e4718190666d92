import { getKubernetesAccess, holdKubernetes, initialPassword, type KubernetesAccess } from '../../api/local.ts';
import {
  type ClusterClockState,
  type ClusterNodes,
  changeClusterClock,
  changeClusterNodes,
  getClusterClock,
  getLocalStatus,
  type LocalStatus,
  listClusterNodes,
} from '../../api/local-cluster.ts';
import { timestamp } from '../../core/time.ts';
import type { KubernetesPort } from '../http/kubernetes-port.ts';
import { type Call, type Route, route } from '../http/route.ts';

/** What is asked of the local cluster beside its Kubernetes API. */
export interface LocalClusterPort {
  readonly clock: {
    read(): ClockReading;
    change(change: ClockChange): Promise<ClockReading>;
  };
  nodes(): Promise<ClusterNodes['items']>;
  setNodes(nodes: { readonly count: number; readonly zones: number }): Promise<void>;
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
  readonly cluster: LocalClusterPort;
  readonly password: () => Promise<string | undefined>;
  readonly status: () => Promise<LocalStatus>;
}

/** Served to local callers, never on a port. */
export function localRoutes({ kubernetes, cluster, password, status }: LocalPorts): Route[] {
  return [
    route(initialPassword, async () => ({ password: await password() })),
    route(getKubernetesAccess, () => kubernetes.access()),
    route(getClusterClock, async () => clockState(cluster.clock.read())),
    route(changeClusterClock, async (change) => clockState(await cluster.clock.change(change))),
    route(getLocalStatus, status),
    route(listClusterNodes, async () => ({ items: await cluster.nodes() })),
    route(changeClusterNodes, async (nodes) => {
      await cluster.setNodes(nodes);
      return { items: await cluster.nodes() };
    }),
    route(holdKubernetes, (_input, call) => hold(kubernetes, call)),
  ];
}

function clockState({ now, speed, paused, aheadMs }: ClockReading): ClusterClockState {
  return { time: timestamp(now), speed, paused, aheadSeconds: Math.round(aheadMs / 1000) };
}

async function* hold(kubernetes: KubernetesPort, { signal }: Call): AsyncGenerator<KubernetesAccess> {
  yield await kubernetes.listen({ host: '127.0.0.1', port: 0 });
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
