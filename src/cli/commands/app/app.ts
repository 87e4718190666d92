// The verbs of `hawser app`.

import type { Entry } from '../../command-tree.ts';

const ACTIONS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List what can be done to resources',
    load: async () => (await import('./actions.ts')).actionListCommand,
  },
  {
    name: 'run',
    summary: 'Do something to a resource',
    load: async () => (await import('./actions.ts')).actionRunCommand,
  },
];

export const APP_COMMANDS: readonly Entry[] = [
  {
    name: 'create',
    summary: 'Create an application',
    load: async () => (await import('./create/create.ts')).createCommand,
  },
  {
    name: 'apply',
    summary: 'Make applications what files say',
    load: async () => (await import('./apply.ts')).applyCommand,
  },
  {
    name: 'list',
    summary: 'List applications',
    load: async () => (await import('./list/list.ts')).listCommand,
  },
  {
    name: 'get',
    summary: 'Show an application and its resources',
    load: async () => (await import('./get/get.ts')).getCommand,
  },
  {
    name: 'sync',
    summary: 'Deploy what Git says',
    load: async () => (await import('./sync/sync.ts')).syncCommand,
  },
  {
    name: 'wait',
    summary: 'Wait until applications are synced and healthy',
    load: async () => (await import('./wait.ts')).waitCommand,
  },
  {
    name: 'diff',
    summary: 'Show what a sync would change',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'history',
    summary: 'List what was deployed when',
    load: async () => (await import('./history/history.ts')).historyCommand,
  },
  {
    name: 'rollback',
    summary: 'Deploy again what was deployed before',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'delete',
    summary: 'Remove applications',
    load: async () => (await import('./delete/delete.ts')).deleteCommand,
  },
  {
    name: 'set',
    summary: 'Change what an application is',
    load: async () => (await import('./set.ts')).setCommand,
  },
  {
    name: 'unset',
    summary: 'Take parameters away',
    load: async () => (await import('./unset.ts')).unsetCommand,
  },
  {
    name: 'edit',
    summary: 'Edit the spec in your editor',
    load: async () => (await import('./edit.ts')).editCommand,
  },
  {
    name: 'patch',
    summary: 'Change an application by a patch',
    load: async () => (await import('./patch.ts')).patchCommand,
  },
  {
    name: 'add-source',
    summary: 'Add a source',
    load: async () => (await import('./sources.ts')).addSourceCommand,
  },
  {
    name: 'remove-source',
    summary: 'Remove a source',
    load: async () => (await import('./sources.ts')).removeSourceCommand,
  },
  {
    name: 'terminate-op',
    summary: 'End the operation that runs',
    load: async () => (await import('./operations.ts')).terminateCommand,
  },
  {
    name: 'confirm-deletion',
    summary: 'Let a deletion that asks first go on',
    load: async () => (await import('./operations.ts')).confirmDeletionCommand,
  },
  {
    name: 'manifests',
    summary: 'Print the manifests',
    load: async () => (await import('./manifests.ts')).manifestsCommand,
  },
  {
    name: 'resources',
    summary: 'List the resources',
    load: async () => (await import('./resources.ts')).resourcesCommand,
  },
  {
    name: 'get-resource',
    summary: 'Show a live resource',
    load: async () => (await import('./get-resource.ts')).getResourceCommand,
  },
  {
    name: 'patch-resource',
    summary: 'Change a live resource',
    load: async () => (await import('./change-resource.ts')).patchResourceCommand,
  },
  {
    name: 'delete-resource',
    summary: 'Delete a live resource',
    load: async () => (await import('./change-resource.ts')).deleteResourceCommand,
  },
  { name: 'actions', summary: 'What can be done to resources', children: ACTIONS },
  {
    name: 'logs',
    summary: 'Print the logs of the pods',
    load: async () => (await import('./logs/logs.ts')).logsCommand,
  },
];
