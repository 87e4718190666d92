// The registry of the clusters that applications are deployed to, by the URL of their API server or by their name.

import { HawserError } from '../core/errors.ts';
import type { ApplicationDestination } from '../model/application.ts';
import { IN_CLUSTER } from '../model/cluster.ts';
import type { Cluster } from '../objects/cluster.ts';
import type { Destinations, LiveState } from './ports.ts';

export interface RegisteredCluster {
  readonly server: string;
  readonly name: string;
  /** The namespaces that are followed in it; all, and what is in none, when empty. */
  readonly namespaces: readonly string[];
  /** The one project that it is for, where there is one. */
  readonly project?: string;
  readonly cluster: Cluster;
}

/** What a destination comes to: the cluster, and its live state from when it was first needed. */
type OpenCluster<Live> = RegisteredCluster & { readonly live: Live };

export interface ClusterRegistry<Live extends LiveState> extends Destinations {
  /** Adds a cluster, or replaces the one with its server. */
  register(cluster: RegisteredCluster): void;
  unregister(server: string): void;
  open(destination: ApplicationDestination): OpenCluster<Live>;
  /** The live state of a cluster, where it is open. */
  liveOf(server: string): Live | undefined;
  /** The live states that are open. */
  lives(): readonly Live[];
  close(): void;
}

export function createClusterRegistry<Live extends LiveState & { stop(): void }>(
  openLive: (cluster: RegisteredCluster) => Live,
): ClusterRegistry<Live> {
  const clusters = new Map<string, RegisteredCluster>();
  const lives = new Map<string, Live>();

  function stop(server: string): void {
    lives.get(server)?.stop();
    lives.delete(server);
  }

  return {
    register: (cluster) => {
      const before = clusters.get(cluster.server);
      // Another name is no other cluster.
      if (before?.cluster !== cluster.cluster) stop(cluster.server);
      clusters.set(cluster.server, cluster);
    },
    unregister: (server) => {
      stop(server);
      clusters.delete(server);
    },
    open: (destination) => {
      const cluster = findCluster(clusters, destination);
      const live = lives.get(cluster.server) ?? openLive(cluster);
      lives.set(cluster.server, live);
      return { ...cluster, live };
    },
    serverOf: ({ server, name }) => {
      if (!name) return server !== undefined && clusters.has(server) ? server : undefined;
      const matches = [...clusters.values()].filter((cluster) => cluster.name === name);
      return matches.length === 1 && !server ? matches[0]?.server : undefined;
    },
    liveOf: (server) => lives.get(server),
    lives: () => [...lives.values()],
    close: () => {
      for (const server of [...lives.keys()]) stop(server);
    },
  };
}

function findCluster(
  clusters: ReadonlyMap<string, RegisteredCluster>,
  { server = '', name }: ApplicationDestination,
): RegisteredCluster {
  if (name && server !== '') {
    const message = `application destination can't have both name and server defined: ${name} ${server}`;
    throw new HawserError('invalid', message);
  }
  if (name) return findByName([...clusters.values()], name);
  const cluster = clusters.get(server);
  if (cluster) return cluster;
  throw new HawserError(
    'not-found',
    `error getting cluster by server "${server}": rpc error: code = NotFound desc = cluster "${server}" not found`,
    {
      hint: `--dest-server ${IN_CLUSTER.server} is the cluster that is always there`,
    },
  );
}

function findByName(clusters: readonly RegisteredCluster[], name: string): RegisteredCluster {
  const matches = clusters.filter((cluster) => cluster.name === name);
  const [cluster] = matches;
  if (!cluster) throw new HawserError('not-found', `there are no clusters with this name: ${name}`);
  if (matches.length === 1) return cluster;
  const servers = matches.map(({ server }) => server).join(' ');
  throw new HawserError('invalid', `there are ${matches.length} clusters with the same name: [${servers}]`);
}
