// A plan in a file, and a sync by it: it does what the plan says, or nothing.

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

const APP = '/api/v1/applications/guestbook';
const REVISION = '0123456789abcdef0123456789abcdef01234567';

const map = (value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { value },
});
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'shop' } };
const masked = (run: string) => ({ ...secret, data: { password: run } });

interface State {
  readonly app: Application;
  readonly manifests: readonly object[];
  readonly live: object | null;
  readonly status: object;
  readonly secretVersion: string;
}

const APPLICATION = anApplication({ sync: 'OutOfSync' });
const NOW: State = {
  app: { ...APPLICATION, metadata: { ...APPLICATION.metadata, uid: 'one' } },
  manifests: [map('new'), masked('++++++++')],
  live: map('old'),
  status: {},
  secretVersion: '7',
};

/** A server in this state, and the requests that it gets. */
function serving(state: State): FakeApi {
  const api = createFakeApi();
  const { manifests, live, status, secretVersion } = state;
  const item = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
  api.on(`GET ${APP}`).reply(200, state.app);
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: true });
  const spec = { destinations: [{ server: '*', namespace: '*' }] };
  api.on('GET /api/v1/projects/default/detailed').reply(200, { project: { metadata: { name: 'default' }, spec } });
  api.on(`GET ${APP}/manifests`).reply(200, { manifests: manifests.map((one) => JSON.stringify(one)) });
  api.on('GET /api/version').reply(200, { Version: 'v3.5.1+fd9f8e6' });
  api.on(`GET ${APP}/managed-resources`).reply(200, {
    items: [
      {
        ...item,
        targetState: JSON.stringify(map('new')),
        liveState: JSON.stringify(live && { ...live, status }),
        resourceVersion: '9',
      },
      {
        kind: 'Secret',
        namespace: 'shop',
        name: 'token',
        targetState: JSON.stringify(masked('++++++++')),
        liveState: JSON.stringify(masked('++++++++++++')),
        resourceVersion: secretVersion,
      },
    ].slice(0, manifests.length),
  });
  api.on(`POST ${APP}/sync`).reply(200, { ...state.app, operation: { sync: {} } });
  return api;
}

const posted = (api: FakeApi): readonly unknown[] =>
  api.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'hawser-plan-')), 'shop.plan');
});

async function plan(flags = '', state = NOW): Promise<void> {
  const shown = await hawser(`app plan guestbook --save ${file} ${flags}`, { api: serving(state) });
  expect(shown).toMatchObject({
    code: 0,
    err: `plan saved to ${file}: hawser app sync guestbook --plan-file ${file}\n`,
  });
}

const sync = (api: FakeApi, flags = '') => hawser(`app sync guestbook --plan-file ${file} --async ${flags}`, { api });

/** Files it anew, with a digest of nobody. */
function edit(change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

describe('a plan file', () => {
  test('is for its owner alone, and holds no value of a Secret', async () => {
    await plan();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const saved: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(saved).toMatchObject({ kind: 'SyncPlan', version: 1, application: { name: 'guestbook', uid: 'one' } });
    expect(saved).toMatchObject({
      request: { revision: REVISION },
      plan: { steps: [{ fields: [{ field: 'data.password' }] }, {}] },
    });
    expect(readFileSync(file, 'utf8')).not.toContain('+++');
  });

  test('is synced as it says: this revision, these flags', async () => {
    await plan('--prune --strategy apply --server-side');
    const api = serving(NOW);
    expect(await sync(api)).toMatchObject({ code: 0 });
    expect(posted(api)).toEqual([
      {
        dryRun: false,
        prune: true,
        revision: REVISION,
        strategy: { apply: {} },
        syncOptions: { items: ['ServerSideApply=true'] },
      },
    ]);
  });

  test('names its application where nobody else does', async () => {
    await plan();
    const api = serving(NOW);
    expect(await hawser(`app sync --plan-file ${file} --async`, { api })).toMatchObject({ code: 0 });
    expect(posted(api)).toHaveLength(1);
  });

  test('holds while the branch gets commits that change none of its manifests: the planned one is synced', async () => {
    const manifests = [map('new')];
    await plan('', { ...NOW, manifests });
    const api = serving({ ...NOW, manifests });
    expect(await sync(api)).toMatchObject({ code: 0 });
    expect(posted(api)).toMatchObject([{ revision: REVISION }]);
  });

  const changed: Application = { ...NOW.app, spec: { ...NOW.app.spec, syncPolicy: { syncOptions: ['A=b'] } } };
  const synced: Application = {
    ...NOW.app,
    status: { ...NOW.app.status, operationState: { phase: 'Succeeded', startedAt: '2026-01-05T09:59:00Z' } },
  };
  test.each<[string, Partial<State>, string]>([
    ['the manifests', { manifests: [map('newer'), masked('++++++++')] }, 'the target revision has other manifests'],
    ['a live object', { live: map('other') }, 'ConfigMap shop/settings was changed in the cluster'],
    ['a deleted object', { live: null }, 'ConfigMap shop/settings was deleted from the cluster'],
    ['a Secret by its version', { secretVersion: '8' }, 'Secret shop/token was changed in the cluster'],
    ['the specification', { app: changed }, 'the specification of the application was changed'],
    ['another sync', { app: synced }, 'another operation began at 2026-01-05T09:59:00Z'],
  ])('is out of date after a change of %s, and nothing is synced', async (_what, change, sentence) => {
    await plan();
    const api = serving({ ...NOW, ...change });
    const shown = await sync(api);
    expect(shown).toMatchObject({ code: 11, out: '' });
    expect(shown.err).toContain(`error: the plan ${file} is out of date, and nothing was synced: ${sentence}`);
    expect(shown.err).toContain(`hint: hawser app plan guestbook --save ${file} makes a new one`);
    expect(posted(api)).toEqual([]);
  });

  test('holds though the status of a live object has changed', async () => {
    await plan();
    const api = serving({ ...NOW, status: { replicas: 3 } });
    expect(await sync(api)).toMatchObject({ code: 0 });
  });

  test('is told apart as JSON', async () => {
    await plan();
    const { out, err } = await sync(serving({ ...NOW, live: map('other') }), '-o json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      error: { exit: 11, details: { changes: ['ConfigMap shop/settings was changed in the cluster'] } },
    });
  });

  test('waits for no other operation: 9', async () => {
    await plan();
    const api = serving({ ...NOW, app: { ...NOW.app, operation: { sync: {} } } });
    expect(await sync(api)).toMatchObject({ code: 9 });
    expect(posted(api)).toEqual([]);
  });

  test('is seen to be out of date in the last request before the sync', async () => {
    await plan();
    const api = serving(NOW);
    api.on(`GET ${APP}`).reply(200, changed);
    expect(await sync(api)).toMatchObject({ code: 11 });
    expect(posted(api)).toEqual([]);
  });

  test('is nothing for an application that syncs itself', async () => {
    const automated: Application = { ...NOW.app, spec: { ...NOW.app.spec, syncPolicy: { automated: {} } } };
    const shown = await hawser(`app plan guestbook --save ${file}`, { api: serving({ ...NOW, app: automated }) });
    expect(shown.err).toBe(`plan saved to ${file}; a sync by it is refused while auto-sync is on\n`);
    const api = serving({ ...NOW, app: automated });
    expect(await sync(api)).toMatchObject({ code: 11 });
    expect(posted(api)).toEqual([]);
  });
});

describe('a plan file that cannot be used', () => {
  test.each<[string, (text: string) => string, string]>([
    ['no JSON', () => 'kind: SyncPlan', 'it is no plan'],
    ['empty', () => '', 'it is no plan'],
    ['another document', () => '{"kind":"List","items":[]}', 'it is no plan'],
    ['a list', () => '[]', 'it is no plan'],
    ['another version', (text) => text.replace('"version": 1', '"version": 2'), 'it is of version 2'],
    [
      'edited by hand',
      (text) => text.replace('"prune": false', '"prune": true'),
      'it was changed after it was written',
    ],
    ['cut off', (text) => text.slice(0, -20), 'it is no plan'],
  ])('%s: 2, and no server is asked', async (_what, change, why) => {
    await plan();
    edit(change);
    const shown = await hawser(`app sync guestbook --plan-file ${file}`);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(`error: cannot use the plan ${file}: ${why}`);
    expect(shown.err).toContain('hint: make a new one: hawser app plan NAME --save FILE');
  });

  test('may be laid out anew', async () => {
    await plan();
    edit((text) => JSON.stringify(JSON.parse(text)));
    expect(await sync(serving(NOW))).toMatchObject({ code: 0 });
  });

  test('is not there', async () => {
    const shown = await hawser(`app sync guestbook --plan-file ${file}`);
    expect(shown).toMatchObject({ code: 2 });
    expect(shown.err).toContain(`cannot read ${file}: there is no such file`);
  });

  test('is of another application, by name or by a server of another', async () => {
    await plan();
    expect(await hawser(`app sync other --plan-file ${file}`)).toMatchObject({ code: 2 });
    expect(await hawser(`app sync guestbook -N team --plan-file ${file}`)).toMatchObject({ code: 2 });
    const api = serving({ ...NOW, app: { ...NOW.app, metadata: { ...NOW.app.metadata, uid: 'two' } } });
    const shown = await sync(api);
    expect(shown.code).toBe(2);
    expect(shown.err).toContain("is of application 'argocd/guestbook' on https://localhost, and this one is another");
    expect(posted(api)).toEqual([]);
  });

  test.each(['--prune', '--revision main', '--resource :Service:a', '--force', '--if-busy wait', '-l a=b', '--pick'])(
    'is not used with %s',
    async (flags) => {
      await plan();
      const shown = await hawser(`app sync --plan-file ${file} ${flags}`);
      expect(shown.code).toBe(2);
      expect(shown.err).toMatch(/--plan-file and --[\w-]+ exclude each other/);
    },
  );

  test('cannot be written: 2, before anything is printed', async () => {
    const shown = await hawser('app plan guestbook --save /nowhere/at/all', { api: serving(NOW) });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain('cannot write /nowhere/at/all: there is no such folder');
  });

  test('says nothing of files that are not committed', async () => {
    const shown = await hawser(`app plan guestbook --save ${file} --local .`);
    expect(shown).toMatchObject({ code: 2 });
  });
});
