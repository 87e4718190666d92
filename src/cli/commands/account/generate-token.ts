import type { Command } from 'commander';
import { createToken } from '../../../api/sessions.ts';
import { hideSecret } from '../../ci/hide-secret.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { readLifetime } from '../../input/lifetime.ts';
import { RESULT_FLAG, writeResult } from '../../output/result.ts';
import { ACCOUNT } from './shared/account-flag.ts';
import { ownName } from './shared/own-name.ts';

const GENERATE_TOKEN_FLAGS = [
  ACCOUNT,
  {
    name: 'expires-in',
    short: 'e',
    type: 'string',
    default: '0s',
    value: 'duration',
    summary: 'lifetime of the token, like 12h or 7d; 0s never expires',
  },
  { name: 'id', type: 'string', value: 'id', summary: 'ID of the token' },
  RESULT_FLAG,
] as const satisfies readonly Flag[];

type GenerateOptions = OptionsOf<typeof GENERATE_TOKEN_FLAGS>;

export function generateTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-token',
      description: 'Generates a token for an account and prints it. The token is not shown again.',
      flags: GENERATE_TOKEN_FLAGS,
      examples: [
        { about: 'Generate a token for a pipeline', line: 'hawser account generate-token --account ci' },
        {
          about: 'Generate a token that expires in a week',
          line: 'hawser account generate-token --account ci --expires-in 7d',
        },
        {
          about: 'Name the token, to revoke it by that name',
          line: 'hawser account generate-token --account ci --id nightly',
        },
      ],
    },
    (options) => runGenerate(options, context),
  );
}

async function runGenerate(options: GenerateOptions, context: Context): Promise<void> {
  const expiresIn = readLifetime(options.expiresIn, context);
  const { client } = await context.connect();
  const name = options.account ?? (await ownName(context));
  const { token } = await client.call(createToken, { name, expiresIn, ...(options.id ? { id: options.id } : {}) });
  await hideSecret(token, context);
  const text = (): void => context.io.out.write(`${token}\n`);
  await writeResult({ account: name, token, expiresIn }, { output: options.output, text }, context);
}
