// The Service of the API itself, with where it is behind that: what somebody takes away is put back.

import type { KubeObject } from '../../objects/object.ts';
import { prepareCluster } from '../first-day/first-day.ts';
import type { Reconciler } from './reconciler.ts';

const NAMESPACE = 'default';

const homeOf = ({ metadata }: KubeObject): readonly string[] =>
  metadata.name === 'kubernetes' && metadata.namespace === NAMESPACE ? [`/${NAMESPACE}`] : [];

export function kubernetesService(): Reconciler {
  return {
    name: 'kubernetes-service',
    storage: '/namespaces',
    watches: { '/services': homeOf, '/endpoints': homeOf, 'discovery.k8s.io/endpointslices': homeOf },
    reconcile: async ({ api }, { metadata }) => {
      if (metadata.name === NAMESPACE) await prepareCluster(api);
      return undefined;
    },
  };
}
