// Remote bases of a server that many people share: fetched before kustomize runs, with all that they name.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REACH_VARIABLE } from '../../../src/repo/address.ts';
import { remoteBase } from '../../../src/repo/render/kustomize-remote.ts';
import { type HttpServed, serveFolder, serveGit } from '../../support/git-http.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: base}\ndata: {a: b}\n';

let shared: TestRepoServer;
let base: GitRepository;
let repository: GitRepository;
let served: HttpServed;
let files: HttpServed;
let folder: string;

beforeAll(async () => {
  shared = await createTestRepoServer({ ...process.env, [REACH_VARIABLE]: 'elsewhere' });
  [base, repository] = await Promise.all([createGitRepository(), createGitRepository()]);
  folder = await mkdtemp(join(tmpdir(), 'hawser-files-'));
  await writeFile(join(folder, 'map.yaml'), MAP);
  await base.commit({
    'plain/kustomization.yaml': 'resources: [map.yaml]\n',
    'plain/map.yaml': MAP,
    'deep/kustomization.yaml': 'resources: [../plain]\nnamePrefix: deep-\n',
  });
  await base.git('tag', 'v1');
  files = await serveFolder(folder);
  await base.commit({
    'leads/kustomization.yaml': `resources: [${files.url}/map.yaml]\n`,
    'escapes/kustomization.yaml': 'resources: [../../../..]\n',
    'plain/map.yaml': MAP.replace('a: b', 'a: c'),
  });
  served = await serveGit(base.url);
});

afterAll(async () => {
  await Promise.all([served.close(), files.close(), shared.remove(), base.remove(), repository.remove()]);
  await rm(folder, { recursive: true });
});

async function render(kustomization: string, more: Readonly<Record<string, string>> = {}) {
  await repository.commit({ 'kustomization.yaml': kustomization, ...more });
  return (await shared.renderSource({ repoURL: repository.url, path: '.' })).manifests;
}

test('a base is fetched at its revision, with the bases that it names', async () => {
  const remote = `resources: ['${served.url}//deep?ref=v1']\nnameSuffix: -end\n`;
  expect(await render(remote)).toMatchObject([{ metadata: { name: 'deep-base-end' }, data: { a: 'b' } }]);
  const newest = `resources: ['${served.url}//plain?timeout=10s']\n`;
  expect(await render(newest)).toMatchObject([{ metadata: { name: 'base' }, data: { a: 'c' } }]);
});

test.each([
  ['a file of this machine', () => `resources: ['${files.url}/map.yaml']\n`, 'is on the machine of the server'],
  ['a base that names one', () => `resources: ['${served.url}//leads']\n`, 'is on the machine of the server'],
  ['a base that leaves its repository', () => `resources: ['${served.url}//escapes']\n`, 'outside repository root'],
  ['a path out of the base', () => `resources: ['${served.url}//../..']\n`, 'outside repository root'],
  ['a spelling that is not known', () => "resources: ['file:///etc']\n", 'no remote base that is known'],
  ['a patch elsewhere', () => "patches: [{path: 'https://a.example.com/b.yaml'}]\n", 'in path is not fetched'],
  [
    'files of a generator elsewhere',
    () => "configMapGenerator: [{name: a, files: ['b=http://127.0.0.1:1/c']}]\n",
    'in files is not fetched',
  ],
])('%s is refused', async (_what, kustomization, message) => {
  await expect(render(kustomization())).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(message),
  });
});

test('files that plugins are told of are looked into', async () => {
  const generator =
    'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [http://127.0.0.1:1/c]\n';
  const rendering = render('generators: [generator.yaml]\n', { 'generator.yaml': generator });
  await expect(rendering).rejects.toThrow('in files is not fetched by a server that others share');
});

test('what only looks like a URL stays', async () => {
  const literals =
    "configMapGenerator: [{name: a, literals: ['b=http://127.0.0.1:1/c'], options: {disableNameSuffixHash: true}}]\n";
  expect(await render(literals)).toMatchObject([{ data: { b: 'http://127.0.0.1:1/c' } }]);
});

describe('a base as kustomize writes it', () => {
  test.each([
    ['https://git.example.com/org/repo//a/b?ref=v1', 'https://git.example.com/org/repo', 'v1', 'a/b'],
    [
      'https://git.example.com/group/sub/repo.git/a?version=main',
      'https://git.example.com/group/sub/repo.git',
      'main',
      'a',
    ],
    ['https://git.example.com/org/repo/a/b', 'https://git.example.com/org/repo', '', 'a/b'],
    ['https://dev.example.com/org/project/_git/repo/a', 'https://dev.example.com/org/project/_git/repo', '', 'a'],
    ['github.com/org/repo?ref=v1', 'https://github.com/org/repo', 'v1', ''],
    ['gh:org/repo//a', 'https://github.com/org/repo', '', 'a'],
    ['git@git.example.com:org/repo.git//a?ref=v1', 'git@git.example.com:org/repo.git', 'v1', 'a'],
    ['ssh://git@git.example.com/org/repo//a', 'ssh://git@git.example.com/org/repo', '', 'a'],
    ['git::https://git.example.com/org/repo', 'https://git.example.com/org/repo', '', ''],
  ])('%s', (text, url, revision, path) => {
    expect(remoteBase(text)).toEqual({ url, revision, path });
  });

  test.each(['https://git.example.com/a/b.yaml', '../base', 'map.yaml', 'https://git.example.com/one'])(
    '%s is none',
    (text) => {
      expect(remoteBase(text)).toBeUndefined();
    },
  );
});
