// Every command: its name, its summary, and where it is. To add one, add a line here and a file in commands/.

import type { Entry } from './command-tree.ts';

const ACTIONS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List what can be done to resources',
    load: async () => (await import('./commands/app/actions.ts')).actionListCommand,
  },
  {
    name: 'run',
    summary: 'Do something to a resource',
    load: async () => (await import('./commands/app/actions.ts')).actionRunCommand,
  },
];

const APP: readonly Entry[] = [
  {
    name: 'create',
    summary: 'Create an application',
    load: async () => (await import('./commands/app/create/create.ts')).createCommand,
  },
  {
    name: 'apply',
    summary: 'Make applications what files say',
    load: async () => (await import('./commands/app/apply.ts')).applyCommand,
  },
  {
    name: 'list',
    summary: 'List applications',
    load: async () => (await import('./commands/app/list/list.ts')).listCommand,
  },
  {
    name: 'get',
    summary: 'Show an application and its resources',
    load: async () => (await import('./commands/app/get/get.ts')).getCommand,
  },
  {
    name: 'sync',
    summary: 'Deploy what Git says',
    load: async () => (await import('./commands/app/sync/sync.ts')).syncCommand,
  },
  {
    name: 'wait',
    summary: 'Wait until applications are synced and healthy',
    load: async () => (await import('./commands/app/wait.ts')).waitCommand,
  },
  {
    name: 'diff',
    summary: 'Show what a sync would change',
    load: async () => (await import('./commands/app/diff.ts')).diffCommand,
  },
  {
    name: 'history',
    summary: 'List what was deployed when',
    load: async () => (await import('./commands/app/history/history.ts')).historyCommand,
  },
  {
    name: 'rollback',
    summary: 'Deploy again what was deployed before',
    load: async () => (await import('./commands/app/rollback.ts')).rollbackCommand,
  },
  {
    name: 'delete',
    summary: 'Remove applications',
    load: async () => (await import('./commands/app/delete/delete.ts')).deleteCommand,
  },
  {
    name: 'set',
    summary: 'Change what an application is',
    load: async () => (await import('./commands/app/set.ts')).setCommand,
  },
  {
    name: 'unset',
    summary: 'Take parameters away',
    load: async () => (await import('./commands/app/unset.ts')).unsetCommand,
  },
  {
    name: 'edit',
    summary: 'Edit the spec in your editor',
    load: async () => (await import('./commands/app/edit.ts')).editCommand,
  },
  {
    name: 'patch',
    summary: 'Change an application by a patch',
    load: async () => (await import('./commands/app/patch.ts')).patchCommand,
  },
  {
    name: 'add-source',
    summary: 'Add a source',
    load: async () => (await import('./commands/app/sources.ts')).addSourceCommand,
  },
  {
    name: 'remove-source',
    summary: 'Remove a source',
    load: async () => (await import('./commands/app/sources.ts')).removeSourceCommand,
  },
  {
    name: 'terminate-op',
    summary: 'End the operation that runs',
    load: async () => (await import('./commands/app/operations.ts')).terminateCommand,
  },
  {
    name: 'confirm-deletion',
    summary: 'Let a deletion that asks first go on',
    load: async () => (await import('./commands/app/operations.ts')).confirmDeletionCommand,
  },
  {
    name: 'manifests',
    summary: 'Print the manifests',
    load: async () => (await import('./commands/app/manifests.ts')).manifestsCommand,
  },
  {
    name: 'resources',
    summary: 'List the resources',
    load: async () => (await import('./commands/app/resources.ts')).resourcesCommand,
  },
  {
    name: 'get-resource',
    summary: 'Show a live resource',
    load: async () => (await import('./commands/app/get-resource.ts')).getResourceCommand,
  },
  {
    name: 'patch-resource',
    summary: 'Change a live resource',
    load: async () => (await import('./commands/app/change-resource.ts')).patchResourceCommand,
  },
  {
    name: 'delete-resource',
    summary: 'Delete a live resource',
    load: async () => (await import('./commands/app/change-resource.ts')).deleteResourceCommand,
  },
  { name: 'actions', summary: 'What can be done to resources', children: ACTIONS },
  {
    name: 'logs',
    summary: 'Print the logs of the pods',
    load: async () => (await import('./commands/app/logs/logs.ts')).logsCommand,
  },
];

const LOCAL: readonly Entry[] = [
  {
    name: 'serve',
    summary: 'Serve the Kubernetes API of the local cluster',
    load: async () => (await import('./commands/local/serve.ts')).serveCommand,
  },
  {
    name: 'kubeconfig',
    summary: 'Print a kubeconfig for the local cluster',
    load: async () => (await import('./commands/local/kubeconfig.ts')).kubeconfigCommand,
  },
  {
    name: 'kubectl',
    summary: 'Run kubectl against the local cluster',
    load: async () => (await import('./commands/local/kubectl.ts')).kubectlCommand,
  },
  {
    name: 'reset',
    summary: 'Throw the local cluster away',
    load: async () => (await import('./commands/local/reset.ts')).resetCommand,
  },
];

const ADMIN: readonly Entry[] = [
  {
    name: 'initial-password',
    summary: 'Print the first password of the admin account',
    load: async () => (await import('./commands/admin/initial-password.ts')).initialPasswordCommand,
  },
];

const ACCOUNT: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List accounts',
    load: async () => (await import('./commands/account/account.ts')).accountListCommand,
  },
  {
    name: 'get',
    summary: 'Show an account',
    load: async () => (await import('./commands/account/account.ts')).accountGetCommand,
  },
  {
    name: 'get-user-info',
    aliases: ['whoami'],
    summary: 'Show as whom you are logged in',
    load: async () => (await import('./commands/account/account.ts')).userInfoCommand,
  },
  {
    name: 'can-i',
    summary: 'Say whether you may do something',
    load: async () => (await import('./commands/account/account.ts')).canICommand,
  },
  {
    name: 'generate-token',
    summary: 'Make a token',
    load: async () => (await import('./commands/account/token.ts')).generateTokenCommand,
  },
  {
    name: 'delete-token',
    summary: 'Make a token invalid',
    load: async () => (await import('./commands/account/token.ts')).deleteTokenCommand,
  },
  {
    name: 'session-token',
    summary: 'Print the token of the current login',
    load: async () => (await import('./commands/account/token.ts')).sessionTokenCommand,
  },
  {
    name: 'update-password',
    summary: 'Change a password',
    load: async () => (await import('./commands/account/password.ts')).updatePasswordCommand,
  },
  {
    name: 'bcrypt',
    summary: 'Print the hash of a password',
    load: async () => (await import('./commands/account/password.ts')).bcryptCommand,
  },
];

export const COMMANDS: readonly Entry[] = [
  { name: 'app', summary: 'Create, deploy, watch and remove applications', children: APP },
  { name: 'account', summary: 'Accounts, their tokens and passwords', children: ACCOUNT },
  {
    name: 'login',
    summary: 'Log in to an Argo CD server',
    load: async () => (await import('./commands/session/login.ts')).loginCommand,
  },
  {
    name: 'logout',
    summary: 'End a login',
    load: async () => (await import('./commands/session/logout.ts')).logoutCommand,
  },
  {
    name: 'relogin',
    summary: 'Log in again to the current context',
    load: async () => (await import('./commands/session/relogin.ts')).reloginCommand,
  },
  {
    name: 'context',
    aliases: ['ctx'],
    summary: 'List, switch or remove contexts',
    load: async () => (await import('./commands/session/context.ts')).contextCommand,
  },
  {
    name: 'configure',
    summary: 'Change settings of the configuration',
    load: async () => (await import('./commands/session/configure.ts')).configureCommand,
  },
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
  { name: 'local', summary: 'Look after the local cluster', children: LOCAL },
  { name: 'admin', summary: 'Look after the local system', children: ADMIN },
];
