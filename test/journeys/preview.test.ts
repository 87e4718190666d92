// What a change of a repository does to its applications, before it is merged: the real program, git, helm and kustomize.

import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorkplace, type Ended, type Workplace } from '../support/workplace.ts';

const URL = 'https://git.example.com/org/shop.git';

const application = (name: string, source: string, more = ''): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: ${name}, namespace: argocd}
spec:
  project: default
  destination: {server: https://kubernetes.default.svc, namespace: shop}
  source: {repoURL: ${URL}, ${source}}
${more}`;

const configMap = (name: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`;

const secret = (value: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: token}\nstringData: {password: ${value}}\n`;

const FILES = {
  'apps/web.yaml': application('web', 'path: web'),
  'apps/chart.yaml': application('chart', 'path: chart, helm: {parameters: [{name: size, value: "1"}]}'),
  'apps/overlay.yaml': application('overlay', 'path: overlay, targetRevision: main'),
  'apps/pinned.yaml': application('pinned', 'path: web, targetRevision: v1.0.0'),
  'web/map.yaml': configMap('web', 'one'),
  'web/secret.yaml': secret('hunter2'),
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 0.1.0\n',
  'chart/values.yaml': 'size: 0\ncolour: red\n',
  'chart/templates/map.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: chart}\ndata: {size: "{{ .Values.size }}", colour: {{ .Values.colour }}}\n',
  'base/kustomization.yaml': 'resources: [map.yaml]\n',
  'base/map.yaml': configMap('base', 'one'),
  'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: over-\n',
};

let place: Workplace;
beforeEach(async () => {
  place = await createWorkplace();
  await place.repository.git('remote', 'add', 'origin', 'git@git.example.com:org/shop.git');
  await place.repository.commit(FILES);
  await place.repository.git('tag', 'v1.0.0');
});
afterEach(() => place.remove());

const preview = (line = '', env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  place.hawser(`preview ${line}`.trim(), { env, shell: `cd ${place.repository.url} && exec "$@"` });

interface Compared {
  readonly name: string;
  readonly change: string;
  readonly resources: { readonly differences: readonly { readonly name: string; readonly change: string }[] };
}

async function changes(line = ''): Promise<Record<string, string>> {
  const { out } = await preview(`${line} -o json`.trim());
  const { applications }: { applications: readonly Compared[] } = JSON.parse(out);
  const news = applications.filter(({ change }) => change !== 'unchanged');
  const objects = ({ resources }: Compared): string =>
    resources.differences.map(({ name, change }) => `${change} ${name}`).join(', ');
  return Object.fromEntries(news.map((one) => [one.name, `${one.change}: ${objects(one)}`]));
}

test('no difference is 0, and leaves neither a local system nor a file in the repository', async () => {
  expect(await preview()).toEqual({ code: 0, out: 'no difference in 4 applications\n', err: '' });
  expect(await place.repository.git('status', '--porcelain')).toBe('');
  await expect(access(join(place.data, 'cluster'))).rejects.toThrow();
  await expect(access(join(place.data, 'lock'))).rejects.toThrow();
});

test('what lies here is compared with the default branch, and says 1', async () => {
  await place.repository.write({ 'web/map.yaml': configMap('web', 'two'), 'web/new.yaml': configMap('new', 'x') });
  const { code, out } = await preview();
  expect(code).toBe(1);
  expect(out).toContain('web changed (apps/web.yaml)\n');
  expect(out).toContain('-  value: one\n+  value: two\n');
  expect(out).toMatch(/\n1 of 4 applications differ: 1 changed\n$/);
  expect((await preview('--no-exit-code')).code).toBe(0);
});

describe('a change of', () => {
  test.each<[string, Record<string, string | null>, Record<string, string>]>([
    [
      'a base of a kustomization',
      { 'base/map.yaml': configMap('base', 'two') },
      { overlay: 'changed: changed over-base' },
    ],
    ['a value of a chart', { 'chart/values.yaml': 'size: 0\ncolour: blue\n' }, { chart: 'changed: changed chart' }],
    ['a value that the application sets', { 'chart/values.yaml': 'size: 9\ncolour: red\n' }, {}],
    ['a file nobody deploys', { 'README.md': 'hello\n' }, {}],
    [
      'an application alone',
      { 'apps/web.yaml': application('web', 'path: web', '  revisionHistoryLimit: 3\n') },
      { web: 'changed: changed web' },
    ],
    ['a new application', { 'more/new.yaml': application('new', 'path: base') }, { new: 'added: added base' }],
    ['a removed application', { 'apps/overlay.yaml': null }, { overlay: 'removed: removed over-base' }],
    ['a file that moved', { 'apps/web.yaml': null, 'moved/web.yml': application('web', 'path: web') }, {}],
    [
      'another pin',
      {
        'web/map.yaml': configMap('web', '2'),
        'apps/web.yaml': application('web', 'path: web, targetRevision: v1.0.0'),
      },
      { web: 'changed: changed web' },
    ],
  ])('%s', async (_what, files, expected) => {
    await place.repository.write(files);
    expect(await changes()).toEqual(expected);
  });
});

test('values of Secrets are in no format', async () => {
  await place.repository.write({ 'web/secret.yaml': secret('hunter3') });
  for (const format of ['', '-o summary', '-o markdown', '-o json', '-o yaml']) {
    const { code, out } = await preview(format);
    expect(code).toBe(1);
    expect(out).not.toMatch(/hunter|aHVudGVy/);
  }
  expect((await preview()).out).toContain('values are hidden: changed password');
});

test('two commits are compared by any names, and what the base is ahead by is said', async () => {
  await place.repository.git('checkout', '--quiet', '-b', 'feature');
  await place.repository.commit({ 'web/map.yaml': configMap('web', 'two') });
  await place.repository.git('checkout', '--quiet', 'main');
  await place.repository.commit({ 'base/map.yaml': configMap('base', 'two') });
  expect(Object.keys(await changes('--base main --head feature'))).toEqual(['overlay', 'web']);
  expect((await preview('--base main --head feature')).err).toContain('--merge-base leaves them out');
  expect(Object.keys(await changes('--base main --head feature --merge-base'))).toEqual(['web']);
  expect(Object.keys(await changes('--base v1.0.0 --head HEAD'))).toEqual(['overlay']);
  expect(Object.keys(await changes('--base HEAD~1'))).toEqual(['overlay']);
});

test('an app of apps is rendered one level deep', async () => {
  await place.repository.commit({
    'root.yaml': application('root', 'path: fleet'),
    'fleet/Chart.yaml': 'apiVersion: v2\nname: fleet\nversion: 0.1.0\n',
    'fleet/values.yaml': 'names: [one, two]\n',
    'fleet/templates/apps.yaml': `{{ range .Values.names }}---\n${application('{{ . }}', 'path: base')}{{ end }}`,
  });
  await place.repository.write({
    'fleet/values.yaml': 'names: [two, three]\n',
    'base/map.yaml': configMap('base', '2'),
  });
  expect(await changes()).toEqual({
    one: 'removed: removed base',
    overlay: 'changed: changed over-base',
    root: 'changed: removed one, added three',
    three: 'added: added base',
    two: 'changed: changed base',
  });
});

test('applications of one name in two files are two applications', async () => {
  const prod = {
    'clusters/prod/web.yaml': application('web', 'path: web'),
    'clusters/test/web.yaml': application('web', 'path: base'),
  };
  await place.repository.commit({ ...prod, 'apps/web.yaml': null });
  await place.repository.write({ 'base/map.yaml': configMap('base', '2') });
  const { out } = await preview('-o summary');
  expect(out).toContain('clusters/test/web.yaml');
  expect(out).not.toContain('clusters/prod/web.yaml');
  expect((await preview('-o summary clusters/prod')).out).toBe('no difference in 1 application\n');
});

describe('what cannot be rendered', () => {
  test('is a finding that hides no other, and 20', async () => {
    await place.repository.write({
      'apps/ghost.yaml': application('ghost', 'path: ghost'),
      'apps/odd.yaml': application('odd', 'path: [1]'),
      'apps/torn.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: Application\n  metadata: {}\n',
      'web/map.yaml': configMap('web', 'two'),
    });
    const { code, out, err } = await preview();
    expect({ code, err }).toEqual({ code: 20, err: '' });
    expect(out).toContain(
      'ghost failed (apps/ghost.yaml)\ncannot be rendered at head: ghost: app path does not exist\n',
    );
    expect(out).toContain(
      "cannot be rendered at head: apps/odd.yaml: application 'odd': spec.source.path must be a string\n",
    );
    expect(out).toContain('cannot be rendered at head: apps/torn.yaml:3: broken YAML');
    expect(out).toContain('+  value: two\n');
    expect(out).toMatch(/\n4 of 7 applications differ: 1 changed, 3 failed\n$/);
    const document = await preview('-o json');
    expect(document).toMatchObject({ code: 20, err: '' });
    expect(JSON.parse(document.out)).toMatchObject({ failed: 3, changed: 1, unchanged: 3 });
  });

  test('at the base alone is said to be of the base', async () => {
    await place.repository.commit({ 'apps/ghost.yaml': application('ghost', 'path: ghost') });
    await place.repository.write({ 'ghost/map.yaml': configMap('ghost', 'x') });
    const { code, out } = await preview('-o summary');
    expect(code).toBe(20);
    expect(out).toContain('cannot be rendered at base: ghost');
  });
});

test('Markdown is bounded, and says what was cut', async () => {
  const apps = Array.from({ length: 30 }, (_, index) => [
    `many/a${index}.yaml`,
    application(`a${index}`, `path: d${index}`),
  ]);
  const text = (value: string): string =>
    Array.from({ length: 60 }, (_, index) => `  k${index}: "${value}"`).join('\n');
  const maps = (value: string): [string, string][] =>
    apps.map((_, index) => [
      `d${index}/m.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata:\n${text(value)}\n`,
    ]);
  await place.repository.commit(Object.fromEntries([...apps, ...maps('one')]));
  await place.repository.write(Object.fromEntries(maps('```two')));
  const whole = await preview('-o markdown');
  expect(whole.out.match(/<details>/g)).toHaveLength(30);
  expect(whole.out).toContain('````diff\n');
  for (const limit of [1000, 3000, 20_000]) {
    const { code, out } = await preview(`-o markdown --max-length ${limit}`);
    expect(code).toBe(1);
    expect(out.length).toBeLessThanOrEqual(limit);
    expect(out).toMatch(/cut/);
    expect(out.match(/<details>/g)?.length ?? 0).toBe(out.match(/<\/details>/g)?.length ?? 0);
  }
});

test('an ApplicationSet is said to be left out', async () => {
  await place.repository.write({
    'sets/all.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all}\nspec: {}\n',
  });
  expect(await preview()).toMatchObject({
    code: 0,
    err: "ApplicationSet 'all' is not expanded: what it generates is not compared\n",
  });
});

test.each([
  ['--base ghost', 4, "there is no revision 'ghost' in "],
  ['--head ghost', 4, "there is no revision 'ghost' in "],
  ['-o xml', 2, 'unknown output format: xml'],
  ['nowhere', 4, 'there is no Application in nowhere'],
  ['--max-length 5', 2, 'use a whole number of at least 1000'],
])('%s is refused', async (line, code, says) => {
  expect(await preview(line)).toMatchObject({ code, out: '', err: expect.stringContaining(says) });
});

test('outside of a repository there is nothing to compare', async () => {
  await writeFile(join(place.folder, 'web.yaml'), application('web', 'path: web'));
  const { code, err } = await place.hawser('preview');
  expect(code).toBe(2);
  expect(err).toContain('hawser preview --base main');
});
