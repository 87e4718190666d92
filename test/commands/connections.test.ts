// Repositories, credentials, certificates, keys and clusters from the command line, against a whole system in this process.
// What opens them is planted as one word, which no output may show.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { textAt } from '../../src/core/json.ts';
import { openSystem } from '../../src/server/compose/local-system.ts';
import { createDispatcher } from '../../src/server/http/dispatch.ts';
import type { System } from '../../src/server/system.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { type HttpServed, serveGit } from '../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../support/git-repository.ts';
import { hawser, type Shown, type Typed } from '../support/hawser.ts';
import { scriptedPrompt } from '../support/scripted-prompt.ts';

const SECRET = 'hidden-word-7';
const HOST_KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIEbGcXPOpphHwfV2FDXFZV4j99pMmIXRSxU2di6psoAi';

let folder: string;
let system: System;
let api: FakeApi;
let repository: GitRepository;
let served: HttpServed;

async function openNew(name: string): Promise<System> {
  const opened = await openSystem({
    folder: join(folder, name),
    environment: { PATH: process.env['PATH'], HOME: folder },
    clock: systemClock,
    random: Math.random,
    version: '1',
    log: () => undefined,
  });
  await opened.run();
  return opened;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-connections-'));
  system = await openNew('data');
  api = { ...createFakeApi(), dispatch: createDispatcher(system.trusted) };
  repository = await createGitRepository();
  await repository.commit({ 'app/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n' });
  const bare = join(folder, 'private.git');
  execFileSync('git', ['clone', '--quiet', '--bare', repository.url, bare]);
  served = await serveGit(bare, { username: 'ci', password: SECRET });
});

afterAll(async () => {
  await served.close();
  await system.close();
  await repository.remove();
  await rm(folder, { recursive: true, force: true });
});

async function type(line: string | readonly string[], typed: Typed = {}): Promise<Shown> {
  const shown = await hawser(line, { clock: systemClock, ...typed, api });
  if (!String(line).includes('--dry-run')) expect(shown.out + shown.err).not.toContain(SECRET);
  return shown;
}

const typeIn = (line: string, answers: Parameters<typeof scriptedPrompt>[0]): Promise<Shown> =>
  type(line, { prompt: scriptedPrompt(answers).prompt, terminal: true });

const json = async (line: string): Promise<unknown> => JSON.parse((await type(`${line} -o json`)).out);

describe('hawser repo', () => {
  test('is refused without the login that a repository needs, and nothing is saved', async () => {
    const shown = await type(`repo add ${served.url}`);
    expect(shown).toMatchObject({ code: 20, out: '' });
    expect(shown.err).toContain(`cannot connect to '${served.url}': authentication required`);
    expect(shown.err).toContain('hint: give the server a login: hawser repo add');
    expect(await json('repo list')).toEqual([]);
  });

  test('takes a password from stdin, and an application is deployed with it', async () => {
    const add = `repo add ${served.url} --username ci --password-stdin --name private`;
    expect(await type(add, { stdin: `${SECRET}\n` })).toMatchObject({
      code: 0,
      out: `Repository '${served.url}' added\n`,
    });
    expect(await json(`repo get ${served.url}`)).toMatchObject({ connectionState: { status: 'Successful' } });
    const create = `app create one --repo ${served.url} --path app --dest-name in-cluster --dest-namespace default`;
    expect((await type(create)).code).toBe(0);
    expect(await type('app sync one --timeout 30')).toMatchObject({ code: 0 });
    expect((await type('app delete one --yes --cascade --wait')).code).toBe(0);
  });

  test('warns of a password in argv, and adds it', async () => {
    const shown = await type(`repo add ${served.url} --username ci --password ${SECRET} --upsert --name other`);
    expect(shown.code).toBe(0);
    expect(shown.err).toContain('warning: --password is visible to every process of this machine');
  });

  test('says in which fields the one that is there differs', async () => {
    const shown = await type(`repo add ${served.url} --name third --username ci --password-stdin`, { stdin: SECRET });
    expect(shown.code).toBe(20);
    expect(shown.err).toContain('existing repository spec is different');
    expect(shown.err).toContain('difference in keys "Name"');
  });

  test('writes Secrets, and reads them again', async () => {
    const dry = await type(`repo add ${served.url} --username ci --password-stdin --project team --dry-run`, {
      stdin: SECRET,
    });
    expect(dry.out).toContain(`password: ${SECRET}`);
    expect(dry.out).toContain('argocd.argoproj.io/secret-type: repository');
    const file = join(folder, 'repositories.yaml');
    await writeFile(file, dry.out);
    expect(await type(['repo', 'add', '-f', file])).toMatchObject({ code: 0 });
    expect(await json('repo list')).toMatchObject([{ name: 'other' }, { project: 'team' }]);
    expect((await type(`repo rm ${served.url} --project team`)).out).toBe(`Repository '${served.url}' removed\n`);
  });

  test('keeps the credentials of a project from another one', async () => {
    await type(`repo rm ${served.url}`);
    await type(`repo add ${served.url} --username ci --password-stdin --project team`, { stdin: SECRET });
    const create = `app create two --repo ${served.url} --path app --dest-name in-cluster --dest-namespace default`;
    const shown = await type(create);
    expect(shown.code).not.toBe(0);
    expect(shown.err).toContain('authentication required');
    await type(`repo rm ${served.url} --project team`);
  });

  test('asks in a terminal for what is missing, and tests it', async () => {
    const shown = await typeIn('repo add', [
      ['Repository URL', served.url],
      ['Login', 'password'],
      ['Username', 'ci'],
      ['Password', SECRET],
    ]);
    expect(shown).toMatchObject({ code: 0, out: `Repository '${served.url}' added\n` });
    await type(`repo rm ${served.url}`);
  });

  test.each([
    ['repo add', 2, 'needs a URL'],
    ['repo add https://x.example.com --type helm', 2, "Must specify --name for repos of type 'helm'"],
    ['repo add https://x.example.com --type odd', 20, 'unsupported repository type "odd"'],
    ['repo add http://127.0.0.1:1/x.git', 8, "cannot connect to 'http://127.0.0.1:1/x.git'"],
    ['repo get https://none.example.com/x.git', 3, 'permission denied'],
    ['repo list --refresh soft', 2, 'unknown refresh value'],
    ['repo rm https://none.example.com/x.git', 3, 'permission denied'],
  ])('hawser %s ends with %i', async (line, code, says) => {
    const shown = await type(line);
    expect(shown.err).toContain(says);
    expect(shown.code).toBe(code);
  });
});

test('hawser admin repo generate-spec prints a Secret, and asks nobody', async () => {
  const line = 'admin repo generate-spec https://charts.example.com --type helm --name charts -o json';
  expect(JSON.parse((await type(line)).out)).toMatchObject({
    kind: 'Secret',
    metadata: { labels: { 'argocd.argoproj.io/secret-type': 'repository' } },
    stringData: { name: 'charts', type: 'helm', url: 'https://charts.example.com' },
  });
});

describe('hawser repocreds', () => {
  test('opens every repository below a URL, and no host whose name goes on', async () => {
    const below = served.url.replace(/\/[^/]*$/, '');
    expect((await type(`repocreds add ${below} --username ci --password-stdin`, { stdin: SECRET })).code).toBe(0);
    expect(await json('repocreds list')).toEqual([{ url: below, username: 'ci' }]);
    expect((await type(`repo add ${served.url}`)).code).toBe(0);
    expect(await json('repo list')).toMatchObject([{ inheritedCreds: true }]);
    expect((await type('repo list')).out).toMatch(/inherited +.*Successful/);
    expect((await type(`repo rm ${served.url}`)).code).toBe(0);
    expect((await type(`repocreds rm ${below}`)).out).toBe(`Repository credentials for '${below}' removed\n`);
    expect((await type('repocreds list')).err).toContain('hawser repocreds add');
  });
});

describe('hawser cert', () => {
  test('adds, lists and removes host keys', async () => {
    const line = `git.example.com ssh-ed25519 ${HOST_KEY}\n`;
    expect((await type('cert add-ssh --batch', { stdin: line })).out).toContain('Successfully created 1 ');
    expect(await json('cert list --hostname-pattern git.example.com')).toEqual([
      {
        serverName: 'git.example.com',
        certType: 'ssh',
        certSubType: 'ssh-ed25519',
        certData: null,
        certInfo: 'SHA256:OdXwVsNbnw8U3wAwdWQYqfBqxMPbqRHFiU3gfSXMSL4',
      },
    ]);
    expect((await type('cert rm git.example.com')).out).toContain("Removed cert for 'git.example.com' of type 'ssh'");
  });

  test('knows the large hosts from the first day', async () => {
    expect(await json('cert list --hostname-pattern github.com')).toHaveLength(3);
  });

  test('refuses what is no certificate', async () => {
    expect(await type('cert add-tls git.example.com', { stdin: 'just a text' })).toMatchObject({ code: 2, out: '' });
    expect(await type('cert rm *')).toMatchObject({ code: 2, out: '' });
    expect(await type('cert list --cert-type odd')).toMatchObject({ code: 2, out: '' });
  });
});

describe('hawser gpg', () => {
  test('says what is wrong with a key', async () => {
    expect((await type('gpg list')).err).toContain('no keys yet');
    const shown = await type('gpg add --from -', { stdin: 'just a text' });
    expect(shown.err).toContain('there is no public key in it');
    expect((await type('gpg get 0123456789ABCDEF')).err).toContain('no such key: 0123456789ABCDEF');
    expect((await type('gpg rm short')).err).toContain("'short' is not a valid GnuPG key ID");
  });
});

describe('hawser cluster', () => {
  let other: System;
  let kubeconfig: string;

  beforeAll(async () => {
    other = await openNew('other');
    await other.run();
    const { port, token, certificateAuthority } = await other.kubernetes.listen({ host: '127.0.0.1', port: 0 });
    kubeconfig = join(folder, 'kubeconfig');
    const cluster = {
      server: `https://127.0.0.1:${port}`,
      'certificate-authority-data': Buffer.from(certificateAuthority).toString('base64'),
    };
    const config = {
      clusters: [{ name: 'far', cluster }],
      users: [{ name: 'far', user: { token } }],
      contexts: [{ name: 'far', context: { cluster: 'far', user: 'far' } }],
    };
    await writeFile(kubeconfig, JSON.stringify(config));
  });

  afterAll(() => other.close());

  const withKubeconfig = (line: string, typed: Typed = {}): Promise<Shown> =>
    type(line, { ...typed, env: { KUBECONFIG: kubeconfig } });

  test('is added by an account that is made in it, and an application is deployed there', async () => {
    const shown = await withKubeconfig('cluster add far --label tier=test --yes');
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.err).toContain('Created bearer token secret "argocd-manager-long-lived-token"');
    expect((await type('cluster list')).out).toMatch(/far +v1\.\d+\.\d+ +Successful/);
    const create = `app create far --repo ${repository.url} --path app --dest-name far --dest-namespace default`;
    expect(await type(create)).toMatchObject({ code: 0 });
    expect(await type('app sync far --timeout 30')).toMatchObject({ code: 0 });
    expect(await json('cluster get far')).toMatchObject({ labels: { tier: 'test' }, info: { applicationsCount: 1 } });
    expect((await type('app delete far --yes --cascade --wait')).code).toBe(0);
  });

  test('that comes back has its applications looked at again', async () => {
    const create = `app create back --repo ${repository.url} --path app --dest-name far --dest-namespace default`;
    expect(await type(create)).toMatchObject({ code: 0 });
    await type('cluster rm far --yes');
    await type('app get back --refresh');
    const stateOf = async (): Promise<string> => textAt(await json('app get back'), 'status', 'sync', 'status');
    expect(await stateOf()).toBe('Unknown');
    await withKubeconfig('cluster add far --yes');
    for (let attempt = 0; attempt < 50 && (await stateOf()) === 'Unknown'; attempt += 1) await systemClock.sleep(100);
    expect(await stateOf()).toBe('OutOfSync');
    expect((await type('app delete back --yes --cascade --wait')).code).toBe(0);
  });

  test('gets another name, another token, and goes with its account', async () => {
    expect((await type('cluster rotate-auth far')).out).toBe("Cluster 'far' rotated auth\n");
    expect((await type('cluster set far --namespace default --label a=b')).code).toBe(0);
    expect(await json('cluster get far')).toMatchObject({ namespaces: ['default'], labels: { a: 'b' } });
    expect((await type('cluster get far')).out).toContain('Namespaces:        \t default');
    const shown = await withKubeconfig('cluster rm far --yes');
    expect(shown).toMatchObject({ code: 0, out: "Cluster 'far' removed\n" });
    expect(shown.err).toContain('ServiceAccount "argocd-manager" deleted');
  });

  test('is printed as a Secret', async () => {
    const own = await withKubeconfig('admin cluster generate-spec far --label a=b --namespace one');
    expect(own.out).toContain('argocd.argoproj.io/secret-type: cluster');
    expect(own.out).toMatch(/config: '\{"bearerToken":"\w+","tlsClientConfig":\{"insecure":false,"caData":"/);
    expect(own.out).toContain('namespaces: one');
    const theirs = await withKubeconfig('admin cluster generate-spec far', { program: 'argocd' });
    expect(theirs.out).toContain('"bearerToken":"bearer-token"');
    expect(theirs.out).toContain('managedFields:');
  });

  test('is asked for in a terminal', async () => {
    const { prompt } = scriptedPrompt([
      ['Context', 'far'],
      ['Make a service account', false],
    ]);
    expect(await withKubeconfig('cluster add', { prompt, terminal: true })).toMatchObject({ code: 1, out: '' });
  });

  test.each([
    ['cluster add', 2, 'contexts: far'],
    ['cluster add nothing', 4, 'context nothing does not exist in kubeconfig'],
    ['cluster add far --keep-login --cluster-endpoint odd', 2, 'valid values: kubeconfig, kube-public, internal'],
    ['cluster get nothing', 3, 'permission denied'],
    ['cluster set in-cluster --label a', 2, 'labels should have key=value'],
    ['cluster rotate-auth in-cluster', 20, 'token is malformed'],
    ['cluster rm nothing --yes', 3, 'permission denied'],
  ])('hawser %s ends with %i', async (line, code, says) => {
    const shown = await withKubeconfig(line);
    expect(shown.err).toContain(says);
    expect(shown.code).toBe(code);
  });
});
