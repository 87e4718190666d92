// The verbs of `hawser repo`.

import type { Entry } from '../../command-tree.ts';

export const REPO_COMMANDS: readonly Entry[] = [
  {
    name: 'add',
    summary: 'Add a repository and what opens it',
    load: async () => (await import('./add/add.ts')).repoAddCommand,
  },
  {
    name: 'list',
    summary: 'List repositories',
    load: async () => (await import('./list.ts')).repoListCommand,
  },
  {
    name: 'get',
    summary: 'Show a repository',
    load: async () => (await import('./get.ts')).repoGetCommand,
  },
  {
    name: 'rm',
    summary: 'Remove repositories',
    load: async () => (await import('./rm.ts')).repoRemoveCommand,
  },
];
