import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApplicationSource } from '../../../src/model/source.ts';
import { renderLocalSources } from '../../../src/repo/local-sources.ts';
import { createTools } from '../../../src/repo/tools.ts';
import { type HttpServed, serveFolder } from '../../support/git-http.ts';
import { createGitRepository } from '../../support/git-repository.ts';
import { type Registry, serveRegistry } from '../../support/oci-registry.ts';
import { createTestRepoServer, type TestRepoServer } from '../../support/repo-server.ts';

const run = promisify(execFile);
const ABOUT = 'description: serves pages\nmaintainers:\n- {name: Ada, email: ada@example.com}\n';
const LOGIN = { username: 'ada', password: 'geheim-123' };

let server: TestRepoServer;
let folder: string;
let open: HttpServed;
let closed: HttpServed;
let registry: Registry;

beforeAll(async () => {
  server = await createTestRepoServer();
  folder = await mkdtemp(join(tmpdir(), 'hawser-charts-'));
  const helm = await createTools(process.env).find('helm');
  const chart = join(folder, 'source');
  await mkdir(join(chart, 'templates'), { recursive: true });
  await writeFile(
    join(chart, 'templates', 'map.yaml'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {version: {{ .Chart.Version | quote }}, from: {{ .Values.from | default "none" }}}\n',
  );
  for (const version of ['1.0.0', '1.2.0', '2.0.0-rc.1']) {
    await writeFile(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: web\nversion: ${version}\n${ABOUT}`);
    await run(helm, ['package', chart, '--destination', folder]);
  }
  await run(helm, ['repo', 'index', folder]);
  const packed = new Map<string, Buffer>();
  for (const version of ['1.0.0', '1.2.0']) packed.set(version, await readFile(join(folder, `web-${version}.tgz`)));
  registry = await serveRegistry('web', packed, LOGIN);
  [open, closed] = await Promise.all([serveFolder(folder), serveFolder(folder, LOGIN)]);
});
afterAll(async () => {
  await Promise.all([open.close(), closed.close(), registry.close(), server.remove(), rm(folder, { recursive: true })]);
});

const source = (more: Partial<ApplicationSource> = {}): ApplicationSource => ({
  repoURL: open.url,
  chart: 'web',
  ...more,
});

describe('a chart of a Helm repository', () => {
  test.each([
    [undefined, '1.2.0'],
    ['1.0.*', '1.0.0'],
    ['>=1-0', '2.0.0-rc.1'],
    ['9.9.9', '9.9.9'],
  ])('means by %s version %s', async (targetRevision, revision) => {
    expect(await server.resolve({ source: source({ targetRevision }) })).toEqual({ revision });
  });

  test('is rendered at its version, with values of a Git repository', async () => {
    const repository = await createGitRepository();
    const revision = await repository.commit({ 'values/web.yaml': 'from: git\n' });
    const rendered = await server.renderSource(
      source({ targetRevision: '1.0.0', helm: { valueFiles: ['$values/values/web.yaml'] } }),
      { refSources: { values: { source: { repoURL: repository.url, ref: 'values' }, revision } } },
    );
    await repository.remove();
    expect(rendered).toMatchObject({
      sourceType: 'Helm',
      revision: '1.0.0',
      manifests: [{ metadata: { name: 'web' }, data: { version: '1.0.0', from: 'git' } }],
    });
    expect(rendered.commands.join('\n')).not.toContain(server.folder);
  });

  test('is rendered with values of a URL, fetched before helm runs', async () => {
    await writeFile(join(folder, 'remote.yaml'), 'from: afar\n');
    const helm = { valueFiles: [`${open.url}/remote.yaml`] };
    const rendered = await server.renderSource(source({ helm }));
    expect(rendered.manifests).toMatchObject([{ data: { from: 'afar' } }]);
    const missing = server.renderSource(source({ helm: { valueFiles: [`${open.url}/nothing.yaml`] } }));
    await expect(missing).rejects.toThrow(`there is no file at '${open.url}/nothing.yaml'`);
  });

  test('is rendered with values of a folder here, which nobody has committed', async () => {
    const values = await mkdtemp(join(tmpdir(), 'hawser-values-'));
    await writeFile(join(values, 'prod.yaml'), 'from: here\n');
    const manifests = await renderLocalSources(server, {
      sources: [
        { source: source({ targetRevision: '1.0.0', helm: { valueFiles: ['$values/prod.yaml'] } }) },
        {
          source: { repoURL: 'https://git.example.com/never-asked.git', ref: 'values' },
          folder: { root: values, path: '.' },
        },
      ],
      application: { name: 'web', namespace: 'argocd', project: 'default' },
      destinationNamespace: 'shop',
      kubeVersion: '1.35',
      apiVersions: ['v1'],
    });
    await rm(values, { recursive: true });
    expect(manifests).toMatchObject([{ metadata: { name: 'web' }, data: { version: '1.0.0', from: 'here' } }]);
  });

  test('comes from a private repository, with credentials that no command line shows', async () => {
    const repoURL = closed.url;
    await expect(server.resolve({ source: source({ repoURL }) })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('authentication required'),
    });
    const { manifests } = await server.renderSource(source({ repoURL }), { credentials: LOGIN });
    expect(manifests).toMatchObject([{ data: { version: '1.2.0' } }]);
  });

  test.each<[string, Partial<ApplicationSource>, string]>([
    ['a chart that is not there', { chart: 'wep' }, "chart 'wep' not found"],
    ['a version that is not there', { targetRevision: '9.9.9' }, "chart 'web' has no version '9.9.9'"],
    ['a constraint that nothing fits', { targetRevision: '^9' }, "no version of chart 'web' fits '^9'"],
    ['a value file outside', { helm: { valueFiles: ['../../x.yaml'] } }, 'resolved to outside repository root'],
    ['an unknown reference', { helm: { valueFiles: ['$nobody/x.yaml'] } }, "source '$nobody'"],
  ])('names %s', async (_name, more, message) => {
    await expect(server.renderSource(source(more))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(message),
    });
  });
});

describe('a chart of an OCI registry', () => {
  const credentials = { ...LOGIN, plainHttp: true };

  test.each<[string, () => ApplicationSource, string]>([
    ['chart and constraint', () => ({ repoURL: registry.url, chart: 'web', targetRevision: '1.0.*' }), '1.0.0'],
    ['a URL without scheme', () => ({ repoURL: registry.url.slice('oci://'.length), chart: 'web' }), '1.2.0'],
    ['its whole URL', () => ({ repoURL: `${registry.url}/web`, path: '.', targetRevision: '1.0.0' }), '1.0.0'],
  ])('is rendered by %s', async (_name, of, version) => {
    const rendered = await server.renderSource(of(), { credentials });
    expect(rendered).toMatchObject({ revision: version, manifests: [{ data: { version } }] });
  });

  test('needs the right credentials, which no error shows', async () => {
    const wrong = { ...credentials, password: 'wrong-secret' };
    const rendering = server.renderSource({ repoURL: registry.url, chart: 'web' }, { credentials: wrong });
    await expect(rendering).rejects.toMatchObject({
      code: 'invalid',
      message: expect.not.stringContaining('wrong-secret'),
    });
  });
});

describe('a chart in Git that depends on one of a repository', () => {
  test.each([false, true])('gets it, with a lock file: %s', async (locked) => {
    const repository = await createGitRepository();
    const dependencies = `dependencies:\n- name: web\n  version: 1.0.0\n  repository: ${open.url}\n`;
    await repository.write({ 'Chart.yaml': `apiVersion: v2\nname: parent\nversion: 1.0.0\n${dependencies}` });
    if (locked) {
      await run(await createTools(process.env).find('helm'), ['dependency', 'update', repository.url]);
      await rm(join(repository.url, 'charts'), { recursive: true });
    }
    await repository.commit({});
    const rendered = await server.renderSource({ repoURL: repository.url, path: '.' });
    await repository.remove();
    expect(rendered.manifests).toMatchObject([{ data: { version: '1.0.0' } }]);
    expect(rendered.commands.map((command) => command.split(' ').slice(0, 3).join(' '))).toEqual(['helm template .']);
    // Another commit with the same files may render to another version.
    expect(rendered.isOwn).toBe(false);
  });
});

describe('a chart in Git that depends on one behind a login', () => {
  const places: ReadonlyArray<[string, () => string]> = [
    ['a Helm repository', () => closed.url],
    ['an OCI registry', () => registry.url],
  ];

  test.each(places)('of %s', async (_name, url) => {
    const repository = await createGitRepository();
    const dependencies = `dependencies:\n- name: web\n  version: 1.0.0\n  repository: ${url()}\n`;
    await repository.write({ 'Chart.yaml': `apiVersion: v2\nname: parent\nversion: 1.0.0\n${dependencies}` });
    await repository.commit({});
    const ofProject = { repoURL: repository.url, path: '.' };
    const code = expect.stringMatching(/^(invalid|unreachable)$/);
    await expect(server.renderSource(ofProject)).rejects.toMatchObject({ code });
    const credentialsOf = async (asked: string) => (asked === url() ? { ...LOGIN, plainHttp: true } : undefined);
    const rendered = await server.renderSource(ofProject, { credentialsOf });
    await repository.remove();
    expect(rendered.manifests).toMatchObject([{ data: { version: '1.0.0' } }]);
    expect(rendered.commands.join()).not.toContain(LOGIN.password);
  });
});

describe('details of a chart', () => {
  test('are read from its files', async () => {
    const request = {
      source: source({ targetRevision: '1.0.0' }),
      revision: '1.0.0',
      application: { name: 'web', namespace: 'argocd', project: 'default' },
      destinationNamespace: 'shop',
      kubeVersion: '1.35.0',
      apiVersions: [],
    };
    expect(await server.details(request)).toMatchObject({ type: 'Helm', helm: { name: 'web', parameters: [] } });
    expect(await server.chart(request)).toEqual({
      description: 'serves pages',
      home: '',
      maintainers: ['Ada <ada@example.com>'],
    });
  });
});
