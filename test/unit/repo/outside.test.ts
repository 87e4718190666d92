// What a repository names must lie in it: it is other people's text, and this machine is ours.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importedFiles, importsOf } from '../../../src/repo/render/jsonnet-imports.ts';
import { createGitRepository, type GitRepository } from '../../support/git-repository.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

let server: TestRepoServer;
let repository: GitRepository;
let outside: string;

const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: leak}\n';
const chart = (name: string, dependency = ''): string =>
  `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n${dependency && `dependencies:\n- {name: lib, version: 1.0.0, repository: '${dependency}'}\n`}`;

beforeAll(async () => {
  server = await createTestRepoServer();
  outside = await mkdtemp(join(tmpdir(), 'hawser-outside-'));
  await mkdir(join(outside, 'templates'));
  await writeFile(join(outside, 'Chart.yaml'), chart('lib'));
  await writeFile(join(outside, 'templates', 'a.yaml'), MAP);
  await writeFile(join(outside, 'a.yaml'), MAP);
  await writeFile(join(outside, 'kustomization.yaml'), 'resources: [a.yaml]\n');
});
afterAll(async () => {
  await server.remove();
  await rm(outside, { recursive: true });
});
beforeEach(async () => {
  repository = await createGitRepository();
  return () => repository.remove();
});

const render = (path: string) => server.renderSource({ repoURL: repository.url, path });
const UP = '../../../../../../../..';

describe('what leaves the checkout is refused', () => {
  test.each([
    ['an absolute folder', () => `file://${outside}`],
    ['a folder above', () => `file://${UP}${outside}`],
  ])('a chart that depends on %s', async (_what, url) => {
    await repository.commit({ 'web/Chart.yaml': chart('web', url()) });
    await expect(render('web')).rejects.toMatchObject({ message: expect.stringContaining('outside repository root') });
  });

  test.each(['http://169.254.169.254/charts', 'oci://169.254.169.254/charts'])(
    'a chart that depends on one at %s',
    async (url) => {
      await repository.commit({ 'web/Chart.yaml': chart('web', url) });
      await expect(render('web')).rejects.toMatchObject({ message: expect.stringContaining('link-local address') });
    },
  );

  test('a file of values at a link-local address', async () => {
    await repository.commit({ 'web/Chart.yaml': chart('web') });
    const helm = { valueFiles: ['http://169.254.169.254/values.yaml'] };
    await expect(server.renderSource({ repoURL: repository.url, path: 'web', helm })).rejects.toMatchObject({
      message: expect.stringContaining('link-local address'),
    });
  });

  test('a chart whose lock file names another folder than the chart', async () => {
    await repository.commit({
      'web/Chart.yaml': chart('web', 'file://../lib'),
      'web/Chart.lock': `dependencies:\n- {name: lib, version: 1.0.0, repository: 'file://${outside}'}\n`,
      'lib/Chart.yaml': chart('lib'),
    });
    await expect(render('web')).rejects.toMatchObject({ message: expect.stringContaining('out of sync') });
  });

  test('a chart may depend on another one of its repository', async () => {
    await repository.commit({
      'web/Chart.yaml': chart('web', 'file://../lib'),
      'lib/Chart.yaml': chart('lib'),
      'lib/templates/a.yaml': MAP,
    });
    expect((await render('web')).manifests).toMatchObject([{ metadata: { name: 'leak' } }]);
  });

  test.each(['resources', 'components', 'bases'])('a folder among the %s of a kustomization', async (field) => {
    await repository.commit({
      'web/kustomization.yaml': 'resources: [../base]\n',
      'base/kustomization.yaml': `${field}: ['${UP}${outside}']\n`,
    });
    await expect(render('web')).rejects.toMatchObject({ message: expect.stringContaining('outside repository root') });
  });

  test('a remote base that is a folder of this machine', async () => {
    const other = await createGitRepository();
    await other.commit({ 'kustomization.yaml': 'resources: [a.yaml]\n', 'a.yaml': MAP });
    await repository.commit({ 'web/kustomization.yaml': `resources: ['file://${other.url}//?ref=main']\n` });
    await expect(render('web')).rejects.toMatchObject({ code: 'invalid' });
    await other.remove();
  });

  test.each(['team/repo', 'example.com/team/repo', './repo', '../repo'])(
    'a repository by the relative path %s',
    async (url) => {
      const resolving = server.resolve({ source: { repoURL: url } });
      await expect(resolving).rejects.toMatchObject({ message: `'${url}' is not a repository URL` });
    },
  );
});

describe('the imports of Jsonnet', () => {
  test.each([
    [`import 'a.libsonnet'`, ['a.libsonnet']],
    [`{ a: importstr "b", c: importbin @'d''e' }`, ['b', "d'e"]],
    [String.raw`import "\u002e\u002e/x"`, ['../x']],
    ['import /* there */ // here\n "x"', ['x']],
    [`local a = 'import "no"'; # import "no"\n|||\n  import "no"\n|||`, []],
    [`{ important: "no", 'import': "no" }`, []],
  ])('of %s', (source, paths) => {
    expect(importsOf(source).map(({ path }) => path)).toEqual(paths);
  });

  test.each([
    ['an absolute path', `importstr '/etc/hostname'`],
    ['a path above', `importstr '../${UP}/etc/hostname'`],
    ['a path above in what is imported', `import 'inner.libsonnet'`],
    ['a path above from a library folder', `import 'deep/inner.libsonnet'`],
  ])('%s is refused', async (_what, source) => {
    await repository.write({
      'app/a.jsonnet': source,
      'app/inner.libsonnet': `importstr '${UP}/etc/hostname'`,
      'vendor/deep/inner.libsonnet': `import '../../../x'`,
    });
    const search = { root: repository.url, folders: ['app', 'vendor'] };
    const found = importedFiles(search, { files: ['app/a.jsonnet'], texts: [] });
    await expect(found).rejects.toMatchObject({ message: expect.stringContaining('outside repository root') });
  });

  test('in the variables of a source count, too', async () => {
    const found = importedFiles(
      { root: repository.url, folders: [] },
      { files: [], texts: [`importstr '/etc/passwd'`] },
    );
    await expect(found).rejects.toMatchObject({ message: expect.stringContaining("'/etc/passwd'") });
  });

  test('are found where the program finds them', async () => {
    await repository.write({
      'app/sub/a.jsonnet': `import '../b.libsonnet'`,
      'app/b.libsonnet': `import 'c.libsonnet'`,
      'vendor/c.libsonnet': '{}',
    });
    const search = { root: repository.url, folders: ['app', 'vendor'] };
    expect(await importedFiles(search, { files: ['app/sub/a.jsonnet'], texts: [] })).toEqual([
      'app/sub/a.jsonnet',
      'app/b.libsonnet',
      'vendor/c.libsonnet',
    ]);
  });
});
