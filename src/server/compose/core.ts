// Argo CD without its API server: the API in this process, over the Applications of a cluster whose own controller acts on
// them.

import { HawserError } from '../../core/errors.ts';
import { createKubeCluster } from '../../kubernetes/cluster.ts';
import { createHttpTransport } from '../../kubernetes/http.ts';
import { APPLICATION_TYPE } from '../../model/application-key.ts';
import { PROJECT_TYPE } from '../../model/project.ts';
import { unrestricted } from '../auth/enforcer.ts';
import { createApi, createDispatcher, type Dispatch } from '../http/dispatch.ts';
import { authorizerOver } from './authorizer.ts';
import { createComponents, type SystemOptions } from './components.ts';
import { findCluster } from './kubeconfig-files.ts';

export interface Core {
  readonly dispatch: Dispatch;
  close(): void;
}

interface CoreChoice {
  readonly kubeconfig?: string;
  readonly kubeContext?: string;
  readonly namespace?: string;
}

const WATCHED = [APPLICATION_TYPE, PROJECT_TYPE];

/**
 * Applications are in the namespace of the kubeconfig's context, as the reference has it, or in `argocd`. Throws `not-found`
 * when the cluster knows none.
 */
export async function openCore(options: SystemOptions, choice: CoreChoice): Promise<Core> {
  const { kubeconfig, kubeContext } = choice;
  const environment = kubeconfig ? { ...options.environment, KUBECONFIG: kubeconfig } : options.environment;
  const { endpoint, user, ...context } = await findCluster({ ...options, environment }, kubeContext);
  const namespace = choice.namespace || context.namespace || 'argocd';
  const http = createHttpTransport(endpoint);
  const home = createKubeCluster(http.transport, { userAgent: 'argocd-server' });
  const types = await home.types();
  if (!types.some(({ group, kind }) => group === APPLICATION_TYPE.group && kind === APPLICATION_TYPE.kind)) {
    http.close();
    throw new HawserError('not-found', `there is no Argo CD in the cluster ${endpoint.server}`, {
      hint: 'name another context of the kubeconfig: --kube-context NAME',
    });
  }
  const { clusters, live, routes } = createComponents(home, namespace, options);
  await clusters.load();
  const api = routes({
    run: () => live.follow(WATCHED),
    touch: () => undefined,
    catchUp: async () => undefined,
    failureOf: () => undefined,
  });
  return {
    // The cluster decides what may be done; the caller is the user of the kubeconfig.
    dispatch: createDispatcher(
      createApi({
        routes: api,
        authenticate: async () => ({ username: user, issuer: 'kubeconfig', groups: [] }),
        authorizer: authorizerOver({
          enforcer: unrestricted,
          home,
          namespace,
        }),
      }),
    ),
    close: () => {
      clusters.close();
      http.close();
    },
  };
}
