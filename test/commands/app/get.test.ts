import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

// A projected application without these would not be read as one.
const NEEDED = 'items.metadata.name,items.metadata.namespace,items.spec';
const APP = '/api/v1/applications/guestbook';

function serve(app = anApplication()): void {
  api.on(`GET ${APP}`).reply(200, app);
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: true });
}

describe('hawser app get', () => {
  test('shows the facts, then the resources', async () => {
    serve();
    const shown = await hawser('app get guestbook', { api });
    expect(shown).toEqual({
      code: 0,
      err: '',
      out: `Name:               argocd/guestbook
Project:            default
Server:             https://kubernetes.default.svc
Namespace:          shop
SyncWindow:         Sync Allowed
Sync Policy:        Manual
Sync Status:        Synced to main (0123456)
Health Status:      Healthy

Source:
- Repo:             https://example.com/repo.git
  Target:           main
  Path:             guestbook

GROUP  KIND     NAMESPACE  NAME  STATUS  HEALTH   HOOK  MESSAGE
       Service  shop       web   Synced  Healthy        
`,
    });
  });

  test('prints the object as it came with -o json, and nothing else', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    const shown = await hawser('app get guestbook -o json', { api });
    expect(JSON.parse(shown.out)).toEqual(anApplication());
    expect(shown.err).toBe('');
  });

  test('asks for a refresh when told to', async () => {
    serve();
    await hawser('app get guestbook --hard-refresh', { api });
    expect(api.requests[0]?.url).toBe(`${APP}?refresh=hard`);
  });

  test('names an application that is missing, and one that was meant', async () => {
    api.on('GET /api/v1/applications/guestbok').reply(403, { code: 7, message: 'permission denied' });
    api.on(`GET /api/v1/applications?fields=${encodeURIComponent(NEEDED)}`).reply(200, { items: [anApplication()] });
    expect(await hawser('app get guestbok', { api })).toEqual({
      code: 4,
      out: '',
      err: "error: application 'guestbok' not found\nhint: did you mean 'guestbook'?\n",
    });
  });

  test('tells an application that may not be seen from one that is missing', async () => {
    const message = 'permission denied: applications, get, default/guestbook, sub: bob, iat: 2026-01-01T00:00:00Z';
    api.on(`GET ${APP}`).reply(403, { code: 7, message });
    const shown = await hawser('app get guestbook -o json', { api });
    expect(shown.code).toBe(3);
    expect(JSON.parse(shown.out).error.message).toContain('get on applications default/guestbook is missing');
  });

  test('tells one that is listed, but not allowed, from one that is missing', async () => {
    api.on(`GET ${APP}`).reply(403, { code: 7, message: 'permission denied' });
    api.on('GET /api/v1/applications').reply(200, { items: [anApplication()] });
    const shown = await hawser('app get guestbook', { api });
    expect(shown).toMatchObject({ code: 3, out: '' });
    expect(shown.err).toMatch(
      /^error: not allowed to do this to application 'guestbook'\nhint: ask for the permission/,
    );
  });

  test('leaves the refusal as it came in drop-in mode', async () => {
    api.on(`GET ${APP}`).reply(403, { code: 7, message: 'permission denied' });
    const shown = await hawser('app get guestbook -o json', { api, env: { HAWSER_COMPAT: 'argocd' } });
    expect(shown).toEqual({
      code: 20,
      out: '',
      err: '{"level":"fatal","msg":"rpc error: code = PermissionDenied desc = permission denied","time":"2026-01-05T10:00:00Z"}\n',
    });
  });

  test('goes on with --watch: a block for each change in a pipe, and says when it is gone', async () => {
    serve();
    const degraded = anApplication({ health: 'Degraded' });
    api.on('GET /api/v1/stream/applications').stream([
      { type: 'MODIFIED', application: { ...degraded, metadata: { ...degraded.metadata, resourceVersion: '8' } } },
      { type: 'MODIFIED', application: degraded },
      { type: 'DELETED', application: degraded },
    ]);
    const shown = await hawser('app get guestbook --watch', { api });
    expect(shown.out.match(/^Health Status:.*$/gm)).toEqual([
      'Health Status:      Healthy',
      'Health Status:      Degraded: Service/web',
    ]);
    expect(shown).toMatchObject({ code: 4, err: "error: application 'guestbook' was deleted\n" });
  });

  test('with --watch -o json it writes one document a line', async () => {
    serve();
    api.on('GET /api/v1/stream/applications').stream([
      { type: 'MODIFIED', application: anApplication({ sync: 'OutOfSync' }) },
      { type: 'DELETED', application: anApplication() },
    ]);
    const { out } = await hawser('app get guestbook -w -o json', { api });
    const [first = '', second = ''] = out.split('\n');
    expect([JSON.parse(first).status.sync.status, JSON.parse(second).status.sync.status]).toEqual([
      'Synced',
      'OutOfSync',
    ]);
  });

  test('keeps every word with -o wide, and fits the terminal without', async () => {
    const app = anApplication();
    const message = 'a long message that says at length why the thing did not come up as it should have done by now';
    const results = [{ kind: 'Service', version: 'v1', namespace: 'shop', name: 'web', message }];
    const operationState = { phase: 'Succeeded' as const, syncResult: { resources: results, revision: 'x' } };
    serve({ ...app, status: { ...app.status, operationState } });
    const typed = { api, terminal: true, columns: 90, env: { LANG: 'C.UTF-8' } };
    expect((await hawser('app get guestbook', typed)).out).toContain('…');
    expect((await hawser('app get guestbook -o wide', typed)).out).toContain(message);
  });

  test.each([
    ['app get', 2, 'needs APPNAME'],
    ['app get guestbook --refesh', 2, 'did you mean --refresh?'],
    ['app get guestbook -o xml', 2, 'unknown output format: xml'],
    ['app get guestbook --timeout soon', 2, "invalid value 'soon' for --timeout"],
    ['app get guestbook --refresh=maybe', 2, "invalid value 'maybe' for --refresh"],
    ['app frobnicate', 2, "unknown command 'frobnicate'"],
  ])('%s is wrong usage', async (line, code, says) => {
    const shown = await hawser(line);
    expect(shown.code).toBe(code);
    expect(shown.out).toBe('');
    expect(shown.err).toContain(says);
  });
});
