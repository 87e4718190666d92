import type { Command } from 'commander';
import { initialPassword } from '../../../api/local.ts';
import { HawserError } from '../../../core/errors.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';

export function initialPasswordCommand(context: Context, run = runInitialPassword): Command {
  return defineCommand(
    {
      name: 'initial-password',
      description: 'Prints the initial password of the admin account, until its Secret is deleted.',
      flags: [RESULT_FLAG],
      examples: [
        { about: 'Print the password', line: 'hawser admin initial-password' },
        {
          about: 'Log in to a local server with it',
          line: 'hawser login 127.0.0.1:8080 --insecure --username admin --password "$(hawser admin initial-password)"',
        },
      ],
    },
    ({ output }) => run(output, context),
  );
}

async function runInitialPassword(output: string | undefined, context: Context): Promise<void> {
  const { client } = await context.local();
  const { password } = await client.call(initialPassword, {});
  if (password === undefined) {
    throw new HawserError(
      'not-found',
      "the Secret 'argocd-initial-admin-secret' is gone: the password was changed or taken down",
      {
        hint: 'hawser account update-password',
      },
    );
  }
  await writeResult({ password }, { output, text: () => context.io.out.write(`${password}\n`) }, context);
}
