import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { renderLocalSources } from '../../../src/repo/local-sources.ts';
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

const MAP = `
local lib = import 'lib.libsonnet';
function(replicas=1) [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: std.extVar('name') }, data: { replicas: '' + replicas, from: lib.from } },
]`;

describe('a Jsonnet file', () => {
  test('is evaluated with variables, arguments and libraries', async () => {
    await repository.commit({ 'app/map.jsonnet': MAP, 'vendor/lib.libsonnet': "{ from: 'vendor' }" });
    const { manifests, sourceType, commands } = await server.renderSource({
      repoURL: repository.url,
      path: 'app',
      directory: {
        jsonnet: {
          extVars: [{ name: 'name', value: '$ARGOCD_APP_NAME' }],
          tlas: [{ name: 'replicas', value: '1 + 2', code: true }],
          libs: ['vendor'],
        },
      },
    });
    expect(sourceType).toBe('Directory');
    expect(manifests).toMatchObject([{ metadata: { name: 'web' }, data: { replicas: '3', from: 'vendor' } }]);
    expect(commands[0]).toMatch(/^jsonnet .*app\/map\.jsonnet$/);
  });

  test('stands beside plain files', async () => {
    await repository.commit({
      'a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\n',
      'b.jsonnet': "{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sweet' } }",
    });
    const { manifests } = await server.renderSource({ repoURL: repository.url, path: '.' });
    expect(manifests.map((manifest) => manifest.metadata.name)).toEqual(['plain', 'sweet']);
  });

  test.each([
    ['a failure with its reason', "error 'oh no'", /jsonnet failed in '.': RUNTIME ERROR: oh no/],
    ['an object without kind', '{}.a', /jsonnet failed/],
    ['a text', "'text'", /gives neither an object nor a list of objects/],
  ])('names %s', async (_name, source, message) => {
    await repository.commit({ 'a.jsonnet': source });
    const rendering = server.renderSource({ repoURL: repository.url, path: '.' });
    await expect(rendering).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(message) });
  });

  test('may not import from outside', async () => {
    await repository.commit({ 'a.jsonnet': '{}' });
    const source = { repoURL: repository.url, path: '.', directory: { jsonnet: { libs: ['../up'] } } };
    await expect(server.renderSource(source)).rejects.toMatchObject({
      message: "file '../up' resolved to outside repository root",
    });
  });

  test('is evaluated where it lies, libraries of the folder around it included', async () => {
    const root = repository.url;
    await repository.write({ 'app/map.jsonnet': MAP, 'vendor/lib.libsonnet': "{ from: 'here' }" });
    const source = {
      repoURL: 'https://git.example.com/never-asked.git',
      path: 'elsewhere',
      directory: { jsonnet: { extVars: [{ name: 'name', value: 'local' }], libs: ['vendor'] } },
    };
    const manifests = await renderLocalSources(server, {
      sources: [{ source, folder: { root, path: 'app' } }],
      application: { name: 'web', namespace: 'argocd', project: 'default' },
      destinationNamespace: 'shop',
      kubeVersion: '1.35',
      apiVersions: ['v1'],
    });
    expect(manifests).toMatchObject([{ metadata: { name: 'local' }, data: { replicas: '1', from: 'here' } }]);
  });
});
