// What a shared server fetches goes by a proxy of its own, which looks at every address that a name or a redirect leads to.

import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { isReached, REACH_VARIABLE, refuseThisMachine, refuseUnreached } from '../../../src/repo/address.ts';
import { fetchChart } from '../../../src/repo/charts/fetch.ts';
import { type Egress, openEgress } from '../../../src/repo/egress.ts';
import { gitFailure } from '../../../src/repo/git/failure.ts';

const run = promisify(execFile);
let egress: Egress | undefined;
let server: Server | undefined;
const asked: string[] = [];

afterEach(() => {
  egress?.close();
  server?.close();
  asked.length = 0;
});

async function serve(location?: string): Promise<number> {
  const started = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (location) response.writeHead(302, { location }).end();
    else response.end('here');
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  server = started;
  const address = started.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** What git says of a repository that is no repository: how far it came. */
async function git(url: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    http_proxy: egress?.url,
    https_proxy: egress?.url,
  };
  return run('git', ['ls-remote', url], { env }).then(
    ({ stdout }) => stdout,
    (failure: unknown) => String(failure),
  );
}

test('git reaches through it what may be reached', async () => {
  egress = await openEgress('anywhere');
  const port = await serve();
  await git(`http://127.0.0.1:${port}/a.git`);
  expect(asked[0]).toBe('GET /a.git/info/refs?service=git-upload-pack');
});

test.each(['127.0.0.1', 'localhost', '[::1]', '0.0.0.0'])('nothing on %s where others ask', async (host) => {
  egress = await openEgress('elsewhere');
  const port = await serve();
  expect(await git(`http://${host}:${port}/a.git`)).toContain('421');
  expect(await git(`https://${host}:${port}/a.git`)).toContain('421');
  expect(asked).toEqual([]);
});

test('no redirect to a link-local address, whoever asks', async () => {
  egress = await openEgress('anywhere');
  const port = await serve('http://169.254.169.254/latest/meta-data');
  const begun = Date.now();
  expect(await git(`http://127.0.0.1:${port}/a.git`)).toContain('421');
  expect(asked).toHaveLength(1);
  expect(Date.now() - begun).toBeLessThan(5000);
});

test.each([
  ['fatal: unable to access: The requested URL returned error: 421', 'invalid', 'leads to an address'],
  ['fatal: unable to access: CONNECT tunnel failed, response 421', 'invalid', 'leads to an address'],
  ['fatal: unable to access: CONNECT tunnel failed, response 502', 'unreachable', 'is unreachable'],
  ['fatal: unable to access: Received HTTP code 502 from proxy after CONNECT', 'unreachable', 'is unreachable'],
])('%s is said in words', (stderr, code, message) => {
  expect(gitFailure('https://a.example.com/b.git', stderr)).toMatchObject({
    code,
    message: expect.stringContaining(message),
  });
});

test('what refuses a connection is unreachable', async () => {
  egress = await openEgress('anywhere');
  expect(await git('https://127.0.0.1:1/a.git')).toContain('502');
});

test.each(['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254'])(
  '%s is never reached',
  (address) => {
    expect([isReached(address, 'anywhere'), isReached(address, 'elsewhere')]).toEqual([false, false]);
  },
);

test.each(['127.0.0.1', '127.8.9.1', '::1', '::', '0.0.0.0', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
  expect([isReached(address, 'anywhere'), isReached(address, 'elsewhere')]).toEqual([true, false]);
});

test.each(['10.1.2.3', '192.168.1.1', '8.8.8.8', '2001:db8::1'])('%s is elsewhere', (address) => {
  expect(isReached(address, 'elsewhere')).toBe(true);
});

test.each([
  'file:///srv/a.git',
  'FILE:///srv/a.git',
  '/srv/a.git',
  'http://127.0.0.1/a.git',
  'https://user@localhost:3000/a.git',
  'http://0x7f000001/a.git',
  'http://2130706433/a.git',
  'git@127.0.0.1:a.git',
  'ssh://git@[::1]:22/a.git',
  'oci://localhost:5000/charts',
])('%s is refused by a shared server', async (url) => {
  await expect(refuseThisMachine(url)).rejects.toThrow('is on the machine of the server');
});

test.each(['https://192.0.2.1/a.git', 'git@no-such-host.invalid:a.git'])('%s is not', async (url) => {
  await expect(refuseThisMachine(url)).resolves.toBeUndefined();
});

test('what a source names beside its repository is looked at too', async () => {
  const shared = { [REACH_VARIABLE]: 'elsewhere' };
  await expect(refuseUnreached('https://127.0.0.1/values.yaml', shared)).rejects.toThrow('is on the machine of');
  await expect(refuseUnreached('https://127.0.0.1/values.yaml', {})).resolves.toBeUndefined();
  for (const environment of [shared, {}])
    await expect(refuseUnreached('http://169.254.169.254/index.yaml', environment)).rejects.toThrow('link-local');
});

describe('what helm would fetch past every proxy', () => {
  const INDEX = (url: string): string =>
    `apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.0.0, urls: ['${url}']}\n`;
  const elsewhere = 'http://169.254.169.254/secret';

  /** Answers an index, and sends whoever asks for anything else to a link-local address. */
  async function serveCharts(archive: string): Promise<string> {
    const started = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/index.yaml') response.end(INDEX(archive));
      else response.writeHead(302, { location: elsewhere }).end();
    });
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    server = started;
    const address = started.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  test.each(['web-1.0.0.tgz', elsewhere])('a chart at %s is not fetched from there', async (archive) => {
    egress = await openEgress('anywhere');
    const repository = { url: await serveCharts(archive), credentials: { proxy: egress.url } };
    const fetched = fetchChart({ repository, chart: 'web', version: '1.0.0' }, {});
    await expect(fetched).rejects.toThrow(/leads to an address|is at a link-local address/);
    expect(asked).toHaveLength(archive === elsewhere ? 1 : 2);
  });

  test.each(['http://127.0.0.1:1/web.tgz', 'http://localhost:1/web.tgz'])(
    'a chart that the index says is at %s is not fetched by a shared server',
    async (archive) => {
      const repository = { url: await serveCharts(archive) };
      const shared = { [REACH_VARIABLE]: 'elsewhere' };
      await expect(fetchChart({ repository, chart: 'web', version: '1.0.0' }, shared)).rejects.toThrow(
        'is on the machine of the server',
      );
    },
  );

  test('a registry that sends one elsewhere with a blob, or for a token, is not followed', async () => {
    egress = await openEgress('anywhere');
    const url = (await serveCharts('')).replace('http:', 'oci:');
    const repository = { url: `${url}/web`, credentials: { proxy: egress.url, plainHttp: true } };
    await expect(fetchChart({ repository, chart: 'web', version: '1.0.0' }, {})).rejects.toThrow('leads to an address');
  });
});
