// Registered clusters: read, added, changed, removed. What opens them is never answered.

import {
  clusterObject,
  createCluster,
  deleteCluster,
  type GetCluster,
  getCluster,
  invalidateClusterCache,
  listClusters,
  rotateClusterAuth,
  type UpdateCluster,
  updateCluster,
} from '../../api/clusters.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import { withoutLogins } from '../../core/url.ts';
import type { ClusterConnection, ClusterSettings } from '../../model/cluster.ts';
import { permissionDenied } from '../auth/enforcer.ts';
import { differingClusterFields } from '../connections/cluster-difference.ts';
import { type ClusterStore, createClusterStore, type StoredCluster } from '../connections/clusters.ts';
import { differentSpec } from '../connections/difference.ts';
import { rotateToken } from '../connections/rotate-token.ts';
import { type Call, type Route, route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';

interface Parts {
  readonly ports: ServerPorts;
  readonly store: ClusterStore;
}

export function clusterRoutes(ports: ServerPorts): Route[] {
  const parts: Parts = { ports, store: createClusterStore(ports.home, ports.namespace) };
  const { store } = parts;
  return [
    route(listClusters, async (query, { may }) => {
      const all = (await store.list()).filter(
        (one) => fitsQuery(one, query) && may({ resource: 'clusters', action: 'get', object: clusterObject(one) }),
      );
      return { metadata: {}, items: await Promise.all(all.map((one) => answer(parts, one))) };
    }),
    route(getCluster, async (id, call) => answer(parts, (await findVisible(store, id, call))[0])),
    route(createCluster, ({ cluster, upsert = false }, call) => create(parts, { cluster, upsert }, call)),
    route(updateCluster, async (input, call) => update(parts, input, call)),
    route(deleteCluster, async (id, call) => {
      for (const cluster of await findVisible(store, id, call)) {
        call.demand({ resource: 'clusters', action: 'delete', object: clusterObject(cluster) });
        await store.remove(cluster.server);
      }
      await ports.clusters.reload();
      return {};
    }),
    route(rotateClusterAuth, async (id, call) => {
      for (const cluster of await findVisible(store, id, call)) {
        call.demand({ resource: 'clusters', action: 'update', object: clusterObject(cluster) });
        const bearerToken = await rotateToken(ports, cluster, async (token) => {
          await store.update({ ...cluster, config: { ...cluster.config, bearerToken: token } });
          await ports.clusters.reload();
        });
        if (bearerToken === '') throw new HawserError('internal', 'the cluster issued no token');
      }
      return {};
    }),
    route(invalidateClusterCache, async (id, call) => {
      const [cluster] = await findVisible(store, id, call);
      const now = ports.clock.now();
      await store.requestRefresh(cluster.server, now);
      await ports.clusters.refresh(cluster.server);
      return { ...(await answer(parts, cluster)), refreshRequestedAt: timestamp(now) };
    }),
  ];
}

/** The clusters that are for one project alone. */
export async function clustersOfProject(ports: ServerPorts, project: string): Promise<readonly ClusterConnection[]> {
  const parts: Parts = { ports, store: createClusterStore(ports.home, ports.namespace) };
  const own = (await parts.store.list()).filter((one) => one.project === project);
  return Promise.all(own.map((one) => answer(parts, one)));
}

type SomeClusters = readonly [StoredCluster, ...StoredCluster[]];

/** Those that an id names and the caller may see; throws where there is none. */
async function findVisible(store: ClusterStore, id: GetCluster, { may }: Call): Promise<SomeClusters> {
  const [first, ...more] = (await store.list()).filter(
    (one) => isNamedBy(one, id) && may({ resource: 'clusters', action: 'get', object: clusterObject(one) }),
  );
  if (!first) throw permissionDenied();
  return [first, ...more];
}

export function isNamedBy(
  { server, name }: Pick<StoredCluster, 'server' | 'name'>,
  { 'id.value': value, 'id.type': type }: GetCluster,
): boolean {
  if (type === 'name') return name === value;
  if (type === 'name_escaped') return name === unescaped(value);
  return server === value.replace(/\/+$/, '');
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

interface ListQuery {
  readonly server?: string;
  readonly name?: string;
  readonly 'id.type'?: string;
  readonly 'id.value'?: string;
}

function fitsQuery(
  cluster: StoredCluster,
  { server, name, 'id.type': type, 'id.value': value = '' }: ListQuery,
): boolean {
  if (server && server !== cluster.server) return false;
  if (name && name !== cluster.name) return false;
  return value === '' || isNamedBy(cluster, { 'id.value': value, ...omitUndefined({ 'id.type': type }) });
}

/** Without what opens it. */
async function answer({ ports }: Parts, cluster: StoredCluster): Promise<ClusterConnection> {
  const info = await ports.clusters.info(cluster);
  const { server, name, namespaces, shard, clusterResources, project, labels, annotations, refreshRequestedAt } =
    cluster;
  const {
    tlsClientConfig: tls = {},
    awsAuthConfig,
    execProviderConfig,
    disableCompression,
    proxyUrl,
  } = cluster.config ?? {};
  return {
    server: withoutLogins(server),
    name,
    config: {
      tlsClientConfig: { insecure: tls.insecure ?? false, ...(tls.serverName ? { serverName: tls.serverName } : {}) },
      ...omitUndefined({ awsAuthConfig }),
      // What is handed to the program may be secret.
      ...(execProviderConfig ? { execProviderConfig: omitUndefined({ command: execProviderConfig.command }) } : {}),
      ...(disableCompression ? { disableCompression } : {}),
      ...(proxyUrl ? { proxyUrl: withoutLogins(proxyUrl) } : {}),
    },
    ...(info.serverVersion ? { serverVersion: info.serverVersion } : {}),
    connectionState: info.connectionState,
    info,
    ...omitUndefined({ namespaces, shard, project, labels, annotations, refreshRequestedAt }),
    ...(clusterResources ? { clusterResources } : {}),
  };
}

async function create(
  parts: Parts,
  { cluster, upsert }: { readonly cluster: ClusterSettings; readonly upsert: boolean },
  call: Call,
): Promise<ClusterConnection> {
  const { ports, store } = parts;
  const server = (cluster.server ?? '').replace(/\/+$/, '');
  if (!/^https?:\/\/[^/\s]/.test(server))
    throw new HawserError('invalid', `'${withoutLogins(server)}' is no URL of a Kubernetes API`, {
      hint: 'give it as https://HOST:PORT',
    });
  const complete = { ...cluster, server, name: cluster.name || server };
  await ports.clusters.test(complete);
  try {
    await store.create(complete);
  } catch (thrown) {
    if (asHawserError(thrown).code !== 'already-exists') throw thrown;
    const existing = (await store.list()).find((one) => one.server === server);
    if (!existing) throw thrown;
    const keys = differingClusterFields(existing, complete);
    if (keys.length > 0) {
      if (!upsert) throw differentSpec('cluster', keys);
      for (const one of [existing, complete])
        call.demand({ resource: 'clusters', action: 'update', object: clusterObject(one) });
      await store.update(complete);
    }
  }
  await ports.clusters.reload();
  return answer(parts, { ...complete });
}

/** What can be changed alone. */
const UPDATED_FIELDS = [
  'name',
  'namespaces',
  'config',
  'shard',
  'clusterResources',
  'labels',
  'annotations',
  'project',
] as const satisfies readonly (keyof ClusterSettings)[];

async function update(parts: Parts, input: UpdateCluster, call: Call): Promise<ClusterConnection> {
  const { updatedFields = [], cluster } = input;
  const { ports, store } = parts;
  const [existing] = await findVisible(store, input, call);
  const { secret: _secret, ...before } = existing;
  const fields = UPDATED_FIELDS.filter((field) => updatedFields.length === 0 || updatedFields.includes(field));
  const changes = Object.fromEntries(fields.map((field) => [field, cluster[field]]));
  const namespaces = (fields.includes('namespaces') ? cluster.namespaces : before.namespaces) ?? [];
  const { namespaces: _namespaces, ...rest } = { ...before, ...changes };
  const set = namespaces.filter((one) => one !== '');
  const after: StoredCluster = {
    ...rest,
    server: before.server,
    name: rest.name || before.server,
    ...(set.length > 0 ? { namespaces: set } : {}),
  };
  const target = clusterObject(after);
  if (target !== clusterObject(existing)) call.demand({ resource: 'clusters', action: 'update', object: target });
  await ports.clusters.test(after);
  await store.update(after);
  await ports.clusters.reload();
  return answer(parts, after);
}
