// What is asked of the local cluster beside its Kubernetes API: only through the socket in the data folder.

import { anything, flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
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

const clusterNodes = object({
  items: list(object({ name: text, status: text, zone: text, pods: number })),
});

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
