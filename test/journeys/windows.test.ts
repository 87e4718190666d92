// Sync windows of a project: the real program on the local system.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { create, createWorkplace, GUESTBOOK, type Workplace } from '../support/workplace.ts';

let place: Workplace;
beforeAll(async () => {
  place = await createWorkplace();
  expect((await place.hawser(create('guestbook', place))).code).toBe(0);
});
afterAll(() => place.remove());
beforeEach(() => windows());

async function windows(...syncWindows: readonly object[]): Promise<void> {
  const patch = JSON.stringify({ spec: { syncWindows } });
  const words = ['local', 'kubectl', 'patch', 'appproject', 'default', '-n', 'argocd', '--type', 'merge', '-p', patch];
  expect(await place.hawser(words)).toMatchObject({ code: 0 });
}

const always = { kind: 'deny', schedule: '* * * * *', duration: '1h', applications: ['*'] };

/** In so many milliseconds a minute begins: a window that opens then is not waited for long. */
const toMinute = (): number => 60_000 - (Date.now() % 60_000);

test('a sync that a window denies is 10, and the hint says what waits for it', async () => {
  await windows(always);
  const denied = await place.hawser('app sync guestbook');
  expect(denied).toMatchObject({ code: 10 });
  expect(denied.err).toContain('error: cannot sync: blocked by sync window\nhint: add --wait-window');
  expect((await place.hawser('app get guestbook')).out).toMatch(/SyncWindow: +Sync Denied\n/);
  expect(await place.hawser('app sync guestbook --wait-window')).toMatchObject({
    code: 10,
    err: expect.stringContaining("no sync window will allow a sync of 'guestbook'"),
  });
});

test('a window for other applications denies nothing, nor one that lets people sync', async () => {
  await windows({ ...always, applications: ['other'] }, { ...always, manualSync: true });
  expect(await place.hawser('app sync guestbook')).toMatchObject({ code: 0 });
  expect((await place.hawser('app get guestbook')).out).toMatch(/SyncWindow: +Manual Allowed\n/);
});

test('--wait-window goes on when the window opens', { timeout: 120_000 }, async () => {
  if (toMinute() < 5000) await new Promise((resolve) => setTimeout(resolve, toMinute() + 1000));
  const minute = new Date(Date.now() + 60_000).getUTCMinutes();
  await windows({ kind: 'allow', schedule: `${minute} * * * *`, duration: '30m', applications: ['*'] });
  const ended = await place.hawser('app sync guestbook --wait-window');
  expect(ended.code).toBe(0);
  expect(ended.err).toMatch(/^guestbook: blocked by a sync window until \S+Z$/m);
});

test('automated sync waits for the window too', async () => {
  await windows({ ...always, manualSync: true });
  expect((await place.hawser('app set guestbook --sync-policy automated')).code).toBe(0);
  await place.repository.commit({ 'guestbook/all.yaml': GUESTBOOK.replace('guestbook:v1', 'guestbook:v2') });
  expect((await place.hawser('app get guestbook --refresh')).out).toMatch(/Sync Status: +OutOfSync/);
  await windows();
  expect((await place.hawser('app get guestbook --refresh')).code).toBe(0);
  expect((await place.hawser('app wait guestbook --sync --timeout 30')).code).toBe(0);
});
