// The commands at the top, and the nouns whose folders register their own verbs (commands/NOUN/NOUN.ts).

import { namesCommand } from './aliases/expand.ts';
import { type Entry, isNamed } from './command-tree.ts';
import { ACCOUNT_COMMANDS } from './commands/account/account.ts';
import { ADMIN_COMMANDS } from './commands/admin/admin.ts';
import { aliasCommands } from './commands/alias/alias.ts';
import { APP_COMMANDS } from './commands/app/app.ts';
import { APPSET_COMMANDS } from './commands/appset/appset.ts';
import { CERT_COMMANDS } from './commands/cert/cert.ts';
import { CLUSTER_COMMANDS } from './commands/cluster/cluster.ts';
import { GPG_COMMANDS } from './commands/gpg/gpg.ts';
import { LOCAL_COMMANDS } from './commands/local/local.ts';
import { PROJECT_COMMANDS } from './commands/proj/proj.ts';
import { REPO_COMMANDS } from './commands/repo/repo.ts';
import { REPOCREDS_COMMANDS } from './commands/repocreds/repocreds.ts';
import { SESSION_COMMANDS } from './commands/session/session.ts';
import { WEBHOOK_COMMANDS } from './commands/webhook/webhook.ts';

export const COMMANDS: readonly Entry[] = [
  {
    name: 'app',
    group: 'Applications',
    summary: 'Create, deploy, watch and remove applications',
    children: APP_COMMANDS,
  },
  {
    name: 'appset',
    group: 'Applications',
    summary: 'Manage ApplicationSets',
    children: APPSET_COMMANDS,
  },
  {
    name: 'proj',
    aliases: ['project'],
    group: 'Applications',
    summary: 'Manage projects, their roles and sync windows',
    children: PROJECT_COMMANDS,
  },
  {
    name: 'top',
    group: 'Applications',
    summary: 'Watch all applications in the terminal',
    load: async () => (await import('./commands/top.ts')).topCommand,
  },
  {
    name: 'which',
    group: 'Applications',
    summary: 'Show which application owns a resource',
    load: async () => (await import('./commands/which/which.ts')).whichCommand,
  },
  {
    name: 'render',
    group: 'Before the merge',
    summary: 'Print the manifests of files, without a server',
    load: async () => (await import('./commands/render.ts')).renderCommand,
  },
  {
    name: 'lint',
    group: 'Before the merge',
    summary: 'Check Applications and projects in files',
    load: async () => (await import('./commands/lint.ts')).lintCommand,
  },
  {
    name: 'preview',
    group: 'Before the merge',
    summary: 'Show what a change in Git does to applications',
    load: async () => (await import('./commands/preview.ts')).previewCommand,
  },
  {
    name: 'repo',
    group: 'Repositories and clusters',
    summary: 'Manage repositories and what opens them',
    children: REPO_COMMANDS,
  },
  {
    name: 'repocreds',
    group: 'Repositories and clusters',
    summary: 'Manage credentials for many repositories',
    children: REPOCREDS_COMMANDS,
  },
  {
    name: 'cluster',
    group: 'Repositories and clusters',
    summary: 'Manage the clusters to deploy to',
    children: CLUSTER_COMMANDS,
  },
  {
    name: 'cert',
    group: 'Repositories and clusters',
    summary: 'Manage certificates and host keys of servers',
    children: CERT_COMMANDS,
  },
  {
    name: 'gpg',
    group: 'Repositories and clusters',
    summary: 'Manage public keys that commits are signed with',
    children: GPG_COMMANDS,
  },
  {
    name: 'status',
    aliases: ['doctor'],
    group: 'Servers and logins',
    summary: 'Check server, login and this machine',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  ...SESSION_COMMANDS,
  {
    name: 'account',
    group: 'Servers and logins',
    summary: 'Manage accounts, tokens and passwords',
    children: ACCOUNT_COMMANDS,
  },
  {
    name: 'audit',
    group: 'Servers and logins',
    summary: 'Show who changed what, and from where',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
  },
  {
    name: 'demo',
    group: 'Local system',
    summary: 'Run a 30-second tour',
    load: async () => (await import('./commands/demo.ts')).demoCommand,
  },
  {
    name: 'server',
    group: 'Local system',
    summary: 'Run the API server, controller and repo server',
    load: async () => (await import('./commands/server.ts')).serverCommand,
  },
  {
    name: 'webhook',
    group: 'Applications',
    summary: 'Show and explain deliveries of Git hosts',
    children: WEBHOOK_COMMANDS,
  },
  { name: 'local', group: 'Local system', summary: 'Manage the local cluster', children: LOCAL_COMMANDS },
  { name: 'admin', group: 'Local system', summary: 'Manage the local system', children: ADMIN_COMMANDS },
  {
    name: 'alias',
    group: 'More',
    summary: 'Manage your own words for command lines',
    children: aliasCommands({
      isCommand: (name) => COMMANDS.some((entry) => isNamed(entry, name)),
      namesCommand: (words) => namesCommand(words, COMMANDS),
    }),
  },
  {
    name: 'version',
    group: 'More',
    summary: 'Show client and server versions',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
  {
    name: 'completion',
    group: 'More',
    summary: 'Print a shell completion script',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  {
    name: 'help',
    group: 'More',
    summary: 'Show help for a command or a topic',
    load: async () => (await import('./commands/help.ts')).helpCommand,
  },
];
