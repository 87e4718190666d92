// What opens a repository: which credentials are taken, and that real git gets in with them by its environment alone.

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, verify } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFolderCache } from '../../../../src/cache/folder-cache.ts';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { repositorySecret } from '../../../../src/model/connection-secret.ts';
import type { RepositorySettings } from '../../../../src/model/repository.ts';
import type { Cluster } from '../../../../src/objects/cluster.ts';
import { createRepoServer, type RepoServer } from '../../../../src/repo/repo-server.ts';
import { createTools } from '../../../../src/repo/tools.ts';
import { createRepositoryAccess, type RepositoryAccess } from '../../../../src/server/compose/repository-access.ts';
import { createRepositoryStore } from '../../../../src/server/connections/repositories.ts';
import { makeCertificate } from '../../../../src/server/http/self-signed.ts';
import { serveGit, serveGitByTls } from '../../../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../../../support/git-repository.ts';

const NAMESPACE = 'argocd';
const SECRET = 'hidden-word-9';

let folder: string;
let bare: string;
let home: Cluster;
let repo: RepoServer;
let access: RepositoryAccess;
let repository: GitRepository;
let close: () => Promise<void>;

/** Programs before the real ones: git and ssh that write down how they are called. */
async function loggedPrograms(): Promise<string> {
  const programs = join(folder, 'programs');
  await mkdir(programs);
  const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const log = `printf '%s\\n' "$0 $*" >> '${folder}/argv.log'`;
  await writeFile(join(programs, 'git'), `#!/bin/sh\n${log}\nexec '${git}' "$@"\n`);
  // What comes to another machine is done here; the key and the known hosts must be there, for nobody else to read.
  const ssh = `#!/bin/sh
${log}
while [ $# -gt 1 ]; do
  case "$1" in
    -i) stat -c '%a' "$2" >> '${folder}/modes.log'; cp "$2" '${folder}/seen-key' ;;
  esac
  shift
done
exec sh -c "$1"
`;
  await writeFile(join(programs, 'ssh'), ssh);
  for (const name of ['git', 'ssh']) await chmod(join(programs, name), 0o755);
  return programs;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-access-'));
  repository = await createGitRepository();
  await repository.commit({ 'one.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n' });
  bare = join(folder, 'private.git');
  execFileSync('git', ['clone', '--quiet', '--bare', repository.url, bare]);
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  home = createKubeCluster(local.handle);
  const environment = { PATH: `${await loggedPrograms()}:${process.env['PATH'] ?? ''}`, HOME: folder };
  repo = createRepoServer({
    folder: join(folder, 'repo'),
    tools: createTools(environment),
    cache: createFolderCache(join(folder, 'cache'), systemClock),
    clock: systemClock,
    environment,
  });
  access = createRepositoryAccess({ home, namespace: NAMESPACE, clock: systemClock });
  close = () => local.close();
});

afterAll(async () => {
  await close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The branches that are seen by the applications of a project. */
async function branches(url: string, project = 'default'): Promise<readonly string[]> {
  access.forget();
  const credentials = await access.of(url, project);
  await repo.test({ url, credentials }, 'git');
  return (await repo.references({ url, credentials })).branches;
}

async function register(settings: RepositorySettings): Promise<void> {
  const { repositories } = createRepositoryStore(home, NAMESPACE);
  await repositories.create(settings);
}

async function configMap(name: string, data: Readonly<Record<string, string>>): Promise<void> {
  await home.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: NAMESPACE }, data });
}

describe('git', () => {
  test('gets in with an ssh key and the known hosts, which are gone afterwards', async () => {
    const url = `ssh://git@git.example.com${bare}`;
    const { privateKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    await configMap('argocd-ssh-known-hosts-cm', { ssh_known_hosts: 'git.example.com ssh-ed25519 AAAA\n' });
    await register({ repo: url, sshPrivateKey: privateKey });
    expect(await branches(url)).toContain('main');
    expect(await readFile(join(folder, 'seen-key'), 'utf8')).toBe(privateKey);
    expect(await readFile(join(folder, 'modes.log'), 'utf8')).toMatch(/^600$/m);
    expect(await readFile(join(folder, 'argv.log'), 'utf8')).toMatch(/StrictHostKeyChecking=yes .*UserKnownHostsFile=/);
    expect(await readdir(join(folder, 'repo', 'scratch'))).toEqual([]);
  });

  test('trusts the certificates of a server, and no other', async () => {
    const tls = await makeCertificate(Date.now());
    const served = await serveGitByTls(bare, tls, { username: 'ci', password: SECRET });
    const other = await makeCertificate(Date.now());
    const host = new URL(served.url).host;
    await register({ repo: served.url, username: 'ci', password: SECRET });
    await expect(branches(served.url)).rejects.toThrow(/certificate/);
    await configMap('argocd-tls-certs-cm', { [host.replace(/:.*/, '')]: tls.cert });
    expect(await branches(served.url)).toContain('main');
    const where = { group: '', version: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'argocd-tls-certs-cm' };
    await home.patch(where, { type: 'merge', body: { data: { [host.replace(/:.*/, '')]: other.cert } } });
    await expect(branches(served.url)).rejects.toThrow(/certificate/);
    await home.delete(where);
    await served.close();
  });

  test('shows its own certificate where a server wants one', async () => {
    const [tls, client] = await Promise.all([makeCertificate(Date.now()), makeCertificate(Date.now())]);
    const served = await serveGitByTls(bare, { ...tls, client: client.cert });
    const login = { tlsClientCertData: client.cert, tlsClientCertKey: client.key };
    await register({ repo: served.url, insecure: true, ...login });
    expect(await branches(served.url)).toContain('main');
    await served.close();
  });

  test('takes the token that GitHub gives an app', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const asked: string[] = [];
    const github = createServer((request, response) => {
      const [head = '', payload = '', signature = ''] = (request.headers.authorization ?? '')
        .replace('Bearer ', '')
        .split('.');
      const isSigned = verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${payload}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      );
      asked.push(`${request.method} ${request.url} ${isSigned}`);
      const isToken = request.url?.endsWith('/access_tokens');
      response.end(JSON.stringify(isToken ? { token: SECRET, expires_at: '2100-01-01T00:00:00Z' } : { id: 77 }));
    });
    await new Promise<void>((resolve) => github.listen(0, '127.0.0.1', resolve));
    const address: AddressInfo | string | null = github.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const served = await serveGit(bare, { username: 'x-access-token', password: SECRET });
    await register({
      repo: served.url,
      githubAppID: 5,
      githubAppPrivateKey: String(privateKey.export({ type: 'pkcs1', format: 'pem' })),
      githubAppEnterpriseBaseUrl: `http://127.0.0.1:${port}`,
    });
    expect(await branches(served.url)).toContain('main');
    expect(await branches(served.url)).toContain('main');
    expect(asked).toEqual(['GET /repos/private/installation true', 'POST /app/installations/77/access_tokens true']);
    await served.close();
    github.close();
  });

  test('is told no secret on its command line', async () => {
    const text = await readFile(join(folder, 'argv.log'), 'utf8');
    expect(text).toContain('ls-remote');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain('PRIVATE KEY');
  });
});

describe('the credentials of a URL', () => {
  const URL_OF = 'https://hosts.example.com/shop/deploy.git';

  beforeAll(async () => {
    const { credentials } = createRepositoryStore(home, NAMESPACE);
    await credentials.create({ url: 'https://hosts.example.com', username: 'host', password: 'a' });
    await credentials.create({ url: 'https://hosts.example.com/shop', username: 'group', password: 'b' });
    access.forget();
  });

  test('are those of the longest URL above it', async () => {
    expect(await access.of(URL_OF, 'default')).toMatchObject({ username: 'group', password: 'b' });
    expect(await access.of('https://hosts.example.com/web.git', 'default')).toMatchObject({ username: 'host' });
    expect(await access.of('https://HOSTS.example.com/web', 'default')).toMatchObject({ username: 'host' });
  });

  test.each([
    'https://hosts.example.com.evil.example/x',
    'https://hosts.example.community/x',
    'http://hosts.example.com/x',
  ])('are not given to %s', async (url) => expect(await access.of(url, 'default')).toBeUndefined());

  test('are its own where it has any, of its project before those of all', async () => {
    const secret = repositorySecret({ repo: URL_OF, project: 'team', username: 'team', password: 'c' });
    const { stringData, metadata } = secret;
    const data = Object.fromEntries(
      Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
    );
    await home.create({ apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, namespace: NAMESPACE }, data });
    access.forget();
    expect(await access.of(URL_OF, 'team')).toMatchObject({ username: 'team', scope: 'team' });
    expect(await access.of(URL_OF, 'other')).toMatchObject({ username: 'group' });
  });

  test('go by a proxy, but for the hosts that are excepted', async () => {
    const proxy = 'http://proxy.example.com:3128';
    await register({ repo: 'https://far.example.com/a.git', proxy, noProxy: 'near.example.com' });
    await register({ repo: 'https://near.example.com/a.git', proxy, noProxy: 'near.example.com' });
    access.forget();
    expect(await access.of('https://far.example.com/a.git', 'default')).toMatchObject({ proxy });
    expect(await access.of('https://near.example.com/a.git', 'default')).toMatchObject({ proxy: '' });
  });

  test.each([
    [{ gcpServiceAccountKey: '{}' }, 'a service account of Google Cloud'],
    [{ useAzureWorkloadIdentity: true }, 'an identity of Azure'],
  ])('are refused where Hawser has no way to use them', async (settings, way) => {
    const refused = access.ofSettings({ repo: 'https://clouds.example.com/a.git', ...settings });
    await expect(refused).rejects.toThrow(`logs in by ${way}, which Hawser does not do`);
  });
});
