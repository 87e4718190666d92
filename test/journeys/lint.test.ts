// `hawser lint` in a repository: the real program, git, helm and kustomize.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWorkplace, type Ended, type Workplace } from '../support/workplace.ts';

const URL = 'https://git.example.com/org/shop.git';

const application = (name: string, source: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: ${name}}
  source: {repoURL: ${URL}, ${source}}
${more}`;

const configMap = (name: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

const RIGHT = {
  'apps/web.yaml': application('web', 'path: web'),
  'apps/chart.yaml': application('chart', 'path: chart'),
  'web/map.yaml': configMap('web'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
  'chart/templates/app.yaml': application('{{ .Release.Name }}-inner', 'path: web'),
};

let place: Workplace;
beforeEach(async () => {
  place = await createWorkplace();
  await place.repository.git('remote', 'add', 'origin', URL);
  await place.repository.commit(RIGHT);
});
afterEach(() => place.remove());

const lint = (line = '', folder = place.repository.url): Promise<Ended> =>
  place.hawser(`lint ${line}`.trim(), { shell: `cd ${folder} && exec "$@"` });

test('a repository without a fault is 0', async () => {
  expect(await lint()).toEqual({ code: 0, out: 'no problems in 2 objects\n', err: '' });
});

test('all faults are said at once, each with its place, from where one stands', async () => {
  await place.repository.write({
    'apps/ghost.yaml': application('ghost', 'path: gohst', '  foo: 1\n'),
    'apps/torn.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n  metadata: {}\n',
    'apps/same.yaml': application('same', 'path: web').replace('namespace: same', 'namespace: web'),
    'chart/templates/bad.yaml': '{{ required "set the size" .Values.size }}\n',
  });
  const { code, out, err } = await lint();
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out.split('\n').filter((line) => !line.startsWith('  hint:'))).toEqual([
    expect.stringMatching(/^apps\/chart\.yaml:7:3: error: cannot be rendered: .*set the size.* \[render-failed\]$/),
    'apps/ghost.yaml:7:3: error: cannot be rendered: gohst: app path does not exist [render-failed]',
    'apps/ghost.yaml:8:3: error: unknown field spec.foo [unknown-field]',
    'apps/torn.yaml:3:1: error: bad indentation of a mapping entry [yaml-syntax]',
    'apps/web.yaml:7:3: warning: ConfigMap web is also deployed by same (apps/same.yaml) [duplicate-resource]',
    '4 errors, 1 warning in 4 objects',
    '',
  ]);
  expect((await lint('.', join(place.repository.url, 'apps'))).out).toContain('\nghost.yaml:8:3: error: ');
  expect((await lint('apps/ghost.yaml --no-render')).out).toMatch(
    /^apps\/ghost.yaml:8:3: .*\n.*\n1 error in 1 object\n$/,
  );
  expect(await lint('--disable render-failed,unknown-field,yaml-syntax,duplicate-resource')).toMatchObject({ code: 0 });
});

test('what a project permits holds for what is rendered', async () => {
  await place.repository.write({
    'project.yaml': `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: default}
spec:
  sourceRepos: ['https://git.example.com/org/*']
  destinations: [{server: '*', namespace: '*'}]
  namespaceResourceWhitelist: [{group: '', kind: Secret}, {group: argoproj.io, kind: '*'}]
`,
    'web/role.yaml': 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r}\n',
    'web/none.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {labels: {a: b}}\n',
    'web/odd.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: odd, annotations: {argocd.argoproj.io/sync-options: "Prune=nope"}}\n',
  });
  const { out } = await lint('apps/web.yaml project.yaml');
  expect(out).toContain("apps/web.yaml:5:3: error: project 'default' does not permit ConfigMap web [project-kind]\n");
  expect(out).toContain("project 'default' does not permit rbac.authorization.k8s.io/ClusterRole r [project-kind]\n");
  expect(out).toContain('a rendered Secret has no metadata.name [render-nameless]\n');
  expect(out).toContain("Secret odd: the sync option 'Prune=nope' does nothing [unknown-sync-option]\n");
});

test('sources elsewhere are fetched, or said to be left out', async () => {
  const elsewhere = (path: string): string =>
    application('far', `path: ${path}`).replace(URL, `file://${place.repository.url}/../nowhere`);
  await place.repository.write({ 'apps/far.yaml': elsewhere('web') });
  expect((await lint('apps/far.yaml')).out).toContain('[render-failed]');
  const without = await lint('apps/far.yaml --no-remote');
  expect(without).toMatchObject({ code: 0 });
  expect(without.out).toContain(
    'note: not rendered: a source is in another repository, and --no-remote was given [not-rendered]',
  );
});

test('what only a server can render is a note', async () => {
  const hydrator =
    'sourceHydrator: {drySource: {repoURL: x, path: a, targetRevision: HEAD}, syncSource: {targetBranch: b, path: p}}';
  await place.repository.write({
    'apps/plugin.yaml': application('plugin', 'path: web, plugin: {name: mine}'),
    'apps/dry.yaml': application('dry', 'path: web').replace(/source: .*/, hydrator),
  });
  const { code, out } = await lint();
  expect(code).toBe(0);
  expect(out).toContain('note: not rendered: spec.sourceHydrator cannot be rendered yet [not-rendered]\n');
  expect(out).toContain("note: not rendered: plugin 'mine' cannot be rendered yet [not-rendered]\n");
});

describe('for programs', () => {
  beforeEach(() =>
    place.repository.write({ 'apps/o dd.yaml': application('odd', 'path: web', '  foo: "<&>"\n  b\u00e4r: 1\n') }),
  );

  test('JSON holds every finding', async () => {
    const { code, out, err } = await lint('-o json');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      errors: 2,
      warnings: 0,
      objects: 3,
      findings: [
        {
          rule: 'unknown-field',
          severity: 'error',
          file: 'apps/o dd.yaml',
          line: 8,
          column: 3,
          object: 'Application odd',
        },
        { line: 9 },
      ],
    });
  });

  test('SARIF is what code hosts want of it', async () => {
    const { out } = await lint('-o sarif', join(place.repository.url, 'apps'));
    const { version, runs } = JSON.parse(out);
    expect(version).toBe('2.1.0');
    const [run] = runs;
    const { rules } = run.tool.driver;
    expect(run.results).toHaveLength(2);
    for (const { ruleId, ruleIndex, level, message, locations } of run.results) {
      expect(rules[ruleIndex].id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).not.toBe('');
      expect(locations[0].physicalLocation.artifactLocation.uri).toBe('apps/o%20dd.yaml');
      expect(locations[0].physicalLocation.region.startLine).toBeGreaterThan(0);
    }
  });

  test('JUnit has a case for each object', async () => {
    const { out } = await lint('-o junit');
    expect(out).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites /);
    expect(out).toContain('<testcase classname="apps/web.yaml" name="Application web"/>');
    expect(out).toContain('<testsuite name="apps/o dd.yaml" tests="1" failures="1" errors="0">');
    expect(out.match(/<failure /g)).toHaveLength(1);
  });
});

test.each([
  ['nowhere', 2, 'cannot read nowhere: there is no such file or folder'],
  ['https://example.com/a.git', 2, 'https://example.com/a.git is neither a file nor a folder'],
  ['/etc apps', 2, 'apps is not in /etc'],
  ['-o xml', 2, 'valid formats: table, json, yaml, sarif, junit'],
  ['--disable unknown-feild', 2, "did you mean 'unknown-field'?"],
])('%s is refused', async (line, code, says) => {
  expect(await lint(line)).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
});

describe('outside of a repository', () => {
  let plain: string;
  beforeAll(async () => {
    plain = await mkdtemp(join(tmpdir(), 'hawser-plain-'));
    await mkdir(join(plain, 'apps'));
    await writeFile(join(plain, 'apps', 'web.yaml'), application('web', 'chart: web'));
  });
  afterAll(() => rm(plain, { recursive: true }));

  test('files are linted as well', async () => {
    const { code, out } = await lint('--no-render', plain);
    expect({ code, out }).toEqual({
      code: 1,
      out: "apps/web.yaml:7:3: error: spec.source: the chart 'web' has no targetRevision [chart-version]\n  hint: name its version: targetRevision: 1.2.3\n1 error in 1 object\n",
    });
  });

  test('a folder with nothing of Argo CD says so', async () => {
    await mkdir(join(plain, 'empty'), { recursive: true });
    expect(await lint('empty', plain)).toEqual({
      code: 0,
      out: 'no problems in 0 objects\n',
      err: 'there is no Application, AppProject or ApplicationSet in empty\n',
    });
  });
});
