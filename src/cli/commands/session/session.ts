// The commands about servers and logins.

import type { Entry } from '../../command-tree.ts';

export const SESSION_COMMANDS: readonly Entry[] = [
  {
    name: 'login',
    group: 'Servers and logins',
    summary: 'Log in to an Argo CD server',
    load: async () => (await import('./login.ts')).loginCommand,
  },
  {
    name: 'logout',
    group: 'Servers and logins',
    summary: 'Log out of a context',
    load: async () => (await import('./logout.ts')).logoutCommand,
  },
  {
    name: 'relogin',
    group: 'Servers and logins',
    summary: 'Refresh the login of the current context',
    load: async () => (await import('./relogin.ts')).reloginCommand,
  },
  {
    name: 'context',
    aliases: ['ctx'],
    group: 'Servers and logins',
    summary: 'List, switch or delete contexts',
    load: async () => (await import('./context.ts')).contextCommand,
  },
  {
    name: 'configure',
    group: 'Servers and logins',
    summary: 'Change client settings',
    load: async () => (await import('./configure.ts')).configureCommand,
  },
];
