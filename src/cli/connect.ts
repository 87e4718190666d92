import { getSettings } from '../api/sessions.ts';
import { type ClientOptions, createClient } from '../client/client.ts';
import type { Reach } from '../client/sso/provider.ts';
import type { TlsOptions } from '../client/transport.ts';
import { HawserError } from '../core/errors.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { proxyFor } from '../core/proxy.ts';
import type { Clock } from '../core/time.ts';
import type { Policy } from './compat/policy.ts';
import {
  type Config,
  type ResolvedContext,
  resolveContext,
  type SavedServer,
  type SavedUser,
} from './config/config.ts';
import type { ConfigFile } from './config/file.ts';
import { contextOf, type Globals, LOCAL } from './config/globals.ts';
import { refuseLocalStandIn } from './config/meant-server.ts';
import type { Connection, CoreChoice, LocalSystem, OpenCore, OpenForward, OpenLocalSystem } from './context.ts';
import type { Environment } from './io/colour.ts';
import type { OidcLogin } from './oidc-session.ts';

export interface ConnectSettings {
  readonly globals: Globals;
  readonly config: ConfigFile;
  readonly policy: Policy;
  readonly clock: Clock;
  /** What ends a call that begins now. */
  readonly ending: () => AbortSignal;
  readonly env: Environment;
  /** Whether the local system has no data folder yet. */
  readonly isFirstUse: boolean;
  readonly openLocal: OpenLocalSystem;
  readonly openCore: OpenCore;
  /** Which installation in a cluster, where the flags of every command do not say it. */
  readonly core?: CoreChoice;
  readonly openForward: OpenForward;
  readonly readFile: (path: string) => Promise<string>;
  readonly say: (text: string) => void;
  /** Keeps what must be closed at the end. */
  readonly opened: (something: Pick<LocalSystem, 'close'>) => void;
}

/** The server that flags, environment and configuration name, in this order; without any, the local system. */
export async function connect(settings: ConnectSettings): Promise<Connection> {
  const { globals, config } = settings;
  if (globals.core) return connectCore(settings, undefined);
  const { server } = globals;
  const isLocal = (context: string | undefined): boolean => context === LOCAL && server === undefined;
  const forwarded = isForwarded(globals);
  const contextName = contextOf(globals);
  if (isLocal(contextName) && !forwarded) return connectLocal(settings);
  const file = await config.read();
  const saved = file ?? {};
  if (forwarded) {
    const login = contextName ?? saved['current-context'];
    return connectRemote(settings, login && login !== LOCAL ? contextNamed(saved, login) : undefined);
  }
  const context = contextName ?? (server === undefined ? saved['current-context'] : undefined);
  if (isLocal(context)) return connectLocal(settings);
  if (context && context !== LOCAL) return connectRemote(settings, contextNamed(saved, context));
  if (server !== undefined && server.trim() !== '') {
    const login = saved.contexts?.find((entry) => entry.server === server);
    return connectRemote(settings, login && resolveContext(saved, login.name));
  }
  if (!settings.policy.defaults.local) throw noServer(file);
  refuseLocalStandIn(globals, settings.env, file !== undefined);
  // Once a data folder; always where somebody works with servers.
  if (settings.isFirstUse || file !== undefined)
    settings.say('no server is configured: using the local system (hawser login SERVER to use another)');
  return connectLocal(settings);
}

const noAddress = (address: string): HawserError =>
  new HawserError('usage', `'${address}' is not a server address`, {
    hint: 'write it like cd.example.com or 127.0.0.1:8080',
  });

/** A configuration that names no current context is another complaint of the reference than none at all. */
const noServer = (config: Config | undefined): HawserError =>
  new HawserError('usage', 'Argo CD server address unspecified', {
    hint: 'hawser login SERVER',
    ...(config ? { reason: { kind: 'no-current-context' } } : {}),
  });

function contextNamed(config: Config, name: string): ResolvedContext {
  try {
    return resolveContext(config, name);
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    throw thrown.with({ reason: { kind: 'unresolved-context', message: thrown.message } });
  }
}

async function connectLocal(settings: ConnectSettings): Promise<Connection> {
  const { dataDir } = settings.globals;
  const system = await settings.openLocal(dataDir === undefined ? {} : { dataDir });
  for (const warning of system.warnings) settings.say(`warning: ${warning}`);
  return within(settings, system, { address: 'the local system', context: LOCAL, local: true });
}

async function connectCore(settings: ConnectSettings, context: string | undefined): Promise<Connection> {
  const { dataDir, kubeContext } = settings.globals;
  const system = await settings.openCore({
    ...omitUndefined({ dataDir, kubeContext }),
    ...settings.core,
  });
  return within(settings, system, { address: 'the cluster of the kubeconfig', context, local: false });
}

/** A server in this process, or behind a socket of this machine. */
function within(
  { clock, ending, policy, say, opened }: ConnectSettings,
  system: LocalSystem,
  server: { readonly address: string } & Pick<Connection, 'context' | 'local'>,
): Connection {
  opened(system);
  const { transport } = system;
  const { address, context, local } = server;
  const client = createClient({
    transport,
    address,
    clock,
    ending,
    tellAbsence: policy.defaults.tellsAbsence,
    onRetry: say,
  });
  const reach: Reach = (baseURL) => ({ baseURL });
  return { client, transport, reach, url: 'https://localhost', context, local, token: undefined };
}

/** To name the namespace of the server is enough. */
export const isForwarded = ({ portForward, portForwardNamespace }: Globals): boolean =>
  portForward === true || portForwardNamespace !== undefined;

const SERVER_NAME = 'argocd-server';

/** The server in the cluster of the kubeconfig, at a port of this machine. */
async function forwardedAddress(settings: ConnectSettings): Promise<string> {
  const { kubeContext, portForwardNamespace: namespace, serverName: name = SERVER_NAME } = settings.globals;
  const forward = await settings.openForward({
    name,
    ...omitUndefined({ namespace, kubeContext }),
  });
  settings.opened(forward);
  return `127.0.0.1:${forward.port}`;
}

/** A server with its login, as a context saves them; what was typed wins. */
export async function connectRemote(
  settings: ConnectSettings,
  saved: ResolvedContext | undefined,
): Promise<Connection> {
  const { globals, clock, policy } = settings;
  if (saved?.server.core) return connectCore(settings, saved.name);
  const forwarded = globals.server === undefined && isForwarded(globals);
  const address = forwarded ? await forwardedAddress(settings) : (globals.server ?? saved?.server.server ?? '');
  const plain = globals.plaintext ?? saved?.server['plain-text'] ?? false;
  const host = address.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const root = (globals.grpcWebRootPath ?? saved?.server['grpc-web-root-path'] ?? '').replace(/^\/+|\/+$/g, '');
  const typedToken = (globals.authToken ?? saved?.user['auth-token'])?.trim();
  const url = `${plain ? 'http' : 'https'}://${host}`;
  if (!URL.canParse(url)) throw noAddress(address);
  // Nobody could have made a certificate for the port that a forward got.
  const tls = { ...(await tlsOptions(settings, saved?.server)), ...(forwarded ? { insecure: true } : {}) };
  const reach: Reach = (baseURL) => ({ baseURL, tls, proxy: proxyFor(baseURL, settings.env) });
  const transport = reach(root === '' ? url : `${url}/${root}`);
  const keep = (tokens: Partial<SavedUser>): Promise<void> => keepTokens(settings.config, saved?.user.name, tokens);
  const common = {
    transport,
    address: host,
    headers: readHeaders([...(saved?.server['hawser-headers'] ?? []), ...(globals.header ?? [])], host),
    clock,
    ending: settings.ending,
    tellAbsence: policy.defaults.tellsAbsence,
    onRetry: settings.say,
  };
  const renew = async (): Promise<string | undefined> => {
    const refreshToken = globals.authToken === undefined ? saved?.user['refresh-token'] : undefined;
    if (!refreshToken) return undefined;
    const { findProvider } = await import('../client/sso/provider.ts');
    const { refreshTokens } = await import('../client/sso/refresh.ts');
    const serverSettings = await createClient(common).call(getSettings, {});
    const tokens = await refreshTokens(await findProvider(serverSettings, host, reach), refreshToken);
    await keep({ 'auth-token': tokens.idToken, 'refresh-token': tokens.refreshToken });
    return tokens.idToken;
  };
  const session = globals.authToken === undefined ? saved?.user['hawser-oidc'] : undefined;
  const token = typedToken ?? (session && (await pipelineToken(session, { ...settings, common, reach })));
  const client = createClient({
    ...common,
    token,
    renew,
    onRenewedToken: (renewed) => void keep({ 'auth-token': renewed }),
  });
  return { client, transport, reach, url: url.replace(/:443$/, ''), context: saved?.name, local: false, token };
}

interface PipelineSettings extends Pick<ConnectSettings, 'env' | 'readFile'> {
  readonly common: ClientOptions;
  readonly reach: Reach;
}

async function pipelineToken(login: OidcLogin, { common, ...around }: PipelineSettings): Promise<string> {
  const { openOidcSession } = await import('./oidc-session.ts');
  return openOidcSession(login, { ...around, client: createClient(common) });
}

/** Renewed tokens that cannot be kept are no reason to fail: this command goes on with them. */
async function keepTokens(config: ConfigFile, name: string | undefined, tokens: Partial<SavedUser>): Promise<void> {
  if (name === undefined) return;
  const renew = config.change((saved) => ({
    ...saved,
    users: saved.users?.map((user) => (user.name === name ? { ...user, ...tokens } : user)),
  }));
  await renew.catch(() => undefined);
}

async function tlsOptions({ globals, readFile }: ConnectSettings, saved: SavedServer | undefined): Promise<TlsOptions> {
  if ((globals.clientCrt === undefined) !== (globals.clientCrtKey === undefined)) {
    throw new HawserError('usage', '--client-crt and --client-crt-key must always be specified together', {
      hint: 'give both, or neither',
    });
  }
  const file = async (path: string | undefined, encoded: string | undefined): Promise<string | undefined> => {
    if (path !== undefined) return readFile(path);
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
  };
  return {
    insecure: globals.insecure ?? saved?.insecure,
    ca: await file(globals.serverCrt, saved?.['certificate-authority-data']),
    cert: await file(globals.clientCrt, saved?.['client-certificate-data']),
    key: await file(globals.clientCrtKey, saved?.['client-certificate-key-data']),
  };
}

function readHeaders(lines: readonly string[], address: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) {
      const message = `additional headers must be colon(:)-separated: ${line}`;
      throw new HawserError('usage', message, {
        hint: "write it like --header 'Name: value'",
        reason: { kind: 'invalid-header', address, message },
      });
    }
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}
