// What is asked of the local cluster beside its Kubernetes API: only through the socket in the data folder.

import { anything, flag, number, type Of, object, optional, text } from '../core/shape.ts';
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
