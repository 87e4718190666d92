// The verbs of `hawser admin`.

import type { Entry } from '../../command-tree.ts';

export const ADMIN_COMMANDS: readonly Entry[] = [
  {
    name: 'initial-password',
    summary: 'Print the initial password of the admin account',
    load: async () => (await import('./initial-password.ts')).initialPasswordCommand,
  },
];
