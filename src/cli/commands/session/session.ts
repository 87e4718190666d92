// The commands about servers and logins.

import type { Entry } from '../../command-tree.ts';

export const SESSION_COMMANDS: readonly Entry[] = [
  {
    name: 'login',
    summary: 'Log in to an Argo CD server',
    load: async () => (await import('./login.ts')).loginCommand,
  },
  {
    name: 'logout',
    summary: 'End a login',
    load: async () => (await import('./logout.ts')).logoutCommand,
  },
  {
    name: 'relogin',
    summary: 'Log in again to the current context',
    load: async () => (await import('./relogin.ts')).reloginCommand,
  },
  {
    name: 'context',
    aliases: ['ctx'],
    summary: 'List, switch or remove contexts',
    load: async () => (await import('./context.ts')).contextCommand,
  },
  {
    name: 'configure',
    summary: 'Change settings of the configuration',
    load: async () => (await import('./configure.ts')).configureCommand,
  },
];
