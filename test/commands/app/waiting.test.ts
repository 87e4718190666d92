// Waiting that can be trusted: what ends it, what it says, and what it is for when there are many.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HawserError } from '../../../src/core/errors.ts';
import { listAt } from '../../../src/core/json.ts';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, patientClock } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const clock = patientClock();
const LIST = 'GET /api/v1/applications';
const STREAM = 'GET /api/v1/stream/applications';
const at = (name: string): string => `/api/v1/applications/${name}`;
const event = (application: Application, type = 'MODIFIED'): unknown => ({ type, application });

const OLD = '1111111111111111111111111111111111111111';
const NEW = '2222222222222222222222222222222222222222';

function running(name = 'guestbook'): Application {
  return { ...anApplication({ name, sync: 'OutOfSync', health: 'Missing' }), operation: { sync: {} } };
}

function synced(name = 'guestbook', revision = NEW): Application {
  const app = anApplication({ name });
  return {
    ...app,
    status: {
      ...app.status,
      sync: { status: 'Synced', revision },
      reconciledAt: '2026-01-05T10:00:05Z',
      operationState: {
        operation: { sync: {} },
        phase: 'Succeeded',
        startedAt: '2026-01-05T10:00:00Z',
        finishedAt: '2026-01-05T10:00:04Z',
      },
    },
  };
}

function failed(name = 'guestbook', kind = 'Service'): Application {
  const app = synced(name);
  const result = { kind, version: 'v1', namespace: 'shop', name: 'web', status: 'SyncFailed', message: 'refused' };
  return {
    ...app,
    status: {
      ...app.status,
      sync: { status: 'OutOfSync' },
      operationState: {
        operation: { sync: {} },
        phase: 'Failed',
        message: 'one object failed to apply',
        startedAt: '2026-01-05T10:00:00Z',
        finishedAt: '2026-01-05T10:00:04Z',
        syncResult: { resources: [result] },
      },
    },
  };
}

function withHealth(health: string): Application {
  const app = synced();
  return {
    ...app,
    status: {
      ...app.status,
      health: { status: health },
      resources: [
        {
          kind: 'Deployment',
          version: 'v1',
          namespace: 'shop',
          name: 'web',
          status: 'Synced',
          health: { status: health },
        },
      ],
    },
  };
}

describe('values that no flag can mean are refused before anything is asked', () => {
  test.each([
    [
      'app sync a --if-busy maybe',
      "error: invalid value 'maybe' for --if-busy\nhint: valid values: fail, wait, join, replace\n",
    ],
    [
      'app sync a --on-timeout kill',
      "error: invalid value 'kill' for --on-timeout\nhint: valid values: leave, terminate\n",
    ],
    [
      'app wait a --on-degraded soon',
      "error: invalid value 'soon' for --on-degraded\nhint: valid values: fail, wait, or a duration like 30s\n",
    ],
    ['app wait a --parallel 0', "error: invalid value '0' for --parallel\nhint: use a whole number of at least 1\n"],
    ['app wait a --parallel x', "error: invalid value 'x' for --parallel\nhint: use a whole number\n"],
    ['app sync a b --revisions v1', 'error: --revisions needs exactly one application\nhint: name it\n'],
    [
      'app rollback a --on-timeout kill',
      "error: invalid value 'kill' for --on-timeout\nhint: valid values: leave, terminate\n",
    ],
    ['app wait', 'error: app wait needs APPNAME, -l or --project\nhint: hawser app list\n'],
  ])('%s', async (line, err) => {
    expect(await hawser(line)).toEqual({ code: 2, out: '', err });
  });
});

describe('--revision', () => {
  test('is not reached by the state before it, however healthy', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, synced('guestbook', OLD));
    api.on(`GET ${at('guestbook')}/revisions/${NEW}/metadata`).reply(200, { date: '2026-01-05T09:00:00Z' });
    api.on(`GET ${at('guestbook')}/revisions/${OLD}/metadata`).reply(200, { date: '2026-01-05T08:00:00Z' });
    api
      .on(STREAM)
      .stream([
        event(synced('guestbook', OLD)),
        event({ ...running(), status: synced('guestbook', NEW).status }),
        event(synced('guestbook', NEW)),
      ]);
    const shown = await hawser(`app wait guestbook --revision ${NEW}`, { api, clock });
    expect(shown.code).toBe(0);
    expect(api.requests[0]?.url).toBe(`${at('guestbook')}?refresh=normal`);
  });

  test('is reached by a commit after it, and by no commit before it', async () => {
    const later = {
      ...synced('guestbook', NEW),
      status: {
        ...synced('guestbook', NEW).status,
        history: [
          { id: 1, revision: OLD, deployedAt: 'x' },
          { id: 2, revision: NEW, deployedAt: 'x' },
        ],
      },
    };
    api.on(`GET ${at('guestbook')}`).reply(200, later);
    expect(await hawser(`app wait guestbook --revision ${OLD.slice(0, 9)}`, { api, clock })).toMatchObject({ code: 0 });
  });

  test('of a branch is what the branch points to', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, synced('guestbook', NEW));
    api.on('GET /api/version').reply(200, { Version: 'v3.5.1+hawser.0.1.0' });
    api.on('GET /api/hawser/applications/guestbook/revisions?revision=main').reply(200, { revisions: [NEW] });
    expect(await hawser('app wait guestbook --revision main', { api, clock })).toMatchObject({ code: 0 });
  });
});

describe('the end of the time', () => {
  test('terminates the operation where that was asked for, and says so', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, anApplication());
    api.on(`POST ${at('guestbook')}/sync`).reply(200, running());
    api.on(STREAM).stream([event(running())], { hang: true });
    api.on(`DELETE ${at('guestbook')}/operation`).reply(200, {});
    const shown = await hawser('app sync guestbook --timeout 1 --on-timeout terminate', { api, clock });
    expect(shown.code).toBe(7);
    expect(shown.err).toContain("the operation of 'guestbook' was terminated\n");
  });

  test('a token that expires in the middle is 3 at once', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, running());
    api
      .on(STREAM)
      .stream([event(running())], { breaks: 'ECONNRESET' })
      .reply(401, { code: 16, message: 'token is expired' });
    api.on(LIST).reply(200, { items: [running()] });
    const shown = await hawser('app wait guestbook', { api, clock });
    expect(shown.code).toBe(3);
    expect(shown.err).toContain('hint: hawser relogin');
  });

  test('Ctrl-C says what goes on, and how to end it', async () => {
    const stop = new AbortController();
    api.on(`GET ${at('guestbook')}`).reply(200, running());
    api.on(STREAM).stream([event(running())], { hang: true });
    setTimeout(() => stop.abort(new HawserError('interrupted', 'interrupted')), 50);
    const shown = await hawser('app wait guestbook', { api, clock, signal: stop.signal });
    expect(shown).toMatchObject({ code: 130, out: '' });
    expect(shown.err).toContain("stopped waiting: the sync of 'guestbook' goes on\n");
    expect(shown.err).toContain('hawser app terminate-op guestbook');
  });
});

describe('--on-degraded', () => {
  const lost = (): unknown[] => [event(withHealth('Progressing')), event(withHealth('Degraded'))];

  test('wait goes on until it is healthy', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, withHealth('Progressing'));
    api.on(STREAM).stream([...lost(), event(withHealth('Healthy'))]);
    expect(await hawser('app wait guestbook --on-degraded wait', { api, clock })).toMatchObject({ code: 0 });
  });

  test('a time to recover in ends the wait when it is over', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, withHealth('Progressing'));
    api.on(`GET ${at('guestbook')}/resource-tree`).reply(200, { nodes: [] });
    api.on(STREAM).stream(lost(), { hang: true });
    const shown = await hawser('app wait guestbook --on-degraded 1s', { api, clock });
    expect(shown.code).toBe(6);
    expect(shown.err).toContain("Deployment web of 'guestbook' went from Progressing to Degraded");
  });
});

describe('what is Degraded when a wait begins', () => {
  const automated = (app: Application): Application => ({
    ...app,
    spec: { ...app.spec, syncPolicy: { automated: {} } },
    status: { ...app.status, sync: { status: 'OutOfSync' } },
  });

  test('ends it at once, with the cause, and nothing is followed', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, withHealth('Degraded'));
    api.on(`GET ${at('guestbook')}/resource-tree`).reply(200, { nodes: [] });
    const shown = await hawser('app wait guestbook', { api, clock });
    expect(shown.code).toBe(6);
    expect(shown.err).toContain("error: Deployment web of 'guestbook' is Degraded\n  Deployment shop/web\n");
  });

  test('has the time of --on-degraded', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, withHealth('Degraded'));
    api.on(STREAM).stream([event(withHealth('Progressing')), event(withHealth('Healthy'))]);
    expect(await hawser('app wait guestbook --on-degraded 90s', { api, clock })).toMatchObject({ code: 0 });
  });

  test.each<[string, Application, string]>([
    ['an operation runs', { ...withHealth('Degraded'), operation: { sync: {} } }, ''],
    ['it will sync by itself', automated(withHealth('Degraded')), ''],
    ['a revision is waited for that is not deployed yet', withHealth('Degraded'), ` --revision ${OLD}`],
    ['Degraded is what is waited for too', automated(withHealth('Degraded')), ' --sync --health --degraded'],
  ])('ends nothing while %s', async (_, app, flags) => {
    api.on(`GET ${at('guestbook')}`).reply(200, app);
    if (flags.includes(OLD))
      api.on(`GET ${at('guestbook')}/revisions/${OLD}/metadata`).reply(200, { date: '2027-01-01' });
    if (flags.includes(OLD))
      api.on(`GET ${at('guestbook')}/revisions/${NEW}/metadata`).reply(200, { date: '2026-01-01' });
    api.on(STREAM).stream([event(flags.includes(OLD) ? synced('guestbook', OLD) : synced())]);
    expect(await hawser(`app wait guestbook${flags}`, { api, clock })).toMatchObject({ code: 0 });
  });

  test('is waited for in drop-in mode', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, withHealth('Degraded'));
    api.on(STREAM).stream([event(withHealth('Degraded')), event(withHealth('Healthy'))]);
    api.on('GET /api/v1/settings').reply(200, {});
    const env = { HAWSER_COMPAT: 'argocd' };
    expect(await hawser('app wait guestbook', { api, clock, env })).toMatchObject({ code: 0 });
  });
});

describe('--if-busy', () => {
  const busy = { code: 9, message: 'another operation is already in progress' };

  test('wait syncs when the other one has ended', async () => {
    api
      .on(`GET ${at('guestbook')}`)
      .reply(200, running())
      .reply(200, running())
      .reply(200, synced());
    api
      .on(`POST ${at('guestbook')}/sync`)
      .reply(400, busy)
      .reply(200, running());
    api.on(STREAM).stream([event(synced())]);
    const shown = await hawser('app sync guestbook --if-busy wait', { api, clock });
    expect(shown.code).toBe(0);
    expect(shown.err).toContain("another operation of 'guestbook' runs: waiting for its end");
    expect(api.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  test('join waits for the other one as if it were ours', async () => {
    api
      .on(`GET ${at('guestbook')}`)
      .reply(200, running())
      .reply(200, running())
      .reply(200, failed());
    api.on(`POST ${at('guestbook')}/sync`).reply(400, busy);
    api.on(STREAM).stream([event(failed())]);
    expect(await hawser('app sync guestbook --if-busy join', { api, clock })).toMatchObject({ code: 5 });
  });

  test('replace ends the other one first', async () => {
    api
      .on(`GET ${at('guestbook')}`)
      .reply(200, running())
      .reply(200, running())
      .reply(200, synced());
    api
      .on(`POST ${at('guestbook')}/sync`)
      .reply(400, busy)
      .reply(200, running());
    api.on(`DELETE ${at('guestbook')}/operation`).reply(200, {});
    api.on(STREAM).stream([event(synced())]);
    expect(await hawser('app sync guestbook --if-busy replace', { api, clock })).toMatchObject({ code: 0 });
  });
});

describe('the cause of a failure', () => {
  const tree = {
    nodes: [
      { kind: 'Job', version: 'v1', namespace: 'shop', name: 'web', uid: 'job' },
      {
        kind: 'Pod',
        version: 'v1',
        namespace: 'shop',
        name: 'web-1',
        uid: 'pod',
        parentRefs: [{ uid: 'job' }],
        health: { status: 'Degraded' },
      },
    ],
  };
  const events = {
    items: [
      { type: 'Warning', reason: 'BackOff', message: 'restarting', count: 3 },
      { type: 'Normal', reason: 'Pulled', message: 'x' },
    ],
  };

  function script(nodes: { readonly nodes: readonly object[] } = tree): void {
    api
      .on(`GET ${at('guestbook')}`)
      .reply(200, anApplication())
      .reply(200, failed('guestbook', 'Job'));
    api.on(`POST ${at('guestbook')}/sync`).reply(200, running());
    api.on(STREAM).stream([event(failed('guestbook', 'Job'))]);
    api.on(`GET ${at('guestbook')}/resource-tree`).reply(200, nodes);
    api.on(`GET ${at('guestbook')}/logs`).stream([{ content: 'no such table' }, { last: true }]);
    api.on(`GET ${at('guestbook')}/events`).reply(200, events);
  }

  test('is the pod’s last lines and the warnings of the cluster', async () => {
    script();
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(5);
    expect(shown.err).toContain(
      '    pod web-1\n    last lines of the log:\n      | no such table\n    BackOff: restarting (3 times)\n',
    );
  });

  test('is told once, under the resource, by its newest Pod', async () => {
    const pod = (name: string, createdAt: string, status = 'Degraded') => ({
      kind: 'Pod',
      version: 'v1',
      namespace: 'shop',
      name,
      uid: name,
      createdAt,
      parentRefs: [{ uid: 'job' }],
      health: { status },
    });
    const nodes = [
      { kind: 'Job', version: 'v1', namespace: 'shop', name: 'web', uid: 'job' },
      pod('before-this-sync', '2026-01-05T09:00:00Z'),
      pod('first', '2026-01-05T10:00:01Z'),
      pod('newest', '2026-01-05T10:00:02Z'),
      pod('well', '2026-01-05T10:00:03Z', 'Healthy'),
    ];
    script({ nodes });
    const { err } = await hawser('app sync guestbook', { api, clock });
    expect(err.match(/Job shop\/web/g)).toHaveLength(1);
    expect(err).toContain('    pod newest\n');
  });

  test('is in the JSON too', async () => {
    script();
    const shown = await hawser('app sync guestbook -o json', { api, clock });
    expect(JSON.parse(shown.out).error.details.causes).toEqual([
      {
        resource: 'Job shop/web',
        message: 'refused',
        pod: 'web-1',
        logs: ['no such table'],
        events: ['BackOff: restarting (3 times)'],
      },
    ]);
  });

  test('that cannot be had is no failure of its own', async () => {
    api
      .on(`GET ${at('guestbook')}`)
      .reply(200, anApplication())
      .reply(200, failed('guestbook', 'Job'));
    api.on(`POST ${at('guestbook')}/sync`).reply(200, running());
    api.on(STREAM).stream([event(failed('guestbook', 'Job'))]);
    api.on(`GET ${at('guestbook')}/resource-tree`).reply(500, { code: 2, message: 'down' });
    expect(await hawser('app sync guestbook', { api, clock })).toMatchObject({ code: 5 });
  });
});

describe('many applications', () => {
  function script(names: readonly string[], end: (name: string) => Application): void {
    for (const name of names) {
      api.on(`GET ${at(name)}`).reply(200, end(name));
      api.on(`POST ${at(name)}/sync`).reply(200, end(name));
    }
  }

  test('end in one table, and the worst code', async () => {
    script(['a', 'b', 'c'], (name) => (name === 'b' ? failed(name) : synced(name)));
    const shown = await hawser('app sync a b c --keep-going --parallel 2', { api, clock });
    expect(shown.code).toBe(5);
    expect(shown.out).toBe(
      [
        'NAME  PHASE      STATUS     HEALTH   DURATION  MESSAGE',
        'a     Succeeded  Synced     Healthy  4s        ',
        "b     Failed     OutOfSync  Healthy  4s        the sync of 'b' ended Failed: one object failed to apply",
        'c     Succeeded  Synced     Healthy  4s        ',
        '',
      ].join('\n'),
    );
    expect(shown.err).toContain("error: the sync of 'b' ended Failed");
  });

  test('stop at the first that fails, and say what was not done', async () => {
    api.on(`GET ${at('b')}`).reply(200, failed('b'));
    api.on(`POST ${at('b')}/sync`).reply(200, failed('b'));
    const shown = await hawser('app sync b c -o json', { api, clock });
    expect(shown).toMatchObject({ code: 5, err: '' });
    const document = JSON.parse(shown.out);
    expect(document).toHaveLength(2);
    expect(document[0]).toMatchObject({ metadata: { name: 'b' }, error: { code: 'sync-failed', exit: 5 } });
    expect(document[1]).toMatchObject({
      metadata: { name: 'c' },
      error: { message: "'c' was not done: another one failed first" },
    });
  });

  test('are found by globs, labels and projects', async () => {
    api.on(`${LIST}?projects=shop`).reply(200, { items: [synced('shop-a'), synced('shop-b'), synced('other')] });
    for (const name of ['shop-a', 'shop-b']) api.on(`GET ${at(name)}`).reply(200, synced(name));
    const shown = await hawser('app wait shop-* --project shop', { api, clock });
    expect(shown.code).toBe(0);
    expect(shown.out.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'NAME',
      'argocd/shop-a',
      'argocd/shop-b',
      '',
    ]);
  });

  test('that are not there are said', async () => {
    api.on(LIST).reply(200, { items: [] });
    expect(await hawser('app sync -l team=none', { api, clock })).toEqual({
      code: 4,
      out: '',
      err: 'error: No matching apps found for filter: selector team=none\nhint: hawser app list\n',
    });
  });

  test('that an application deploys are followed with --recursive', async () => {
    const parent = synced('parent');
    const child = {
      group: 'argoproj.io',
      kind: 'Application',
      version: 'v1alpha1',
      namespace: 'argocd',
      name: 'child',
      status: 'Synced',
    };
    api.on(`GET ${at('parent')}`).reply(200, { ...parent, status: { ...parent.status, resources: [child] } });
    api.on(`GET ${at('child')}`).reply(200, synced('child'));
    const shown = await hawser('app wait parent --recursive', { api, clock });
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/^parent .*\nargocd\/child /m);
  });
});

describe('--local', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'shop' } };

  test('sends what the folder renders to', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, anApplication());
    api
      .on('GET /api/v1/clusters/https%3A%2F%2Fkubernetes.default.svc')
      .reply(403, { code: 7, message: 'permission denied' });
    api.on(`POST ${at('guestbook')}/sync`).reply(200, synced());
    const shown = await hawser('app sync guestbook --local .', {
      api,
      clock,
      renderFolders: async () => [{ object, namespace: 'shop' }],
    });
    expect(shown.code).toBe(0);
    const annotations = { 'argocd.argoproj.io/tracking-id': 'guestbook:/ConfigMap:shop/a' };
    const marked = { ...object, metadata: { ...object.metadata, annotations } };
    const sent = listAt(api.requests.find(({ method }) => method === 'POST')?.body, 'manifests');
    expect(sent.map((text) => JSON.parse(String(text)))).toEqual([marked]);
  });

  test('is refused where auto-sync would undo it', async () => {
    api.on(`GET ${at('guestbook')}`).reply(200, anApplication({ automated: true }));
    const shown = await hawser('app sync guestbook --local .', { api, clock });
    expect(shown.code).toBe(11);
    expect(shown.err).toContain('hint: hawser app set guestbook --sync-policy none, or --dry-run\n');
  });
});

describe('app actions run --wait', () => {
  const managed = {
    items: [
      {
        group: 'apps',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        liveState: JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } }),
      },
    ],
  };

  test('waits for the health after the action, looked at anew', async () => {
    api.on(`GET ${at('guestbook')}/managed-resources`).reply(200, managed);
    api.on(`POST ${at('guestbook')}/resource/actions/v2`).reply(200, {});
    api.on(`GET ${at('guestbook')}?refresh=normal`).reply(200, withHealth('Progressing'));
    api.on(STREAM).stream([event(withHealth('Progressing')), event(withHealth('Healthy'))]);
    const shown = await hawser('app actions run guestbook restart --kind Deployment --wait', { api, clock });
    expect(shown).toMatchObject({ code: 0, out: '' });
  });

  test('fails with 6 when that breaks', async () => {
    api.on(`GET ${at('guestbook')}/managed-resources`).reply(200, managed);
    api.on(`POST ${at('guestbook')}/resource/actions/v2`).reply(200, {});
    api.on(`GET ${at('guestbook')}?refresh=normal`).reply(200, withHealth('Progressing'));
    api.on(STREAM).stream([event(withHealth('Progressing')), event(withHealth('Degraded'))]);
    api.on(`GET ${at('guestbook')}/resource-tree`).reply(200, { nodes: [] });
    const shown = await hawser('app actions run guestbook restart --kind Deployment --wait', { api, clock });
    expect(shown.code).toBe(6);
  });
});
