import type { Command } from 'commander';
import { HawserError } from '../../../core/errors.ts';
import { readClaims, subjectOf } from '../../config/claims.ts';
import { resolveContext } from '../../config/config.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG } from '../../output/result.ts';
import { askCredentials, openSession } from './shared/credentials.ts';
import { saveLogin } from './shared/save-login.ts';
import { loginBySso, SSO_FLAGS, savedUser } from './shared/sso.ts';

const RELOGIN_FLAGS = [
  { name: 'password', type: 'string', value: 'password', summary: 'password (prompted for, or read from stdin)' },
  ...SSO_FLAGS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type ReloginOptions = OptionsOf<typeof RELOGIN_FLAGS>;

export function reloginCommand(context: Context, run = runRelogin): Command {
  return defineCommand(
    {
      name: 'relogin',
      description: 'Refreshes an expired login of the current context.',
      flags: RELOGIN_FLAGS,
      examples: [
        { about: 'Refresh the login of the current context', line: 'hawser relogin' },
        { about: 'Read the password from stdin', line: 'echo "$PASSWORD" | hawser relogin' },
        { about: 'Refresh a single sign-on from a machine without a browser', line: 'hawser relogin --sso-device' },
      ],
    },
    (options) => run(options, context),
  );
}

async function runRelogin(options: ReloginOptions, context: Context): Promise<void> {
  const { output } = options;
  const file = await context.config();
  const config = await file.read();
  const current = config?.['current-context'];
  if (!config || !current) throw noContext(config?.contexts?.[0]?.name);
  const { name, server, user } = resolveContext(config, current);
  if (server.core) {
    throw new HawserError('usage', `context '${name}' needs no login: it works by the kubeconfig`, {
      hint: 'hawser context, to choose another',
    });
  }
  const token = user['auth-token'] ?? '';
  if (readClaims(token)['iss'] !== 'argocd') {
    if (output === undefined) context.io.out.write('Reinitiating SSO login\n');
    const connection = await context.connectTo({ name, server, user: { name: user.name } });
    const tokens = await loginBySso(connection, options, context);
    const told = { subject: subjectOf(tokens.idToken), output };
    return saveLogin({ name, server, user: savedUser(user.name, tokens) }, told, context);
  }
  const subject = subjectOf(token);
  if (output === undefined) context.io.out.write(`Relogging in as '${subject}'\n`);
  const [username = ''] = subject.split(':');
  const credentials = await askCredentials({ username, ...options }, context);
  const { client } = await context.connectTo({ name, server, user: { name: user.name } });
  const renewed = await openSession(client, credentials);
  await saveLogin(
    { name, server, user: { name: user.name, 'auth-token': renewed } },
    { output, renewed: subject },
    context,
  );
}

/** A context that is saved can be logged in to again, once it is the current one. */
const noContext = (saved: string | undefined): HawserError =>
  new HawserError('not-logged-in', 'there is no current context', {
    hint: saved === undefined ? 'hawser login SERVER' : `hawser context ${saved}, then hawser relogin`,
    reason: { kind: 'no-context' },
  });
