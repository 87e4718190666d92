// The verbs of `hawser alias`.

import type { CommandNames } from '../../aliases/expand.ts';
import type { Entry } from '../../command-tree.ts';

export const aliasCommands = (names: CommandNames): readonly Entry[] => [
  {
    name: 'set',
    summary: 'Save an alias',
    load: async () => {
      const { aliasSetCommand } = await import('./set.ts');
      return (context) => aliasSetCommand(context, names);
    },
  },
  {
    name: 'list',
    summary: 'List the aliases',
    load: async () => (await import('./list.ts')).aliasListCommand,
  },
  {
    name: 'delete',
    summary: 'Delete aliases',
    load: async () => (await import('./delete.ts')).aliasDeleteCommand,
  },
];
