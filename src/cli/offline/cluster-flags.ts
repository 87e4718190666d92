// What charts may ask of a cluster, where there is none to ask.

import type { Flag, OptionsOf } from '../input/flags.ts';
import type { ClusterFacts } from './rendering.ts';

export const CLUSTER_FLAGS = [
  {
    name: 'kube-version',
    type: 'string',
    value: 'version',
    summary: 'Kubernetes version of the cluster that charts are rendered for',
  },
  {
    name: 'api-versions',
    type: 'strings',
    value: 'versions',
    summary: 'API versions that the cluster serves, like monitoring.coreos.com/v1 (default: those of Kubernetes)',
  },
] as const satisfies readonly Flag[];

export const clusterFacts = ({ kubeVersion, apiVersions }: OptionsOf<typeof CLUSTER_FLAGS>): ClusterFacts => ({
  kubeVersion: (kubeVersion ?? '').replace(/^v/, ''),
  apiVersions: apiVersions ?? [],
});
