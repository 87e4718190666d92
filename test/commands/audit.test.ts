import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;

beforeEach(() => {
  api = createFakeApi();
});

afterEach(() => api.verify());

const SET = {
  time: '2026-01-05T10:00:00.123Z',
  actor: 'ann',
  from: '192.0.2.7',
  action: 'set',
  request: 'PUT /api/v1/applications/{name}/spec',
  outcome: 'done',
  application: { namespace: 'argocd', name: 'web', project: 'default' },
  subject: 'application argocd/web',
  object: { group: 'argoproj.io', kind: 'Application', namespace: 'argocd', name: 'web' },
  change: 'changed',
  fields: [
    { path: 'spec.source.targetRevision', before: 'main', after: 'v2' },
    { path: 'spec.a', before: 'x' },
    { path: 'spec.b', after: 'one\ntwo' },
    { path: 'spec.c', after: '' },
  ],
};
const LOGIN = {
  time: '2026-01-05T09:00:00Z',
  actor: '',
  from: 'local',
  user: 'ann',
  action: 'login',
  outcome: 'refused',
  problem: 'Invalid username or password',
};
const PATCH = {
  ...SET,
  action: 'patch-resource',
  subject: 'ConfigMap default/settings',
  object: { cluster: 'https://far', group: '', kind: 'ConfigMap', namespace: 'default', name: 'settings' },
  change: 'created',
  fields: [{ path: 'data.a', after: 'b' }],
};

test('shows who did what, from where, and what changed', async () => {
  api.on('GET /api/hawser/audit').reply(200, { items: [SET, PATCH, { ...SET, change: 'deleted' }, LOGIN] });
  const { code, out } = await hawser('audit', { api });
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'TIME | ACTOR | FROM | ACTION | OBJECT | CHANGED',
    '2026-01-05T10:00:00Z | ann | 192.0.2.7 | set | application argocd/web | spec.source.targetRevision: main → v2, spec.a removed, spec.b: one ⏎ two, and 1 more',
    '2026-01-05T10:00:00Z | ann | 192.0.2.7 | patch-resource | ConfigMap default/settings of web | created',
    '2026-01-05T10:00:00Z | ann | 192.0.2.7 | set | application argocd/web | deleted',
    '2026-01-05T09:00:00Z | - | ann (local) | login (refused) | - | Invalid username or password',
    '',
  ]);
  const wide = await hawser('audit -o wide', { api });
  expect(wide.out).toMatch(/spec\.b: one ⏎ two, spec\.c: ''\n/);
  expect(wide.out).toMatch(/created: data\.a: b\n/);
  expect(JSON.parse((await hawser('audit -o json', { api })).out)).toEqual([
    SET,
    PATCH,
    { ...SET, change: 'deleted' },
    LOGIN,
  ]);
});

test('says that a real Argo CD keeps none', async () => {
  api.on('GET /api/hawser/audit').reply(404, { error: 'Not Found', code: 5, message: 'Not Found' });
  const { code, err } = await hawser('audit', { api });
  expect([code, err]).toEqual([
    20,
    expect.stringMatching(/^error: the server is no Hawser: it keeps no audit\nhint: /),
  ]);
});

test('tells a person how long ago it was', async () => {
  api.on('GET /api/hawser/audit').reply(200, { items: [LOGIN] });
  const { out } = await hawser('audit', { api, terminal: true, columns: 120 });
  expect(out).toMatch(/AGE[\s\S]*60m +- +ann \(local\) /);
});

test.each([
  ['--since 2h', 'since=2026-01-05T08%3A00%3A00Z'],
  ['--since 7d', 'since=2025-12-29T10%3A00%3A00Z'],
  ['--since 2026-01-05T09:00:00+01:00', 'since=2026-01-05T08%3A00%3A00Z'],
  ['--app web -N apps --actor webhook --limit 5', 'app=web&appNamespace=apps&actor=webhook'],
])('%s is asked of the server', async (flags, query) => {
  api.on('GET /api/hawser/audit').reply(200, {});
  const { code, out, err } = await hawser(`audit ${flags}`, { api });
  expect([code, out, err]).toEqual([0, '', 'nothing was changed\n']);
  expect(api.requests[0]?.url).toContain(query);
});

test('says that there is more, and what of it cannot be read', async () => {
  api.on('GET /api/hawser/audit').reply(200, { items: [SET], isCut: true, warnings: ['x: 1 line cannot be read'] });
  expect((await hawser('audit --limit 1', { api })).err).toBe(
    'warning: x: 1 line cannot be read\nthere are older ones (--limit 2, or --since)\n',
  );
});

test.each([
  ['audit --since yesterday', /--since yesterday is neither a duration nor a time/],
  ['audit --since 2026-13-45', /neither a duration nor a time/],
  ['audit --limit -1', /--limit -1/],
  ['audit -N apps', /--app-namespace needs --app/],
  ['audit -o odd', /unknown output format: odd/],
])('%s is refused', async (line, message) => {
  const { code, err } = await hawser(line);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
});

test('tells an application that is missing from one that may not be seen', async () => {
  const denied = { error: 'permission denied', code: 7, message: 'permission denied' };
  const web = { metadata: { name: 'web' }, spec: { project: 'default', destination: {} } };
  api.on('GET /api/hawser/audit').reply(403, denied);
  api.on('GET /api/v1/applications').reply(200, { items: [web] });
  const { code, err } = await hawser('audit --app wep', { api });
  expect([code, err]).toEqual([4, "error: application 'wep' not found\nhint: did you mean 'web'?\n"]);
});
