// From Git to Synced and Healthy: the lines that people type, in their order.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createWorkplace,
  type Ended,
  GUESTBOOK,
  type Running,
  SERVER,
  until,
  type Workplace,
} from '../support/workplace.ts';

interface Seen {
  readonly status: {
    readonly sync: { readonly status: string; readonly revision: string };
    readonly health: { readonly status: string };
    readonly history?: readonly { readonly id: number; readonly revision: string }[];
    readonly resources?: readonly { readonly kind: string; readonly name: string }[];
  };
}

async function look(place: Workplace, name: string): Promise<Seen['status']> {
  const seen: Seen = JSON.parse((await place.hawser(`app get ${name} -o json`)).out);
  return seen.status;
}

const ok = { code: 0 } satisfies Partial<Ended>;

describe('the spine', () => {
  let place: Workplace;

  beforeAll(async () => {
    place = await createWorkplace();
  });

  afterAll(() => place.remove());

  test('app create with auto-sync, then wait, is Synced and Healthy', async () => {
    const line = `app create my-first-app --repo ${place.repository.url} --path guestbook --dest-server ${SERVER} --dest-namespace default --sync-policy automated --auto-prune --self-heal`;
    expect(await place.hawser(line)).toMatchObject(ok);
    expect(await place.hawser('app wait my-first-app --sync --health --timeout 60')).toMatchObject(ok);
    expect(await look(place, 'my-first-app')).toMatchObject({
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
    });
  });

  test('app list shows it in columns, without escapes in a pipe', async () => {
    const { out, code } = await place.hawser('app list');
    expect(code).toBe(0);
    expect(out).toMatch(/^NAME +PROJECT +SYNC/);
    expect(out).toMatch(/my-first-app .*Synced +Healthy/);
    expect(out).not.toContain('\u001b');
  });

  test('app list is coloured by meaning where colour is wanted', async () => {
    const { out } = await place.hawser('app list', { env: { FORCE_COLOR: '1' } });
    expect(out).toContain('\u001b[32mSynced');
    expect(await place.hawser('app list', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).toSatisfy(
      (shown: Ended) => !shown.out.includes('\u001b'),
    );
  });

  test('rollback under auto-sync is refused and names the flag that takes the decision', async () => {
    const refused = await place.hawser('app rollback my-first-app 0');
    expect(refused.code).toBe(11);
    expect(refused.err).toMatch(/hint: .*--disable-auto-sync/);
  });

  test('a commit is applied by a refresh, leaves history, and can be rolled back', async () => {
    await place.repository.commit({ 'guestbook/all.yaml': GUESTBOOK.replace('guestbook:v1', 'guestbook:v2') });
    expect(await place.hawser('app get my-first-app --refresh')).toMatchObject(ok);
    expect(await place.hawser('app wait my-first-app --sync --health --timeout 60')).toMatchObject(ok);
    const history = JSON.parse((await place.hawser('app history my-first-app -o json')).out);
    expect(history).toMatchObject([{ id: 0 }, { id: 1 }]);

    expect(await place.hawser('app rollback my-first-app 0 --disable-auto-sync --timeout 60')).toMatchObject(ok);

    const after = await look(place, 'my-first-app');
    expect(after).toMatchObject({ sync: { status: 'OutOfSync' } });
    expect(after.history).toHaveLength(3);
    expect(await place.hawser('app diff my-first-app')).toMatchObject({ code: 1 });
  });

  test('what Git dropped is pruned when it is asked for', async () => {
    await place.repository.commit({ 'guestbook/all.yaml': GUESTBOOK.split('---')[0] ?? '' });
    expect(await place.hawser('app sync my-first-app --prune --timeout 60')).toMatchObject(ok);
    const after = await look(place, 'my-first-app');
    expect(after.resources?.map((resource) => resource.kind)).toEqual(['Deployment']);
    expect(await place.hawser('app diff my-first-app')).toMatchObject({ code: 0, out: '' });
  });

  test('a delete keeps what was deployed; with --cascade it goes too', async () => {
    const again = `app create my-first-app --repo ${place.repository.url} --path guestbook --dest-server ${SERVER} --dest-namespace default`;
    expect(await place.hawser('app delete my-first-app')).toMatchObject(ok);
    expect(await place.hawser('app get my-first-app')).toMatchObject({ code: 4 });
    expect(await place.hawser(again)).toMatchObject(ok);
    expect((await look(place, 'my-first-app')).health.status).not.toBe('Missing');
    expect(await place.hawser('app delete my-first-app --cascade')).toMatchObject(ok);
    expect(await place.hawser(again)).toMatchObject(ok);
    expect((await look(place, 'my-first-app')).health.status).toBe('Missing');
  });
});

describe('every renderer', () => {
  let place: Workplace;

  beforeAll(async () => {
    place = await createWorkplace();
    await place.repository.commit({
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'chart/values.yaml': 'mode: blue\n',
      'chart/templates/settings.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {mode: {{ .Values.mode }}}\n',
      'overlay/kustomization.yaml': 'namePrefix: green-\nresources: [settings.yaml]\n',
      'overlay/settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n',
    });
  });

  afterAll(() => place.remove());

  test.each([
    { path: 'chart', name: 'from-helm', kind: 'Helm', resource: 'from-helm', more: ' --helm-set mode=green' },
    { path: 'overlay', name: 'from-kustomize', kind: 'Kustomize', resource: 'green-settings', more: '' },
  ])('syncs a $kind source', async ({ path, name, kind, resource, more }) => {
    const line = `app create ${name} --repo ${place.repository.url} --path ${path} --dest-server ${SERVER} --dest-namespace default${more}`;
    expect(await place.hawser(line)).toMatchObject(ok);
    expect(await place.hawser(`app sync ${name} --timeout 60`)).toMatchObject(ok);
    expect(await look(place, name)).toMatchObject({
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      sourceType: kind,
      resources: [{ kind: 'ConfigMap', name: resource }],
    });
  });
});

describe('while a server runs', () => {
  let place: Workplace;
  let server: Running;

  beforeEach(async () => {
    place = await createWorkplace();
    server = place.start('server --port 0');
    await until('the server', () => /listens on/.test(server.out()));
    const line = `app create shop --repo ${place.repository.url} --path guestbook --dest-server ${SERVER} --dest-namespace default --sync-policy automated --self-heal`;
    expect(await place.hawser(line)).toMatchObject(ok);
    expect(await place.hawser('app wait shop --sync --health --timeout 30')).toMatchObject(ok);
  });

  afterEach(() => place.remove());

  test('a commit to a local repository is noticed at once', async () => {
    const commit = await place.repository.commit({
      'guestbook/all.yaml': GUESTBOOK.replace('guestbook:v1', 'guestbook:v2'),
    });
    await until('the commit', async () => (await look(place, 'shop')).sync.revision === commit, 5);
    expect(await place.hawser('app wait shop --sync --health --timeout 30')).toMatchObject(ok);
  });

  test('drift is healed', async () => {
    const patch = '{"spec":{"replicas":7}}';
    const words = [
      'app',
      'patch-resource',
      'shop',
      '--kind',
      'Deployment',
      '--resource-name',
      'guestbook',
      '--patch',
      patch,
    ];
    expect(await place.hawser([...words, '--patch-type', 'application/merge-patch+json'])).toMatchObject(ok);
    const replicas = async (): Promise<number> => {
      const shown = await place.hawser('app get-resource shop --kind Deployment --resource-name guestbook -o json');
      return JSON.parse(shown.out).spec?.replicas ?? JSON.parse(shown.out)[0]?.spec?.replicas;
    };
    await until('one replica again', async () => (await replicas()) === 1, 10);
  });

  test('a termination drains it, and the exit code is 0', async () => {
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0 });
    expect(await place.hawser('app list -o name')).toMatchObject({ code: 0, out: 'argocd/shop\n' });
  });
});
