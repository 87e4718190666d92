// The verbs of `hawser app`.

import type { Entry } from '../../command-tree.ts';

const ACTIONS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List available actions',
    load: async () => (await import('./actions/list.ts')).actionListCommand,
  },
  {
    name: 'run',
    summary: 'Run an action on a resource',
    load: async () => (await import('./actions/run.ts')).actionRunCommand,
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
    summary: 'Create or update applications from files',
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
    summary: 'Sync an application to its target state',
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
    summary: 'Show the deployment history',
    load: async () => (await import('./history/history.ts')).historyCommand,
  },
  {
    name: 'rollback',
    summary: 'Roll back to a previous deployment',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'delete',
    summary: 'Delete applications',
    load: async () => (await import('./delete/delete.ts')).deleteCommand,
  },
  {
    name: 'set',
    summary: 'Update an application',
    load: async () => (await import('./set.ts')).setCommand,
  },
  {
    name: 'unset',
    summary: 'Remove parameters',
    load: async () => (await import('./unset.ts')).unsetCommand,
  },
  {
    name: 'edit',
    summary: 'Edit the spec in an editor',
    load: async () => (await import('./edit.ts')).editCommand,
  },
  {
    name: 'patch',
    summary: 'Patch an application',
    load: async () => (await import('./patch.ts')).patchCommand,
  },
  {
    name: 'add-source',
    summary: 'Add a source to an application',
    load: async () => (await import('./add-source.ts')).addSourceCommand,
  },
  {
    name: 'remove-source',
    summary: 'Remove a source from an application',
    load: async () => (await import('./remove-source.ts')).removeSourceCommand,
  },
  {
    name: 'terminate-op',
    summary: 'Terminate the running operation',
    load: async () => (await import('./terminate-op.ts')).terminateCommand,
  },
  {
    name: 'confirm-deletion',
    summary: 'Confirm a deletion that requires confirmation',
    load: async () => (await import('./confirm-deletion.ts')).confirmDeletionCommand,
  },
  {
    name: 'manifests',
    summary: 'Print the manifests of an application',
    load: async () => (await import('./manifests.ts')).manifestsCommand,
  },
  {
    name: 'resources',
    summary: 'List the resources of an application',
    load: async () => (await import('./resources.ts')).resourcesCommand,
  },
  {
    name: 'get-resource',
    summary: 'Show a live resource',
    load: async () => (await import('./get-resource.ts')).getResourceCommand,
  },
  {
    name: 'patch-resource',
    summary: 'Patch a live resource',
    load: async () => (await import('./patch-resource.ts')).patchResourceCommand,
  },
  {
    name: 'delete-resource',
    summary: 'Delete a live resource',
    load: async () => (await import('./delete-resource.ts')).deleteResourceCommand,
  },
  { name: 'actions', summary: 'List and run resource actions', children: ACTIONS },
  {
    name: 'logs',
    summary: "Print the logs of an application's pods",
    load: async () => (await import('./logs/logs.ts')).logsCommand,
  },
];
