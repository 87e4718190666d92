// The verbs of `hawser repocreds`.

import type { Entry } from '../../command-tree.ts';

export const REPOCREDS_COMMANDS: readonly Entry[] = [
  {
    name: 'add',
    summary: 'Add credentials for all repositories below a URL',
    load: async () => (await import('./add.ts')).repocredsAddCommand,
  },
  {
    name: 'list',
    summary: 'List credentials by their URLs',
    load: async () => (await import('./list.ts')).repocredsListCommand,
  },
  {
    name: 'rm',
    summary: 'Remove credentials',
    load: async () => (await import('./rm.ts')).repocredsRemoveCommand,
  },
];
