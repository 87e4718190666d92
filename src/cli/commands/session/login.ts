import type { Command } from 'commander';
import { getVersion } from '../../../api/sessions.ts';
import { connectionFault } from '../../../client/failures.ts';
import { HawserError, type Reason } from '../../../core/errors.ts';
import { hideSecret } from '../../ci/hide-secret.ts';
import { LINE_QUESTIONS } from '../../compat/questions.ts';
import { subjectOf } from '../../config/claims.ts';
import type { SavedServer } from '../../config/config.ts';
import { isForwarded } from '../../connect.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../input/command.ts';
import type { Flag, OptionsOf } from '../../input/flags.ts';
import { RESULT_FLAG } from '../../output/result.ts';
import { askCredentials, openSession, PASSWORD_FLAGS } from './shared/credentials.ts';
import { OIDC_FLAGS, oidcLogin } from './shared/oidc.ts';
import { saveLogin } from './shared/save-login.ts';
import { loginBySso, SSO_FLAGS, savedUser } from './shared/sso.ts';

const LOGIN_FLAGS = [
  { name: 'username', type: 'string', value: 'name', summary: 'username' },
  { name: 'password', type: 'string', value: 'password', summary: 'password (prompted for, or read from stdin)' },
  ...PASSWORD_FLAGS,
  { name: 'name', type: 'string', value: 'name', summary: 'name of the context' },
  { name: 'sso', type: 'bool', summary: 'log in by single sign-on' },
  { name: 'skip-test-tls', type: 'bool', summary: 'skip the connection test' },
  ...SSO_FLAGS,
  ...OIDC_FLAGS,
  RESULT_FLAG,
] as const satisfies readonly Flag[];

export type LoginOptions = OptionsOf<typeof LOGIN_FLAGS> & { readonly server?: string };

export function loginCommand(context: Context, run = runLogin): Command {
  const command: Command = defineCommand(
    {
      name: 'login',
      description: 'Logs in to an Argo CD server and saves the login as the current context.',
      arguments: ['[server]'],
      argumentSummaries: { '[server]': 'address of the server; omit with --core or --port-forward' },
      flags: LOGIN_FLAGS,
      examples: [
        { about: 'Log in; it asks for the password', line: 'hawser login cd.example.com --username admin' },
        {
          about: 'Log in with a password from a file',
          line: 'hawser login cd.example.com --username ci --password-file password.txt',
        },
        { about: 'Log in by single sign-on', line: 'hawser login cd.example.com --sso' },
        { about: 'Log in with the token of a GitHub Actions job', line: 'hawser login cd.example.com --oidc github' },
        { about: 'Log in from a machine without a browser', line: 'hawser login cd.example.com --sso-device' },
        { about: 'Use the cluster of the kubeconfig, without a server', line: 'hawser login --core --name cluster' },
      ],
    },
    (options, server) => {
      if (server === undefined && pseudoServer(context) === undefined)
        command.error("missing required argument 'server'", { code: 'commander.missingArgument' });
      return run({ server, ...options }, context);
    },
  );
  return command;
}

async function runLogin(options: LoginOptions, context: Context): Promise<void> {
  const globals = context.globals();
  const typedServer = pseudoServer(context) ?? options.server ?? '';
  if (globals.core) {
    const core = options.name ?? typedServer;
    const login = { name: core, server: { server: typedServer, core: true }, user: { name: core } };
    if (!options.skipTestTls) await context.policy.own.add(() => context.connectTo(login), undefined);
    return saveLogin(login, { output: options.output }, context);
  }
  const address = typedServer.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const root = (globals.grpcWebRootPath ?? '').replace(/^\/+|\/+$/g, '');
  const name = options.name ?? (root === '' ? address : `${address}/${root}`);
  const settings: SavedServer = {
    server: address,
    'grpc-web-root-path': root,
    ...(globals.plaintext || typedServer.startsWith('http://') ? { 'plain-text': true } : {}),
    ...(globals.insecure ? { insecure: true } : {}),
    ...(globals.header ? { 'hawser-headers': globals.header } : {}),
  };
  const server = options.skipTestTls ? settings : await testConnection(name, settings, context);
  const connection = await context.connectTo({ name, server, user: { name } });
  if (options.oidc !== undefined) {
    const user = { name, 'hawser-oidc': oidcLogin(options) };
    const { token = '' } = await context.connectTo({ name, server, user });
    return saveLogin({ name, server, user }, { subject: subjectOf(token), output: options.output }, context);
  }
  if (options.sso || options.ssoDevice) {
    const tokens = await loginBySso(connection, options, context);
    const told = { subject: subjectOf(tokens.idToken), output: options.output };
    return saveLogin({ name, server, user: savedUser(name, tokens) }, told, context);
  }
  const { username, password } = await askCredentials(options, context);
  const { client } = connection;
  const token = await openSession(client, { username, password });
  await hideSecret(token, context);
  const told = { subject: subjectOf(token), output: options.output };
  await saveLogin({ name, server, user: { name, 'auth-token': token } }, told, context);
}

/** What stands for a server that is reached by a kubeconfig. */
function pseudoServer(context: Context): string | undefined {
  if (context.globals().core) return 'kubernetes';
  return isForwarded(context.globals()) ? 'port-forward' : undefined;
}

/** Asks the server for its version before any password is sent; what is wrong with its TLS is for the user to accept. */
async function testConnection(name: string, server: SavedServer, context: Context): Promise<SavedServer> {
  try {
    const { client } = await context.connectTo({ name, server, user: { name } });
    await client.call(getVersion, {});
    return server;
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    const way = WAYS.find(({ fault }) => fault === connectionFault(thrown));
    if (!way) throw thrown.code === 'unreachable' ? asLogin(thrown) : thrown;
    if (server[way.field]) throw thrown;
    if (!context.prompt.possible) throw thrown;
    const question = { message: `${thrown.message}. ${way.asks}`, line: way.line(thrown.message), preset: false };
    if (!(await context.prompt.confirm(question))) {
      const reason: Reason = { kind: 'login-declined' };
      throw new HawserError('needs-decision', 'not logged in', { hint: `add ${way.flag}`, reason });
    }
    return { ...server, [way.field]: true };
  }
}

/** The reference ends otherwise when a login finds nobody. */
function asLogin(thrown: HawserError): HawserError {
  const connection = thrown.reason?.kind === 'connection-failed' ? thrown.reason : undefined;
  return thrown.with({ reason: { kind: 'login-unreachable', message: thrown.message, connection } });
}

const WAYS = [
  {
    fault: 'no-tls',
    field: 'plain-text',
    asks: 'Go on without TLS?',
    line: LINE_QUESTIONS.withoutTls,
    flag: '--plaintext',
  },
  {
    fault: 'certificate',
    field: 'insecure',
    asks: 'Trust it all the same?',
    line: LINE_QUESTIONS.withoutTrust,
    flag: '--insecure or --server-crt',
  },
] as const;
