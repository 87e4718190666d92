import type { Cluster } from '../../objects/cluster.ts';
import { type Authorizer, createAuthorizer } from '../auth/authorize.ts';
import { type Enforcer, permissionDenied } from '../auth/enforcer.ts';
import type { ServerPorts } from '../ports.ts';
import { findApplication } from '../routes/applications/find.ts';

export interface PolicyOptions {
  readonly enforcer: Enforcer;
  readonly home: Cluster;
  /** Of the control plane. */
  readonly namespace: string;
  readonly serverOf: ServerPorts['serverOf'];
}

/** A policy over the applications and clusters of an installation. */
export function authorizerOver({ enforcer, home, namespace, serverOf }: PolicyOptions): Authorizer {
  return createAuthorizer({
    enforcer,
    namespace,
    findApplication: (target) => findApplication({ home, namespace }, target),
    clusterUrl: async (name) => {
      const server = serverOf({ name });
      if (server === undefined) throw permissionDenied();
      return server;
    },
  });
}
