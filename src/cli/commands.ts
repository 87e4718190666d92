// The commands at the top, and the nouns whose folders register their own verbs (commands/NOUN/NOUN.ts).

import type { Entry } from './command-tree.ts';
import { ACCOUNT_COMMANDS } from './commands/account/account.ts';
import { ADMIN_COMMANDS } from './commands/admin/admin.ts';
import { APP_COMMANDS } from './commands/app/app.ts';
import { LOCAL_COMMANDS } from './commands/local/local.ts';
import { SESSION_COMMANDS } from './commands/session/session.ts';

export const COMMANDS: readonly Entry[] = [
  { name: 'app', summary: 'Create, deploy, watch and remove applications', children: APP_COMMANDS },
  { name: 'account', summary: 'Accounts, their tokens and passwords', children: ACCOUNT_COMMANDS },
  ...SESSION_COMMANDS,
  {
    name: 'version',
    summary: 'Show the versions of client and server',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
  {
    name: 'completion',
    summary: 'Print the script by which a shell completes commands',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'help',
    summary: 'Explain a command, or a topic: exit-codes',
    load: async () => (await import('./commands/help.ts')).helpCommand,
  },
  {
    name: 'server',
    summary: 'Keep the whole system running',
    load: async () => (await import('./commands/server.ts')).serverCommand,
  },
  {
    name: 'demo',
    summary: 'Take a tour of half a minute',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  { name: 'local', summary: 'Look after the local cluster', children: LOCAL_COMMANDS },
  { name: 'admin', summary: 'Look after the local system', children: ADMIN_COMMANDS },
];
