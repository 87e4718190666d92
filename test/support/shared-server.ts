// A server with an admin, somebody restricted and somebody unknown, and secrets planted wherever one is kept. All of it runs: the
// controllers, the repo server, the port.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { textAt } from '../../src/core/json.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { createHttpTransport } from '../../src/kubernetes/http.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import { openSystem } from '../../src/server/compose/local-system.ts';
import { createDispatcher } from '../../src/server/http/dispatch.ts';
import { makeCertificate } from '../../src/server/http/self-signed.ts';
import { serveSystem } from '../../src/server/http/serve-system.ts';
import type { System } from '../../src/server/system.ts';
import { createGitRepository } from './git-repository.ts';

export interface SharedServer {
  readonly url: string;
  /** Tokens by who has them; of nobody there is none. */
  readonly tokens: Readonly<Record<'admin' | 'ann' | 'nobody', string>>;
  /** What must be nowhere, each by what it is. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  /** The objects that ann may not see, as they are. */
  hidden(): Promise<unknown>;
  /** Puts back what an admin took away. */
  plant(): Promise<void>;
  close(): Promise<void>;
}

const POLICY = `
p, ann, applications, *, open/*, allow
p, ann, applications, delete, open/*, deny
p, ann, logs, get, open/*, allow
p, ann, projects, get, open, allow
p, ann, repositories, get, open/*, allow
p, ann, clusters, get, open/*, allow`;

const project = (name: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AppProject',
  metadata: { name, namespace: 'argocd' },
  spec: { sourceRepos: ['*'], destinations: [{ server: '*', namespace: '*' }], roles: [{ name: 'ci' }] },
});

const application = (name: string, of: string, repoURL: string): KubeObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name, namespace: 'argocd' },
  spec: {
    project: of,
    source: { repoURL, path: '.', targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace: 'default' },
    syncPolicy: { automated: {} },
  },
});

function secret(name: string, type: string, data: Readonly<Record<string, string>>): KubeObject {
  const encoded = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)]));
  const labels = { 'argocd.argoproj.io/secret-type': type };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'argocd', labels }, data: encoded };
}

/** A private key whose body is a mark that can be looked for. */
const keyWith = (mark: string): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${btoa(`key of ${mark}`)}\n-----END OPENSSH PRIVATE KEY-----\n`;

const SECRETS = {
  'password of a repository': 'planted-repository-password',
  'ssh key': btoa('key of planted-ssh'),
  'key of a GitHub app': btoa('key of planted-github-app'),
  'client key': btoa('key of planted-client'),
  'password for many': 'planted-credentials-password',
  'token of a cluster': 'planted-cluster-token',
  'secret of webhooks': 'planted-webhook-secret',
  'password of an account': 'planted-ann-password',
  'Secret in Git': 'planted-in-git',
  'Secret in the cluster': 'planted-in-the-cluster',
} as const;

const NOWHERE = 'https://127.0.0.1:1/veiled.git';

function planted(repository: string): readonly KubeObject[] {
  return [
    project('open'),
    project('veiled'),
    application('seen', 'open', repository),
    application('veiled', 'veiled', repository),
    secret('veiled-repository', 'repository', {
      url: NOWHERE,
      project: 'veiled',
      username: 'x',
      password: SECRETS['password of a repository'],
      tlsClientCertData: 'x',
      tlsClientCertKey: keyWith('planted-client'),
    }),
    secret('veiled-ssh', 'repository', {
      url: 'ssh://git@127.0.0.1:1/veiled.git',
      sshPrivateKey: keyWith('planted-ssh'),
    }),
    secret('veiled-app', 'repository', {
      url: 'https://127.0.0.1:1/app.git',
      githubAppID: '1',
      githubAppInstallationID: '1',
      githubAppPrivateKey: keyWith('planted-github-app'),
      githubAppEnterpriseBaseUrl: 'http://127.0.0.1:1',
    }),
    secret('veiled-creds', 'repo-creds', {
      url: 'https://127.0.0.1:1',
      username: 'x',
      password: SECRETS['password for many'],
    }),
    secret('veiled-cluster', 'cluster', {
      server: 'https://127.0.0.1:1',
      name: 'veiled',
      config: JSON.stringify({ bearerToken: SECRETS['token of a cluster'], tlsClientConfig: { insecure: true } }),
    }),
  ];
}

const DEPLOYED = (value: string): string => `apiVersion: v1
kind: Secret
metadata: {name: planted, namespace: default}
stringData: {password: ${value}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plain, namespace: default}
data: {a: b}
`;

export async function openSharedServer(): Promise<SharedServer> {
  const [folder, repository] = await Promise.all([mkdtemp(join(tmpdir(), 'hawser-shared-')), createGitRepository()]);
  const log: string[] = [];
  const system = await openSystem({
    folder,
    environment: { PATH: process.env['PATH'], HOME: folder },
    clock: systemClock,
    random: Math.random,
    version: '1',
    log: (line) => log.push(line),
  });
  await repository.commit({ 'all.yaml': DEPLOYED(SECRETS['Secret in Git']) });
  await system.run();
  await system.prepare();
  const { cluster, close } = await clusterOf(system);
  const objects = planted(`file://${repository.url}`);
  const plant = async (): Promise<void> => {
    for (const object of objects) await cluster.create(object).catch(() => undefined);
  };
  await plant();
  await settle(cluster);
  const port = await serveSystem(system, {
    address: { host: '127.0.0.1', port: 0 },
    insecure: true,
    hosts: [],
    log: (line) => log.push(line),
  });
  const url = `http://127.0.0.1:${port.port}`;
  const { body } = await createDispatcher(system.trusted)({
    method: 'GET',
    url: '/hawser/initial-password',
    headers: {},
  });
  const password = 'json' in body ? textAt(body.json, 'password') : '';
  const admin = await login(url, 'admin', password);
  await setPassword(url, admin, password);
  const { key } = await makeCertificate(Date.now());
  await cluster.patch(
    { group: '', version: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-secret' },
    {
      type: 'merge',
      body: { data: { 'webhook.github.secret': btoa(SECRETS['secret of webhooks']), 'tls.key': btoa(key) } },
    },
  );
  const tokens = { admin, ann: await login(url, 'ann', SECRETS['password of an account']), nobody: '' };
  return {
    url,
    tokens,
    secrets: { ...SECRETS, 'key of TLS': key.split('\n')[3] ?? '', 'password of the admin': password },
    log,
    plant,
    hidden: () =>
      Promise.all(objects.filter(({ metadata }) => metadata.name !== 'seen').map((object) => stateOf(cluster, object))),
    close: async () => {
      await port.close(0);
      close();
      await system.close();
      await Promise.all([rm(folder, { recursive: true, force: true }), repository.remove()]);
    },
  };
}

async function clusterOf({ kubernetes, run }: System): Promise<{ readonly cluster: Cluster; close(): void }> {
  await run();
  const { port, token, certificateAuthority } = await kubernetes.listen({ host: '127.0.0.1', port: 0 });
  const { transport, close } = createHttpTransport({
    server: `https://127.0.0.1:${port}`,
    ca: certificateAuthority,
    token: async () => token,
  });
  return { cluster: createKubeCluster(transport), close };
}

/** ann may log in, and what is deployed has another value than in Git: there is a difference to be told. */
async function settle(cluster: Cluster): Promise<void> {
  const core = { group: '', version: 'v1', namespace: 'argocd' };
  await cluster.patch(
    { ...core, kind: 'ConfigMap', name: 'argocd-cm' },
    { type: 'merge', body: { data: { 'accounts.ann': 'login, apiKey' } } },
  );
  await cluster.patch(
    { ...core, kind: 'ConfigMap', name: 'argocd-rbac-cm' },
    { type: 'merge', body: { data: { 'policy.csv': POLICY } } },
  );
  const deployed = { ...core, kind: 'Secret', namespace: 'default', name: 'planted' };
  for (let tries = 0; tries < 200 && !(await cluster.get(deployed)); tries += 1) await systemClock.sleep(50, NEVER);
  await cluster.patch(deployed, {
    type: 'merge',
    body: { data: { password: btoa(SECRETS['Secret in the cluster']) } },
  });
}

const NEVER = new AbortController().signal;

async function login(url: string, username: string, password: string): Promise<string> {
  const response = await post(`${url}/api/v1/session`, { username, password });
  const token = textAt(await response.json(), 'token');
  if (token === '') throw new Error(`${username} cannot log in`);
  return token;
}

async function setPassword(url: string, token: string, currentPassword: string): Promise<void> {
  const body = { name: 'ann', newPassword: SECRETS['password of an account'], currentPassword };
  const response = await fetch(`${url}/api/v1/account/password`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`no password for ann: ${await response.text()}`);
}

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Without what the system itself writes into it. */
async function stateOf(cluster: Cluster, { apiVersion, kind, metadata }: KubeObject): Promise<unknown> {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const object = await cluster.get({ group, version, kind, namespace: 'argocd', name: metadata.name ?? '' });
  const { labels, annotations } = object?.metadata ?? {};
  const { 'argocd.argoproj.io/refresh': _, ...rest } = annotations ?? {};
  return object && { ...object, metadata: { labels, annotations: rest }, status: undefined };
}
