// What a server, or what stands before it, can answer that is not an answer: real sockets, one server for each case.

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createNetServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { getApplication, listApplications, syncApplication, watchApplications } from '../../../src/api/applications.ts';
import { createClient } from '../../../src/client/client.ts';
import { asHawserError, EXIT_CODES, type HawserError } from '../../../src/core/errors.ts';
import { stillClock } from '../../support/hawser.ts';

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of opened.splice(0)) server.close();
});

function listening(server: Server | ReturnType<typeof createNetServer>): Promise<string> {
  opened.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(addressOf(server.address())));
  });
}

const addressOf = (address: AddressInfo | string | null): string =>
  typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '';

function clientOf(address: string, scheme = 'http') {
  const transport = {
    baseURL: `${scheme}://${address}`,
    tls: { insecure: true },
  };
  return createClient({
    transport,
    address,
    clock: stillClock(),
    tellAbsence: true,
  });
}

async function failureAt(answer: RequestListener): Promise<HawserError> {
  const address = await listening(createServer(answer));
  return clientOf(address)
    .call(listApplications, {})
    .then(
      () => Promise.reject(new Error('this was taken for an answer')),
      (thrown: unknown) => asHawserError(thrown),
    );
}

interface Case {
  readonly what: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly exit: number;
  readonly says: RegExp;
  readonly hint: RegExp;
}

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html' };
const plain = { 'content-type': 'text/plain' };
const grpc = (code: number, message: string): string => JSON.stringify({ error: message, code, message });

const CASES: readonly Case[] = [
  {
    what: '401',
    status: 401,
    headers: json,
    body: grpc(16, 'no session information'),
    exit: 3,
    says: /no session/,
    hint: /login/,
  },
  {
    what: '401 of a proxy',
    status: 401,
    headers: html,
    body: '<html>',
    exit: 20,
    says: /web page/,
    hint: /base path/,
  },
  {
    what: '403',
    status: 403,
    headers: json,
    body: grpc(7, 'permission denied'),
    exit: 3,
    says: /permission denied/,
    hint: /^$/,
  },
  {
    what: '404 of the API',
    status: 404,
    headers: json,
    body: grpc(5, 'nothing there'),
    exit: 4,
    says: /nothing there/,
    hint: /^$/,
  },
  {
    what: '404 of another server',
    status: 404,
    headers: plain,
    body: 'Not Found',
    exit: 20,
    says: /does not support this request/,
    hint: /root-path/,
  },
  {
    what: '405',
    status: 405,
    headers: plain,
    body: 'Method Not Allowed',
    exit: 20,
    says: /405/,
    hint: /proxy/,
  },
  {
    what: '415',
    status: 415,
    headers: plain,
    body: 'Invalid content type',
    exit: 20,
    says: /Invalid content type/,
    hint: /proxy/,
  },
  {
    what: '409',
    status: 409,
    headers: json,
    body: grpc(10, 'changed meanwhile'),
    exit: 20,
    says: /changed meanwhile/,
    hint: /^$/,
  },
  {
    what: '412',
    status: 412,
    headers: plain,
    body: '',
    exit: 20,
    says: /status 412/,
    hint: /address/,
  },
  {
    what: '429',
    status: 429,
    headers: { ...json, 'retry-after': '1' },
    body: grpc(8, 'slow down'),
    exit: 20,
    says: /slow down/,
    hint: /patience/,
  },
  {
    what: '500',
    status: 500,
    headers: json,
    body: grpc(13, 'broken inside'),
    exit: 20,
    says: /broken inside/,
    hint: /^$/,
  },
  {
    what: '502 with a page',
    status: 502,
    headers: html,
    body: '<html><h1>Bad Gateway',
    exit: 8,
    says: /proxy .* 502/,
    hint: /try again/,
  },
  {
    what: '504',
    status: 504,
    headers: html,
    body: '',
    exit: 8,
    says: /504/,
    hint: /try again/,
  },
  {
    what: 'a page instead of JSON',
    status: 200,
    headers: html,
    body: '<!doctype html>',
    exit: 20,
    says: /web page/,
    hint: /base path/,
  },
  {
    what: 'a cut body',
    status: 200,
    headers: json,
    body: '{"items":[{"meta',
    exit: 20,
    says: /cut off/,
    hint: /try again/,
  },
  {
    what: 'a body of another shape',
    status: 200,
    headers: json,
    body: '{"items":{}}',
    exit: 20,
    says: /items must be a list/,
    hint: /^$/,
  },
  {
    what: 'a redirect to a login page',
    status: 302,
    headers: { location: 'https://login.example.com/' },
    body: '',
    exit: 20,
    says: /redirects to https:\/\/login/,
    hint: /--header/,
  },
  {
    what: 'a redirect to TLS',
    status: 307,
    headers: { location: 'https://127.0.0.1/api' },
    body: '',
    exit: 20,
    says: /wants TLS/,
    hint: /--plaintext/,
  },
  {
    what: 'plain HTTP to a TLS port of Go',
    status: 400,
    headers: plain,
    body: 'Client sent an HTTP request to an HTTPS server.',
    exit: 20,
    says: /speaks TLS/,
    hint: /--plaintext/,
  },
  {
    what: 'a gRPC-only port',
    status: 200,
    headers: { 'content-type': 'application/grpc' },
    body: '',
    exit: 20,
    says: /gRPC only/,
    hint: /web interface/,
  },
];

describe('an answer that is none', () => {
  test.each(CASES)('$what', async ({ status, headers, body, exit, says, hint }) => {
    const failure = await failureAt((_, response) => {
      response.writeHead(status, headers);
      response.end(body);
    });
    expect(EXIT_CODES[failure.code]).toBe(exit);
    expect(failure.message).toMatch(says);
    expect(failure.hint ?? '').toMatch(hint);
  });

  test('a connection that is closed in the middle', async () => {
    const failure = await failureAt((_, response) => {
      response.writeHead(200, { ...json, 'content-length': '1000' });
      response.write('{"items":');
      setTimeout(() => response.destroy(), 5);
    });
    expect(failure.message).toMatch(/cut off|closed/);
  });

  test('nobody listens', async () => {
    const failure = await clientOf('127.0.0.1:1').call(listApplications, {}).catch(asHawserError);
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('connection refused'),
    });
  });

  test('TLS to a port that speaks plain HTTP', async () => {
    const address = await listening(createServer((_, response) => response.end()));
    const failure = await clientOf(address, 'https').call(listApplications, {}).catch(asHawserError);
    expect(failure).toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('--plaintext'),
    });
  });

  test('plain HTTP to a port that speaks something else', async () => {
    const address = await listening(
      createNetServer((socket) => socket.on('data', () => socket.end('\u0016\u0003\u0001'))),
    );
    const failure = await clientOf(address).call(listApplications, {}).catch(asHawserError);
    expect(failure).toMatchObject({
      code: 'bad-answer',
      hint: expect.stringContaining('--plaintext'),
    });
  });
});

describe('a client', () => {
  test('tries what is safe again, and what is not once', async () => {
    const seen: string[] = [];
    const address = await listening(
      createServer((request, response) => {
        seen.push(`${request.method}`);
        const isEnough = seen.filter((method) => method === 'GET').length === 3;
        response.writeHead(isEnough ? 200 : 503, json);
        response.end(isEnough ? '{"items":null}' : '');
      }),
    );
    expect(await clientOf(address).call(listApplications, {})).toEqual({
      items: null,
    });
    await clientOf(address)
      .call(syncApplication, { name: 'x' })
      .catch(() => undefined);
    expect(seen).toEqual(['GET', 'GET', 'GET', 'POST']);
  });

  test('sends the exact content type, the token and the encoded path', async () => {
    const heads: unknown[] = [];
    const address = await listening(
      createServer((request, response) => {
        heads.push([request.url, request.headers['content-type'], request.headers.authorization]);
        response.writeHead(200, json);
        response.end(
          JSON.stringify({
            metadata: { name: 'a' },
            spec: { project: '', destination: {} },
          }),
        );
      }),
    );
    const transport = { baseURL: `http://${address}/argo` };
    const client = createClient({
      transport,
      address,
      token: 'a.b.c',
      clock: stillClock(),
      tellAbsence: true,
    });
    await client.call(getApplication, { name: 'a b', refresh: 'hard' });
    await client.call(syncApplication, { name: 'a' });
    expect(heads).toEqual([
      ['/argo/api/v1/applications/a%20b?refresh=hard', undefined, 'Bearer a.b.c'],
      ['/argo/api/v1/applications/a/sync', 'application/json', 'Bearer a.b.c'],
    ]);
  });

  test('reads a stream whose characters and lines are cut anywhere, to its last line without an end', async () => {
    const event = {
      type: 'ADDED',
      application: {
        metadata: { name: 'café' },
        spec: { project: '', destination: {} },
      },
    };
    const bytes = Buffer.from(`${JSON.stringify({ result: event })}\n\n${JSON.stringify({ result: event })}`);
    const address = await listening(
      createServer(async (_, response) => {
        response.writeHead(200, json);
        for (let at = 0; at < bytes.length; at += 7) {
          response.write(bytes.subarray(at, at + 7));
          await new Promise((resolve) => setImmediate(resolve));
        }
        response.end();
      }),
    );
    const names: string[] = [];
    for await (const { application } of clientOf(address).stream(watchApplications, {})) {
      names.push(application.metadata.name);
    }
    expect(names).toEqual(['café', 'café']);
  });

  test('ends a stream with the error that its last line names', async () => {
    const line = {
      error: {
        grpc_code: 16,
        http_code: 401,
        message: 'token is expired',
        http_status: 'Unauthorized',
      },
    };
    const address = await listening(
      createServer((_, response) => {
        response.writeHead(200, json);
        response.end(JSON.stringify(line));
      }),
    );
    const stream = clientOf(address).stream(watchApplications, {});
    await expect(stream.next()).rejects.toMatchObject({
      code: 'not-logged-in',
      message: 'token is expired',
    });
  });
});
