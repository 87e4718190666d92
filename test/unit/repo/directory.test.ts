import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DirectoryOptions } from '../../../src/model/source.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

const map = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;

let server: TestRepoServer;
let repository: GitRepository;

beforeAll(async () => {
  server = await createTestRepoServer();
});
afterAll(() => server.remove());
beforeEach(async () => {
  repository = await createGitRepository();
  return () => repository.remove();
});

async function names(path: string, directory?: DirectoryOptions): Promise<(string | undefined)[]> {
  const { manifests } = await server.renderSource({ repoURL: repository.url, path, directory });
  return manifests.map((manifest) => manifest.metadata.name);
}

describe('a folder of plain files', () => {
  test('gives its manifests in the order of the files', async () => {
    await repository.commit({
      'app/b.yaml': `${map('b1')}---\n${map('b2')}---\n`,
      'app/a.yml': map('a'),
      'app/c.json': '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}',
      'app/README.md': 'apiVersion: no',
      'app/sub/d.yaml': map('d'),
      'other.yaml': map('other'),
    });
    expect(await names('app')).toEqual(['a', 'b1', 'b2', 'c']);
    expect(await names('app/', { recurse: true })).toEqual(['a', 'b1', 'b2', 'c', 'd']);
    expect(await names('.')).toEqual(['other']);
  });

  test.each<[string, DirectoryOptions, string[]]>([
    ['include', { recurse: true, include: '*.yml' }, ['a']],
    ['exclude', { recurse: true, exclude: '{a.yml,sub/*}' }, ['b']],
    ['both, exclude first', { recurse: true, include: '*.yaml', exclude: 'sub/*' }, ['b']],
  ])('obeys %s', async (_name, directory, expected) => {
    await repository.commit({ 'app/a.yml': map('a'), 'app/b.yaml': map('b'), 'app/sub/c.yaml': map('c') });
    expect(await names('app', directory)).toEqual(expected);
  });

  test('takes lists apart and skips what is marked or no manifest', async () => {
    await repository.commit({
      'list.yaml': 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: one}}\n',
      'marked.yaml': `# +argocd:skip-file-rendering\n${map('marked')}`,
      'values.yaml': 'replicas: 3\n',
      'broken.yaml': 'a: [1\n',
      'bom.yaml': `\ufeff${map('bom')}`,
    });
    expect(await names('.')).toEqual(['bom', 'one']);
  });

  test('follows links that stay inside', async () => {
    await repository.commit({ 'shared/map.yaml': map('shared'), 'app/own.yaml': map('own') });
    await repository.git('config', 'core.symlinks', 'true');
    const { symlink } = await import('node:fs/promises');
    await symlink('../shared/map.yaml', join(repository.url, 'app/link.yaml'));
    await repository.commit({});
    expect(await names('app')).toEqual(['shared', 'own']);
  });

  test.each<[string, Record<string, string>, string]>([
    ['broken YAML with file and line', { 'a.yaml': `${map('x')}data:\n  b: {\n` }, 'a.yaml:7: broken YAML'],
    ['a second object in JSON', { 'a.json': '{}\n{}' }, 'a.json'],
    [
      'a label that is no text',
      { 'a.yaml': `${map('x')}  labels: {tier: 1}\n` },
      "a.yaml: ConfigMap 'x': the value of label 'tier' is not a text",
    ],
    ['an object without kind', { 'a.yaml': `${map('x')}---\nmetadata: {}\n` }, "a.yaml: an object has no 'kind'"],
  ])('names %s', async (_name, files, expected) => {
    await repository.commit(files);
    await expect(names('.')).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(expected) });
  });

  test.each<[string, string]>([
    ['ghost', 'ghost: app path does not exist'],
    ['../up', '../up: app path outside root'],
    ['/abs', '/abs: app path is absolute'],
    ['a.yaml', 'a.yaml: app path is not a directory'],
  ])('refuses the path %s', async (path, message) => {
    await repository.commit({ 'a.yaml': map('a') });
    await expect(names(path)).rejects.toMatchObject({ code: 'invalid', message });
  });

  test('tells a folder that is not committed from one that is not there', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    await repository.write({ 'fresh/b.yaml': map('b') });
    await expect(names('fresh')).rejects.toMatchObject({
      message: expect.stringMatching(/^fresh: app path does not exist at [0-9a-f]{7}$/),
      hint: expect.stringContaining('it is not committed yet: git -C'),
    });
  });

  test('refuses bytes that are no text', async () => {
    await writeFile(join(repository.url, 'a.yaml'), Buffer.from(`${map('a')}data: {a: caf\u00e9}\n`, 'latin1'));
    await repository.commit({ 'b.yaml': `${map('b')}data: {a: caf\u00e9 \ufffd}\n` });
    await expect(names('.')).rejects.toMatchObject({ message: 'a.yaml: the file is neither UTF-8 nor UTF-16' });
  });

  test.each(['deep.yaml', 'deep.json'])('refuses what is nested too deep in %s', async (file) => {
    const deep = `${`{"a":`.repeat(3000)}1${'}'.repeat(3000)}`;
    await repository.commit({
      [file]: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":${deep}}`,
    });
    await expect(names('.')).rejects.toMatchObject({
      message: `${file}: a value is nested deeper than 500 levels`,
    });
  });

  test('refuses aliases that expand without end', async () => {
    const lines = Array.from({ length: 9 }, (_, i) => `x${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(',')}]`);
    await repository.commit({ 'bomb.yaml': `${map('x')}x0: &a0 [y,y,y,y,y,y,y,y,y]\n${lines.join('\n')}\n` });
    await expect(names('.')).rejects.toMatchObject({
      message: 'bomb.yaml: its aliases (*name) expand to too many values',
    });
  });

  test('refuses more than 10 MiB', async () => {
    const large = `${map('x')}data: {x: "${'x'.repeat(6 * 1024 * 1024)}"}\n`;
    await repository.commit({ 'a.yaml': large, 'b.yaml': large });
    await expect(names('.')).rejects.toMatchObject({
      message: '.: the manifests are larger than 10 MiB together',
    });
  });

  test('refuses links that leave the repository', async () => {
    const { symlink } = await import('node:fs/promises');
    await symlink('/etc/passwd', join(repository.url, 'passwd.yaml'));
    await repository.commit({ 'a.yaml': map('a') });
    await expect(names('.')).rejects.toMatchObject({
      message: 'repository contains out-of-bounds symlinks. file: passwd.yaml',
    });
  });

  test('leaves nothing behind', async () => {
    await repository.commit({ 'a.yaml': map('a') });
    await names('.');
    expect(await readdir(join(server.folder, 'scratch')).catch(() => [])).toEqual([]);
  });
});

describe('overrides beside the manifests', () => {
  test('change options, never the place', async () => {
    await repository.commit({
      '.argocd-source.yaml': 'directory: {recurse: true}\npath: elsewhere\n',
      '.argocd-source-web.yaml': 'directory: {exclude: "sub/x*"}\n',
      'a.yaml': map('a'),
      'sub/b.yaml': map('b'),
      'sub/x.yaml': map('x'),
    });
    // The two files themselves are hidden files of the folder, read as manifests by nobody.
    expect(await names('.', { recurse: false })).toEqual(['a', 'b']);
  });
});
