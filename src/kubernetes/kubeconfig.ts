// Kubeconfig files: which server, and who one is there. Files and programs are reached by functions that are passed in.

import { HawserError, messageOf } from '../core/errors.ts';
import { at, isObject, type JsonObject, listAt, objectAt, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Clock } from '../core/time.ts';
import { parseYaml } from '../core/yaml.ts';
import type { KubeEndpoint } from './http.ts';

/** What reading a kubeconfig may need from outside. */
export interface KubeconfigWorld {
  /** The content of a file; relative paths have been made absolute. */
  readonly readFile: (path: string) => Promise<Buffer>;
  /** Joins a file's folder with a relative path; absolute ones stay. */
  readonly resolvePath: (folder: string, path: string) => string;
  /** Runs a credential plugin and answers what it printed. */
  readonly run: (command: string, args: readonly string[], env: Readonly<Record<string, string>>) => Promise<string>;
  readonly clock: Clock;
}

export interface KubeconfigContext {
  readonly endpoint: KubeEndpoint;
  /** The namespace of the context, '' when it names none. */
  readonly namespace: string;
  readonly name: string;
  /** The name of its user, '' when it has none. */
  readonly user: string;
}

export interface KubeconfigSource {
  readonly text: string;
  readonly path: string;
  /** The folder of the file: its relative paths start there. */
  readonly folder: string;
}

/** A file and what it holds. */
interface Read {
  readonly source: KubeconfigSource;
  readonly config: JsonObject;
}

/**
 * The chosen context, or the current one, of several files read as one: of what is in more than one, the first counts.
 * Throws `usage` naming what is missing.
 */
export async function readKubeconfig(
  sources: readonly KubeconfigSource[],
  world: KubeconfigWorld,
  contextName?: string,
): Promise<KubeconfigContext> {
  const files = sources.map(readFile);
  const name =
    contextName ?? files.map(({ config }) => textAt(config, 'current-context')).find((text) => text !== '') ?? '';
  const { entry: context } = findEntry(files, { list: 'contexts', part: 'context', name });
  const cluster = findEntry(files, { list: 'clusters', part: 'cluster', name: textAt(context, 'cluster') });
  const userName = textAt(context, 'user');
  const user = userName === '' ? undefined : findEntry(files, { list: 'users', part: 'user', name: userName });
  const server = textAt(cluster.entry, 'server');
  if (server === '') throw new HawserError('usage', `'${cluster.source.path}' names no server for context '${name}'`);
  const bytes = (holder: KubeconfigEntry | undefined, field: string): Promise<Buffer | undefined> =>
    holder ? content(holder, world, field) : Promise.resolve(undefined);
  const exec = objectAt(user?.entry ?? {}, 'exec');
  const plugin = textAt(exec, 'command') === '' ? undefined : createPlugin(exec, world);
  const issued = await plugin?.certificate();
  const [ca, cert, key] = await Promise.all([
    bytes(cluster, 'certificate-authority'),
    bytes(user, 'client-certificate'),
    bytes(user, 'client-key'),
  ]);
  const token = plugin?.token ?? (user && tokenOf(user, world));
  const basic =
    user === undefined || textAt(user.entry, 'username') === ''
      ? undefined
      : { username: textAt(user.entry, 'username'), password: textAt(user.entry, 'password') };
  const endpoint: KubeEndpoint = {
    server,
    insecure: at(cluster.entry, 'insecure-skip-tls-verify') === true,
    ...omitUndefined({
      ca,
      clientCert: issued?.cert ?? cert,
      clientKey: issued?.key ?? key,
      serverName: textAt(cluster.entry, 'tls-server-name') || undefined,
      token,
      basic,
    }),
  };
  return { endpoint, namespace: textAt(context, 'namespace'), name, user: userName };
}

export interface KubeconfigContextName {
  readonly name: string;
  readonly cluster: string;
  readonly server: string;
  readonly isCurrent: boolean;
}

/** The contexts of several files read as one, by their names. */
export function contextsIn(sources: readonly KubeconfigSource[]): readonly KubeconfigContextName[] {
  const files = sources.map(readFile);
  const current = files.map(({ config }) => textAt(config, 'current-context')).find((text) => text !== '') ?? '';
  const servers = new Map<string, string>();
  const contexts = new Map<string, KubeconfigContextName>();
  for (const { config } of files)
    for (const one of listAt(config, 'clusters')) {
      const name = textAt(one, 'name');
      if (!servers.has(name)) servers.set(name, textAt(one, 'cluster', 'server'));
    }
  for (const { config } of files)
    for (const one of listAt(config, 'contexts')) {
      const [name, cluster] = [textAt(one, 'name'), textAt(one, 'context', 'cluster')];
      if (contexts.has(name)) continue;
      contexts.set(name, { name, cluster, server: servers.get(cluster) ?? '', isCurrent: name === current });
    }
  return [...contexts.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readFile(source: KubeconfigSource): Read {
  const config = yamlOf(source);
  if (!isObject(config)) throw new HawserError('usage', `'${source.path}' is not a kubeconfig`);
  return { source, config };
}

function yamlOf({ text, path }: KubeconfigSource): unknown {
  try {
    return parseYaml(text, path);
  } catch (thrown) {
    throw new HawserError('usage', `'${path}' is not a kubeconfig: ${messageOf(thrown)}`, { cause: thrown });
  }
}

interface KubeconfigEntry {
  readonly entry: JsonObject;
  /** The file that it stands in: its relative paths start there. */
  readonly source: KubeconfigSource;
}

function findEntry(
  files: readonly Read[],
  { list, part, name }: { readonly list: string; readonly part: string; readonly name: string },
): KubeconfigEntry {
  for (const { source, config } of files) {
    const match = listAt(config, list).find((entry) => textAt(entry, 'name') === name);
    if (match !== undefined) return { entry: objectAt(match, part), source };
  }
  const names = files.flatMap(({ config }) => listAt(config, list).map((entry) => textAt(entry, 'name')));
  const paths = files.map(({ source }) => `'${source.path}'`).join(', ');
  throw new HawserError('usage', `${paths} has no ${part} '${name}'`, {
    ...(names.length > 0 ? { hint: `available contexts: ${names.join(', ')}` } : {}),
  });
}

/** What a field holds in base64 ('…-data'), or the file that it names. */
async function content(
  { entry, source }: KubeconfigEntry,
  world: KubeconfigWorld,
  field: string,
): Promise<Buffer | undefined> {
  const inline = textAt(entry, `${field}-data`);
  if (inline !== '') return Buffer.from(inline, 'base64');
  const path = textAt(entry, field);
  return path === '' ? undefined : world.readFile(world.resolvePath(source.folder, path));
}

function tokenOf({ entry, source }: KubeconfigEntry, world: KubeconfigWorld): (() => Promise<string>) | undefined {
  const path = textAt(entry, 'tokenFile');
  if (path !== '')
    return async () => (await world.readFile(world.resolvePath(source.folder, path))).toString('utf8').trim();
  const token = textAt(entry, 'token');
  return token === '' ? undefined : async () => token;
}

interface Credential {
  readonly token: string;
  readonly cert: string;
  readonly key: string;
  /** Milliseconds since 1970; never when the plugin does not say. */
  readonly expires: number;
}

interface Plugin {
  readonly token: () => Promise<string>;
  readonly certificate: () => Promise<{ readonly cert: string; readonly key: string } | undefined>;
}

const EARLY_MS = 30_000;

/** A program that gives credentials; it is run again shortly before they expire. */
function createPlugin(exec: JsonObject, world: KubeconfigWorld): Plugin {
  const command = textAt(exec, 'command');
  const env = Object.fromEntries(listAt(exec, 'env').map((entry) => [textAt(entry, 'name'), textAt(entry, 'value')]));
  const apiVersion = textAt(exec, 'apiVersion');
  const wish = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  let cached: Promise<Credential> | undefined;

  async function ask(): Promise<Credential> {
    const variables = { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(wish) };
    const output = await world.run(command, listAt(exec, 'args').map(String), variables).catch((thrown: unknown) => {
      const hint = textAt(exec, 'installHint');
      throw new HawserError('not-logged-in', `the credential plugin '${command}' failed`, {
        cause: thrown,
        ...(hint === '' ? {} : { hint }),
      });
    });
    const status = objectAt(parseYaml(output, command), 'status');
    const expires = Date.parse(textAt(status, 'expirationTimestamp'));
    return {
      token: textAt(status, 'token'),
      cert: textAt(status, 'clientCertificateData'),
      key: textAt(status, 'clientKeyData'),
      expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
    };
  }

  async function current(): Promise<Credential> {
    cached ??= ask();
    const credential = await cached;
    if (world.clock.now() < credential.expires - EARLY_MS) return credential;
    cached = ask();
    return cached;
  }

  return {
    token: async () => (await current()).token,
    certificate: async () => {
      const { cert, key } = await current();
      return cert === '' ? undefined : { cert, key };
    },
  };
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The credentials of a Pod's service account; undefined outside of a cluster. */
export async function inClusterEndpoint(
  env: Readonly<Record<string, string | undefined>>,
  world: Pick<KubeconfigWorld, 'readFile'>,
): Promise<KubeEndpoint | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (host === undefined || host === '') return undefined;
  const ca = await world.readFile(`${ACCOUNT}/ca.crt`);
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca,
    // Read anew for each request: the kubelet renews it in place.
    token: async () => (await world.readFile(`${ACCOUNT}/token`)).toString('utf8').trim(),
  };
}
