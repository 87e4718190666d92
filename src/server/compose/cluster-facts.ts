// What is known of registered clusters: version, kinds, connection, how many applications and objects are in them.

import type { ClusterRegistry } from '../../controller/cluster-registry.ts';
import { asHawserError } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type Clock, timestamp } from '../../core/time.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { type ClusterInfo, type ClusterSettings, IN_CLUSTER } from '../../model/cluster.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { ServerPorts } from '../ports.ts';
import type { Live } from './live.ts';
import type { RemoteCluster } from './remote-clusters.ts';

interface FactsOptions {
  readonly home: Cluster;
  readonly registry: ClusterRegistry<Live>;
  readonly clock: Clock;
  readonly connect: (settings: ClusterSettings) => RemoteCluster;
  readonly reload: () => Promise<void>;
}

/** A cluster that does not answer is not asked for each list. */
const TTL_MS = 30_000;
const PATIENCE_MS = 10_000;

type Known = Pick<ClusterInfo, 'connectionState' | 'serverVersion' | 'apiVersions'>;

export function createClusterFacts(options: FactsOptions): ServerPorts['clusters'] {
  const { home, registry, clock, connect, reload } = options;
  const known = new Map<string, { readonly at: number; readonly facts: Promise<Known> }>();
  const clusterOf = (server: string): Cluster => registry.open({ server }).cluster;

  const ask = async (server: string): Promise<Known> => {
    const attemptedAt = timestamp(clock.now());
    try {
      const cluster = clusterOf(server);
      const [serverVersion, types] = await inTime(clock, Promise.all([cluster.version(), cluster.types()]));
      const followed = types.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'));
      const apiVersions = followed.flatMap(({ group, version, kind }) => {
        const own = group === '' ? version : `${group}/${version}`;
        return [own, `${own}/${kind}`];
      });
      const connectionState = { status: 'Successful', message: '', attemptedAt };
      return { connectionState, serverVersion, apiVersions: [...new Set(apiVersions)].sort() };
    } catch (thrown) {
      return { connectionState: { status: 'Failed', message: asHawserError(thrown).message, attemptedAt } };
    }
  };
  const factsOf = (server: string): Promise<Known> => {
    const last = known.get(server);
    if (last && clock.now() - last.at < TTL_MS) return last.facts;
    const facts = ask(server);
    known.set(server, { at: clock.now(), facts });
    return facts;
  };
  return {
    info: async ({ server }) => {
      const [facts, applicationsCount] = await Promise.all([
        factsOf(server),
        countApplications(home, registry, server),
      ]);
      const cacheInfo = cacheInfoOf(registry, server);
      const isFollowed = cacheInfo.apisCount !== undefined;
      const { apiVersions, connectionState, serverVersion } = facts;
      return {
        connectionState,
        ...omitUndefined({ serverVersion }),
        cacheInfo,
        applicationsCount,
        ...(isFollowed && apiVersions ? { apiVersions } : {}),
      };
    },
    connect: (settings) => (settings.server === IN_CLUSTER.server ? home : connect(settings).cluster),
    test: async (settings) => {
      if (settings.server === IN_CLUSTER.server) return;
      const { cluster, close } = connect(settings);
      try {
        // Anybody may ask for the version: what is served is told to those who are let in.
        await inTime(clock, Promise.all([cluster.version(), cluster.types()]));
      } catch (thrown) {
        const error = asHawserError(thrown);
        throw error.code === 'not-implemented' ? error : error.with({ code: 'unreachable', details: { grpc: 2 } });
      } finally {
        close();
      }
    },
    reload: async () => {
      known.clear();
      await reload();
    },
    refresh: async (server) => {
      known.delete(server);
      const open = registry.open({ server });
      open.cluster.forget();
      open.live.followAgain();
    },
  };
}

async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const control = new AbortController();
  const late = clock.sleep(PATIENCE_MS, control.signal).then(() => {
    throw new Error(`it did not answer within ${PATIENCE_MS / 1000}s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    control.abort();
  }
}

async function countApplications(home: Cluster, registry: ClusterRegistry<Live>, server: string): Promise<number> {
  const { items } = await home.list(APPLICATION_TYPE);
  const serverOf = (item: unknown): string | undefined => {
    const [own, name] = ['server', 'name'].map((field) => textAt(item, 'spec', 'destination', field));
    return registry.serverOf(omitUndefined({ server: own || undefined, name: name || undefined }));
  };
  return items.filter((item) => serverOf(item) === server).length;
}

function cacheInfoOf(registry: ClusterRegistry<Live>, server: string): NonNullable<ClusterInfo['cacheInfo']> {
  const count = registry.liveOf(server)?.count();
  if (!count || count.kinds === 0) return {};
  return {
    resourcesCount: count.objects,
    apisCount: count.kinds,
    lastCacheSyncTime: timestamp(count.listedAt),
  };
}
