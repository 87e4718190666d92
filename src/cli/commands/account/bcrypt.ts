import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { askPassword } from './shared/ask-password.ts';

const BCRYPT_FLAGS = [
  { name: 'password', type: 'string', value: 'password', summary: 'the password' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export function bcryptCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'bcrypt',
      description: 'Prints the bcrypt hash of a password, as argocd-secret stores it.',
      flags: BCRYPT_FLAGS,
      examples: [
        { about: 'Hash a password', line: 'hawser account bcrypt --password "$NEW"' },
        { about: 'Encode the hash for argocd-secret', line: 'hawser account bcrypt --password "$NEW" | base64 -w0' },
      ],
    },
    async (options) => {
      const password = options.password ?? (await askPassword('Password', '--password', context));
      const { hash } = await import('bcryptjs');
      const hashed = await hash(password, COST);
      const text = (): void => context.io.out.write(hashed);
      await writeResult({ hash: hashed }, { output: options.output, text }, context);
    },
  );
}

const COST = 10;
