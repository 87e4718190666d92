// The verbs of `hawser appset`.

import type { Entry } from '../../command-tree.ts';

export const APPSET_COMMANDS: readonly Entry[] = [
  {
    name: 'list',
    summary: 'List ApplicationSets',
    load: async () => (await import('./list.ts')).appsetListCommand,
  },
  {
    name: 'get',
    summary: 'Show an ApplicationSet',
    load: async () => (await import('./get.ts')).appsetGetCommand,
  },
  {
    name: 'create',
    summary: 'Create ApplicationSets from a file',
    load: async () => (await import('./create.ts')).appsetCreateCommand,
  },
  {
    name: 'generate',
    summary: 'Show the applications that a set would make',
    load: async () => (await import('./generate.ts')).appsetGenerateCommand,
  },
  {
    name: 'delete',
    summary: 'Delete ApplicationSets and their applications',
    load: async () => (await import('./delete.ts')).appsetDeleteCommand,
  },
];
