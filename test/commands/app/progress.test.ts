// How a wait is told while it lasts, in each of the ways it can be.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { HawserError } from '../../../src/core/errors.ts';
import type { Application } from '../../../src/model/application.ts';
import { anApplication } from '../../support/applications.ts';
import { createFakeApi, type FakeApi } from '../../support/fake-api.ts';
import { hawser, patientClock, type Shown, type Typed } from '../../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const clock = patientClock();
const AT = '/api/v1/applications/guestbook';

const running = (): Application => ({
  ...anApplication({ sync: 'OutOfSync', health: 'Missing' }),
  operation: { sync: {} },
});

function synced(): Application {
  const app = anApplication();
  const operationState = {
    phase: 'Succeeded',
    startedAt: '2026-01-05T09:58:00Z',
    finishedAt: '2026-01-05T09:58:04Z',
  } as const;
  return { ...app, status: { ...app.status, operationState } };
}

async function sync(flags: string, typed: Typed = {}): Promise<Shown> {
  api.on(`GET ${AT}`).reply(200, synced());
  api.on(`POST ${AT}/sync`).reply(200, running());
  const events = [running(), synced()].map((application) => ({ type: 'MODIFIED', application }));
  api.on('GET /api/v1/stream/applications').stream(events);
  return hawser(`app sync guestbook ${flags}`, { api, clock, ...typed });
}

test('in a pipe it is a line a change, and the line that stays', async () => {
  const { code, err } = await sync('');
  expect(code).toBe(0);
  expect(err.split('\n').map((line) => line.replace(/^[\d:]{8} {2}/, ''))).toEqual([
    'guestbook: sync requested',
    'Service shop/web  OutOfSync Missing',
    '✓ guestbook synced to 0123456 in 0 s · 1 resource · Healthy',
    '',
  ]);
});

test('--progress json is one event a line, numbered and dated', async () => {
  const { err, out } = await sync('--progress json -o json');
  expect(JSON.parse(out)).toMatchObject({ metadata: { name: 'guestbook' } });
  const events = err
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  for (const event of events) expect(event).toMatchObject({ version: 1, task: 'sync', time: '2026-01-05T10:00:00Z' });
  expect(events.map(({ event }) => event)).toEqual(['application', 'resource', 'result']);
  expect(events.at(-1)).toMatchObject({ application: 'guestbook', sync: 'Synced', health: 'Healthy', seconds: 0 });
});

test('--progress none says nothing', async () => {
  expect(await sync('--progress none')).toMatchObject({ code: 0, err: '' });
});

test.each<[string, Typed['env']]>([
  ['HAWSER_SCREEN_READER', { HAWSER_SCREEN_READER: '1', NO_COLOR: '1' }],
  ['HAWSER_PROGRESS', { HAWSER_PROGRESS: 'plain', NO_COLOR: '1' }],
  ['a dumb terminal', { TERM: 'dumb' }],
  ['the console of Linux', { TERM: 'linux', NO_COLOR: '1' }],
])('%s means lines, in a terminal too', async (_, env) => {
  const { err } = await sync('', { terminal: true, env });
  expect(err).toContain('Service shop/web  OutOfSync Missing\n');
  expect(err).not.toContain('\u001b');
});

test('without UTF-8 it is ASCII', async () => {
  const { err } = await sync('', { env: { LC_ALL: 'C' } });
  expect(err).toMatch(/\+ guestbook synced to 0123456 in 0 s - 1 resource - Healthy\n$/);
});

test('a terminal gets the line and the resources, not the summary', async () => {
  const { out, err } = await sync('', { terminal: true, env: { NO_COLOR: '1' } });
  expect(err).toContain('✓ guestbook synced to 0123456 in 0 s · 1 resource · Healthy\n');
  expect(out).not.toContain('Sync Policy:');
  expect(out.match(/Service/g)).toHaveLength(1);
});

test('another value is refused', async () => {
  expect(await hawser('app sync guestbook --progress loud')).toEqual({
    code: 2,
    out: '',
    err: "error: invalid value 'loud' for --progress\nhint: valid values: auto, plain, json, none\n",
  });
});

test('half a minute without a change is said', async () => {
  const stop = new AbortController();
  const began = Date.now();
  const fast = { ...clock, now: () => began + (Date.now() - began) * 60 };
  api.on(`GET ${AT}`).reply(200, running());
  api.on('GET /api/v1/stream/applications').stream([], { hang: true });
  setTimeout(() => stop.abort(new HawserError('interrupted', 'interrupted')), 1500);
  const { code, err } = await hawser('app wait guestbook --timeout 0', { api, clock: fast, signal: stop.signal });
  expect(code).toBe(130);
  expect(err).toMatch(/still waiting for guestbook after 1 min \d s\n/);
});
