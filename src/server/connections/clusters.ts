// The registered clusters, kept in labelled Secrets. The system's own is there without one.

import { HawserError, messageOf } from '../../core/errors.ts';
import { textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import { type ClusterSettings, IN_CLUSTER } from '../../model/cluster.ts';
import {
  clusterMetadata,
  clusterOfTexts,
  clusterSecretName,
  clusterTexts,
  SECRET_TYPES,
} from '../../model/connection-secret.ts';
import { REFRESH_ANNOTATION } from '../../model/refresh.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';
import { createSecrets, textsOf } from './secrets.ts';

/** A cluster with its Secret, which the system's own need not have. */
export interface StoredCluster extends ClusterSettings {
  readonly server: string;
  readonly name: string;
  readonly refreshRequestedAt?: string;
  readonly secret?: KubeObject;
}

export interface ClusterStore {
  /** By their servers. What cannot be read is told to `broken`. */
  list(broken?: (secret: string, why: string) => void): Promise<readonly StoredCluster[]>;
  /** Throws `already-exists`. */
  create(cluster: ClusterSettings): Promise<void>;
  /** Makes a Secret for the system's own cluster where it has none. Throws `not-found`. */
  update(cluster: ClusterSettings): Promise<void>;
  /** Throws `not-found`. */
  remove(server: string): Promise<void>;
  /** Asks those who follow a cluster to read it anew. */
  requestRefresh(server: string, at: number): Promise<void>;
}

export function createClusterStore(home: Cluster, namespace: string): ClusterStore {
  const secrets = createSecrets({ home, namespace, type: SECRET_TYPES.cluster });
  const list: ClusterStore['list'] = async (broken) => {
    const stored = (await secrets.list()).flatMap((secret) => readCluster(secret, broken));
    const settings = await home.get({ group: '', version: 'v1', kind: 'ConfigMap', namespace, name: 'argocd-cm' });
    const isOwnListed = stored.some(({ server }) => server === IN_CLUSTER.server);
    const own = isOwnListed || !isOwnEnabled(settings) ? [] : [{ ...IN_CLUSTER, config: {} }];
    return [...stored, ...own].sort((a, b) => (a.server < b.server ? -1 : 1));
  };
  const find = async (server: string): Promise<KubeObject | undefined> =>
    (await list()).find((one) => one.server === server)?.secret;
  const create: ClusterStore['create'] = async (cluster) => {
    const { server = '', labels, annotations } = cluster;
    if (await find(server)) throw new HawserError('already-exists', `cluster "${server}" already exists`);
    const named = { ...cluster, name: cluster.name || server };
    await secrets.create({
      name: clusterSecretName(server),
      texts: clusterTexts(named),
      ...omitUndefined({ labels, annotations }),
    });
  };
  return {
    list,
    create,
    update: async (cluster) => {
      const { server = '', labels = {}, annotations = {} } = cluster;
      const secret = await find(server);
      if (secret) {
        await secrets.update(secret, {
          texts: clusterTexts({ ...cluster, name: cluster.name || server }),
          labels,
          annotations,
        });
        return;
      }
      if (server !== IN_CLUSTER.server) throw missing(server);
      await create(cluster);
    },
    remove: async (server) => {
      const secret = await find(server);
      if (!secret) throw missing(server);
      await secrets.remove(secret);
    },
    requestRefresh: async (server, at) => {
      const secret = await find(server);
      if (!secret) return;
      const annotations = { ...annotationsOf(secret), [REFRESH_ANNOTATION]: timestamp(at) };
      await secrets.update(secret, { texts: {}, annotations });
    },
  };
}

const missing = (server: string): HawserError => new HawserError('not-found', `cluster "${server}" not found`);

const isOwnEnabled = (settings: unknown): boolean => textAt(settings, 'data', 'cluster.inClusterEnabled') !== 'false';

function readCluster(secret: KubeObject, broken?: (secret: string, why: string) => void): StoredCluster[] {
  const name = secret.metadata.name ?? '';
  try {
    const settings = clusterOfTexts(textsOf(secret));
    const server = settings.server ?? '';
    if (!/^https?:\/\/[^/\s]/.test(server)) throw new SyntaxError(`'${server}' is no URL of a server`);
    const refreshRequestedAt = annotationsOf(secret)[REFRESH_ANNOTATION];
    return [
      {
        ...settings,
        ...clusterMetadata(secret.metadata),
        ...omitUndefined({ refreshRequestedAt }),
        server,
        name: settings.name || server,
        secret,
      },
    ];
  } catch (thrown) {
    broken?.(name, messageOf(thrown));
    return [];
  }
}
