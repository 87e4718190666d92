// The verbs of `hawser admin`.

import type { Entry } from '../../command-tree.ts';

export const ADMIN_COMMANDS: readonly Entry[] = [
  {
    name: 'initial-password',
    summary: 'Print the initial password of the admin account',
    load: async () => (await import('./initial-password.ts')).initialPasswordCommand,
  },
  {
    name: 'repo',
    summary: 'Print the Secrets of repositories',
    children: [
      {
        name: 'generate-spec',
        summary: 'Print the Secret of a repository',
        load: async () => (await import('./repo/generate-spec.ts')).adminRepoSpecCommand,
      },
    ],
  },
  {
    name: 'cluster',
    summary: 'Print the Secrets of clusters',
    children: [
      {
        name: 'generate-spec',
        summary: 'Print the Secret of a cluster',
        load: async () => (await import('./cluster/generate-spec.ts')).adminClusterSpecCommand,
      },
    ],
  },
];
