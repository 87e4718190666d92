// A file of transcripts typed in its order against our own server: what one line changes, the next one sees. The server is a
// whole system of its own over a local cluster, with the accounts and the repository that the transcripts were recorded with.

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { HawserError } from '../../../src/core/errors.ts';
import { isObject, type JsonObject, textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { parseYamlDocuments } from '../../../src/core/yaml.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { createHttpTransport } from '../../../src/kubernetes/http.ts';
import type { Cluster } from '../../../src/objects/cluster.ts';
import { isKubeObject, type KubeObject, keyOf, versionOf } from '../../../src/objects/object.ts';
import { openSystem } from '../../../src/server/compose/local-system.ts';
import { createDispatcher } from '../../../src/server/http/dispatch.ts';
import { serveApi } from '../../../src/server/http/port.ts';
import { jsonOf } from '../contract.ts';
import { serveGit } from '../git-http.ts';
import { replacedByForm } from './placeholders.ts';
import type { Transcript } from './read.ts';
import { readShared, type Typed, typeLine } from './type-line.ts';

export interface OwnServer {
  /** The cluster that the system runs on, to set up what the transcripts do not show. */
  readonly cluster: Cluster;
  /** A call of the API as the owner of the system. Fails on a refusal. */
  ask(method: string, url: string, body?: unknown): Promise<JsonObject>;
  /** A session token of an account of setup.yaml. */
  login(account: string): Promise<string>;
  /** Types a line as 'argocd' (drop-in mode) or 'hawser', with the transcripts' placeholders in what it printed. */
  type(transcript: Transcript, program?: 'argocd' | 'hawser'): Promise<Typed>;
  close(): Promise<void>;
}

export interface OwnServerOptions {
  /** Files in the folder where the lines are typed. */
  readonly files?: Readonly<Record<string, string>>;
  /** What stands for a word of the lines: '${password}'. */
  readonly words?: Readonly<Record<string, string>>;
  /** Of who types. */
  readonly clock?: Clock;
}

const RECORDED_SERVER = '127.0.0.1:8080';
const RECORDED_REPOSITORY = '127.0.0.1:8900';
const RECORDED_CLUSTER = '127.0.0.1:6443';

export async function openOwnServer({
  files = {},
  words = {},
  clock = systemClock,
}: OwnServerOptions = {}): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-own-server-'));
  const home = join(folder, 'home');
  const script = fileURLToPath(new URL('../../../../shared/conformance/argocd/make-repository.sh', import.meta.url));
  execFileSync('sh', [script, join(folder, 'examples.git')], { stdio: 'pipe' });
  const repository = await onFourDigits((port) => serveGit(join(folder, 'examples.git'), undefined, port));
  const system = await openSystem({
    folder: join(folder, 'data'),
    environment: { PATH: process.env['PATH'], HOME: home },
    clock: systemClock,
    random: Math.random,
    version: '1.2.3',
    log: () => undefined,
  });
  await system.run();
  const { cluster, access, close: closeCluster } = await onFourDigits((free) => connect(system.kubernetes, free));
  await system.prepare();
  const password = await askFor(system, 'GET', '/hawser/initial-password');
  await apply(cluster, readShared('conformance/argocd/setup.yaml'));
  const port = await onFourDigits((free) => serveApi({ host: '127.0.0.1', port: free }, { api: system.guarded }));
  const address = `127.0.0.1:${port.port}`;
  const passwordOf = (account: string): string =>
    account === 'admin' ? textAt(password, 'password') : `${account}-password`;

  const login: OwnServer['login'] = async (username) => {
    const response = await fetch(`http://${address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: passwordOf(username) }),
    });
    const body: unknown = await response.json();
    if (response.status !== 200) throw new Error(`${username} cannot log in: ${JSON.stringify(body)}`);
    return textAt(body, 'token');
  };

  const ours = (text: string): string =>
    Object.entries({
      ...words,
      [RECORDED_SERVER]: address,
      [RECORDED_REPOSITORY]: hostOf(repository.url),
    }).reduce((result, [word, meaning]) => result.replaceAll(word, meaning), text);
  const config = JSON.stringify(configOf(address, await login('admin')));
  // The transcripts name their kubeconfig by a placeholder: here it is the name of a file.
  const kubeconfig = { '${kubeconfig}': kubeconfigText(access) };
  await writeHome(home, config, kubeconfig);
  await writeHome(home, config, Object.fromEntries(Object.entries(files).map(([name, text]) => [name, ours(text)])));
  let printed = '';

  return {
    cluster,
    ask: (method, url, body) => askFor(system, method, url, body && JSON.parse(ours(JSON.stringify(body)))),
    login,
    type: async ({ argv, env, about, ...line }, program = 'argocd') => {
      const account = /\bas (\w+)/.exec(about)?.[1];
      const isOther = env['ARGOCD_AUTH_TOKEN'] !== undefined;
      const tokens = isOther
        ? { ARGOCD_AUTH_TOKEN: account ? await login(account).catch(() => '') : printed }
        : undefined;
      const typed = await typeLine({
        ...line,
        argv: argv.map(ours),
        ...(line.stdin === undefined ? {} : { stdin: ours(line.stdin) }),
        env: { ...env, ...tokens },
        program,
        home,
        clock,
      });
      printed = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(typed.out)?.[0] ?? printed;
      const theirs = (text: string): string =>
        replacedByForm(
          text
            .replaceAll(address, RECORDED_SERVER)
            .replaceAll(hostOf(repository.url), RECORDED_REPOSITORY)
            .replaceAll(`127.0.0.1:${access.port}`, RECORDED_CLUSTER),
        );
      return { code: typed.code, out: theirs(typed.out), err: theirs(typed.err) };
    },
    close: async () => {
      await port.close(0);
      closeCluster();
      await system.close();
      await repository.close();
      process.chdir(tmpdir());
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const hostOf = (url: string): string => new URL(url).host;

const configOf = (address: string, token: string): JsonObject => ({
  contexts: [{ name: address, server: address, user: address }],
  'current-context': address,
  'prompts-enabled': false,
  servers: [{ server: address, 'plain-text': true }],
  users: [{ name: address, 'auth-token': token }],
});

async function writeHome(home: string, config: string, files: Readonly<Record<string, string>>): Promise<void> {
  const folder = join(home, '.config', 'argocd');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config'), config, { mode: 0o600 });
  for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text);
}

type System = Awaited<ReturnType<typeof openSystem>>;

async function askFor({ trusted }: System, method: string, url: string, body?: unknown): Promise<JsonObject> {
  const headers = { 'content-type': 'application/json' };
  const answer = await createDispatcher(trusted)({ method, url, headers, ...(body === undefined ? {} : { body }) });
  const json = jsonOf(answer);
  if (answer.status !== 200 || !isObject(json)) throw new Error(JSON.stringify(answer.body));
  return json;
}

interface Access {
  readonly port: number | undefined;
  readonly token: string;
}

/** As the one of the lab: one context, whose certificate is not verified. */
const kubeconfigText = ({ port, token }: Access): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'lab', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'lab', user: { token } }],
    contexts: [{ name: 'lab', context: { cluster: 'lab', user: 'lab' } }],
    'current-context': 'lab',
  });

async function connect(
  kubernetes: System['kubernetes'],
  free: number,
): Promise<{ readonly cluster: Cluster; readonly access: Access; close(): void }> {
  const { port, token, certificateAuthority } = await kubernetes.listen({ host: '127.0.0.1', port: free });
  const { transport, close } = createHttpTransport({
    server: `https://127.0.0.1:${port}`,
    ca: certificateAuthority,
    token: async () => token,
  });
  return { cluster: createKubeCluster(transport, { userAgent: 'conformance' }), access: { port, token }, close };
}

/** What `kubectl apply --server-side` does with a file of objects. */
async function apply(cluster: Cluster, text: string): Promise<void> {
  for (const object of parseYamlDocuments(text, 'setup.yaml')) {
    if (!isKubeObject(object)) throw new Error('setup.yaml: not an object');
    await put(cluster, object);
  }
}

async function put(cluster: Cluster, object: KubeObject): Promise<void> {
  const options = { fieldManager: 'conformance', force: true };
  await cluster.patch(
    { ...keyOf(object), version: versionOf(object.apiVersion) },
    { type: 'apply', body: object },
    options,
  );
}

/** As wide as the ports that stand in the transcripts, so that columns are as wide as theirs. */
async function onFourDigits<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      // Below are ports that fetch refuses to ask.
      return await start(7000 + Math.floor(Math.random() * 3000));
    } catch (thrown) {
      if (attempt > 20) throw new HawserError('internal', 'no port is free', { cause: thrown });
    }
  }
}
