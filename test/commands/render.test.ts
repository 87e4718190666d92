// `hawser render`: manifests of files, without a server.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGitRepository, type GitRepository } from '../support/git-repository.ts';
import { hawser } from '../support/hawser.ts';

const URL = 'https://example.com/org/shop.git';

const application = (name: string, source: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: ${URL}, ${source}}
`;

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: ${value}}\n`;

let repository: GitRepository;
let first: string;
const at = (path: string): string => join(repository.url, path);

beforeAll(async () => {
  repository = await createGitRepository();
  await repository.git('remote', 'add', 'origin', 'git@example.com:org/shop.git');
  first = await repository.commit({
    'apps/web.yaml': application('web', 'path: web'),
    'web/map.yaml': configMap('web', 'committed'),
    'web/sub/more.yaml': configMap('more', 'deep'),
    'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
    'chart/values.yaml': 'size: 1\n',
    'chart/templates/map.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-{{ .Release.Namespace }}}\ndata: {size: "{{ .Values.size }}"}\n',
    'overlay/kustomization.yaml': 'resources: [pod.yaml]\n',
    'overlay/pod.yaml':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "web:1"}]}\n',
    'broken/map.yaml': 'apiVersion: v1\nkind: ConfigMap\n  metadata: {}\n',
  });
  await repository.git('tag', 'v1.0.0');
  await repository.write({ 'web/map.yaml': configMap('web', 'uncommitted') });
});

afterAll(() => repository.remove());

test('an Application is rendered from the files here where its source means this repository', async () => {
  const { code, out, err } = await hawser(['render', at('apps/web.yaml')]);
  expect({ code, out }).toEqual({
    code: 0,
    out: '---\napiVersion: v1\ndata:\n  value: uncommitted\nkind: ConfigMap\nmetadata:\n  name: web\n',
  });
  expect(err).toBe(`${URL} is rendered from the files in ${repository.url}\n`);
});

test.each([
  ['a tag', 'v1.0.0'],
  ['a branch that is this one', 'main'],
  ['a commit', 'COMMIT'],
])('--revision is %s', async (_what, revision) => {
  const name = revision === 'COMMIT' ? first : revision;
  const { out } = await hawser(['render', at('apps/web.yaml'), '--revision', name]);
  expect(out).toContain(revision === 'main' ? 'value: uncommitted' : 'value: committed');
});

test.each([
  ['chart', '--helm-set size=3 --dest-namespace shop', '"name": "chart-shop"', '"size": "3"'],
  ['chart', '--name other --dest-namespace x', '"name": "other-x"', '"size": "1"'],
  ['overlay', '--kustomize-image web:2', '"image": "web:2"', '"kind": "Pod"'],
  ['web', '--directory-recurse', '"name": "more"', '"value": "uncommitted"'],
  ['web', '--revision v1.0.0', '"name": "web"', '"value": "committed"'],
  ['.', '--path web', '"name": "web"', '"value": "uncommitted"'],
])('the folder %s with %s', async (folder, flags, ...says) => {
  const { code, out } = await hawser(['render', at(folder), ...flags.split(' '), '-o', 'json']);
  expect(code).toBe(0);
  expect(Array.isArray(JSON.parse(out))).toBe(true);
  for (const text of says) expect(out).toContain(text);
});

test('a repository elsewhere is fetched', async () => {
  const line = ['render', `file://${repository.url}`, '--path', 'web', '--directory-recurse', '-o', 'name'];
  expect(await hawser(line)).toEqual({ code: 0, out: 'configmap/web\nconfigmap/more\n', err: '' });
});

test('a folder outside of any repository is rendered as it lies there', async () => {
  const plain = await mkdtemp(join(tmpdir(), 'hawser-plain-'));
  await writeFile(join(plain, 'map.yaml'), configMap('plain', 'here'));
  expect(await hawser(['render', plain, '-o', 'name'])).toMatchObject({ code: 0, out: 'configmap/plain\n' });
  await rm(plain, { recursive: true });
});

test('an application on stdin counts from the folder one stands in', async () => {
  const stdin = application('outside', 'path: web, targetRevision: main').replace(URL, repository.url);
  expect(await hawser('render - -o name', { stdin })).toMatchObject({ code: 0, out: 'configmap/web\n' });
});

test.each([
  [['render', 'nothing/here'], 2, 'cannot read nothing/here: there is no such file or folder'],
  [['render', 'web', '-o', 'xml'], 2, 'unknown output format: xml'],
  [['render', '.', '--helm-chart', 'x'], 2, '--helm-chart names a chart of a Helm repository'],
  [['render', '.', '--path', 'nowhere'], 2, 'there is no such folder'],
  [['render'], 2, 'needs FROM'],
  [['render', '.', '--helm-set', 'x'], 2, '--helm-set takes name=value'],
])('%j is refused', async (words, code, says) => {
  const ended = await hawser(words);
  expect(ended).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
});

test('what cannot be rendered says which application and why', async () => {
  const stdin = application('bad', 'path: broken');
  const ended = await hawser('render - -o json', { stdin: stdin.replace(URL, repository.url) });
  expect(ended.code).toBe(20);
  expect(JSON.parse(ended.out)).toMatchObject({
    error: { message: expect.stringMatching(/^application 'bad': broken\/map.yaml:3: broken YAML/) },
  });
});
