// The verbs of `hawser cluster`.

import type { Entry } from '../../command-tree.ts';

export const CLUSTER_COMMANDS: readonly Entry[] = [
  {
    name: 'add',
    summary: 'Add a cluster of the kubeconfig',
    load: async () => (await import('./add/add.ts')).clusterAddCommand,
  },
  {
    name: 'list',
    summary: 'List clusters',
    load: async () => (await import('./list.ts')).clusterListCommand,
  },
  {
    name: 'get',
    summary: 'Show clusters',
    load: async () => (await import('./get.ts')).clusterGetCommand,
  },
  {
    name: 'set',
    summary: 'Change the name, namespaces, labels of a cluster',
    load: async () => (await import('./set.ts')).clusterSetCommand,
  },
  {
    name: 'rotate-auth',
    summary: 'Renew the token of a cluster',
    load: async () => (await import('./rotate-auth.ts')).clusterRotateCommand,
  },
  {
    name: 'rm',
    summary: 'Remove clusters',
    load: async () => (await import('./rm.ts')).clusterRemoveCommand,
  },
];
