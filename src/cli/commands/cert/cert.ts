// The verbs of `hawser cert`.

import type { Entry } from '../../command-tree.ts';

export const CERT_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List certificates and host keys',
    load: async () => (await import('./list.ts')).certListCommand,
  },
  {
    name: 'add-tls',
    summary: 'Add TLS certificates of a server',
    load: async () => (await import('./add-tls.ts')).certAddTlsCommand,
  },
  {
    name: 'add-ssh',
    summary: 'Add ssh host keys',
    load: async () => (await import('./add-ssh.ts')).certAddSshCommand,
  },
  {
    name: 'rm',
    summary: 'Remove certificates and host keys',
    load: async () => (await import('./rm.ts')).certRemoveCommand,
  },
];
