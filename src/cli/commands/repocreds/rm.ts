import type { Command } from 'commander';
import { deleteCredentials } from '../../../api/repository-credentials.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { removeEach } from '../../input/remove-each.ts';
import { RESULT_FLAG } from '../../output/result.ts';

export function repocredsRemoveCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rm',
      description: 'Removes credentials by the URLs that they are for.',
      arguments: ['<credsurl...>'],
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Remove credentials', line: 'hawser repocreds rm https://git.example.com/shop' },
        { about: 'Show which are there', line: 'hawser repocreds list' },
      ],
    },
    async ({ output }, names) => {
      const { client } = await context.connect();
      const removal = {
        names,
        key: 'url',
        message: (url: string) => `Remove the credentials for '${url}'?`,
        line: LINE_QUESTIONS.removeCredentials,
        remove: (url: string) => client.call(deleteCredentials, { url }),
        removed: (url: string) => `Repository credentials for '${url}' removed`,
        cancelled: (url: string) => `The command to remove '${url}' was cancelled.`,
      };
      await removeEach(removal, output, context);
    },
  );
}
