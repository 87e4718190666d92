// The verbs of `hawser gpg`.

import type { Entry } from '../../command-tree.ts';

export const GPG_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List the public keys that commits may be signed with',
    load: async () => (await import('./list.ts')).gpgListCommand,
  },
  {
    name: 'get',
    summary: 'Show a public key',
    load: async () => (await import('./get.ts')).gpgGetCommand,
  },
  {
    name: 'add',
    summary: 'Add public keys',
    load: async () => (await import('./add.ts')).gpgAddCommand,
  },
  {
    name: 'rm',
    summary: 'Remove a public key',
    load: async () => (await import('./rm.ts')).gpgRemoveCommand,
  },
];
