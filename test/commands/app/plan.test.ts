import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isHawser } from '../../../src/api/differences.ts';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const REVISION = '0123456789abcdef0123456789abcdef01234567';
const NEWER = '89abcdef0123456789abcdef0123456789abcdef';

const deployment = (replicas: number, name = 'web') => {
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { replicas },
  };
  return object;
};
const hook = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
};

/** As a cluster holds what was applied. */
const live = (object: ReturnType<typeof deployment>) => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(object) },
  },
});

const item = (name: string, states: { readonly target?: object; readonly live?: object }) => ({
  group: 'apps',
  kind: 'Deployment',
  namespace: 'shop',
  name,
  targetState: JSON.stringify(states.target ?? null),
  liveState: JSON.stringify(states.live ?? null),
});

const ITEMS = [
  item('web', { target: deployment(2), live: live(deployment(5)) }),
  item('new', { target: deployment(1, 'new') }),
  item('same', { target: deployment(1, 'same'), live: live(deployment(1, 'same')) }),
  item('old', { live: live(deployment(1, 'old')) }),
];

interface Served {
  readonly app?: Application;
  readonly revision?: string;
  readonly windows?: object;
  readonly version?: string;
  readonly manifests?: readonly object[];
  /** Undefined: it may not be seen. */
  readonly project?: object | undefined;
}

const open = {
  metadata: { name: 'default' },
  spec: { destinations: [{ server: '*', namespace: '*' }], clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
};

function serve({
  app = anApplication({ sync: 'OutOfSync' }),
  revision = REVISION,
  windows = { canSync: true },
  version = 'v3.5.1+hawser.0.1.0',
  manifests = [deployment(2), deployment(1, 'new'), deployment(1, 'same'), hook],
  ...rest
}: Served = {}): void {
  const { project } = { project: open, ...rest };
  api.on(`GET ${APP}`).reply(200, app);
  api.on(`GET ${APP}/syncwindows`).reply(200, windows);
  api.on('GET /api/v1/projects/default/detailed').reply(project === undefined ? 403 : 200, {
    ...(project === undefined ? { error: 'permission denied', code: 7, message: 'permission denied' } : { project }),
  });
  api.on('GET /api/version').reply(200, { Version: version });
  if (isHawser(version))
    api.on('GET /api/hawser/applications/guestbook/revisions').reply(200, { revisions: [revision] });
  api.on(`GET ${APP}/manifests`).reply(200, { manifests: manifests.map((one) => JSON.stringify(one)) });
}

describe('hawser app plan', () => {
  test('lists the steps of a sync in their order, and changes nothing', async () => {
    serve();
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    const { code, out, err } = await hawser('app plan guestbook', { api });
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`PHASE    WAVE  ACTION  RESOURCE                  DETAIL
PreSync  0     hook    batch/Job shop/migrate    
Sync     0     keep    apps/Deployment shop/old  ignored (requires pruning)
Sync     0     create  apps/Deployment shop/new  
Sync     0     change  apps/Deployment shop/web  spec.replicas

argocd/guestbook to 0123456: 1 to create, 1 to change, 1 to keep that Git no longer has, 1 unchanged, 1 hook to run
`);
    expect(api.requests.map(({ method }) => method)).not.toContain('POST');
  });

  test('takes the flags of app sync that make another plan of it', async () => {
    serve();
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    const { out } = await hawser('app plan guestbook --prune --strategy apply --replace -o wide', { api });
    expect(out).toMatch(/ prune {4}apps\/Deployment shop\/old/);
    expect(out).toMatch(/ replace {2}apps\/Deployment shop\/same/);
    expect(out).not.toContain('migrate');
  });

  test('foretells what the project does not permit', async () => {
    const spec = {
      destinations: [{ server: '*', namespace: '*' }],
      namespaceResourceBlacklist: [{ group: 'batch', kind: 'Job' }],
    };
    serve({ project: { metadata: { name: 'default' }, spec } });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    const { code, out } = await hawser('app plan guestbook', { api });
    expect(code).toBe(0);
    expect(out).toMatch(/hook .*shop\/migrate +resource batch:Job is not permitted in project default/);
    expect(out).toContain(
      'note: the sync fails before anything is applied: its project does not permit every resource\n',
    );
  });

  test('foretells a namespace that the project does not permit', async () => {
    const project = { metadata: { name: 'default' }, spec: { destinations: [{ server: '*', namespace: 'other' }] } };
    serve({ project, manifests: [deployment(2)] });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS.slice(0, 1) });
    const { steps } = JSON.parse((await hawser('app plan guestbook -o json', { api })).out);
    expect(steps.map(({ problem }: { readonly problem?: string }) => problem)).toEqual([
      "namespace shop is not permitted in project 'default'",
    ]);
  });

  test('says of which kinds only the cluster knows', async () => {
    serve({ manifests: [deployment(2)] });
    const foo = { apiVersion: 'example.com/v1', kind: 'Foo', metadata: { name: 'f', namespace: 'shop' } };
    const target = { group: 'example.com', kind: 'Foo', namespace: 'shop', name: 'f', liveState: 'null' };
    const items = [...ITEMS.slice(0, 1), { ...target, targetState: JSON.stringify(foo) }];
    api.on(`GET ${APP}/managed-resources`).reply(200, { items });
    const { out } = await hawser('app plan guestbook', { api });
    expect(out).toMatch(/create .*example\.com\/Foo shop\/f +if the cluster knows its kind/);
  });

  test('says that the project could not be read', async () => {
    serve({ project: undefined });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    const { code, out } = await hawser('app plan guestbook', { api });
    expect(code).toBe(0);
    expect(out).toContain('note: the project could not be read: whether it permits the resources is not known\n');
  });

  test('is one document with -o json, and ends with 1 on --exit-code', async () => {
    serve();
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    const { code, out } = await hawser('app plan guestbook -o json --exit-code', { api });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      application: 'argocd/guestbook',
      revisions: [REVISION],
      hasChanges: true,
      summary: { create: 1, change: 1, hook: 1, keep: 1, unchanged: 1, prune: 0 },
      steps: [
        { phase: 'PreSync', action: 'hook' },
        { action: 'keep' },
        { action: 'create', name: 'new' },
        { action: 'unchanged', name: 'same' },
        { action: 'change', name: 'web', fields: [{ field: 'spec.replicas', live: 5, target: 2 }] },
      ],
    });
  });

  test('is filtered by --jq', async () => {
    serve();
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS });
    expect(await hawser('app plan guestbook --jq .summary.create', { api })).toMatchObject({ code: 0, out: '1\n' });
  });

  test('ends with 0 on --exit-code where only hooks run', async () => {
    serve({ manifests: [deployment(1, 'same'), hook] });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS.slice(2, 3) });
    const { code, out } = await hawser('app plan guestbook --exit-code', { api });
    expect(code).toBe(0);
    expect(out).toContain('argocd/guestbook to 0123456: 1 unchanged, 1 hook to run\n');
  });

  test('says what stands in the way: an operation, a window, an error', async () => {
    const app = anApplication();
    const conditions = [{ type: 'ComparisonError', message: 'no such path' }];
    serve({
      app: { ...app, operation: { sync: {} }, status: { ...app.status, conditions } },
      windows: { canSync: false },
    });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: [] });
    const { out } = await hawser('app plan guestbook', { api });
    expect(out).toContain('note: another operation is running: a sync is refused until it ends\n');
    expect(out).toContain('note: a sync window does not allow a sync now\n');
    expect(out).toContain('note: ComparisonError: no such path\n');
  });

  test('has a server of ours compare with another revision', async () => {
    serve({ revision: NEWER });
    api.on('POST /api/hawser/applications/guestbook/differences').reply(200, { items: ITEMS });
    const { out } = await hawser('app plan guestbook --revision next', { api });
    expect(out).toContain('argocd/guestbook to 89abcde: 1 to create');
    expect(out).not.toContain('note:');
  });

  test('says what another server does not tell of another revision', async () => {
    serve({ version: 'v3.5.1+fd9f8e6' });
    api.on(`GET ${APP}/managed-resources`).reply(200, { items: ITEMS.filter(({ name }) => name !== 'new') });
    const { out } = await hawser('app plan guestbook --revision next', { api });
    expect(out).toContain('create  apps/Deployment shop/new');
    expect(out).toContain('note: the server does not tell whether resources to create are in the cluster already\n');
  });

  test.each([
    ['--strategy nonsense', 2],
    ['-o table', 2],
    ['--source-positions 1 --source-names a', 2],
  ])('refuses %s', async (flags, code) => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    const shown = await hawser(`app plan guestbook ${flags}`, { api });
    expect([shown.code, shown.out]).toEqual([code, '']);
    api = createFakeApi();
  });
});
