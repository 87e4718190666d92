// Accounts: passwords and tokens.

import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from 'bcryptjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser } from '../support/hawser.ts';

let api: FakeApi;
beforeEach(() => {
  api = createFakeApi();
});
afterEach(() => api.verify());

const USER = 'GET /api/v1/session/userinfo';

describe('hawser account update-password', () => {
  const line = 'account update-password --current-password old --new-password new';

  test('changes the own password', async () => {
    api.on(USER).reply(200, { loggedIn: true, username: 'admin', iss: 'argocd' });
    api.on('PUT /api/v1/account/password').reply(200, {});
    expect(await hawser(line, { api })).toEqual({ code: 0, out: 'Password updated\n', err: '' });
    expect(api.requests.at(-1)?.body).toEqual({ name: 'admin', currentPassword: 'old', newPassword: 'new' });
  });

  test('changes the one that --account names', async () => {
    api.on(USER).reply(200, { loggedIn: true, username: 'admin', iss: 'argocd' });
    api.on('PUT /api/v1/account/password').reply(200, {});
    expect(await hawser(`${line} --account ci`, { api })).toMatchObject({ code: 0 });
    expect(api.requests.at(-1)?.body).toMatchObject({ name: 'ci' });
  });

  test('asks nobody in a pipe', async () => {
    api.on(USER).reply(200, { loggedIn: true, username: 'admin', iss: 'argocd' });
    expect(await hawser('account update-password --current-password old', { api })).toMatchObject({
      code: 2,
      err: 'error: a password is missing\nhint: give --current-password and --new-password\n',
    });
  });

  test('needs a login', async () => {
    api.on(USER).reply(200, { loggedIn: false });
    expect(await hawser(line, { api })).toMatchObject({ code: 3, err: expect.stringContaining('not logged in') });
  });
});

test('hawser account bcrypt prints a hash of the password', async () => {
  const { code, out } = await hawser('account bcrypt --password secret', { api });
  expect(code).toBe(0);
  expect(await compare('secret', out)).toBe(true);
  expect(await compare('other', out)).toBe(false);
});

describe('of a saved login', () => {
  const claims = { sub: 'ci:login', iss: 'argocd', exp: 1_900_000_000 };
  const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers.authorization ?? headers.cookie}`);
    response.setHeader('content-type', 'application/json').end('{"Version":"v3.5.1"}');
  });
  let env: { readonly HAWSER_CONTEXT: string; readonly ARGOCD_CONFIG_DIR: string };

  beforeEach(async () => {
    asked.length = 0;
    const far = await listen(server);
    const folder = mkdtempSync(join(tmpdir(), 'hawser-config-'));
    const config = {
      'current-context': 'far',
      contexts: [{ name: 'far', server: far, user: 'far' }],
      servers: [{ server: far, 'plain-text': true }],
      users: [{ name: 'far', 'auth-token': token }],
    };
    writeFileSync(join(folder, 'config'), JSON.stringify(config), { mode: 0o600 });
    env = { HAWSER_CONTEXT: '', ARGOCD_CONFIG_DIR: folder };
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const saved = (): string => readFileSync(join(env.ARGOCD_CONFIG_DIR, 'config'), 'utf8');

  test('hawser account session-token prints its token, which the server knows', async () => {
    expect(await hawser('account session-token', { env })).toEqual({ code: 0, out: `${token}\n`, err: '' });
    expect(asked).toEqual([`GET /api/version Bearer ${token}`]);
  });

  test('hawser account session-token -o json says when it ends', async () => {
    const { out } = await hawser('account session-token -o json', { env });
    expect(JSON.parse(out)).toMatchObject({ token, type: 'local', username: 'ci', expires_at: '2030-03-17T17:46:40Z' });
  });

  test('hawser logout ends it on the server, forgets its token and keeps the context', async () => {
    expect(await hawser('logout far', { env })).toMatchObject({ code: 0, out: "Logged out from 'far'\n" });
    expect(asked).toEqual([`POST /auth/logout argocd.token=${token}`]);
    expect(saved()).toContain('name: far');
    expect(saved()).not.toContain(token);
  });

  test('hawser logout names a context that is not there', async () => {
    expect(await hawser('logout other', { env })).toMatchObject({
      code: 4,
      err: expect.stringContaining('Context other does not exist'),
    });
  });

  test.each([true, false])('hawser configure --prompts-enabled=%s is kept', async (enabled) => {
    expect(await hawser(`configure --prompts-enabled=${enabled}`, { env })).toMatchObject({
      code: 0,
      out: expect.stringContaining(`prompts-enabled: ${enabled}`),
    });
    expect(/prompts-enabled: true/.test(saved())).toBe(enabled);
  });
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}
