// Clusters and repositories that the server knows.

import { anything, flag, list, object, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';

export interface ClusterConnection {
  readonly server: string;
  readonly name?: string;
  /** Without what gets into it. */
  readonly config?: unknown;
  readonly serverVersion?: string;
  readonly connectionState?: unknown;
  readonly info?: unknown;
  readonly namespaces?: readonly string[];
  readonly project?: string;
}

const cluster = object<ClusterConnection>({
  server: text,
  name: optional(text),
  config: anything,
  serverVersion: optional(text),
  connectionState: anything,
  info: anything,
  namespaces: optional(list(text)),
  project: optional(text),
});

export const listClusters: Endpoint<unknown, { readonly items?: readonly ClusterConnection[] }> = {
  method: 'GET',
  path: '/api/v1/clusters',
  right: { items: 'clusters' },
  input: anything,
  output: object<{ readonly items?: readonly ClusterConnection[] }>({ items: optional(list(cluster)) }),
};

export interface GetCluster {
  /** The server's URL, or its name where `id.type` is 'name'. */
  readonly 'id.value': string;
  readonly 'id.type'?: string;
}

export const getCluster: Endpoint<GetCluster, ClusterConnection> = {
  method: 'GET',
  path: '/api/v1/clusters/{id.value}',
  right: {
    resource: 'clusters',
    action: 'get',
    object: ({ 'id.value': value, 'id.type': type }, { clusterUrl }) => (type === 'name' ? clusterUrl(value) : value),
  },
  query: { 'id.type': 'text' },
  input: object<GetCluster>({ 'id.value': text, 'id.type': optional(text) }),
  output: cluster,
};

export interface RepositoryConnection {
  readonly repo: string;
  readonly name?: string;
  readonly type?: string;
  readonly username?: string;
  readonly project?: string;
  readonly insecure?: boolean;
  readonly connectionState?: unknown;
}

export const listRepositories: Endpoint<unknown, { readonly items?: readonly RepositoryConnection[] }> = {
  method: 'GET',
  path: '/api/v1/repositories',
  right: { items: 'repositories' },
  input: anything,
  output: object<{ readonly items?: readonly RepositoryConnection[] }>({
    items: optional(
      list(
        object<RepositoryConnection>({
          repo: text,
          name: optional(text),
          type: optional(text),
          username: optional(text),
          project: optional(text),
          insecure: optional(flag),
          connectionState: anything,
        }),
      ),
    ),
  }),
};

export interface ListRepositoryApplications {
  readonly repo: string;
  readonly revision?: string;
  readonly appName?: string;
  readonly appProject?: string;
}

/** The folders of a repository that hold an application. */
export const listRepositoryApplications: Endpoint<
  ListRepositoryApplications,
  { readonly items?: readonly { readonly type?: string; readonly path?: string }[] }
> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/apps',
  right: { resource: 'repositories', action: 'get', object: ({ repo }) => repo },
  query: { revision: 'text', appName: 'text', appProject: 'text' },
  input: object<ListRepositoryApplications>({
    repo: text,
    revision: optional(text),
    appName: optional(text),
    appProject: optional(text),
  }),
  output: object<{
    readonly items?: readonly { readonly type?: string; readonly path?: string }[];
  }>({
    items: optional(
      list(
        object<{ readonly type?: string; readonly path?: string }>({
          type: optional(text),
          path: optional(text),
        }),
      ),
    ),
  }),
};

export interface ListReferences {
  readonly repo: string;
  readonly appProject?: string;
}

export const listReferences: Endpoint<
  ListReferences,
  { readonly branches?: readonly string[]; readonly tags?: readonly string[] }
> = {
  method: 'GET',
  path: '/api/v1/repositories/{repo}/refs',
  right: { resource: 'repositories', action: 'get', object: ({ repo }) => repo },
  query: { appProject: 'text' },
  input: object<ListReferences>({ repo: text, appProject: optional(text) }),
  output: object<{ readonly branches?: readonly string[]; readonly tags?: readonly string[] }>({
    branches: optional(list(text)),
    tags: optional(list(text)),
  }),
};
