// A chart with a random value tells by it whether it was rendered again.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApplicationSource } from '../../../src/model/source.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

let server: TestRepoServer;
let repository: GitRepository;

const CHART = {
  'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'web/values.yaml': 'size: one\n',
  'web/templates/a.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {size: {{ .Values.size }}, chance: x{{ randAlphaNum 20 }}}\n',
  'values/large.yaml': 'size: large\n',
};

beforeAll(async () => {
  server = await createTestRepoServer();
});
afterAll(() => server.remove());
beforeEach(async () => {
  repository = await createGitRepository();
  await repository.commit(CHART);
  return () => repository.remove();
});

async function data(more: Partial<ApplicationSource> = {}): Promise<unknown> {
  const { manifests } = await server.renderSource({ repoURL: repository.url, path: 'web', ...more });
  return manifests[0]?.['data'];
}

describe('a commit elsewhere in the repository', () => {
  test('renders nothing again, and answers for its own revision', async () => {
    const before = await data();
    const revision = await repository.commit({ 'other/a.yaml': 'x: 1\n', 'webby/a.yaml': 'x: 1\n' });
    expect(await data()).toEqual(before);
    const source = { repoURL: repository.url, path: 'web' };
    expect(await server.renderSource(source)).toMatchObject({ revision });
  });

  test.each<[string, Partial<ApplicationSource>]>([
    ['a value file above the chart', { helm: { valueFiles: ['../values/large.yaml'] } }],
    ['a value file from the root', { helm: { valueFiles: ['/values/large.yaml'] } }],
    ['the revision as a parameter', { helm: { parameters: [{ name: 'size', value: '$ARGOCD_APP_REVISION' }] } }],
  ])('renders again with %s', async (_what, more) => {
    const before = await data(more);
    expect(await data(more)).toEqual(before);
    await repository.commit({ 'values/large.yaml': 'size: larger\n' });
    expect(await data(more)).not.toEqual(before);
  });

  test('renders again with an override that names the revision', async () => {
    const override = 'helm: {parameters: [{name: size, value: $ARGOCD_APP_REVISION}]}\n';
    await repository.commit({ 'web/.argocd-source.yaml': override });
    const before = await data();
    await repository.commit({ 'other/a.yaml': 'x: 1\n' });
    expect(await data()).not.toEqual(before);
  });

  test('renders a kustomization again whose base it changed', async () => {
    const map = (value: string): string =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {size: ${value}}\n`;
    await repository.commit({
      'k/kustomization.yaml': 'resources: [../base]\n',
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': map('one'),
    });
    expect(await data({ path: 'k' })).toEqual({ size: 'one' });
    await repository.commit({ 'base/a.yaml': map('two') });
    expect(await data({ path: 'k' })).toEqual({ size: 'two' });
  });
});

describe('a commit to the folder', () => {
  test.each<[string, Record<string, string | null>]>([
    ['a file changed', { 'web/values.yaml': 'size: two\n' }],
    ['a file added', { 'web/templates/_x.tpl': '' }],
    [
      'a file removed',
      { 'web/values.yaml': null, 'web/templates/a.yaml': CHART['web/templates/a.yaml'].replace('.Values.size', '"s"') },
    ],
  ])('renders it again: %s', async (_what, files) => {
    const before = await data();
    await repository.commit(files);
    expect(await data()).not.toEqual(before);
  });

  test('so does the source itself, and who asks for it', async () => {
    const before = await data();
    expect(await data({ helm: { parameters: [{ name: 'size', value: 'two' }] } })).not.toEqual(before);
    const { manifests } = await server.renderSource({ repoURL: repository.url, path: 'web' }, { noCache: true });
    expect(manifests[0]?.['data']).not.toEqual(before);
  });
});
