import type { Command } from 'commander';
import { getVersion } from '../../../api/sessions.ts';
import { HawserError } from '../../../core/errors.ts';
import { timestamp } from '../../../core/time.ts';
import { formatJson } from '../../../render/json.ts';
import { readClaims } from '../../config/claims.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag } from '../../input/flags.ts';
import { outputFlag } from '../../output/document.ts';

const SESSION_TOKEN_FLAGS = [outputFlag('json')] as const satisfies readonly Flag[];

export function sessionTokenCommand(context: Context): Command {
  return defineCommand(
    {
      name: 'session-token',
      description: 'Prints the token of the current login, so that other programs can use it.',
      flags: SESSION_TOKEN_FLAGS,
      examples: [
        { about: 'Print the token of the current login', line: 'hawser account session-token' },
        {
          about: 'Use it in a request',
          line: 'TOKEN=$(hawser account session-token)\ncurl -H "Authorization: Bearer $TOKEN" https://cd.example.com/api/v1/applications',
        },
        { about: 'Print it as JSON', line: 'hawser account session-token -o json' },
      ],
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
