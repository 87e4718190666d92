import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, stillClock } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const LIST = 'GET /api/v1/applications';

function deployed(app: Application, deployedAt: string): Application {
  return { ...app, status: { ...app.status, history: [{ id: 0, deployedAt }] } };
}

function serve(items: readonly Application[] = [anApplication()]): void {
  api.on(LIST).reply(200, { items, metadata: { resourceVersion: '9' } });
}

const three = [
  deployed(anApplication({ name: 'cart', health: 'Degraded' }), '2025-12-01T00:00:00Z'),
  deployed(anApplication({ name: 'billing', sync: 'OutOfSync' }), '2026-01-05T09:00:00Z'),
  anApplication({ name: 'web', health: 'Progressing' }),
];

const names = async (line: string): Promise<string> => (await hawser(`app list -o name ${line}`, { api })).out;

describe('hawser app list', () => {
  test('shows one line an application in a pipe', async () => {
    serve();
    expect(await hawser('app list', { api })).toEqual({
      code: 0,
      err: '',
      out: `NAME       PROJECT  SYNC    HEALTH   REVISION  AGE  WHY
guestbook  default  Synced  Healthy  0123456        
`,
    });
  });

  test.each([
    ['', [], 'no applications yet: hawser app create\n'],
    ['--health Degraded', [anApplication(), anApplication({ name: 'web' })], 'none of 2 applications match\n'],
    ['-l team=a', [], 'no application matches\n'],
  ])('says why there is nothing to see: app list %s', async (flags, items, says) => {
    serve(items);
    expect(await hawser(`app list ${flags}`, { api })).toEqual({ code: 0, out: '', err: says });
  });

  test('is a heading alone in drop-in mode, where there is nothing', async () => {
    serve([]);
    const { out, err } = await hawser('app list', { api, env: { HAWSER_COMPAT: 'argocd' } });
    expect([out, err]).toEqual([expect.stringMatching(/^NAME +CLUSTER .*\n$/), '']);
  });

  test('has the columns of the reference with -o wide', async () => {
    serve();
    expect(await hawser('app list -o wide', { api })).toEqual({
      code: 0,
      err: '',
      out: `NAME              CLUSTER                         NAMESPACE  PROJECT  STATUS  HEALTH   SYNCPOLICY  CONDITIONS  REPO                          PATH       TARGET
argocd/guestbook  https://kubernetes.default.svc  shop       default  Synced  Healthy  Manual      <none>      https://example.com/repo.git  guestbook  main
`,
    });
  });

  test('asks for no more than the names when it prints names', async () => {
    serve();
    expect(await names('')).toBe('argocd/guestbook\n');
    expect(new URL(api.requests[0]?.url ?? '', 'http://x').searchParams.get('fields')).toBe(
      'items.metadata.name,items.metadata.namespace,items.spec.project,items.spec.destination',
    );
  });

  test('asks for what the table shows and no more, but for everything where that is printed', async () => {
    serve();
    await hawser('app list', { api });
    await hawser('app list -o json', { api });
    const [table, json] = api.requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('fields'));
    expect(table).toContain('items.status.conditions');
    expect(table).not.toMatch(/history|managedFields|items\.spec,/);
    expect(json).toBeNull();
  });

  test.each([
    ['--health degraded', 'argocd/cart\n'],
    ['--sync OutOfSync', 'argocd/billing\n'],
    ['--older-than 7d', 'argocd/cart\n'],
    ['c* w?b', 'argocd/cart\nargocd/web\n'],
    ['--sort-by name', 'argocd/billing\nargocd/cart\nargocd/web\n'],
    ['--sort-by health', 'argocd/cart\nargocd/web\nargocd/billing\n'],
    ['--sort-by .status.sync.status', 'argocd/billing\nargocd/cart\nargocd/web\n'],
    ['--sort-by deployed', 'argocd/web\nargocd/billing\nargocd/cart\n'],
    ['--path guestbook --cluster https://kubernetes.default.svc --project default --health Degraded', 'argocd/cart\n'],
  ])('%s', async (line, shown) => {
    serve(three);
    expect(await names(line)).toBe(shown);
  });

  test.each([
    ['--health Sick', "error: invalid value 'Sick' for --health", 'valid values: Healthy, Progressing'],
    ['--sync Maybe', "error: invalid value 'Maybe' for --sync", 'valid values: Synced, OutOfSync, Unknown'],
    ['--phase Odd', "error: invalid value 'Odd' for --phase", 'valid values: Running'],
    ['--older-than soon', "error: invalid value 'soon' for --older-than", '7d'],
    ['--sort-by colour', "error: cannot sort by 'colour'", 'valid fields: name, namespace'],
    ['--sort-by .a[', "error: cannot read the path '.a['", '{.metadata.name}'],
    ['-o xml', 'error: unknown output format: xml', 'valid formats: table, wide'],
    ['-o jsonpath', 'error: -o jsonpath needs an expression', 'jsonpath='],
    ['-o custom-columns=NAME', "error: cannot read the column 'NAME'", 'custom-columns=NAME:'],
    ['-o jsonpath={.items', "error: cannot read the path '{.items'", '{.metadata.name}'],
    ['--contexts nowhere', "error: there is no context 'nowhere'", 'available contexts: local'],
  ])('%s is wrong usage', async (line, says, hint) => {
    const shown = await hawser(`app list ${line}`);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain(says);
    expect(shown.err).toContain(hint);
  });
});

describe('the formats of a list', () => {
  test.each([
    [
      '-o custom-columns=APP:.metadata.name,WHY:.status.nothing',
      'APP      WHY\ncart     <none>\nbilling  <none>\nweb      <none>\n',
    ],
    ['-o jsonpath={.items[*].metadata.name}', 'cart billing web'],
    ['-o jsonpath={.items[?(@.status.health.status=="Degraded")].metadata.name}', 'cart'],
    ['-o custom-columns=APP:.metadata.name --no-headers', 'cart\nbilling\nweb\n'],
  ])('%s', async (line, shown) => {
    serve(three);
    expect(await hawser(`app list ${line}`, { api })).toEqual({ code: 0, err: '', out: shown });
  });

  test('csv quotes what needs it', async () => {
    serve([{ ...anApplication(), spec: { ...anApplication().spec, project: 'a,"b"' } }]);
    const { out } = await hawser('app list -o csv', { api });
    expect(out.split('\n')[0]).toMatch(/^NAME,CLUSTER,NAMESPACE,PROJECT/);
    expect(out.split('\n')[1]).toContain('shop,"a,""b""",Synced');
  });

  test('json is the list as it came', async () => {
    serve(three);
    expect(JSON.parse((await hawser('app list -o json', { api })).out)).toEqual(three);
  });
});

describe('a list in a narrow terminal', () => {
  test('shortens what is widest, never the name, and says what it leaves out', async () => {
    const failed = anApplication({ sync: 'OutOfSync' });
    const message = 'a hook failed and says at length what it is that went so wrong';
    serve([{ ...failed, status: { ...failed.status, conditions: [{ type: 'SyncError', message }] } }]);
    const { out } = await hawser('app list', { api, terminal: true, columns: 60, env: { NO_COLOR: '1' } });
    const lines = out.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(out).toMatch(/^guestbook {2}● OutOfSync {2}✓ Healthy {2}SyncError: a hook failed.*…$/m);
    expect(out).toContain('not shown: REVISION, PROJECT (-o wide)');
  });

  test('is whole where -o wide is typed', async () => {
    serve();
    const { out } = await hawser('app list -o wide', { api, terminal: true, columns: 100, env: { TERM: 'dumb' } });
    expect(out).toContain('https://kubernetes.default.svc  shop       default');
    expect(out).not.toContain('…');
  });

  test('is what the reference prints in drop-in mode', async () => {
    serve();
    const typed = { api, terminal: true, columns: 100, env: { TERM: 'dumb', HAWSER_COMPAT: 'argocd' } };
    expect((await hawser('app list', typed)).out).toMatch(/^NAME {14}CLUSTER/);
  });
});

describe('hawser app list --watch', () => {
  const WATCH = 'GET /api/v1/stream/applications';
  const aborts = (after: number): { signal: AbortSignal; clock: ReturnType<typeof stillClock> } => {
    const controller = new AbortController();
    let sleeps = 0;
    return {
      signal: controller.signal,
      clock: {
        ...stillClock(),
        sleep: () => {
          sleeps += 1;
          if (sleeps >= after) controller.abort(new Error('interrupted'));
          return Promise.resolve();
        },
      },
    };
  };

  test('writes a line for each change in a pipe', async () => {
    serve([anApplication()]);
    api.on(WATCH).stream([
      { type: 'MODIFIED', application: anApplication({ health: 'Degraded' }) },
      { type: 'MODIFIED', application: anApplication({ health: 'Degraded' }) },
      { type: 'ADDED', application: anApplication({ name: 'web', sync: 'OutOfSync' }) },
      { type: 'DELETED', application: anApplication() },
    ]);
    const { out } = await hawser('app list -w', { api, ...aborts(1), env: { TZ: 'UTC' } });
    expect(out.replaceAll(/^\S+ {2}/gm, '').split('\n')).toEqual([
      'argocd/guestbook  Synced  Healthy',
      'argocd/guestbook  Synced  Degraded',
      'argocd/web  OutOfSync  Healthy',
      'argocd/guestbook  deleted',
      '',
    ]);
  });

  test('writes a JSON document a line with -o json', async () => {
    serve([anApplication()]);
    api.on(WATCH).stream([{ type: 'DELETED', application: anApplication() }]);
    const { out } = await hawser('app list -w -o json', { api, ...aborts(1) });
    const types = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    expect(types).toEqual(['ADDED', 'DELETED']);
  });

  test('reads from the list what it missed while the stream was gone', async () => {
    api.on(LIST).reply(200, { items: [anApplication(), anApplication({ name: 'web' })] });
    api.on(LIST).reply(200, { items: [anApplication({ sync: 'OutOfSync' })] });
    api.on(WATCH).stream([], { breaks: 'ECONNRESET' });
    const { out, err } = await hawser('app list -w', { api, ...aborts(2) });
    expect(out).toMatch(/argocd\/web {2}deleted\n.*guestbook {2}OutOfSync/s);
    expect(err).toContain('connecting again');
  });
});

describe('hawser app list --contexts', () => {
  function config(): string {
    const home = mkdtempSync(join(tmpdir(), 'hawser-contexts-'));
    mkdirSync(join(home, '.config', 'argocd'), { recursive: true });
    const path = join(home, 'config');
    writeFileSync(
      path,
      `contexts:
- {name: down, server: '127.0.0.1:1', user: down}
current-context: down
servers:
- {server: '127.0.0.1:1', plain-text: true}
users:
- {name: down, auth-token: x}
`,
      { mode: 0o600 },
    );
    return path;
  }

  test('one table, a context that is down told apart', async () => {
    serve();
    const shown = await hawser(`app list --contexts all --config ${config()}`, { api });
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/^CONTEXT {2}NAME.*\nlocal {4}guestbook /);
    expect(shown.err).toContain("warning: context 'down': ");
  });

  test('is followed in one list, which goes on without a context that is down', async () => {
    serve();
    api.on('GET /api/v1/stream/applications').stream([{ type: 'DELETED', application: anApplication() }]);
    const controller = new AbortController();
    let sleeps = 0;
    const clock = {
      ...stillClock(),
      sleep: () => {
        sleeps += 1;
        if (sleeps > 8) controller.abort(new Error('interrupted'));
        return new Promise<void>((resolve) => setTimeout(resolve, 20));
      },
    };
    const typed = { api, clock, signal: controller.signal };
    const shown = await hawser(`app list --contexts all --watch --config ${config()}`, typed);
    expect(shown.out).toMatch(/local:argocd\/guestbook {2}Synced {2}Healthy\n.*local:argocd\/guestbook {2}deleted\n/s);
    expect(shown.err).toContain("warning: context 'down': ");
  });

  test('is followed nowhere when every context is down', async () => {
    const shown = await hawser(`app list --contexts down --watch --config ${config()}`, { clock: stillClock() });
    expect(shown).toMatchObject({ code: 8, out: '' });
  });

  test('JSON says both', async () => {
    serve();
    const { out } = await hawser(`app list --contexts local,down -o json --config ${config()}`, { api });
    const answer = JSON.parse(out);
    expect(answer.items).toEqual([{ context: 'local', ...anApplication() }]);
    expect(answer.errors).toMatchObject([{ context: 'down', code: 'unreachable', exit: 8 }]);
  });

  test('fails with the worst code when nobody answers', async () => {
    const shown = await hawser(`app list --contexts down --config ${config()}`);
    expect(shown).toMatchObject({ code: 8, out: '' });
    expect(shown.err).toContain("context 'down'");
  });
});
