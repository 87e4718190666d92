import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, patientClock } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const STREAM = 'GET /api/v1/stream/applications';
const clock = patientClock();

function running(): Application {
  return { ...anApplication({ sync: 'OutOfSync', health: 'Missing' }), operation: { sync: {} } };
}

function ended(phase: 'Succeeded' | 'Failed', message = ''): Application {
  const app = anApplication({ sync: phase === 'Succeeded' ? 'Synced' : 'OutOfSync' });
  return {
    ...app,
    status: {
      ...app.status,
      reconciledAt: '2026-01-05T10:00:03Z',
      operationState: {
        operation: { sync: {} },
        phase,
        message,
        startedAt: '2026-01-05T10:00:00Z',
        finishedAt: '2026-01-05T10:00:02Z',
        syncResult: {
          resources: [
            {
              kind: 'Service',
              version: 'v1',
              namespace: 'shop',
              name: 'web',
              status: phase === 'Succeeded' ? 'Synced' : 'SyncFailed',
              message: phase === 'Succeeded' ? 'service/web created' : 'port 99999 is out of range',
            },
          ],
        },
      },
    },
  };
}

const event = (application: Application, type = 'MODIFIED'): unknown => ({ type, application });

describe('hawser app sync', () => {
  test('asks, follows the operation on stderr, and ends with the state on stdout', async () => {
    api
      .on(`GET ${APP}`)
      .reply(200, anApplication({ sync: 'OutOfSync' }))
      .reply(200, ended('Succeeded'));
    api.on(`POST ${APP}/sync`).reply(200, running());
    api.on(STREAM).stream([event(running(), 'ADDED'), event(ended('Succeeded'))]);
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(0);
    expect(shown.err).toContain('Service shop/web  OutOfSync Missing');
    expect(shown.out).toContain('Phase:              Succeeded\n');
    expect(shown.out).toContain('Synced  Healthy        service/web created\n');
    expect(api.requests[1]?.body).toEqual({ dryRun: false, prune: false, strategy: { hook: {} } });
    expect(api.requests[1]?.headers['content-type']).toBe('application/json');
  });

  test('fails with 5 and names what is to blame', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication()).reply(200, ended('Failed', 'one object failed to apply'));
    api.on(`POST ${APP}/sync`).reply(200, running());
    api.on(STREAM).stream([event(ended('Failed', 'one object failed to apply'))]);
    const shown = await hawser('app sync guestbook -o json', { api, clock });
    expect(shown.code).toBe(5);
    const { error } = JSON.parse(shown.out);
    expect(error.message).toContain('one object failed to apply');
    expect(error.message).toContain('Service shop/web: port 99999 is out of range');
    expect(error.details.application.metadata.name).toBe('guestbook');
  });

  test('fails with 5 where its request is gone and nothing was done', async () => {
    const untouched = anApplication({ sync: 'OutOfSync' });
    api.on(`GET ${APP}`).reply(200, untouched).reply(200, untouched);
    api.on(`POST ${APP}/sync`).reply(200, running());
    api.on(STREAM).stream([event(untouched)]);
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(5);
    expect(shown.err).toContain("the sync of 'guestbook' did not begin: its request is gone from the application");
  });

  test('gives up after its deadline with 7 and says what was missing', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    api.on(`POST ${APP}/sync`).reply(200, running());
    api.on(STREAM).stream([event(running())], { hang: true });
    const shown = await hawser('app sync guestbook --timeout 1', { api, clock });
    expect(shown.code).toBe(7);
    expect(shown.err).toContain("timed out after 1s waiting for 'guestbook'\n  operation: Pending");
  });

  test('ends when the server says that it cannot go on', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    api.on(`POST ${APP}/sync`).reply(200, running());
    const error = {
      grpc_code: 2,
      message: 'no space left',
      'hawser-error': 'broken-state',
      'hawser-hint': 'make%20room',
    };
    api.on(STREAM).stream([event(running())], { error });
    expect(await hawser('app sync guestbook', { api, clock })).toMatchObject({
      code: 20,
      err: expect.stringContaining('error: no space left\nhint: make room\n'),
    });
  });

  test('connects again when the stream drops, and says so once', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication()).reply(200, ended('Succeeded'));
    api.on(`POST ${APP}/sync`).reply(200, running());
    api
      .on(STREAM)
      .stream([event(running())], { breaks: 'ECONNRESET' })
      .stream([])
      .stream([event(ended('Succeeded'))]);
    api
      .on('GET /api/v1/applications')
      .reply(503, 'down')
      .reply(200, { items: [running()] });
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(0);
    expect(shown.err.match(/connecting again/g)).toHaveLength(1);
  });

  test.each([
    [400, { code: 9, message: 'another operation is already in progress' }, 9, 'hawser app terminate-op guestbook'],
    [403, { code: 7, message: 'cannot sync: blocked by sync window' }, 10, 'shows the windows'],
  ])('a refusal of %i %j is exit code %i', async (status, body, code, hint) => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    api.on(`POST ${APP}/sync`).reply(status, body);
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(code);
    expect(shown.err).toContain(hint);
  });

  test('a sync is never sent twice', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication());
    api.on(`POST ${APP}/sync`).reply(503, '<html>', { 'content-type': 'text/html' });
    const shown = await hawser('app sync guestbook', { api, clock });
    expect(shown.code).toBe(8);
    expect(api.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('hawser app wait', () => {
  test('is over at once where all holds', async () => {
    api.on(`GET ${APP}`).reply(200, ended('Succeeded'));
    const shown = await hawser('app wait guestbook', { api, clock });
    expect(shown).toMatchObject({ code: 0, err: '✓ guestbook synced to 0123456 in 0 s · 1 resource · Healthy\n' });
  });

  test('fails with 6 when a resource breaks', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication({ health: 'Progressing' }));
    api
      .on(STREAM)
      .stream([event(anApplication({ health: 'Progressing' })), event(anApplication({ health: 'Degraded' }))]);
    const shown = await hawser('app wait guestbook', { api, clock });
    expect(shown.code).toBe(6);
    expect(shown.err).toContain("Service web of 'guestbook' went from Progressing to Degraded");
  });

  test('does not take an older commit for the one that is waited for', async () => {
    api.on(`GET ${APP}`).reply(200, ended('Succeeded'));
    api.on(STREAM).stream([event(ended('Succeeded'))], { hang: true });
    const shown = await hawser('app wait guestbook --revision fedcba9 --timeout 1', { api, clock });
    expect(shown.code).toBe(7);
    expect(shown.err).toContain('revision: 0123456789abcdef0123456789abcdef01234567 (wanted fedcba9, or one after it)');
  });

  test('prints the rows of the reference in drop-in mode', async () => {
    api.on(`GET ${APP}`).reply(200, anApplication({ health: 'Progressing' }));
    api.on(STREAM).stream([event(anApplication({ health: 'Progressing' }))], { hang: true });
    api.on('GET /api/v1/settings').reply(200, {});
    const env = { HAWSER_COMPAT: 'argocd', TZ: 'UTC' };
    const shown = await hawser('app wait guestbook --timeout 3', { api, clock, env });
    expect(shown.code).toBe(20);
    expect(shown.out).toContain(
      'TIMESTAMP                  GROUP        KIND   NAMESPACE                  NAME    STATUS   HEALTH            HOOK  MESSAGE\n',
    );
    expect(shown.err).toContain('timed out (3s) waiting for app \\"guestbook\\" match desired state');
  });
});
