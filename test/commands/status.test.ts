// `hawser status`: what each check says, and the exit code of the first fault. The servers are real sockets.

import { createServer, type Server } from 'node:http';
import { createServer as createSilentServer, type Server as SocketServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FolderState, Inspector, ToolState } from '../../src/cli/checks/inspector.ts';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { anApplication } from '../support/applications.ts';
import { createFakeApi, type FakeApi } from '../support/fake-api.ts';
import { hawser, type Shown } from '../support/hawser.ts';

let api: FakeApi;
const opened: { close(): unknown }[] = [];

const tool = (name: string, change: Partial<ToolState> = {}): ToolState => ({
  name,
  path: `/usr/bin/${name}`,
  version: '9.1.0',
  minimum: '1.0',
  isSupported: true,
  hint: `get ${name}`,
  ...change,
});

const without = (name: string): ToolState => ({ name, minimum: '1.0', isSupported: false, hint: `get ${name}` });

const TOOLS = ['git', 'helm', 'kubectl', 'jsonnet'].map((name) => tool(name));

const machine =
  (folder: FolderState = { use: 'free' }, tools: readonly ToolState[] = [...TOOLS, without('kustomize')]) =>
  (): Promise<Inspector> =>
    Promise.resolve({
      folder: '/data',
      folderState: () => Promise.resolve(folder),
      tools: () => Promise.resolve(tools),
    });

const status = (line = '', extra: Parameters<typeof hawser>[1] = {}): Promise<Shown> =>
  hawser(`status ${line}`, { api, clock: systemClock, inspect: machine(), ...extra });

beforeEach(() => {
  api = createFakeApi();
  api.on('GET /api/version').reply(200, { Version: 'v3.5.1' });
  api.on('GET /api/v1/session/userinfo').reply(200, { loggedIn: true, username: 'admin', groups: ['ops'] });
  api.on('GET /api/v1/applications').reply(200, { items: [] });
});

afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

describe('the local system', () => {
  test('with all well is 0, and says what to type', async () => {
    const { code, out, err } = await status();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^✓ Context {7}local: the system of this machine \(HAWSER_CONTEXT\)$/m);
    expect(out).toMatch(/^✓ Data folder {3}\/data: no other process uses it$/m);
    expect(out).toMatch(/^✓ Server .*answered in \d+ ms$/m);
    expect(out).toMatch(/^✓ Account {7}admin; groups ops; /m);
    expect(out).toMatch(/^✓ Versions {6}hawser 1\.2\.3 \(Node [\d.]+\), server v3\.5\.1, API v1$/m);
    expect(out).toMatch(/^✓ Tools {9}git 9\.1\.0, .*kustomize by kubectl$/m);
    expect(out).toMatch(/^✓ Applications {2}none yet$/m);
    expect(out).toMatch(/\nNext: hawser app create\n$/);
  });

  test.each(['absent', 'unused'] as const)('is not started where the folder is %s', async (use) => {
    const asked = createFakeApi();
    const { code, out } = await status('', { api: asked, inspect: machine({ use }) });
    expect(code).toBe(0);
    expect(out).toMatch(/^· Server {8}nothing yet: the first command starts the local system$/m);
    expect(out).toContain('Next: hawser app create\n');
    expect(asked.requests).toEqual([]);
  });

  test.each<[string, FolderState, number]>([
    ['cannot be used', { use: 'absent', problem: 'no folder can be made in /proc' }, 20],
    ['is held by a process that does not answer', { use: 'silent' }, 9],
  ])('is not asked where the folder %s', async (_what, folder, exit) => {
    const { code, out } = await status('', { api: createFakeApi(), inspect: machine(folder) });
    expect(code).toBe(exit);
    expect(out).toMatch(/^✗ Data folder {3}\/data.*\n {16}hint: .*--data-dir/m);
    expect(out).toMatch(/^· Server {8}not checked: its data folder cannot be used$/m);
  });

  test('needs git; what else is missing is a warning', async () => {
    const missing = (name: string) => [...TOOLS.filter((one) => one.name !== name), without(name), tool('kustomize')];
    expect(await status('', { inspect: machine(undefined, missing('git')) })).toMatchObject({
      code: 20,
      out: expect.stringMatching(/^✗ Tools .*no git.*\n {16}git, for every repository: get git$/m),
    });
    expect(await status('', { inspect: machine(undefined, missing('helm')) })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^! Tools .*no helm.*\n {16}helm, for charts: get helm$/m),
    });
    const old = [tool('git', { isSupported: false }), tool('kustomize'), ...TOOLS.slice(1)];
    expect(await status('', { inspect: machine(undefined, old) })).toMatchObject({
      code: 20,
      out: expect.stringContaining('git 9.1.0 (older than 1.0)'),
    });
  });
});

describe('applications', () => {
  const sick = anApplication({ health: 'Degraded' });

  test('that are not well are counted and named, with 0', async () => {
    api = createFakeApi();
    api.on('GET /api/version').reply(200, { Version: 'v3.5.1' });
    api.on('GET /api/v1/session/userinfo').reply(200, { loggedIn: true, username: 'admin' });
    api.on('GET /api/v1/applications').reply(200, { items: [sick] });
    api.on(`GET /api/v1/applications/${sick.metadata.name}`).reply(200, sick);
    const { code, out } = await status();
    expect(code).toBe(0);
    expect(out).toMatch(
      /^! Applications {2}1: 1 Synced; 1 Degraded\n {16}.*guestbook is Synced and Degraded: Service\/web$/m,
    );
    expect(out).toContain('Next: hawser app explain guestbook\n');
  });

  test('that cannot be listed are a fault', async () => {
    api = createFakeApi();
    api.on('GET /api/version').reply(200, { Version: 'v3.5.1' });
    api.on('GET /api/v1/session/userinfo').reply(200, { loggedIn: true, username: 'admin' });
    api
      .on('GET /api/v1/applications')
      .reply(403, { error: 'permission denied', code: 7, message: 'permission denied' });
    expect(await status()).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^✗ Applications {2}permission denied/m),
    });
  });
});

describe('-o', () => {
  test('json is one document, in a failure too', async () => {
    const { code, out, err } = await status('-o json', { inspect: machine({ use: 'silent' }) });
    const document: unknown = JSON.parse(out);
    expect({ code, err }).toEqual({ code: 9, err: '' });
    expect(document).toMatchObject({ ok: false, exit: 9, next: '' });
    expect(document).toHaveProperty(
      'checks.1',
      expect.objectContaining({ name: 'data folder', verdict: 'fault', code: 'busy' }),
    );
  });

  test('yaml has the facts', async () => {
    expect((await status('-o yaml')).out).toMatch(/^ok: true$/m);
  });

  test.each([
    ['-o wide', '--output'],
    ['--timeout 0s', '--timeout'],
    ['--timeout -5s', '--timeout'],
    ['--timeout soon', '--timeout'],
  ])('%s is refused', async (line, flag) => {
    const { code, out, err } = await status(line);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(flag === '--output' ? err : err.includes(flag)).toBeTruthy();
  });
});

test.each([40, 60, 80])('no line is wider than a terminal of %i columns', async (columns) => {
  const { out } = await status('', { terminal: true, columns, env: { NO_COLOR: '1' } });
  expect(out.split('\n').filter((line) => line.length > columns)).toEqual([]);
});

test('a terminal without UTF-8 gets ASCII alone', async () => {
  const { out } = await status('', { env: { LC_ALL: 'C' } });
  expect(out).toMatch(/^\+ Context/m);
  expect(/^[\x20-\x7e\n]*$/.test(out)).toBe(true);
});

test('doctor is another name of it, and a name asks for an application', async () => {
  expect((await hawser('doctor', { api, clock: systemClock, inspect: machine() })).code).toBe(0);
  expect((await hawser('status shop --help')).out).toContain('Usage: hawser app get ');
  expect((await hawser('status --help')).out).toContain('Usage: hawser status ');
});

describe('a server elsewhere', () => {
  const HOUR = 3_600_000;
  const tokenUntil = (ms: number): string =>
    `e30.${Buffer.from(JSON.stringify({ iss: 'argocd', exp: Math.floor(ms / 1000) })).toString('base64url')}.c2ln`;

  async function listen(server: SocketServer): Promise<string> {
    opened.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  }

  interface Behaviour {
    readonly date?: number;
    readonly user?: unknown;
  }

  const argocd = ({ date = Date.now(), user = { loggedIn: true, username: 'ada' } }: Behaviour = {}): Server => {
    const server = createServer((request, response) => {
      const body = request.url?.startsWith('/api/version')
        ? { Version: 'v3.0.0' }
        : request.url?.includes('userinfo')
          ? user
          : { items: [] };
      response.sendDate = false;
      response.writeHead(200, {
        'content-type': 'application/json',
        date: new Date(date).toUTCString(),
        connection: 'close',
      });
      response.end(JSON.stringify(body));
    });
    return server;
  };

  const elsewhere = (address: string, more = '', env: Record<string, string> = {}): Promise<Shown> =>
    status(`--server ${address} --plaintext --timeout 1s ${more}`, { env: { HAWSER_CONTEXT: '', ...env } });

  test('says who one is, for how long, and that the clocks agree', async () => {
    const { code, out } = await elsewhere(await listen(argocd()), `--auth-token ${tokenUntil(Date.now() + 2 * HOUR)}`);
    expect(out).toMatch(/^✓ Account {7}ada; the session ends in 1h59m0s$/m);
    expect(out).toMatch(/^✓ Clock {9}it agrees with the server's$/m);
    expect(out).toMatch(/^✓ Proxy {9}none: HTTP_PROXY is not set$/m);
    expect(out).not.toContain('Data folder');
    expect(code).toBe(0);
  });

  test.each([
    [-10 * 60_000, '! Clock         it is 10m0s ahead of'],
    [10 * 60_000, '! Clock         it is 9m59s behind'],
    [-20_000, '✓ Clock         it is 20s ahead of'],
  ])('tells a clock that differs by %i ms', async (skew, line) => {
    const { code, out } = await elsewhere(
      await listen(argocd({ date: Math.ceil(Date.now() / 1000) * 1000 - 1000 + skew })),
    );
    expect(code).toBe(0);
    expect(out.replace(/9m5\d|10m0s(?= behind)/, '9m59')).toContain(line.slice(0, 18));
    expect(out).toContain(line.split(' it is ')[0]);
  });

  test.each<[string, string, RegExp]>([
    ['no token', '', /^✗ Account {7}not logged in to 127.*\n {16}hint: hawser login 127/m],
    [
      'a token it does not know',
      `--auth-token ${tokenUntil(Date.now() + HOUR)}`,
      /^✗ Account .* does not accept the token$/m,
    ],
    [
      'a session that has ended',
      `--auth-token ${tokenUntil(Date.now() - HOUR)}`,
      /^✗ Account {7}the session ended 1h0m0s ago\n {16}hint: hawser relogin$/m,
    ],
  ])('with %s is 3', async (_what, flags, line) => {
    const { code, out } = await elsewhere(await listen(argocd({ user: {} })), flags);
    expect(code).toBe(3);
    expect(out).toMatch(line);
    expect(out).toMatch(/^· Applications {2}not checked: not logged in$/m);
  });

  test('that refuses connections is 8', async () => {
    const { code, out } = await elsewhere('127.0.0.1:1');
    expect(code).toBe(8);
    expect(out).toMatch(/^✗ Server {8}cannot reach 127\.0\.0\.1:1: connection refused$/m);
    expect(out).toMatch(/^· Account {7}not checked: the server does not answer$/m);
  });

  test('that never answers is 8, in time', async () => {
    const begun = Date.now();
    const { code, out } = await elsewhere(await listen(createSilentServer()));
    expect(code).toBe(8);
    expect(out).toMatch(/^✗ Server {8}cannot reach 127.*: no answer within 1s$/m);
    expect(Date.now() - begun).toBeLessThan(4000);
  });

  test('names the proxy and what names it, without its login', async () => {
    const { out } = await elsewhere('cd.example.com', '', { http_proxy: 'http://ada:secret@127.0.0.1:1' });
    expect(out).toMatch(/^✓ Proxy {9}http:\/\/127\.0\.0\.1:1, named by http_proxy$/m);
    expect(out).not.toContain('secret');
    const direct = await elsewhere('127.0.0.1:1', '', { HTTP_PROXY: 'http://127.0.0.1:2', NO_PROXY: 'x' });
    expect(direct.out).toMatch(/^✓ Proxy {9}none: the server is on this machine$/m);
  });

  test('that is not named at all is 2', async () => {
    const { code, out } = await status('--auth-token x', { env: { HAWSER_CONTEXT: '' } });
    expect(code).toBe(2);
    expect(out).toMatch(/^✗ Context {7}a token is given, but no server is named$/m);
    expect(out).toMatch(/^· Server {8}not checked: no server is known$/m);
  });
});
