// A cluster that applications are deployed to.

import { anything, flag, list, number, type Of, object, optional, record, text } from '../core/shape.ts';
import { connectionState } from './repository.ts';

/** The cluster around the system itself, as applications name it. */
export const IN_CLUSTER = { server: 'https://kubernetes.default.svc', name: 'in-cluster' } as const;

const tlsClientConfig = object({
  insecure: optional(flag),
  serverName: optional(text),
  /** These three in base64. */
  certData: optional(text),
  keyData: optional(text),
  caData: optional(text),
});

export const clusterConfig = object({
  username: optional(text),
  password: optional(text),
  bearerToken: optional(text),
  tlsClientConfig: optional(tlsClientConfig),
  awsAuthConfig: optional(object({ clusterName: optional(text), roleARN: optional(text), profile: optional(text) })),
  execProviderConfig: optional(
    object({
      command: optional(text),
      args: optional(list(text)),
      env: optional(record(text)),
      apiVersion: optional(text),
      installHint: optional(text),
      provideClusterInfo: optional(flag),
      config: anything,
    }),
  ),
  disableCompression: optional(flag),
  proxyUrl: optional(text),
});

/** How to get into a cluster. */
export interface ClusterConfig extends Of<typeof clusterConfig> {}

const clusterInfo = object({
  connectionState: optional(connectionState),
  serverVersion: optional(text),
  cacheInfo: optional(
    object({
      resourcesCount: optional(number),
      apisCount: optional(number),
      lastCacheSyncTime: optional(text),
    }),
  ),
  applicationsCount: optional(number),
  apiVersions: optional(list(text)),
});

export interface ClusterInfo extends Of<typeof clusterInfo> {}

export const clusterSettings = object({
  server: optional(text),
  name: optional(text),
  config: optional(clusterConfig),
  /** None means all of them, and what is in none. */
  namespaces: optional(list(text)),
  shard: optional(number),
  /** Objects outside of namespaces are followed although namespaces are named. */
  clusterResources: optional(flag),
  project: optional(text),
  labels: optional(record(text)),
  annotations: optional(record(text)),
});

/** A cluster as it is registered, with what opens it. */
export interface ClusterSettings extends Of<typeof clusterSettings> {}

export const clusterConnection = object({
  server: text,
  name: optional(text),
  config: optional(clusterConfig),
  namespaces: optional(list(text)),
  shard: optional(number),
  clusterResources: optional(flag),
  project: optional(text),
  labels: optional(record(text)),
  annotations: optional(record(text)),
  refreshRequestedAt: optional(text),
  serverVersion: optional(text),
  connectionState: optional(connectionState),
  info: optional(clusterInfo),
});

/** A cluster as it is answered: without what opens it. */
export interface ClusterConnection extends Of<typeof clusterConnection> {}

export const clusterList = object({ items: optional(list(clusterConnection)), metadata: anything });
