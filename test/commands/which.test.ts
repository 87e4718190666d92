// `hawser which`: who owns a resource, and what contradicts.

import { beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../src/model/application.ts';
import { anApplication } from '../support/applications.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser, type Shown } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
  api
    .on('GET /api/v1/settings')
    .reply(200, { appLabelKey: 'app.kubernetes.io/instance', trackingMethod: 'annotation+label' });
});

const which = (line: string): Promise<Shown> => hawser(`which ${line}`, { api });

/** Their server lists them, and gives one live object for the Service that each has. */
function serve(applications: readonly Application[], metadata: unknown, status = 200): void {
  api.on('GET /api/v1/applications').reply(200, { items: applications });
  for (const { metadata: app } of applications) {
    const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata });
    const body = status === 200 ? { manifest } : { error: 'not found', code: 5, message: 'not found' };
    api.on(`GET /api/v1/applications/${app.name}/resource`).reply(status, body);
  }
}

const tracked = (id: string): unknown => ({
  name: 'web',
  namespace: 'shop',
  annotations: { 'argocd.argoproj.io/tracking-id': id },
});
const GUESTBOOK = anApplication();
const OWN_ID = 'guestbook:/Service:shop/web';

describe('one owner', () => {
  test.each(['svc/web -n shop', 'svc/web', 'Service web -n shop', 'services/web -n=shop'])(
    'is shown for %s',
    async (line) => {
      serve([GUESTBOOK], tracked(OWN_ID));
      const { code, out, err } = await which(line);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(
        /^argocd\/guestbook +default +Service\/web +shop +Synced +Healthy +annotation of guestbook\n$/m,
      );
      expect(out).not.toContain('!');
    },
  );

  test('as a name and as JSON', async () => {
    serve([GUESTBOOK], tracked(OWN_ID));
    expect((await which('svc/web -n shop -o name')).out).toBe('argocd/guestbook\n');
    expect(JSON.parse((await which('svc/web -n shop -o json')).out)).toMatchObject({
      owners: [
        { application: 'argocd/guestbook', tracking: 'annotation', instance: 'guestbook', sync: 'Synced', through: '' },
      ],
      contradictions: [],
    });
  });

  test('by its label', async () => {
    serve([GUESTBOOK], { name: 'web', labels: { 'app.kubernetes.io/instance': 'guestbook' } });
    expect((await which('svc/web')).out).toContain('label of guestbook');
  });

  test('of another namespace is named as its annotation names it', async () => {
    const elsewhere = { ...GUESTBOOK, metadata: { ...GUESTBOOK.metadata, namespace: 'team-a' } };
    serve([elsewhere], tracked('team-a_guestbook:/Service:shop/web'));
    const { out } = await which('svc/web');
    expect(out).toContain('team-a/guestbook');
    expect(out).not.toContain('!');
  });
});

describe('what contradicts', () => {
  test('two applications that list it', async () => {
    serve([anApplication({ name: 'other' }), GUESTBOOK], tracked(OWN_ID));
    expect((await which('svc/web')).out).toContain(
      "! Service/web belongs to 'argocd/guestbook' and 'argocd/other': each sync takes it from the other\n",
    );
  });

  test('is not one name in two clusters', async () => {
    const { spec, ...rest } = anApplication({ name: 'other' });
    const far = { ...rest, spec: { ...spec, destination: { name: 'far', namespace: 'shop' } } };
    serve([far, GUESTBOOK], tracked(OWN_ID));
    expect((await which('svc/web')).out).not.toContain('each sync takes it');
  });

  test.each([
    [
      'an application that is not there',
      tracked('ghost:/Service:shop/web'),
      "names 'ghost', and there is no such application",
    ],
    ['another object', tracked('guestbook:/Service:shop/old'), 'was written for another object: it is a copy'],
    ['nothing', { name: 'web' }, 'names no application: it was made by something else'],
  ])('an object that names %s', async (_what, metadata, says) => {
    serve([GUESTBOOK], metadata);
    expect(await which('svc/web')).toMatchObject({ code: 0, out: expect.stringContaining(says) });
  });

  test('an object that names an application which does not list it', async () => {
    const { status: _status, ...idle } = anApplication({ name: 'idle' });
    serve([GUESTBOOK, idle], tracked('idle:/Service:shop/web'));
    expect((await which('svc/web')).out).toContain(
      "names 'argocd/idle', which does not list it; 'argocd/guestbook' does",
    );
  });

  test('is nothing where it is not in the cluster', async () => {
    serve([GUESTBOOK], {}, 404);
    const { code, out } = await which('svc/web');
    expect(code).toBe(0);
    expect(out).toMatch(/ absent\n$/);
  });
});

describe('what nobody lists', () => {
  test('is looked for below what they have', async () => {
    api = createFakeApi();
    api.on('GET /api/v1/settings').reply(200, {});
    api.on('GET /api/v1/applications').reply(200, { items: [GUESTBOOK] });
    api.on('GET /api/v1/applications/guestbook/resource-tree').reply(200, {
      nodes: [
        { kind: 'Deployment', group: 'apps', name: 'web', namespace: 'shop', uid: 'd' },
        { kind: 'ReplicaSet', group: 'apps', name: 'web-1', namespace: 'shop', uid: 'r', parentRefs: [{ uid: 'd' }] },
        {
          kind: 'Pod',
          name: 'web-1-x',
          namespace: 'shop',
          uid: 'p',
          parentRefs: [{ uid: 'r' }],
          health: { status: 'Healthy' },
        },
      ],
    });
    expect((await which('po/web-1-x -n shop')).out).toMatch(/Pod\/web-1-x .* owned by Deployment\/web\n$/);
  });

  test("is not said to be nobody's where a tree cannot be read", async () => {
    api = createFakeApi();
    api.on('GET /api/v1/applications').reply(200, { items: [GUESTBOOK] });
    api.on('GET /api/v1/applications/guestbook/resource-tree').reply(403, { code: 7, message: 'permission denied' });
    const { code, out, err } = await which('po/web-1-x -n shop');
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error: cannot look into application 'guestbook': .*\n/);
  });

  test('is looked for in more applications than one asks at once', async () => {
    api = createFakeApi();
    api.on('GET /api/v1/settings').reply(200, {});
    const names = Array.from({ length: 60 }, (_, index) => `app-${index + 100}`);
    const items = names.map((name) => ({ ...GUESTBOOK, metadata: { ...GUESTBOOK.metadata, name } }));
    api.on('GET /api/v1/applications').reply(200, { items });
    for (const name of names) {
      const nodes = name === 'app-159' ? [{ kind: 'Pod', name: 'web', namespace: 'shop', uid: 'p' }] : [];
      api.on(`GET /api/v1/applications/${name}/resource-tree`).reply(200, { nodes });
    }
    expect((await which('po/web -n shop')).out).toMatch(/^argocd\/app-159 /m);
  });

  test.each([
    ['svc/wbe -n shop', 'did you mean svc/web?'],
    ['svc/web -n other', "there is one in namespace 'shop': -n shop"],
    ['cm/none', 'hawser app resources NAME lists what an application owns'],
  ])('is 4: %s', async (line, hint) => {
    api = createFakeApi();
    api.on('GET /api/v1/applications').reply(200, { items: [GUESTBOOK] });
    api.on('GET /api/v1/applications/guestbook/resource-tree').reply(200, { nodes: [] });
    const { code, out, err } = await which(line);
    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err).toContain(`hint: ${hint}`);
  });
});

test.each(['', 'web', 'svc/', 'svc/a b', 'svc/web -o wide'])("'%s' is 2", async (line) => {
  expect(await hawser(`which ${line}`)).toMatchObject({ code: 2, out: '' });
});
