// A login gives a token; a token says who calls until the password changes.

import { beforeEach, expect, test } from 'vitest';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { createSessions, type Sessions } from '../../../../src/server/auth/sessions.ts';

let now: number;
let sessions: Sessions;
let password: string;

beforeEach(async () => {
  now = Date.parse('2026-01-05T10:00:00Z');
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const local = await openLocalCluster({ clock, random: Math.random });
  const home = createKubeCluster(local.handle);
  sessions = createSessions({ home, namespace: 'argocd', clock });
  password = (await sessions.initialPassword()) ?? '';
});

const withHeaders = (headers: Readonly<Record<string, string>>): Parameters<Sessions['authenticate']>[0] => ({
  method: 'GET',
  url: '/',
  headers,
});

test.each([
  ['authorization', (token: string) => `Bearer ${token}`],
  ['cookie', (token: string) => `other=1; argocd.token=${token}`],
  ['grpc-metadata-token', (token: string) => token],
])('a token in %s says who calls, and since when', async (header, write) => {
  const token = await sessions.login('admin', password);
  expect(await sessions.authenticate(withHeaders({ [header]: write(token) }))).toEqual({
    username: 'admin',
    issuer: 'argocd',
    groups: [],
    issuedAt: now / 1000,
  });
});

test.each([
  ['no token', {}, 'no session information'],
  ['no token in its header', { authorization: 'Bearer x' }, 'no session information'],
  ['a forged token', { authorization: 'Bearer e30.e30.c2ln' }, /^invalid session: /],
])('%s is refused', async (_, headers, message) => {
  await expect(sessions.authenticate(withHeaders(headers))).rejects.toThrow(message);
});

test('a token ends after a day, and with the password', async () => {
  const head = withHeaders({ authorization: `Bearer ${await sessions.login('admin', password)}` });
  now += 23 * 3600_000;
  await sessions.authenticate(head);
  await sessions.updatePassword('admin', password, 'another-password');
  await expect(sessions.authenticate(head)).rejects.toThrow('account password has changed since token issued');

  const next = withHeaders({ authorization: `Bearer ${await sessions.login('admin', 'another-password')}` });
  now += 25 * 3600_000;
  await expect(sessions.authenticate(next)).rejects.toThrow(/^invalid session: /);
});

test('five wrong passwords close the door to the right one for five minutes', async () => {
  for (let attempt = 0; attempt < 5; attempt += 1)
    await expect(sessions.login('admin', 'wrong-password')).rejects.toThrow('Invalid username or password');
  await expect(sessions.login('admin', password)).rejects.toThrow('Invalid username or password');
  now += 301_000;
  await sessions.login('admin', password);
});
