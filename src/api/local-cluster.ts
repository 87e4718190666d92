// What is asked of the local cluster beside its Kubernetes API: only through the socket in the data folder.

import { anything, flag, list, number, type Of, object, oneOf, optional, record, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const clusterClock = object({
  /** RFC 3339. */
  time: text,
  speed: number,
  paused: flag,
  /** Before this machine's time; negative when it is behind. */
  aheadSeconds: number,
});

export interface ClusterClockState extends Of<typeof clusterClock> {}

const clockChange = object({
  speed: optional(number),
  paused: optional(flag),
  advanceMs: optional(number),
});

const node = object({ name: text, status: text, zone: text, pods: number });

const clusterNodes = object({ items: list(node) });

export interface ClusterNodes extends Of<typeof clusterNodes> {}

const nodesChange = object({ count: number, zones: number });

export const listClusterNodes: Endpoint<unknown, ClusterNodes> = {
  method: 'GET',
  path: '/hawser/cluster/nodes',
  right: 'local',
  input: anything,
  output: clusterNodes,
};

/** Pods of nodes that go are gone with them. */
export const changeClusterNodes: Endpoint<Of<typeof nodesChange>, ClusterNodes> = {
  method: 'POST',
  path: '/hawser/cluster/nodes',
  body: '*',
  right: 'local',
  input: nodesChange,
  output: clusterNodes,
};

export const getClusterClock: Endpoint<unknown, ClusterClockState> = {
  method: 'GET',
  path: '/hawser/cluster/clock',
  right: 'local',
  input: anything,
  output: clusterClock,
};

export const changeClusterClock: Endpoint<Of<typeof clockChange>, ClusterClockState> = {
  method: 'POST',
  path: '/hawser/cluster/clock',
  body: '*',
  right: 'local',
  input: clockChange,
  output: clusterClock,
};

const loadRequest = object({
  object: anything,
  namespace: text,
  dryRun: flag,
  ownerComes: flag,
});

const loadResult = object({
  result: oneOf('created', 'configured', 'unchanged', 'skipped', 'failed'),
  namespace: text,
  message: optional(text),
  missing: optional(oneOf('kind', 'namespace')),
  warnings: list(text),
});

export interface LoadResult extends Of<typeof loadResult> {}

/** Puts an object into the cluster by server-side apply, without what another cluster gave to it. */
export const loadObject: Endpoint<Of<typeof loadRequest>, LoadResult> = {
  method: 'POST',
  path: '/hawser/cluster/objects',
  body: '*',
  right: 'local',
  input: loadRequest,
  output: loadResult,
};

const localStatus = object({
  folder: object({ path: text, bytes: number, parts: record(number) }),
  journal: object({ path: text, bytes: number, revision: number, objects: number }),
  owner: object({
    pid: number,
    /** RFC 3339. */
    since: text,
    version: text,
    /** Where it listens: the API, and the Kubernetes API. */
    api: list(text),
    kubernetes: optional(text),
  }),
  kubernetesVersion: text,
  clock: clusterClock,
  nodes: list(node),
  kinds: list(object({ kind: text, group: text, count: number, namespaces: record(number) })),
  notHealthy: list(
    object({ kind: text, group: text, namespace: text, name: text, status: text, message: optional(text) }),
  ),
});

export interface LocalStatus extends Of<typeof localStatus> {}

/** The cluster, its folder and who owns it, after its controllers have caught up with the time. */
export const getLocalStatus: Endpoint<unknown, LocalStatus> = {
  method: 'GET',
  path: '/hawser/cluster/status',
  right: 'local',
  input: anything,
  output: localStatus,
};
