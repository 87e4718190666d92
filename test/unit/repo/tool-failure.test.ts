import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApplicationSource } from '../../../src/model/source.ts';
import { createTools } from '../../../src/repo/tools.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

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

const CHART = { 'Chart.yaml': 'apiVersion: v2\nname: demo\nversion: 1.0.0\n' };
const SCHEMA = '{"type":"object","properties":{"replicas":{"type":"number"}}}';
const TEMPLATE = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ required "a name is needed" .Values.name }}}\n';

describe('a tool that fails', () => {
  test.each<[string, Record<string, string>, Partial<ApplicationSource>, string]>([
    [
      'helm with a value that is required',
      { ...CHART, 'templates/a.yaml': TEMPLATE },
      {},
      "helm failed in '.': execution error at (demo/templates/a.yaml:3:",
    ],
    [
      'values that their schema refuses',
      { ...CHART, 'values.yaml': 'replicas: many\n', 'values.schema.json': SCHEMA },
      {},
      "replicas': got string, want number",
    ],
    [
      'a value file that is missing',
      CHART,
      { helm: { valueFiles: ['prod.yaml'] } },
      "value file 'prod.yaml' does not exist",
    ],
    [
      'a pattern that finds no value file',
      CHART,
      { helm: { valueFiles: ['v/*.yaml'] } },
      'values file glob "v/*.yaml" matched no files',
    ],
    [
      'a scheme that is not allowed',
      CHART,
      { helm: { valueFiles: ['s3://bucket/v.yaml'] } },
      "the URL scheme 's3' is not allowed",
    ],
    ['a resource that is missing', { 'kustomization.yaml': 'resources: [absent.yaml]\n' }, {}, 'absent.yaml'],
    [
      'kustomize options without a kustomization',
      { 'a.yaml': '' },
      { kustomize: { namePrefix: 'x-' } },
      "'.' has no kustomization",
    ],
    [
      'a label that stands there already',
      { 'kustomization.yaml': 'commonLabels: {a: b}\n' },
      { kustomize: { commonLabels: { a: 'c' } } },
      "label 'a' is already in the kustomization",
    ],
  ])('%s', async (_name, files, more, message) => {
    await repository.commit(files);
    const failure = await server
      .renderSource({ repoURL: repository.url, path: '.', ...more })
      .catch((thrown) => thrown);
    expect(failure).toMatchObject({ code: 'invalid', message: expect.stringContaining(message) });
    expect(`${failure.message} ${failure.hint}`).not.toContain(server.folder);
  });

  test('plugins are refused by name', async () => {
    await repository.commit({ 'a.yaml': '' });
    const source = { repoURL: repository.url, path: '.', plugin: { name: 'cdk' } };
    await expect(server.renderSource(source)).rejects.toMatchObject({
      code: 'not-implemented',
      message: "plugin 'cdk' cannot be rendered yet",
    });
  });

  test('a tool that is not there is named with the line that gets it', async () => {
    const tools = createTools({ PATH: '/nowhere' });
    await expect(tools.find('jsonnet')).rejects.toMatchObject({
      code: 'missing-tool',
      message: 'jsonnet was not found on the PATH',
      hint: expect.stringContaining('apt-get install jsonnet'),
    });
    expect(await tools.look('git')).toBeUndefined();
  });

  test('tools tell their versions', async () => {
    expect(await createTools(process.env).versions()).toMatchObject({
      git: expect.stringMatching(/^2\./),
      helm: expect.stringMatching(/^v[34]\./),
    });
  });
});
