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
    group: 'Deploy',
    summary: 'Create an application',
    load: async () => (await import('./create/create.ts')).createCommand,
  },
  {
    name: 'apply',
    group: 'Deploy',
    summary: 'Create or update applications from files',
    load: async () => (await import('./apply.ts')).applyCommand,
  },
  {
    name: 'list',
    group: 'Show',
    summary: 'List applications',
    load: async () => (await import('./list/list.ts')).listCommand,
  },
  {
    name: 'get',
    group: 'Show',
    summary: 'Show an application and its resources',
    load: async () => (await import('./get/get.ts')).getCommand,
  },
  {
    name: 'sync',
    group: 'Deploy',
    summary: 'Sync an application to its target state',
    load: async () => (await import('./sync/sync.ts')).syncCommand,
  },
  {
    name: 'wait',
    group: 'Deploy',
    summary: 'Wait until applications are synced and healthy',
    load: async () => (await import('./wait.ts')).waitCommand,
  },
  {
    name: 'diff',
    group: 'Show',
    summary: 'Show what a sync would change',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'plan',
    group: 'Deploy',
    summary: 'Show what a sync would do, step by step',
    load: async () => (await import('./plan/plan.ts')).planCommand,
  },
  {
    name: 'explain',
    group: 'Show',
    summary: 'Explain why it is as it is, and what comes next',
    load: async () => (await import('./explain/explain.ts')).explainCommand,
  },
  {
    name: 'history',
    group: 'Show',
    summary: 'Show the deployment history',
    load: async () => (await import('./history/history.ts')).historyCommand,
  },
  {
    name: 'rollback',
    group: 'Deploy',
    summary: 'Roll back to a previous deployment',
    load: async () => (await import('./rollback.ts')).rollbackCommand,
  },
  {
    name: 'delete',
    group: 'Change',
    summary: 'Delete applications',
    load: async () => (await import('./delete/delete.ts')).deleteCommand,
  },
  {
    name: 'set',
    group: 'Change',
    summary: 'Update an application',
    load: async () => (await import('./set.ts')).setCommand,
  },
  {
    name: 'unset',
    group: 'Change',
    summary: 'Remove parameters',
    load: async () => (await import('./unset.ts')).unsetCommand,
  },
  {
    name: 'edit',
    group: 'Change',
    summary: 'Edit the spec in an editor',
    load: async () => (await import('./edit.ts')).editCommand,
  },
  {
    name: 'patch',
    group: 'Change',
    summary: 'Patch an application',
    load: async () => (await import('./patch.ts')).patchCommand,
  },
  {
    name: 'add-source',
    group: 'Change',
    summary: 'Add a source to an application',
    load: async () => (await import('./add-source.ts')).addSourceCommand,
  },
  {
    name: 'remove-source',
    group: 'Change',
    summary: 'Remove a source from an application',
    load: async () => (await import('./remove-source.ts')).removeSourceCommand,
  },
  {
    name: 'restart',
    group: 'Deploy',
    summary: 'Restart the workloads of an application',
    load: async () => (await import('./restart.ts')).restartCommand,
  },
  {
    name: 'pause',
    group: 'Deploy',
    summary: 'Pause automated sync',
    load: async () => (await import('./pause.ts')).pauseCommand,
  },
  {
    name: 'resume',
    group: 'Deploy',
    summary: 'Resume automated sync',
    load: async () => (await import('./resume.ts')).resumeCommand,
  },
  {
    name: 'terminate-op',
    group: 'Deploy',
    summary: 'Terminate the running operation',
    load: async () => (await import('./terminate-op.ts')).terminateCommand,
  },
  {
    name: 'confirm-deletion',
    group: 'Deploy',
    summary: 'Confirm a deletion that requires confirmation',
    load: async () => (await import('./confirm-deletion.ts')).confirmDeletionCommand,
  },
  {
    name: 'manifests',
    group: 'Show',
    summary: 'Print the manifests of an application',
    load: async () => (await import('./manifests.ts')).manifestsCommand,
  },
  {
    name: 'resources',
    group: 'Show',
    summary: 'List the resources of an application',
    load: async () => (await import('./resources.ts')).resourcesCommand,
  },
  {
    name: 'get-resource',
    group: 'Resources',
    summary: 'Show a live resource',
    load: async () => (await import('./get-resource.ts')).getResourceCommand,
  },
  {
    name: 'patch-resource',
    group: 'Resources',
    summary: 'Patch a live resource',
    load: async () => (await import('./patch-resource.ts')).patchResourceCommand,
  },
  {
    name: 'delete-resource',
    group: 'Resources',
    summary: 'Delete a live resource',
    load: async () => (await import('./delete-resource.ts')).deleteResourceCommand,
  },
  { name: 'actions', group: 'Resources', summary: 'List and run resource actions', children: ACTIONS },
  {
    name: 'logs',
    group: 'Show',
    summary: "Print the logs of an application's pods",
    load: async () => (await import('./logs/logs.ts')).logsCommand,
  },
];
