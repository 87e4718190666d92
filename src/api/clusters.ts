// Clusters that applications are deployed to.

import { anything, flag, list, type Of, object, optional, text } from '../core/shape.ts';
import {
  type ClusterConnection,
  type ClusterSettings,
  clusterConnection,
  clusterList,
  clusterSettings,
} from '../model/cluster.ts';
import type { Endpoint } from './endpoint.ts';
import { onCluster } from './rights.ts';

const PATH = '/api/v1/clusters';

const listInput = object({
  server: optional(text),
  name: optional(text),
  'id.type': optional(text),
  'id.value': optional(text),
});

export interface ListClusters extends Of<typeof listInput> {}

export interface ClusterItems extends Of<typeof clusterList> {}

export const listClusters: Endpoint<ListClusters, ClusterItems> = {
  method: 'GET',
  path: PATH,
  right: { items: 'clusters' },
  input: listInput,
  output: clusterList,
};

const idInput = object({
  /** The server's URL, or its name where `id.type` is 'name'. */
  'id.value': text,
  'id.type': optional(text),
});

export interface GetCluster extends Of<typeof idInput> {}

/** A cluster as a command line names it. */
export const clusterId = (serverOrName: string): GetCluster =>
  /^https?:\/\//.test(serverOrName) ? { 'id.value': serverOrName } : { 'id.value': serverOrName, 'id.type': 'name' };

export const getCluster: Endpoint<GetCluster, ClusterConnection> = {
  method: 'GET',
  path: `${PATH}/{id.value}`,
  right: onCluster('get'),
  input: idInput,
  output: clusterConnection,
};

const createInput = object({ cluster: clusterSettings, upsert: optional(flag) });

/** The object of the policy that a cluster is. */
export const clusterObject = ({ server = '', project = '' }: Pick<ClusterSettings, 'server' | 'project'>): string =>
  project === '' ? server : `${project}/${server}`;

/** Asks the cluster for its version before it is saved. */
export const createCluster: Endpoint<Of<typeof createInput>, ClusterConnection> = {
  method: 'POST',
  path: PATH,
  right: { resource: 'clusters', action: 'create', object: ({ cluster }) => clusterObject(cluster) },
  body: 'cluster',
  input: createInput,
  output: clusterConnection,
};

const updateInput = object({
  'id.value': text,
  'id.type': optional(text),
  /** None means all of them. */
  updatedFields: optional(list(text)),
  cluster: clusterSettings,
});

export interface UpdateCluster extends Of<typeof updateInput> {}

export const updateCluster: Endpoint<UpdateCluster, ClusterConnection> = {
  method: 'PUT',
  path: `${PATH}/{id.value}`,
  right: onCluster('update'),
  body: 'cluster',
  input: updateInput,
  output: clusterConnection,
};

/** By its name: each cluster that is called so. */
export const deleteCluster: Endpoint<GetCluster, unknown> = {
  method: 'DELETE',
  path: `${PATH}/{id.value}`,
  right: onCluster('delete'),
  input: idInput,
  output: anything,
};

/** A new token in place of the one that the cluster was added with. */
export const rotateClusterAuth: Endpoint<GetCluster, unknown> = {
  method: 'POST',
  path: `${PATH}/{id.value}/rotate-auth`,
  right: onCluster('update'),
  input: idInput,
  output: anything,
};

/** Reads all that is in it anew. */
export const invalidateClusterCache: Endpoint<GetCluster, ClusterConnection> = {
  method: 'POST',
  path: `${PATH}/{id.value}/invalidate-cache`,
  right: onCluster('update'),
  input: idInput,
  output: clusterConnection,
};
