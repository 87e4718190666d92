import type { Command } from 'commander';
import { deleteRepository } from '../../../api/repositories.ts';
import { omitUndefined } from '../../../core/omit-undefined.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { removeEach } from '../../input/remove-each.ts';
import { RESULT_FLAG } from '../../output/result.ts';
import { PROJECT } from './shared/flags.ts';

const REPO_REMOVE_FLAGS = [PROJECT, RESULT_FLAG] as const satisfies readonly Flag[];

export function repoRemoveCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'rm',
      description: 'Removes repositories and what opens them. Applications stay, and may not be rendered any more.',
      arguments: ['<repo...>'],
      flags: REPO_REMOVE_FLAGS,
      examples: [
        { about: 'Remove a repository', line: 'hawser repo rm https://git.example.com/shop/deploy.git' },
        {
          about: 'Remove the one of a project',
          line: 'hawser repo rm https://git.example.com/shop/deploy.git --project shop',
        },
      ],
    },
    async ({ project, output }, names) => {
      const { client } = await context.connect();
      const removal = {
        names,
        key: 'repo',
        message: (repo: string) => `Remove the repository '${repo}' and what opens it?`,
        line: LINE_QUESTIONS.removeRepository,
        remove: (repo: string) => client.call(deleteRepository, { repo, ...omitUndefined({ appProject: project }) }),
        removed: (repo: string) => `Repository '${repo}' removed`,
        cancelled: (repo: string) => `The command to delete '${repo}' was cancelled.`,
      };
      await removeEach(removal, output, context);
    },
  );
}
