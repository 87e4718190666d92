import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ApplicationSource } from '../../../src/model/source.ts';
import { type LocalSource, renderLocalSources } from '../../../src/repo/local-sources.ts';
import { createGitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

let server: TestRepoServer;
let root: string;
beforeAll(async () => {
  server = await createTestRepoServer();
});
afterAll(() => server.remove());
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hawser-folder-'));
  return () => rm(root, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

const map = (name: string, mode = 'blue'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {mode: ${mode}}\n`;
const SOURCE: ApplicationSource = { repoURL: 'https://git.example.com/never-asked.git', path: 'elsewhere' };
const here = (path: string, source = SOURCE): LocalSource => ({ source, folder: { root, path } });

async function names(...sources: readonly LocalSource[]): Promise<string[]> {
  const manifests = await renderLocalSources(server, {
    sources,
    application: { name: 'web', namespace: 'argocd', project: 'default' },
    destinationNamespace: 'shop',
    kubeVersion: '1.35',
    apiVersions: ['v1'],
  });
  return manifests.map(({ metadata }) => String(metadata.name));
}

describe('an application of files here', () => {
  test('is read from a plain folder as it lies there, Git folder left out', async () => {
    await write({ 'app/a.yaml': map('a'), '.git/b.yaml': map('b'), 'c.yaml': map('c') });
    expect(await names(here('app'))).toEqual(['a']);
    expect(await names(here('.', { ...SOURCE, directory: { recurse: true } }))).toEqual(['a', 'c']);
  });

  test('is rendered by Helm, with value files of another source here', async () => {
    await write({
      'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'chart/templates/m.yaml': map('{{ .Values.name }}'),
      'settings/prod.yaml': 'name: prod\n',
    });
    const chart = { ...SOURCE, chart: 'c', helm: { valueFiles: ['$values/settings/prod.yaml'] } };
    expect(await names(here('chart', chart), here('.', { repoURL: 'x', ref: 'values' }))).toEqual(['prod']);
  });

  test('is a commit with value files here, where only those have a folder', async () => {
    const repository = await createGitRepository();
    try {
      await repository.commit({
        'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
        'chart/templates/m.yaml': map('{{ .Values.name }}'),
      });
      await write({ 'prod.yaml': 'name: here\n' });
      const source = { repoURL: repository.url, path: 'chart', helm: { valueFiles: ['$values/prod.yaml'] } };
      expect(await names({ source }, here('.', { repoURL: 'x', ref: 'values' }))).toEqual(['here']);
    } finally {
      await repository.remove();
    }
  });

  test('is rendered by Kustomize, with bases outside of its folder', async () => {
    await write({
      'over/kustomization.yaml': 'resources: [../base]\nnamePrefix: x-\n',
      'base/kustomization.yaml': 'resources: [m.yaml]\n',
      'base/m.yaml': map('m'),
    });
    expect(await names(here('over'))).toEqual(['x-m']);
  });

  test('follows links within, and none that leads out', async () => {
    await write({ 'shared/a.yaml': map('a'), 'app/own.yaml': map('own') });
    await symlink('../shared/a.yaml', join(root, 'app', 'a.yaml'));
    await symlink('/etc/hostname', join(root, 'app', 'out.yaml'));
    expect(await names(here('app'))).toEqual(['a', 'own']);
  });

  test('names a folder that is not there', async () => {
    await expect(names(here('nowhere'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/app path does not exist$/),
    });
  });
});
