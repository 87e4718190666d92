// Clusters and repositories that the server knows.

import { anything, flag, list, type Of, object, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

const cluster = object({
  server: text,
  name: optional(text),
  /** Without credentials. */
  config: anything,
  serverVersion: optional(text),
  connectionState: anything,
  info: anything,
  namespaces: optional(list(text)),
  project: optional(text),
});

export interface ClusterConnection extends Of<typeof cluster> {}

export const listClusters: Endpoint<unknown, { readonly items?: readonly ClusterConnection[] }> = {
  method: 'GET',
  path: '/api/v1/clusters',
  right: { items: 'clusters' },
  input: anything,
  output: object({ items: optional(list(cluster)) }),
};

const getClusterInput = object({
  /** The server's URL, or its name where `id.type` is 'name'. */
  'id.value': text,
  'id.type': optional(text),
});

export interface GetCluster extends Of<typeof getClusterInput> {}

export const getCluster: Endpoint<GetCluster, ClusterConnection> = {
  method: 'GET',
  path: '/api/v1/clusters/{id.value}',
  right: {
    resource: 'clusters',
    action: 'get',
    object: ({ 'id.value': value, 'id.type': type }, { clusterUrl }) => (type === 'name' ? clusterUrl(value) : value),
  },
  input: getClusterInput,
  output: cluster,
};

const repositoryConnection = object({
  repo: text,
  name: optional(text),
  type: optional(text),
  username: optional(text),
  project: optional(text),
  insecure: optional(flag),
  connectionState: anything,
});

export interface RepositoryConnection extends Of<typeof repositoryConnection> {}

export const listRepositories: Endpoint<unknown, { readonly items?: readonly RepositoryConnection[] }> = {
  method: 'GET',
  path: '/api/v1/repositories',
  right: { items: 'repositories' },
  input: anything,
  output: object({
    items: optional(list(repositoryConnection)),
  }),
};

const listRepositoryApplicationsInput = object({
  repo: text,
  revision: optional(text),
  appName: optional(text),
  appProject: optional(text),
});

export interface ListRepositoryApplications extends Of<typeof listRepositoryApplicationsInput> {}

/** The folders of a repository that hold an application. */
export const listRepositoryApplications: Endpoint<
  ListRepositoryApplications,
  { readonly items?: readonly { readonly type?: string; readonly path?: string }[] }
> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/apps',
  right: { resource: 'repositories', action: 'get', object: ({ repo }) => repo },
  input: listRepositoryApplicationsInput,
  output: object({
    items: optional(
      list(
        object({
          type: optional(text),
          path: optional(text),
        }),
      ),
    ),
  }),
};

const listReferencesInput = object({ repo: text, appProject: optional(text) });

export interface ListReferences extends Of<typeof listReferencesInput> {}

export const listReferences: Endpoint<
  ListReferences,
  { readonly branches?: readonly string[]; readonly tags?: readonly string[] }
> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/refs',
  right: { resource: 'repositories', action: 'get', object: ({ repo }) => repo },
  input: listReferencesInput,
  output: object({
    branches: optional(list(text)),
    tags: optional(list(text)),
  }),
};
