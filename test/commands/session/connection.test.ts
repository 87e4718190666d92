// How a server is reached: certificates, proxies, headers, base path, what wins over what. Real sockets, real TLS.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { makeCertificate } from '../../../src/server/http/self-signed.ts';
import { hawser, type Shown } from '../../support/hawser.ts';
import { type HttpProxy, startProxy } from '../../support/proxy.ts';

interface Pair {
  readonly cert: string;
  readonly key: string;
}

let own: Pair;
let person: Pair;
let home: string;
const opened: Server[] = [];

beforeAll(async () => {
  own = await makeCertificate(Date.now());
  const made = await generate([{ name: 'commonName', value: 'ada' }], { keySize: 2048, algorithm: 'sha256' });
  person = { cert: made.cert, key: made.private };
});

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hawser-connection-'));
});

afterEach(() => {
  for (const server of opened.splice(0)) server.close().closeAllConnections();
});

async function listen(server: Server): Promise<string> {
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const requests: IncomingMessage[] = [];

function answer(request: IncomingMessage, respond: (status: number, body: unknown) => void): void {
  requests.push(request);
  respond(200, request.url?.endsWith('/api/version') ? { Version: 'v3.5.1' } : { token: 'e30.e30.c2ln', items: [] });
}

const secure = (options: object = {}): Server =>
  createHttpsServer({ ...own, ...options }, (request, response) =>
    answer(request, (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    ),
  );
const plain = (): Server =>
  createHttpServer((request, response) =>
    answer(request, (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    ),
  );

beforeEach(() => {
  requests.length = 0;
});

function file(name: string, text: string): string {
  const path = join(home, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const typed = (line: string, env: Record<string, string> = {}): Promise<Shown> =>
  hawser(line, { clock: systemClock, env: { HOME: home, HAWSER_CONTEXT: '', ...env } });

describe('certificates', () => {
  test('one that is self-signed is refused, with advice', async () => {
    const address = await listen(secure());
    const shown = await typed(`app list --server ${address} --auth-token x`);
    expect(shown.code).toBe(8);
    expect(shown.err).toMatch(
      /its certificate is self-signed.*\nhint: give its certificate authority with --server-crt FILE, or skip the check with --insecure\n/,
    );
  });

  test('is taken with --insecure, and with its authority', async () => {
    const address = await listen(secure());
    expect(await typed(`app list -o name --server ${address} --auth-token x --insecure`)).toMatchObject({ code: 0 });
    const ca = file('ca.pem', own.cert);
    expect(await typed(`app list -o name --server ${address} --auth-token x --server-crt ${ca}`)).toMatchObject({
      code: 0,
    });
  });

  test('of our own are shown where the server asks', async () => {
    const address = await listen(secure({ requestCert: true, rejectUnauthorized: false }));
    const [cert, key] = [file('me.pem', person.cert), file('me.key', person.key)];
    const line = `app list -o name --server ${address} --auth-token x --insecure --client-crt ${cert} --client-crt-key ${key}`;
    expect(await typed(line)).toMatchObject({ code: 0 });
    const socket = requests[0]?.socket;
    expect(socket instanceof TLSSocket && socket.getPeerCertificate().subject.CN).toBe('ada');
  });

  test('need their key', async () => {
    const shown = await typed(`app list --server x --client-crt ${file('me.pem', person.cert)}`);
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain('--client-crt and --client-crt-key must always be specified together');
  });

  test('that cannot be read are named', async () => {
    const shown = await typed('app list --server x --server-crt /nowhere/ca.pem');
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain('cannot read /nowhere/ca.pem: no such file or directory');
  });

  test('plain HTTP where TLS is spoken, and the reverse, are told apart', async () => {
    const [tls, http] = [await listen(secure()), await listen(plain())];
    expect((await typed(`app list --server ${http} --auth-token x`)).err).toContain('hint: add --plaintext');
    expect((await typed(`app list --server ${tls} --auth-token x --plaintext`)).err).toMatch(
      /hint: .*leave --plaintext out/,
    );
  });
});

describe('proxies', () => {
  const HOST = 'cd.example.test';
  let proxy: HttpProxy;

  beforeEach(async () => {
    proxy = await startProxy();
  });

  afterEach(() => proxy.close());

  /** A server under a name that no name server knows: its proxy alone finds it. */
  const named = async (server: Server): Promise<string> => (await listen(server)).replace('127.0.0.1', HOST);

  test('let TLS through by CONNECT, the certificate still checked', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: HOST }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
    });
    const address = await named(secure({ cert, key }));
    const env = { HTTPS_PROXY: `http://ada:secret@${proxy.address}` };
    const line = `app list -o name --server ${address} --auth-token x`;
    expect((await typed(line, env)).code).toBe(8);
    expect(await typed(`${line} --server-crt ${file('ca.pem', cert)}`, env)).toMatchObject({ code: 0 });
    expect(proxy.passed.at(-1)).toBe(`CONNECT ${address} Basic ${Buffer.from('ada:secret').toString('base64')}`);
  });

  test('get plain requests whole', async () => {
    const address = await named(plain());
    const env = { http_proxy: proxy.address };
    expect(await typed(`app list -o name --server ${address} --auth-token x --plaintext`, env)).toMatchObject({
      code: 0,
    });
    expect(proxy.passed[0]).toMatch(new RegExp(`^GET http://${address}/api/v1/applications`));
  });

  test('never stand before this machine', async () => {
    const address = await listen(plain());
    const env = { HTTP_PROXY: `http://${proxy.address}` };
    expect(await typed(`app list -o name --server ${address} --auth-token x --plaintext`, env)).toMatchObject({
      code: 0,
    });
    expect(proxy.passed).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test('that are no HTTP proxies are refused', async () => {
    const shown = await typed(`app list --server ${HOST} --auth-token x`, { HTTPS_PROXY: 'socks5://p:1080' });
    expect(shown).toMatchObject({ code: 2, out: '' });
    expect(shown.err).toContain("HTTPS_PROXY is not the URL of an HTTP proxy: 'socks5://p:1080'");
  });
});

describe('headers and the base path', () => {
  test('are sent, and kept with a login', async () => {
    const address = await listen(plain());
    const login = `login ${address} --plaintext --username admin --password secret --grpc-web-root-path /cd --header`;
    expect(
      await hawser([...login.split(' '), 'CF-Access: one'], {
        clock: systemClock,
        env: { HOME: home, HAWSER_CONTEXT: '' },
      }),
    ).toMatchObject({ code: 0 });
    expect(await typed('app list -o name -H X-Team:shop')).toMatchObject({ code: 0 });
    expect(requests.at(-1)?.url).toMatch(/^\/cd\/api\/v1\/applications/);
    expect(requests.at(-1)?.headers).toMatchObject({
      'cf-access': 'one',
      'x-team': 'shop',
      authorization: 'Bearer e30.e30.c2ln',
    });
  });

  test('without a colon are refused', async () => {
    const shown = await typed('app list --server x -H nonsense');
    expect(shown).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining("hint: write it like --header 'Name: value'"),
    });
  });
});

describe('what wins', () => {
  test.each([
    ['HAWSER_ over ARGOCD_', '', { HAWSER_AUTH_TOKEN: 'ours', ARGOCD_AUTH_TOKEN: 'theirs' }, 'ours'],
    ['a flag over both', '--auth-token typed', { HAWSER_AUTH_TOKEN: 'ours' }, 'typed'],
    ['the environment over the file', '', { ARGOCD_AUTH_TOKEN: 'theirs' }, 'theirs'],
    [
      'the options over the environment',
      '',
      { ARGOCD_OPTS: '--auth-token "from options"', ARGOCD_AUTH_TOKEN: 'theirs' },
      'from options',
    ],
  ])('%s', async (_, flags, env, token) => {
    const address = await listen(plain());
    const config = {
      contexts: [{ name: 'cd', server: address, user: 'cd' }],
      'current-context': 'cd',
      servers: [{ server: address, 'plain-text': true }],
      users: [{ name: 'cd', 'auth-token': 'saved' }],
    };
    expect(
      await typed(`app list -o name --config ${file('config', JSON.stringify(config))} ${flags}`, env),
    ).toMatchObject({ code: 0 });
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  });

  test('HAWSER_CONTEXT names a context of the file', async () => {
    const address = await listen(plain());
    const config = {
      contexts: [{ name: 'cd', server: address, user: 'cd' }],
      servers: [{ server: address, 'plain-text': true }],
      users: [{ name: 'cd', 'auth-token': 'saved' }],
    };
    const path = file('config', JSON.stringify(config));
    expect(await typed(`app list -o name --config ${path}`, { HAWSER_CONTEXT: 'cd' })).toMatchObject({ code: 0 });
    expect(await typed(`app list -o name --config ${path} --argocd-context no`)).toMatchObject({
      code: 4,
      err: "error: Context 'no' undefined\nhint: available contexts: cd\n",
    });
  });
});
