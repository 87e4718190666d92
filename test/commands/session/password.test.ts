// The password of a login, by the ways a pipeline has: stdin, a file, the environment; on the command line it could be seen.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hawser, type Shown, type Typed } from '../../support/hawser.ts';

let server: Server;
let address = '';
let sent: unknown;
const folder = mkdtempSync(join(tmpdir(), 'hawser-password-'));

beforeEach(async () => {
  sent = undefined;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (request.method === 'POST') sent = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ Version: 'v3.5.1', token: 'e30.e30.c2ln' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  address = `127.0.0.1:${typeof bound === 'object' ? bound?.port : ''}`;
});

afterEach(() => {
  server.close().closeAllConnections();
});

const login = (flags: string, typed: Typed = {}): Promise<Shown> =>
  hawser(`login ${address} --plaintext ${flags}`, { env: { HAWSER_CONTEXT: '', ...typed.env }, ...typed });

const file = (text: string): string => {
  const path = join(folder, 'password');
  writeFileSync(path, text);
  return path;
};

test.each<[string, string, Typed]>([
  ['stdin', '--username ci --password-stdin', { stdin: 'secret\n' }],
  ['stdin of Windows', '--username ci --password-stdin', { stdin: 'secret\r\n' }],
  ['a file', `--username ci --password-file ${join(folder, 'password')}`, {}],
  ['the environment', '', { env: { HAWSER_CONTEXT: '', HAWSER_USERNAME: 'ci', HAWSER_PASSWORD: 'secret' } }],
  ['both lines of stdin', '', { stdin: 'ci\nsecret\n' }],
])('comes from %s', async (_, flags, typed) => {
  file('secret\n');
  expect(await login(flags, typed)).toMatchObject({ code: 0 });
  expect(sent).toEqual({ username: 'ci', password: 'secret' });
});

test.each<[string, Typed, string]>([
  ['--username ci --password a --password-stdin', {}, 'give one of --password, --password-stdin and --password-file'],
  ['--username ci --password-stdin', { stdin: '\n' }, 'there is no password on stdin'],
  ['--username ci --password-file /nowhere/at-all', {}, 'cannot read /nowhere/at-all: there is no such file'],
  ['--password-stdin', { stdin: 'secret\n' }, 'username is missing'],
])('%s is wrong usage', async (flags, typed, message) => {
  const shown = await login(flags, typed);
  expect(shown).toMatchObject({ code: 2, out: '' });
  expect(shown.err).toContain(message);
  expect(sent).toBeUndefined();
});

test('that is wrong does not speak of a session', async () => {
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const isLogin = request.method === 'POST';
    response.writeHead(isLogin ? 401 : 200, { 'content-type': 'application/json' });
    const refusal = { error: 'Invalid username or password', code: 16, message: 'Invalid username or password' };
    response.end(JSON.stringify(isLogin ? refusal : { Version: 'v3.5.1' }));
  });
  const { code, err } = await login('--username ci --password wrong');
  expect(code).toBe(3);
  expect(err).toContain("hint: check the username ('ci') and the password\n");
  expect(err).not.toContain('relogin');
});
