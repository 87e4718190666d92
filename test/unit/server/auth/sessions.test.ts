// A login gives a token; a token says who calls until it ends, is revoked, or its account changes.

import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Head } from '../../../../src/api/exchange.ts';
import { asHawserError } from '../../../../src/core/errors.ts';
import { NOBODY } from '../../../../src/server/auth/enforcer.ts';
import { createPasswords } from '../../../../src/server/auth/passwords.ts';
import { type Installation, openInstallation } from '../../../support/installation.ts';
import { until } from '../../../support/workplace.ts';

let now: number;
let place: Installation;
let password: string;

const passwords = createPasswords();
const hashOf = (text: string): Promise<string> => passwords.hash(text);

beforeEach(async () => {
  now = Date.parse('2026-01-05T10:00:00Z');
  place = await openInstallation({ now: () => now, sleep: () => new Promise(() => undefined) });
  password = (await place.sessions.initialPassword()) ?? '';
});

const withHeaders = (headers: Readonly<Record<string, string>>): Head => ({ method: 'GET', url: '/', headers });
const bearer = (token: string): Head => withHeaders({ authorization: `Bearer ${token}` });

/** The sentence of a refusal, with its code. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (thrown: unknown) => {
      const { code, message } = asHawserError(thrown);
      return `${code}: ${message}`;
    },
  );
}

describe('a token', () => {
  test.each([
    ['authorization', (token: string) => `Bearer ${token}`],
    ['cookie', (token: string) => `other=1; argocd.token=${token}`],
    ['cookie', (token: string) => `argocd.token=2:${token.slice(0, 30)}; argocd.token-1=${token.slice(30)}`],
    ['grpc-metadata-token', (token: string) => token],
  ])('in %s says who calls, and since when', async (header, write) => {
    const token = await place.sessions.login('admin', password);
    expect(await place.sessions.authenticate(withHeaders({ [header]: write(token) }))).toEqual({
      username: 'admin',
      issuer: 'argocd',
      groups: [],
      issuedAt: now / 1000,
    });
  });

  const sign = (header: object, claims: object, key = 'other', hmac = 'sha256'): string => {
    const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    return `${signed}.${createHmac(hmac, key).update(signed).digest('base64url')}`;
  };
  const ISS = { iss: 'argocd' };

  test.each([
    ['', 'no session information'],
    ['x', 'no session information'],
    ['a.b.c', 'token is malformed: could not base64 decode header: illegal base64 data at input byte 0'],
    ['ab+d.b.c', 'token is malformed: could not base64 decode header: illegal base64 data at input byte 2'],
    [
      `${btoa('nonsense!')}.e30.c2ln`,
      "token is malformed: could not JSON decode header: invalid character 'o' in literal null (expecting 'u')",
    ],
    [
      `${btoa('{"a":')}.e30.c2ln`.replace('=', ''),
      'token is malformed: could not JSON decode header: unexpected end of JSON input',
    ],
    [
      'W10.e30.c2ln',
      'token is malformed: could not JSON decode header: json: cannot unmarshal array into Go value of type map[string]interface {}',
    ],
    [
      'e30.W10.c2ln',
      'token is malformed: could not JSON decode claim: json: cannot unmarshal array into Go value of type jwt.MapClaims',
    ],
    ['e30.e30.c2ln', 'token is unverifiable: signing method (alg) is unspecified'],
    [sign({ alg: 'HS1' }, ISS), 'token is unverifiable: signing method (alg) is unavailable'],
    [
      sign({ alg: 'none' }, ISS),
      'token is unverifiable: error while executing keyfunc: unexpected signing method: none',
    ],
    [
      sign({ alg: 'RS256' }, ISS),
      'token is unverifiable: error while executing keyfunc: unexpected signing method: RS256',
    ],
    [sign({ alg: 'HS256' }, ISS), 'token signature is invalid: signature is invalid'],
    [sign({ alg: 'HS256' }, { iss: 'https://idp' }), 'SSO is not configured'],
  ])('%j is refused', async (token, reason) => {
    const message = await refusalOf(place.sessions.authenticate(bearer(token)));
    expect(message).toBe(`not-logged-in: ${reason.startsWith('no session') ? '' : 'invalid session: '}${reason}`);
  });

  test('of the reference, signed with the same key, is good here', async () => {
    await place.write('Secret', 'argocd-secret', { 'server.secretkey': 'a key of its own' });
    const claims = { iss: 'argocd', sub: 'admin:login', nbf: now / 1000, iat: now / 1000, jti: 'one' };
    for (const [alg, hmac] of [
      ['HS256', 'sha256'],
      ['HS512', 'sha512'],
    ] as const) {
      const token = sign({ alg, typ: 'JWT' }, claims, 'a key of its own', hmac);
      expect(await place.sessions.authenticate(bearer(token))).toMatchObject({ username: 'admin' });
    }
  });

  test('ends after a day, and with the password', async () => {
    const { sessions } = place;
    const admin = { username: 'admin', issuer: 'argocd', groups: [] };
    const head = bearer(await sessions.login('admin', password));
    now += 23 * 3600_000;
    expect(await sessions.authenticate(head)).not.toHaveProperty('renewed');
    await sessions.updatePassword(admin, { name: '', current: password, next: 'another-password' });
    expect(await refusalOf(sessions.authenticate(head))).toBe(
      'not-logged-in: invalid session: account password has changed since token issued',
    );
    const next = bearer(await sessions.login('admin', 'another-password'));
    now += 25 * 3600_000;
    expect(await refusalOf(sessions.authenticate(next))).toBe(
      'not-logged-in: invalid session: token has invalid claims: token is expired',
    );
  });

  test('is renewed in its last five minutes, for as long as it was good', async () => {
    await place.write('ConfigMap', 'argocd-cm', { 'users.session.duration': '1h' });
    const { sessions } = place;
    const head = bearer(await sessions.login('admin', password));
    now += 54 * 60_000;
    expect(await sessions.authenticate(head)).not.toHaveProperty('renewed');
    now += 2 * 60_000;
    const { renewed = '' } = await sessions.authenticate(head);
    now += 50 * 60_000;
    expect(await sessions.authenticate(bearer(renewed))).toMatchObject({
      username: 'admin',
      issuedAt: now / 1000 - 3000,
    });
  });

  test('that was logged out is no token any more', async () => {
    const { sessions, home } = place;
    const token = await sessions.login('admin', password);
    expect(await sessions.logout(bearer(token))).toBeUndefined();
    await sessions.authenticate(bearer(token));
    await sessions.logout(withHeaders({ cookie: `argocd.token=${token}` }));
    expect(await refusalOf(sessions.authenticate(bearer(token)))).toBe(
      'not-logged-in: invalid session: token is revoked, please re-login',
    );
    const reference = {
      group: '',
      version: 'v1',
      kind: 'ConfigMap',
      namespace: 'argocd',
      name: 'hawser-revoked-tokens',
    };
    expect(Object.values((await home.get(reference))?.['data'] ?? {})).toEqual([String(now / 1000 + 86400)]);
    now += 25 * 3600_000;
    await sessions.logout(withHeaders({ cookie: `argocd.token=${await sessions.login('admin', password)}` }));
    expect(Object.keys((await home.get(reference))?.['data'] ?? {})).toHaveLength(1);
  });
});

describe('an account', () => {
  beforeEach(async () => {
    await place.write('ConfigMap', 'argocd-cm', {
      'accounts.ann': 'login, apiKey, fly',
      'accounts.robot': 'apiKey',
      'accounts.sleeping': 'login',
      'accounts.sleeping.enabled': 'false',
      'accounts.too.many.dots': 'login',
    });
    const hash = await hashOf('ann-password');
    await place.write('Secret', 'argocd-secret', {
      'accounts.ann.password': hash,
      'accounts.sleeping.password': hash,
      'accounts.robot.password': hash,
    });
  });

  test('is what the settings say', async () => {
    const accounts = await place.sessions.accounts();
    expect(accounts.map(({ name, isEnabled, capabilities }) => [name, isEnabled, ...capabilities])).toEqual([
      ['admin', true, 'login'],
      ['ann', true, 'login', 'apiKey'],
      ['robot', true, 'apiKey'],
      ['sleeping', false, 'login'],
    ]);
    expect(place.log).toEqual(["warning: argocd-cm, accounts.ann: not supported account capability 'fly'"]);
  });

  test.each([
    ['ann', 'ann-password', 'none'],
    ['ann', 'wrong', 'not-logged-in: Invalid username or password'],
    ['nobody', 'ann-password', 'not-logged-in: Invalid username or password'],
    ['sleeping', 'ann-password', 'not-logged-in: Account sleeping is disabled'],
    ['sleeping', 'wrong', 'not-logged-in: Invalid username or password'],
    ['robot', 'ann-password', 'not-logged-in: Account robot does not have login capability'],
    ['ann', '', 'not-logged-in: Blank passwords are not allowed'],
    ['ä'.repeat(17), 'x', 'invalid: Username is too long (32 bytes max)'],
  ])('%s logs in with %j: %s', async (username, word, expected) => {
    expect(await refusalOf(place.sessions.login(username, word))).toBe(expected);
  });

  test('that failed five times is closed for five minutes, and no other is', async () => {
    const { sessions } = place;
    const wrong = 'not-logged-in: Invalid username or password';
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect(await refusalOf(sessions.login('ann', 'wrong-password'))).toBe(wrong);
    expect(await refusalOf(sessions.login('ann', 'ann-password'))).toBe(wrong);
    await sessions.login('admin', password);
    now += 299_000;
    expect(await refusalOf(sessions.login('ann', 'ann-password'))).toBe(wrong);
    now += 2_000;
    await sessions.login('ann', 'ann-password');
  });

  test('has tokens as long as they are kept', async () => {
    const { sessions } = place;
    const [one, two] = [
      await sessions.createToken('robot', { id: 'one' }),
      await sessions.createToken('robot', { expiresIn: 60 }),
    ];
    expect((await sessions.account('robot')).tokens).toEqual([
      { id: 'one', iat: now / 1000 },
      { id: expect.stringMatching(/^[\da-f-]{36}$/), iat: now / 1000, exp: now / 1000 + 60 },
    ]);
    expect(await sessions.authenticate(bearer(one))).toMatchObject({ username: 'robot' });
    now += 61_000;
    expect(await refusalOf(sessions.authenticate(bearer(two)))).toMatch(/token is expired$/);
    await sessions.deleteToken('robot', 'one');
    expect(await refusalOf(sessions.authenticate(bearer(one)))).toBe(
      'not-logged-in: invalid session: account robot does not have token with id one',
    );
    await sessions.deleteToken('robot', (await sessions.account('robot')).tokens[0]?.id ?? '');
    const secret = await place.home.get({
      group: '',
      version: 'v1',
      kind: 'Secret',
      namespace: 'argocd',
      name: 'argocd-secret',
    });
    expect(Object.keys(secret?.['data'] ?? {})).not.toContain('accounts.robot.tokens');
  });

  test('refuses what cannot be', async () => {
    const { sessions } = place;
    await sessions.createToken('robot', { id: 'one' });
    const failed = 'failed to update account with new token';
    expect(
      await Promise.all([
        refusalOf(sessions.createToken('robot', { id: 'one' })),
        refusalOf(sessions.createToken('admin', {})),
        refusalOf(sessions.createToken('nobody', {})),
        refusalOf(sessions.deleteToken('robot', 'two')),
      ]),
    ).toEqual([
      `invalid: ${failed}: account already has token with id 'one'`,
      `invalid: ${failed}: account 'admin' does not have apiKey capability`,
      "not-found: account 'nobody' does not exist",
      "not-found: token with id 'two' does not exist",
    ]);
  });

  test('loses none of the tokens that are made at once', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `token-${index}`);
    await Promise.all(ids.map((id) => place.sessions.createToken('robot', { id })));
    expect((await place.sessions.account('robot')).tokens.map(({ id }) => id).sort()).toEqual(ids);
  });

  test('loses none where two servers make them at once, and each knows the token of the other', async () => {
    const other = await place.another();
    const ids = Array.from({ length: 8 }, (_, index) => `token-${index}`);
    const tokens = await Promise.all(
      ids.map((id, index) => (index % 2 ? other : place.sessions).createToken('robot', { id })),
    );
    for (const server of [place.sessions, other]) {
      await until('all of them', async () => (await server.account('robot')).tokens.length === ids.length);
      for (const token of tokens) expect(await server.authenticate(bearer(token))).toMatchObject({ username: 'robot' });
    }
  });

  test('that is disabled, or loses a capability, has no session any more', async () => {
    const { sessions, write } = place;
    const session = bearer(await sessions.login('ann', 'ann-password'));
    await write('ConfigMap', 'argocd-cm', { 'accounts.ann': 'apiKey' });
    expect(await refusalOf(sessions.authenticate(session))).toMatch(/account ann does not have 'login' capability$/);
    await write('ConfigMap', 'argocd-cm', { 'accounts.ann.enabled': 'false' });
    expect(await refusalOf(sessions.authenticate(session))).toMatch(/account ann is disabled$/);
    await write('ConfigMap', 'argocd-cm', { 'accounts.ann': null, 'accounts.ann.enabled': null });
    expect(await refusalOf(sessions.authenticate(session))).toMatch(/account 'ann' does not exist$/);
    const admin = bearer(await sessions.login('admin', password));
    await write('ConfigMap', 'argocd-cm', { 'admin.enabled': 'false' });
    expect(await refusalOf(sessions.authenticate(admin))).toMatch(/account admin is disabled$/);
  });

  test('changes a password by the password of who calls, in the pattern of the settings', async () => {
    const { sessions, write } = place;
    const ann = { username: 'ann', issuer: 'argocd', groups: [] };
    const change = (name: string, current: string, next: string): Promise<string> =>
      refusalOf(sessions.updatePassword(ann, { name, current, next }));
    expect(await change('', 'wrong', 'new-password')).toBe('invalid: current password does not match');
    expect(await change('', 'ann-password', 'short')).toBe(
      'invalid: new password does not match the following expression: ^.{8,32}$',
    );
    expect(await change('nobody', 'ann-password', 'new-password')).toBe("not-found: account 'nobody' does not exist");
    expect(await change('sleeping', 'ann-password', 'new-password')).toBe('none');
    await write('ConfigMap', 'argocd-cm', { passwordPattern: '^[a-z]+$' });
    expect(await change('', 'ann-password', 'new-password')).toMatch(/\^\[a-z\]\+\$$/);
    expect(await change('', 'ann-password', 'newpassword')).toBe('none');
    await sessions.login('ann', 'newpassword');
    const role = { ...ann, username: 'proj:shop:ci' };
    expect(await refusalOf(sessions.updatePassword(role, { name: '', current: 'x', next: 'newpassword' }))).toBe(
      'invalid: password can only be changed for local users, not user "proj:shop:ci"',
    );
  });
});

test('whoever has no session is nobody where that is allowed', async () => {
  const { sessions, write } = place;
  const none = withHeaders({});
  expect(await refusalOf(sessions.authenticate(none))).toBe('not-logged-in: no session information');
  await write('ConfigMap', 'argocd-cm', { 'users.anonymous.enabled': 'true' });
  expect(await sessions.authenticate(none)).toEqual(NOBODY);
  expect(await sessions.authenticate(bearer('a.b.c'))).toEqual(NOBODY);
});

test('a Secret without key or password is completed, and keeps what is in it', async () => {
  await place.home.delete({ group: '', version: 'v1', kind: 'Secret', namespace: 'argocd', name: 'argocd-secret' });
  await place.write('Secret', 'argocd-secret', { 'accounts.ann.password': 'x' });
  const next = (await place.sessions.initialPassword()) ?? '';
  expect(next).not.toBe(password);
  await place.sessions.login('admin', next);
  const secret = await place.home.get({
    group: '',
    version: 'v1',
    kind: 'Secret',
    namespace: 'argocd',
    name: 'argocd-secret',
  });
  expect(Object.keys(secret?.['data'] ?? {}).sort()).toEqual([
    'accounts.ann.password',
    'admin.password',
    'admin.passwordMtime',
    'server.secretkey',
  ]);
});
