import type { Command } from 'commander';
import { repositorySecret } from '../../../../model/connection-secret.ts';
import type { Context } from '../../../context.ts';
import { REPOSITORY_FLAGS } from '../../../input/access-flags.ts';
import { defineCommand } from '../../../input/command.ts';
import type { Flag } from '../../../input/flags.ts';
import { repositoryFrom } from '../../../input/repository-settings.ts';
import { SPEC_OUTPUT, writeSpec } from '../../../input/spec-document.ts';

const GENERATE_FLAGS = [...REPOSITORY_FLAGS, SPEC_OUTPUT] as const satisfies readonly Flag[];

export function adminRepoSpecCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-spec',
      description: 'Prints the Secret that keeps a repository, with what opens it. Nothing is asked and nothing saved.',
      arguments: ['<repourl>'],
      flags: GENERATE_FLAGS,
      examples: [
        {
          about: 'Print the Secret of a private repository',
          line: 'hawser admin repo generate-spec https://git.example.com/shop/deploy.git --username ci --password-stdin < token.txt',
        },
        {
          about: 'With an ssh key',
          line: 'hawser admin repo generate-spec git@git.example.com:shop/deploy.git --ssh-private-key-path ~/.ssh/deploy',
        },
      ],
    },
    async (options, url) =>
      writeSpec(repositorySecret(await repositoryFrom(url, options, context)), options.output, context),
  );
}
