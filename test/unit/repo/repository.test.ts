import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServed, serveFolder, serveGit } from '../../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const LOGIN = { username: 'ada', password: 'geheim-123' };

let server: TestRepoServer;
let repository: GitRepository;
let served: HttpServed | undefined;

beforeEach(async () => {
  server = await createTestRepoServer();
  repository = await createGitRepository();
});
afterEach(async () => {
  await served?.close();
  served = undefined;
  await Promise.all([server.remove(), repository.remove()]);
});

const resolve = async (repoURL: string, targetRevision?: string, force = false): Promise<string> =>
  (await server.resolve({ source: { repoURL, targetRevision }, force })).revision;

const PLACES: readonly (readonly [string, () => Promise<string>])[] = [
  ['a folder', async () => repository.url],
  ['a file:// URL', async () => pathToFileURL(repository.url).href],
  [
    'a bare folder',
    async () => {
      await repository.git('clone', '--quiet', '--bare', '.', 'bare.git');
      return join(repository.url, 'bare.git');
    },
  ],
  [
    'an http:// URL',
    async () => {
      served = await serveGit(repository.url);
      return served.url;
    },
  ],
];

describe.each(PLACES)('a repository at %s', (_name, place) => {
  test('names commits in every way', async () => {
    const first = await repository.commit({ 'a.yaml': map('a') });
    await repository.git('tag', 'v1.0.0');
    await repository.git('branch', 'old/one');
    const second = await repository.commit({ 'a.yaml': map('b') });
    await repository.git('tag', '--annotate', '--message', 'two', 'v1.1.0');
    const third = await repository.commit({ 'a.yaml': map('c') });
    const url = await place();
    const expected: [string | undefined, string][] = [
      [undefined, third],
      ['HEAD', third],
      ['main', third],
      ['refs/heads/main', third],
      ['old/one', first],
      ['v1.1.0', second],
      ['1.*', second],
      ['~1.0', first],
      [first, first],
      [second.slice(0, 8), second],
    ];
    for (const [name, commit] of expected) expect([name, await resolve(url, name)]).toEqual([name, commit]);
    await expect(resolve(url, 'v1.o.0')).rejects.toMatchObject({
      code: 'invalid',
      message: "unable to resolve 'v1.o.0' to a commit SHA",
      hint: expect.stringContaining("'v1.0.0'"),
    });
  });

  test('renders any commit, and tells who made it', async () => {
    const first = await repository.commit({ 'a.yaml': map('a') }, 'Begin\n\nwith a body');
    await repository.git('tag', 'v1');
    const second = await repository.commit({ 'a.yaml': map('b'), 'docs/x.txt': 'x' });
    const url = await place();
    for (const [revision, name] of [
      [second, 'b'],
      [first, 'a'],
    ]) {
      const { manifests } = await server.renderSource({ repoURL: url, path: '.', targetRevision: revision });
      expect(manifests.map((manifest) => manifest.metadata.name)).toEqual([name]);
    }
    expect(await server.metadata({ url }, first)).toEqual({
      author: 'Ada <ada@example.com>',
      date: '2025-01-02T03:04:05Z',
      message: 'Begin\n\nwith a body',
      tags: ['v1'],
    });
    expect(await server.references({ url })).toEqual({ branches: ['main'], tags: ['v1'] });
    const changed = (paths: string[]) => server.changed({ url, from: first, to: second, paths });
    expect(await Promise.all([changed(['docs']), changed(['a.*']), changed(['other'])])).toEqual([true, true, false]);
    expect(await server.changed({ url, from: 'b'.repeat(40), to: second, paths: ['other'] })).toBe(true);
  });

  test('finds the folders that applications can be made of', async () => {
    const revision = await repository.commit({
      'plain/a.yaml': map('a'),
      'kustomized/kustomization.yaml': 'resources: []\n',
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'charts/web/templates/a.yaml': map('a'),
      'docs/values.yaml': 'a: 1\n',
    });
    expect(await server.applications({ url: await place() }, revision)).toEqual([
      { type: 'Helm', path: 'charts/web' },
      { type: 'Kustomize', path: 'kustomized' },
      { type: 'Directory', path: 'plain' },
    ]);
  });

  test('says that it is empty', async () => {
    await expect(resolve(await place())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/is empty: it has no commit yet$/),
    });
  });

  test('says that a commit is not there', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    const revision = 'a'.repeat(40);
    const source = { repoURL: await place(), path: '.', targetRevision: revision };
    await expect(server.renderSource(source)).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('what is no repository', () => {
  test.each<[string, string]>([
    ['/no/such/folder', "repository '/no/such/folder' not found: there is no such folder"],
    [tmpdir(), `'${tmpdir()}' is not a git repository`],
    ['--upload-pack=x', "'--upload-pack=x' is not a repository URL"],
    ['ext::sh -c id', "'ext::sh -c id' is not a repository URL"],
  ])('%s', async (url, message) => {
    await expect(resolve(url)).rejects.toMatchObject({ code: 'invalid', message });
  });

  test('nobody answers', async () => {
    await expect(resolve('http://127.0.0.1:9/x.git')).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('it is missing on its host', async () => {
    served = await serveGit(repository.url);
    await expect(resolve(`${served.url}-other`)).rejects.toMatchObject({
      code: 'invalid',
      message: `repository '${served.url}-other' not found`,
    });
  });
});

describe('a private repository', () => {
  test('asks for credentials, and never shows them', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    served = await serveGit(repository.url, LOGIN);
    const source = { repoURL: served.url, path: '.' };
    await expect(server.renderSource(source)).rejects.toMatchObject({
      code: 'invalid',
      message: `authentication required for repository '${served.url}'`,
    });
    const wrong = server.renderSource(source, { credentials: { ...LOGIN, password: 'wrong-secret' } });
    await expect(wrong).rejects.toMatchObject({ message: expect.not.stringContaining('wrong-secret') });
    const { manifests } = await server.renderSource(source, { credentials: LOGIN });
    expect(manifests).toHaveLength(1);
    expect(await readdir(join(server.folder, 'scratch'))).toEqual([]);
  });

  test('may have them in its URL, from where they go no further', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    served = await serveGit(repository.url, LOGIN);
    const repoURL = served.url.replace('://', '://ada:geheim-123@');
    const { manifests } = await server.renderSource({ repoURL, path: '.' });
    expect(manifests).toHaveLength(1);
    const failure = await server.renderSource({ repoURL: `${repoURL}-x`, path: '.' }).catch((thrown) => thrown);
    expect(failure).toMatchObject({ code: 'invalid' });
    expect(`${failure.message} ${failure.hint}`).not.toContain('geheim');
  });
});

describe('asking a remote repository', () => {
  test('is done once for what was read a moment ago, unless forced', async () => {
    const first = await repository.commit({ 'a.yaml': map('a') });
    served = await serveGit(repository.url);
    const { url, requests } = served;
    expect(await Promise.all([resolve(url), resolve(url)])).toEqual([first, first]);
    const asked = requests.length;
    const second = await repository.commit({ 'a.yaml': map('b') });
    expect(await resolve(url)).toBe(first);
    expect(requests).toHaveLength(asked);
    expect(await resolve(url, undefined, true)).toBe(second);
  });

  test('fetches a commit once for all who want it', async () => {
    await repository.commit({ 'a/a.yaml': map('a'), 'b/b.yaml': map('b') });
    served = await serveGit(repository.url);
    const { url: repoURL, requests } = served;
    await Promise.all(['a', 'b'].map((path) => server.renderSource({ repoURL, path })));
    expect(requests.filter((request) => request.startsWith('POST')).length).toBeLessThanOrEqual(3);
  });
});

describe('a repository with a submodule', () => {
  test.each(['a folder', 'an http:// URL'])('of %s is rendered with its files', async (kind) => {
    const inner = await createGitRepository();
    const remote = kind !== 'a folder';
    const innerServed = remote ? await serveGit(inner.url) : undefined;
    try {
      await inner.commit({ 'base/kustomization.yaml': 'resources: [map.yaml]\n', 'base/map.yaml': map('inner') });
      const url = innerServed?.url ?? inner.url;
      await repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', url, 'vendor/lib');
      await repository.commit({ 'app/kustomization.yaml': 'resources: [../vendor/lib/base]\n' });
      served = remote ? await serveGit(repository.url) : undefined;
      const repoURL = served?.url ?? repository.url;
      for (const path of ['app', 'vendor/lib/base']) {
        const { manifests } = await server.renderSource({ repoURL, path });
        expect(manifests.map((manifest) => manifest.metadata.name)).toEqual(['inner']);
      }
    } finally {
      await innerServed?.close();
      await inner.remove();
    }
  });

  test('of a host may not name a folder of this machine', async () => {
    const inner = await createGitRepository();
    await inner.commit({ 'map.yaml': map('secret') });
    await repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.url, 'lib');
    await repository.commit({});
    served = await serveGit(repository.url);
    await expect(server.renderSource({ repoURL: served.url, path: 'lib' })).rejects.toMatchObject({
      message: expect.stringContaining("submodule 'lib' points to a folder of this machine"),
    });
    await inner.remove();
  });
});

describe('a mirror', () => {
  test('keeps the commits of late, and fetches others again', async () => {
    await repository.commit({ 'a.yaml': map('first') });
    const first = await repository.git('rev-parse', 'HEAD');
    served = await serveGit(repository.url);
    const render = async (revision: string): Promise<string | undefined> => {
      const source = { repoURL: served?.url ?? '', path: '.', targetRevision: revision };
      return (await server.renderSource(source, { noCache: true })).manifests[0]?.metadata.name;
    };
    expect(await render(first)).toBe('first');
    for (let index = 0; index < 52; index += 1) {
      expect(await render(await repository.commit({ 'a.yaml': map(`n${index}`) }))).toBe(`n${index}`);
    }
    const [mirror = ''] = await readdir(join(server.folder, 'repositories'));
    const kept = await readdir(join(server.folder, 'repositories', mirror, 'refs', 'hawser'));
    expect(kept.length).toBeLessThan(40);
    expect(await render(first)).toBe('first');
  }, 60_000);
});

describe('details of a source', () => {
  const details = async (path: string, files: Record<string, string>) => {
    const revision = await repository.commit(files);
    return server.details({
      source: { repoURL: repository.url, path },
      revision,
      application: { name: 'web', namespace: 'argocd', project: 'default' },
      destinationNamespace: 'shop',
      kubeVersion: '1.35.0',
      apiVersions: [],
    });
  };

  test('tell the values of a chart', async () => {
    expect(
      await details('chart', {
        'chart/Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n',
        'chart/values.yaml': 'image: {tag: "1"}\nhosts: [a]\n',
        'chart/values-production.yaml': '',
      }),
    ).toEqual({
      type: 'Helm',
      helm: {
        name: 'demo',
        valueFiles: ['values-production.yaml'],
        values: 'image: {tag: "1"}\nhosts: [a]\n',
        parameters: [
          { name: 'image.tag', value: '1' },
          { name: 'hosts[0]', value: 'a' },
        ],
      },
    });
  });

  test('tell the images of a kustomization', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: nginx:1}]}\n';
    expect(await details('.', { 'kustomization.yaml': 'resources: [pod.yaml]\n', 'pod.yaml': pod })).toEqual({
      type: 'Kustomize',
      kustomize: { images: ['nginx:1'] },
    });
  });

  test('refuse a folder without a manifest', async () => {
    await expect(details('docs', { 'docs/README.md': 'x' })).rejects.toMatchObject({
      code: 'invalid',
      message: 'docs: app path holds no manifests',
    });
  });
});

describe('a source that lends its files', () => {
  test('renders nothing itself', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    expect(await server.renderSource({ repoURL: repository.url, ref: 'values' })).toMatchObject({ manifests: [] });
  });
});

describe('a rendering', () => {
  test('is kept until it is asked for anew', async () => {
    const revision = await repository.commit({ 'a.yaml': map('a') });
    const source = { repoURL: repository.url, path: '.', targetRevision: revision };
    const first = await server.renderSource(source);
    await rm(join(repository.url, '.git'), { recursive: true });
    expect(await server.renderSource(source)).toEqual(first);
    await expect(server.renderSource(source, { noCache: true })).rejects.toMatchObject({ code: 'invalid' });
    await expect(server.renderSource({ ...source, path: 'x' })).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a repository that is damaged', () => {
  test.each([
    ['a file that is cut', 'HEAD:a.yaml', (path: string) => writeFile(path, 'x')],
    ['a file that is gone', 'HEAD:a.yaml', (path: string) => rm(path)],
    ['a list of files that is empty', 'HEAD^{tree}', (path: string) => writeFile(path, '')],
  ])('is called so: %s', async (_what, name, spoil) => {
    await repository.commit({ 'a.yaml': map('a') });
    const object = await repository.git('rev-parse', name);
    const path = join(repository.url, '.git', 'objects', object.slice(0, 2), object.slice(2));
    await chmod(path, 0o644);
    await spoil(path);
    await expect(server.renderSource({ repoURL: repository.url, path: '.' })).rejects.toMatchObject({
      message: expect.stringMatching(/^repository '.*' is damaged: /),
      hint: expect.stringContaining('fsck'),
    });
  });
});

test.each(['<!DOCTYPE html>\n<html></html>\n', '<html></html>'])('%j is no empty repository', async (page) => {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-page-'));
  await mkdir(join(folder, 'info'));
  await writeFile(join(folder, 'info', 'refs?service=git-upload-pack'), page);
  served = await serveFolder(folder);
  await expect(resolve(`${served.url}/`)).rejects.toMatchObject({
    message: expect.stringMatching(/is a web page, not a Git repository$/),
  });
  await rm(folder, { recursive: true });
});

describe('watching a local repository', () => {
  test('tells of a new commit at once, and of nothing else', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    const stop = new AbortController();
    let told = 0;
    const watching = server.watchLocal(repository.url, () => (told += 1), stop.signal);
    await new Promise((done) => setTimeout(done, 100));
    await writeFile(join(repository.url, 'a.yaml'), map('b'));
    await new Promise((done) => setTimeout(done, 200));
    expect(told).toBe(0);
    await repository.commit({});
    await expect.poll(() => told, { timeout: 900, interval: 20 }).toBeGreaterThan(0);
    stop.abort();
    await watching;
  });
});
