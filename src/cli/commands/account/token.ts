import type { Command } from 'commander';
import { createToken, deleteToken, getVersion } from '../../../api/sessions.ts';
import { HawserError } from '../../../core/errors.ts';
import { timestamp } from '../../../core/time.ts';
import { formatJson } from '../../../render/json.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import { readClaims } from '../../config/claims.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import { askIfWanted } from '../../input/confirm.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { ownName } from './shared/own-name.ts';

const ACCOUNT = {
  name: 'account',
  short: 'a',
  type: 'string',
  value: 'name',
  summary: 'name of the account (default: your own)',
} as const satisfies Flag;

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
] as const satisfies readonly Flag[];

type GenerateOptions = OptionsOf<typeof GENERATE_TOKEN_FLAGS>;

export function generateTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'generate-token',
      description: 'Generates a token for an account and prints it. The token is not shown again.',
      flags: GENERATE_TOKEN_FLAGS,
    },
    (options) => runGenerate(options, context),
  );
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

async function runGenerate(options: GenerateOptions, context: Context): Promise<void> {
  const [, amount, unit = ''] = /^(\d+)([smhd])$/.exec(options.expiresIn) ?? [];
  if (amount === undefined) {
    throw new HawserError('usage', `'${options.expiresIn}' is no life of a token`, {
      hint: 'write it like 30m, 12h or 7d',
      reason: { kind: 'invalid-token-duration', text: options.expiresIn },
    });
  }
  const expiresIn = Number(amount) * (SECONDS[unit] ?? 0);
  const { client } = await context.connect();
  const name = options.account ?? (await ownName(context));
  const { token } = await client.call(createToken, { name, expiresIn, ...(options.id ? { id: options.id } : {}) });
  context.io.out.write(`${token}\n`);
}

const DELETE_TOKEN_FLAGS = [ACCOUNT] as const satisfies readonly Flag[];

export function deleteTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'delete-token',
      description: 'Revokes a token of an account.',
      arguments: ['<id>'],
      flags: DELETE_TOKEN_FLAGS,
    },
    async (options, id) => {
      const { client } = await context.connect();
      const name = options.account ?? (await ownName(context));
      const message = `Make the token '${id}' of '${name}' invalid?`;
      if (!(await askIfWanted({ message, line: LINE_QUESTIONS.deleteToken(id) }, context))) {
        context.io.out.write(`The command to delete '${id}' was cancelled.\n`);
        return;
      }
      await client.call(deleteToken, { name, id });
    },
  );
}

const SESSION_TOKEN_FLAGS = [
  { name: 'output', short: 'o', type: 'string', value: 'format', summary: 'json' },
] as const satisfies readonly Flag[];

export function sessionTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'session-token',
      description: 'Prints the token of the current login, so that other programs can use it.',
      flags: SESSION_TOKEN_FLAGS,
    },
    (options) => runSessionToken(options.output ?? '', context),
  );
}

async function runSessionToken(output: string, context: Context): Promise<void> {
  const { client, token, context: name } = await context.connect();
  if (!token) {
    throw new HawserError('not-logged-in', 'there is no token: not logged in', {
      hint: 'hawser login SERVER',
      reason: { kind: 'no-login' },
    });
  }
  await client.call(getVersion, {});
  if (output !== 'json') {
    context.io.out.write(`${token}\n`);
    return;
  }
  const claims = readClaims(token);
  const config = await (await context.config()).read();
  const saved = config?.users?.find((user) => user.name === name);
  const time = (claim: unknown): string | undefined =>
    typeof claim === 'number' ? timestamp(claim * 1000) : undefined;
  const document = {
    expires_at: time(claims['exp']),
    has_refresh_token: Boolean(saved?.['refresh-token']),
    issued_at: time(claims['iat']),
    issuer: claims['iss'],
    token,
    type: claims['iss'] === 'argocd' ? 'local' : 'sso',
    username: claims['email'] ?? String(claims['sub'] ?? '').replace(/:.*$/, ''),
  };
  context.io.out.write(formatJson(document));
}
