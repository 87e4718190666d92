import { createClient } from '../client/client.ts';
import type { TlsOptions, Transport } from '../client/http.ts';
import { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import { type Config, type ResolvedContext, resolveContext, type SavedServer } from './config/config.ts';
import type { ConfigFile } from './config/file.ts';
import type { Globals } from './config/globals.ts';
import type { Connection, LocalSystem, OpenLocalSystem } from './context.ts';
import type { Policy } from './policy.ts';

const LOCAL = 'local';

export interface ConnectSettings {
  readonly globals: Globals;
  readonly config: ConfigFile;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly openLocal: OpenLocalSystem;
  readonly readFile: (path: string) => Promise<string>;
  readonly say: (text: string) => void;
  /** Keeps what must be closed at the end. */
  readonly opened: (system: LocalSystem) => void;
}

/** The server that flags, environment and configuration name, in this order; without any, the local system. */
export async function connect(settings: ConnectSettings): Promise<Connection> {
  const { globals, config } = settings;
  if (globals.argocdContext === LOCAL && globals.server === undefined) return connectLocal(settings);
  const found = await config.read();
  const saved = found ?? {};
  const asked = globals.argocdContext ?? (globals.server === undefined ? saved['current-context'] : undefined);
  if (asked === LOCAL) return connectLocal(settings);
  if (asked) return connectRemote(settings, contextNamed(saved, asked));
  if (globals.server !== undefined) {
    const known = saved.contexts?.find((context) => context.server === globals.server);
    return connectRemote(settings, known && resolveContext(saved, known.name));
  }
  if (!settings.policy.hasLocal) throw noServer(found);
  settings.say('no server is configured: using the local system (hawser login SERVER to use another)');
  return connectLocal(settings);
}

/** A configuration that names no current context is another complaint of the reference than none at all. */
const noServer = (config: Config | undefined): HawserError =>
  new HawserError('usage', 'Argo CD server address unspecified', {
    hint: 'hawser login SERVER',
    ...(config ? { details: { argocdMessage: 'error resolving context: local config: current-context unset' } } : {}),
  });

function contextNamed(config: Config, name: string): ResolvedContext {
  try {
    return resolveContext(config, name);
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    const argocdMessage = `error resolving context: ${thrown.message}`;
    throw new HawserError(thrown.code, thrown.message, {
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
      details: { ...thrown.details, argocdMessage },
      cause: thrown,
    });
  }
}

async function connectLocal(settings: ConnectSettings): Promise<Connection> {
  const { globals, clock, policy } = settings;
  const system = await settings.openLocal(globals.dataDir === undefined ? {} : { dataDir: globals.dataDir });
  settings.opened(system);
  for (const warning of system.warnings) settings.say(`warning: ${warning}`);
  const client = createClient({
    transport: system.transport,
    address: 'the local system',
    clock,
    tellAbsence: policy.tellsAbsence,
    onRetry: settings.say,
  });
  const { transport } = system;
  return { client, transport, url: 'https://localhost', context: LOCAL, local: true, token: undefined };
}

/** A server with its login, as a context saves them; what was typed wins. */
export async function connectRemote(
  settings: ConnectSettings,
  saved: ResolvedContext | undefined,
): Promise<Connection> {
  const { globals, clock, policy } = settings;
  const address = globals.server ?? saved?.server.server ?? '';
  const plain = globals.plaintext ?? saved?.server['plain-text'] ?? false;
  const host = address.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const root = (globals.grpcWebRootPath ?? saved?.server['grpc-web-root-path'] ?? '').replace(/^\/+|\/+$/g, '');
  const token = (globals.authToken ?? saved?.user['auth-token'])?.trim();
  const url = `${plain ? 'http' : 'https'}://${host}`;
  const transport: Transport = {
    baseURL: root === '' ? url : `${url}/${root}`,
    tls: await tlsOptions(settings, saved?.server),
  };
  const client = createClient({
    transport,
    address: host,
    token,
    headers: readHeaders(globals.header ?? [], host),
    clock,
    tellAbsence: policy.tellsAbsence,
    onRetry: settings.say,
    onRenewedToken: (renewed) => void keepToken(settings.config, saved?.name, renewed),
  });
  return { client, transport, url: url.replace(/:443$/, ''), context: saved?.name, local: false, token };
}

/** A renewed token that cannot be kept is no reason to fail: the old one is good for some minutes. */
async function keepToken(config: ConfigFile, name: string | undefined, token: string): Promise<void> {
  if (name === undefined) return;
  const renew = config.change((saved) => ({
    ...saved,
    users: saved.users?.map((user) => (user.name === name ? { ...user, 'auth-token': token } : user)),
  }));
  await renew.catch(() => undefined);
}

async function tlsOptions({ globals, readFile }: ConnectSettings, saved: SavedServer | undefined): Promise<TlsOptions> {
  if ((globals.clientCrt === undefined) !== (globals.clientCrtKey === undefined)) {
    throw new HawserError('usage', '--client-crt and --client-crt-key must always be specified together');
  }
  const file = async (path: string | undefined, kept: string | undefined): Promise<string | undefined> => {
    if (path !== undefined) return readFile(path);
    return kept === undefined ? undefined : Buffer.from(kept, 'base64').toString('utf8');
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
        details: { argocdMessage: `Failed to establish connection to ${address}: ${message}` },
      });
    }
    headers[line.slice(0, colon).trim()] = line.slice(colon + 1).trim();
  }
  return headers;
}
