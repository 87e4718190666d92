// Commits and files of a repository of this machine, without a system around the repo server.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMemoryCache } from '../../../src/cache/memory-cache.ts';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { createOfflineRepoServer, type OfflineRepoServer } from '../../../src/repo/offline.ts';
import { createTools } from '../../../src/repo/tools.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';

let folder: string;
let repository: GitRepository;
let repo: OfflineRepoServer;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-offline-'));
  repository = await createGitRepository();
  repo = createOfflineRepoServer({
    folder,
    tools: createTools(process.env),
    cache: createMemoryCache(systemClock),
    clock: systemClock,
    environment: process.env,
  });
});

afterEach(async () => {
  await repo.close();
  await Promise.all([rm(folder, { recursive: true, force: true }), repository.remove()]);
});

const map = (value: string): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {k: ${value}}}\n`;

test('the files as they lie here are a commit, and the repository stays as it is', async () => {
  const head = await repository.commit({ 'web/a.yaml': map('one'), '.gitignore': '*.log\n', 'old.txt': '' });
  const copy = await repo.workingCopy(join(repository.url, 'web'));
  expect(copy).toMatchObject({ root: repository.url, branch: 'main', defaultBranch: 'main' });
  expect(await repo.commit(copy, 'main')).toEqual({ clone: repository.url, revision: head });

  await repository.write({ 'web/a.yaml': map('two'), 'web/b.yaml': map('new'), 'web/x.log': 'noise', 'old.txt': null });
  const before = await repository.git('status', '--porcelain');
  const objects = await repository.git('count-objects');
  const working = await repo.snapshot(copy);

  const files = await repo.files(working);
  expect(files.paths).toEqual(['.gitignore', 'web/a.yaml', 'web/b.yaml']);
  expect((await files.read(['web/a.yaml'])).get('web/a.yaml')).toBe(map('two'));
  expect(await repository.git('status', '--porcelain')).toBe(before);
  expect(await repository.git('count-objects')).toBe(objects);
  expect(await readFile(join(repository.url, '.git/HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
});

test('what is committed needs no commit of its own', async () => {
  const head = await repository.commit({ 'web/a.yaml': map('one') });
  const copy = await repo.workingCopy(repository.url);
  expect(await repo.snapshot(copy)).toEqual({ clone: repository.url, revision: head });
});

test('a folder in no repository is all its files', async () => {
  const plain = await mkdtemp(join(tmpdir(), 'hawser-plain-'));
  await writeFile(join(plain, 'a.yaml'), map('one'));
  await writeFile(join(plain, '.gitignore'), '*.yaml\n');
  const copy = await repo.workingCopy(plain);
  expect(copy).toEqual({ root: plain, urls: [] });
  expect((await repo.files(await repo.snapshot(copy))).paths).toEqual(['.gitignore', 'a.yaml']);
  await expect(repo.commit(copy, 'main')).rejects.toMatchObject({ code: 'invalid' });
  await rm(plain, { recursive: true });
});

test('a linked worktree, and one with a detached HEAD, are repositories too', async () => {
  const first = await repository.commit({ 'web/a.yaml': map('one') });
  await repository.commit({ 'web/a.yaml': map('two') });
  const tree = join(folder, 'linked');
  await repository.git('worktree', 'add', '--quiet', '--detach', tree, first);
  const copy = await repo.workingCopy(tree);
  expect(copy).not.toHaveProperty('branch');
  await writeFile(join(tree, 'web', 'a.yaml'), map('three'));
  const files = await repo.files(await repo.snapshot(copy));
  expect((await files.read(['web/a.yaml'])).get('web/a.yaml')).toBe(map('three'));
});

test('a revision is looked for among the branches of the remote too, and where two parted is known', async () => {
  const first = await repository.commit({ 'web/a.yaml': map('one') });
  await repository.git('update-ref', 'refs/remotes/origin/release', first);
  await repository.git('remote', 'add', 'origin', 'https://example.com/org/shop.git');
  const second = await repository.commit({ 'web/a.yaml': map('two') });
  const copy = await repo.workingCopy(repository.url);
  expect(copy.urls).toEqual(['https://example.com/org/shop.git']);
  expect((await repo.commit(copy, 'release')).revision).toBe(first);
  expect((await repo.commit(copy, 'HEAD~1')).revision).toBe(first);
  expect(await repo.forkPoint(copy, [first, second])).toBe(first);
  await expect(repo.commit(copy, 'ghost')).rejects.toMatchObject({ code: 'not-found' });
  await expect(repo.commit(copy, '--all')).rejects.toMatchObject({ code: 'not-found' });
});

test('a source is rendered from a commit here under its own name', async () => {
  const revision = await repository.commit({
    'web/kustomization.yaml':
      'configMapGenerator: [{name: web, literals: [a=b]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n',
  });
  const source = {
    repoURL: 'https://example.com/org/shop.git',
    path: 'web',
    kustomize: { commonAnnotations: { from: '$ARGOCD_APP_SOURCE_REPO_URL' }, commonAnnotationsEnvsubst: true },
  };
  const manifests = await repo.render({
    application: { name: 'web', namespace: 'argocd', project: 'default' },
    destinationNamespace: 'shop',
    kubeVersion: '',
    apiVersions: ['v1'],
    sources: [{ source, commit: { clone: repository.url, revision } }],
  });
  expect(manifests).toMatchObject([{ metadata: { annotations: { from: 'https://example.com/org/shop.git' } } }]);
});

test('a change of the same length within the same second is seen', async () => {
  await repository.commit({ 'web/a.yaml': map('one') });
  await repository.write({ 'web/a.yaml': map('two') });
  const files = await repo.files(await repo.snapshot(await repo.workingCopy(repository.url)));
  expect((await files.read(['web/a.yaml'])).get('web/a.yaml')).toBe(map('two'));
});
