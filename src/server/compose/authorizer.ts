import type { Cluster } from '../../objects/cluster.ts';
import { type Authorizer, createAuthorizer } from '../auth/authorize.ts';
import type { Enforcer } from '../auth/enforcer.ts';
import { findApplication } from '../routes/applications/find.ts';
import { clusterUrl } from '../routes/connections.ts';

/** A policy over the applications and clusters of an installation. */
export function authorizerOver(home: Cluster, namespace: string, enforcer: Enforcer): Authorizer {
  return createAuthorizer({
    enforcer,
    namespace,
    findApplication: (target) => findApplication({ home, namespace }, target),
    clusterUrl: async (name) => clusterUrl(name),
  });
}
