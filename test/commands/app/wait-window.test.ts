import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Clock } from '../../../src/core/time.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser } from '../../support/hawser.ts';

let api: FakeApi;
let now: number;
let clock: Clock;
beforeEach(() => {
  api = createFakeApi();
  now = Date.parse('2026-01-05T10:00:00Z');
  clock = {
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
});
afterEach(() => api.verify());

const APP = '/api/v1/applications/guestbook';
const deny = { kind: 'deny', schedule: '0 10 * * *', duration: '2m' };
const LINE = 'app sync guestbook --wait-window --async';

test('waits until the server allows it, and says until when', async () => {
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: false, assignedWindows: [deny] });
  for (let count = 0; count < 3; count += 1)
    api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: false, assignedWindows: [deny] });
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: true });
  api.on(`GET ${APP}`).reply(200, anApplication({}));
  api.on('GET /api/v1/projects/default/detailed').reply(403, { code: 7, message: 'permission denied' });
  api.on(`POST ${APP}/sync`).reply(200, anApplication({}));
  const { code, err } = await hawser(LINE, { api, clock });
  expect(code).toBe(0);
  expect(err.split('\n').filter((line) => line.includes('blocked'))).toEqual([
    'guestbook: blocked by a sync window until 2026-01-05T10:02:00Z',
  ]);
  expect(now).toBe(Date.parse('2026-01-05T10:02:00Z'));
});

test('the time zone of a window comes from the project', async () => {
  const berlin = { kind: 'allow', schedule: '0 12 * * *', duration: '1h' };
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: false, assignedWindows: [berlin] });
  api.on(`GET ${APP}/syncwindows`).reply(200, {});
  api.on(`GET ${APP}`).reply(200, anApplication({}));
  const spec = { syncWindows: [{ ...berlin, timeZone: 'Europe/Berlin', applications: ['*'] }] };
  api.on('GET /api/v1/projects/default/detailed').reply(200, { project: { metadata: { name: 'default' }, spec } });
  api.on(`POST ${APP}/sync`).reply(200, anApplication({}));
  const { err } = await hawser(LINE, { api, clock });
  expect(err).toContain('guestbook: blocked by a sync window until 2026-01-05T11:00:00Z\n');
});

test('windows that never allow it are an answer at once', async () => {
  api.on(`GET ${APP}/syncwindows`).reply(200, { canSync: false, assignedWindows: [{ ...deny, duration: '24h' }] });
  api.on(`GET ${APP}`).reply(200, anApplication({}));
  api.on('GET /api/v1/projects/default/detailed').reply(404, { code: 5, message: 'not found' });
  const { code, err } = await hawser(LINE, { api, clock });
  expect(code).toBe(10);
  expect(err).toContain("error: no sync window will allow a sync of 'guestbook'\n");
});
