import { clusterObject } from '../../api/clusters.ts';
import { repositoryObject } from '../../api/repositories.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { type Authorizer, createAuthorizer } from '../auth/authorize.ts';
import { type Enforcer, permissionDenied } from '../auth/enforcer.ts';
import { createClusterStore } from '../connections/clusters.ts';
import { createRepositoryStore } from '../connections/repositories.ts';
import { findSet, setObject } from '../routes/application-sets/find.ts';
import { findApplication } from '../routes/applications/find.ts';
import { isNamedBy } from '../routes/clusters.ts';

export interface PolicyOptions {
  readonly enforcer: Enforcer;
  readonly home: Cluster;
  /** Of the control plane. */
  readonly namespace: string;
}

/** A policy over the applications, clusters and repositories of an installation. */
export function authorizerOver({ enforcer, home, namespace }: PolicyOptions): Authorizer {
  const clusters = createClusterStore(home, namespace);
  const repositories = createRepositoryStore(home, namespace);
  return createAuthorizer({
    enforcer,
    namespace,
    findApplication: (target) => findApplication({ home, namespace }, target),
    cluster: async (id) => {
      const cluster = (await clusters.list()).find((one) => isNamedBy(one, id));
      if (!cluster) throw permissionDenied();
      return clusterObject(cluster);
    },
    repository: async (url, project) => {
      const [first, ...more] = await repositories.candidates(url, project);
      if (!first) throw permissionDenied();
      return more.length > 0 ? undefined : repositoryObject(first);
    },
    applicationSet: async (target, action) => setObject(await findSet({ home, namespace }, target, action)),
  });
}
