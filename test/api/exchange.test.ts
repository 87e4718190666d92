// What an API answers, in this process and on a port: the same routes, refusals, bodies and headers.

import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../src/api/endpoint.ts';
import type { Answer, Request } from '../../src/api/exchange.ts';
import { HawserError } from '../../src/core/errors.ts';
import { anything, object, optional, text } from '../../src/core/shape.ts';
import { NOBODY } from '../../src/server/auth/enforcer.ts';
import { bytes, file, json, redirect, stream } from '../../src/server/http/answers.ts';
import { type Api, createApi, createDispatcher } from '../../src/server/http/dispatch.ts';
import { createEdge, listenOn } from '../../src/server/http/listen.ts';
import { type RawRequest, type Route, rawRoute, route } from '../../src/server/http/route.ts';

const PICTURE = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff, 0xfe]);
const ROOT = '/api/v1';

interface Echo {
  readonly name?: string;
  readonly 'id.value'?: string;
  readonly rest?: string;
  readonly kind?: string;
}

function echoOf(method: 'GET' | 'POST' | 'PUT', path: string): Endpoint<Echo, unknown> {
  const input = object({
    name: optional(text),
    'id.value': optional(text),
    rest: optional(text),
    kind: optional(text),
  });
  return {
    method,
    path: `${ROOT}${path}`,
    right: 'session',
    ...(method === 'GET' ? {} : { body: '*' }),
    input,
    output: anything,
  };
}

const rawOf = (method: 'GET' | 'POST', path: string): Endpoint<unknown, unknown> => ({
  method,
  path,
  right: 'open',
  input: anything,
  output: anything,
});

async function* parts(): AsyncGenerator<string | Uint8Array> {
  yield 'first\n';
  yield PICTURE;
}

let received: RawRequest[];

const ROUTES: readonly Route[] = [
  route(echoOf('GET', '/things/{name}'), async (input) => input),
  route(echoOf('GET', '/things/own'), async () => ({ kind: 'own' })),
  route(echoOf('PUT', '/things/{name}'), async (input) => input),
  route(echoOf('POST', '/things'), async (input) => input),
  route(echoOf('GET', '/things/{name}/of/{id.value}'), async (input) => input),
  route(echoOf('GET', '/may/{name}/{rest...}'), async (input) => input),
  rawRoute(rawOf('POST', '/api/webhook'), async (_input, request) => {
    received.push(request);
    return json({});
  }),
  rawRoute(rawOf('GET', '/picture'), async () => bytes(PICTURE, { type: 'image/png' })),
  rawRoute(rawOf('GET', '/file'), async () => file(PICTURE, { name: 'Bücher "1".png', type: 'image/png' })),
  rawRoute(rawOf('GET', '/login'), async () => redirect('/home?a=b', { 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] })),
  rawRoute(rawOf('GET', '/parts'), async () => stream(parts(), 'application/octet-stream')),
];

const api: Api = createApi({
  routes: ROUTES,
  authenticate: async ({ headers }) => {
    if (headers['authorization'] !== 'Bearer known') throw new HawserError('not-logged-in', 'no session information');
    return { ...NOBODY, username: 'known' };
  },
  authorizer: { may: () => true, authorize: async () => undefined },
});

interface Way {
  send(request: Request): Promise<Answer>;
  close(): Promise<void>;
}

const inProcess = async (): Promise<Way> => ({ send: createDispatcher(api), close: async () => undefined });

async function onPort(): Promise<Way> {
  const edge = await createEdge({ api });
  const server = await listenOn({ host: '127.0.0.1', port: 0 }, edge.accept);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    send: async ({ method, url, headers, body, bytes: content }) => {
      const sent = httpRequest({ port, method, path: url, headers: { ...headers } });
      sent.end(content ?? (body === undefined ? undefined : JSON.stringify(body)));
      const [response] = await once(sent, 'response');
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      const isJson = response.headers['content-type'] === 'application/json';
      const answered = isJson ? { json: JSON.parse(whole.toString()) } : { bytes: Uint8Array.from(whole) };
      return { status: response.statusCode, headers: response.headers, body: answered };
    },
    close: async () => {
      await edge.close(0);
      server.close();
    },
  };
}

/** What an answer holds, however it came. */
async function contentOf({ body }: Answer): Promise<unknown> {
  if ('json' in body) return body.json;
  if ('bytes' in body) return Buffer.from(body.bytes).toString('latin1');
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('latin1');
}

const KNOWN = { authorization: 'Bearer known' };
const JSON_BODY = { ...KNOWN, 'content-type': 'application/json' };
const latin1 = Buffer.from(PICTURE).toString('latin1');

describe.each([
  ['in this process', inProcess],
  ['on a port', onPort],
])('%s', (_, open) => {
  let way: Way;

  beforeEach(async () => {
    received = [];
    way = await open();
  });

  afterEach(() => way.close());

  test.each([
    ['a variable', '/things/web', { name: 'web' }],
    ['no variable where a path has none', '/things/own', { kind: 'own' }],
    ['an empty variable', '/things/', { name: '' }],
    ['a variable with a slash, a percent and a plus', '/things/a%2Fb%25c+d', { name: 'a/b%c+d' }],
    [
      'two variables, one with a dot in its name',
      '/things/x/of/https%3A%2F%2Fy',
      { name: 'x', 'id.value': 'https://y' },
    ],
    ['a rest with slashes', '/may/x/a/b%2Fc/', { name: 'x', rest: 'a/b/c/' }],
    ['a long variable', `/things/${'y'.repeat(5000)}`, { name: 'y'.repeat(5000) }],
    ['a query', '/things/web?kind=a%20b&other=1', { name: 'web', kind: 'a b' }],
  ])('reads %s', async (_name, url, input) => {
    const answer = await way.send({ method: 'GET', url: `${ROOT}${url}`, headers: KNOWN });
    expect([answer.status, await contentOf(answer)]).toEqual([200, input]);
    expect(answer.headers['content-type']).toBe('application/json');
  });

  test('what is in the path wins over the body', async () => {
    const body = { name: 'other', kind: 'k' };
    const answer = await way.send({ method: 'PUT', url: `${ROOT}/things/web`, headers: JSON_BODY, body });
    expect(await contentOf(answer)).toEqual({ name: 'web', kind: 'k' });
  });

  test.each([
    ['GET', '/nothing', KNOWN, 404, '404 page not found\n'],
    ['GET', `${ROOT}/nothing`, KNOWN, 404, 'Not Found\n'],
    ['POST', `${ROOT}/things/web`, JSON_BODY, 405, 'Method Not Allowed\n'],
    ['GET', `${ROOT}/things`, KNOWN, 405, 'Method Not Allowed\n'],
    ['OPTIONS', `${ROOT}/things`, KNOWN, 415, 'Invalid content type\n'],
    ['POST', `${ROOT}/things`, { ...KNOWN, 'content-type': 'text/plain' }, 415, 'Invalid content type\n'],
    [
      'POST',
      `${ROOT}/things`,
      { ...KNOWN, 'content-type': 'application/json; charset=utf-8' },
      415,
      'Invalid content type\n',
    ],
    ['POST', `${ROOT}/nothing`, KNOWN, 415, 'Invalid content type\n'],
    [
      'GET',
      `${ROOT}/things/web`,
      {},
      401,
      { error: 'no session information', code: 16, message: 'no session information' },
    ],
  ])('%s %s with %j is refused', async (method, url, headers, status, content) => {
    const answer = await way.send({ method, url, headers });
    expect([answer.status, await contentOf(answer)]).toEqual([status, content]);
  });

  test('refuses a body that is nested too deep', async () => {
    const deep = JSON.parse(`{"kind":${'['.repeat(600)}${']'.repeat(600)}}`);
    const answer = await way.send({ method: 'POST', url: `${ROOT}/things`, headers: JSON_BODY, body: deep });
    expect([answer.status, await contentOf(answer)]).toMatchObject([
      400,
      { message: expect.stringMatching(/nested deeper/) },
    ]);
  });

  test('hands a raw route the bytes beside the parsed body', async () => {
    const content = Buffer.from('{ "a":\n1 }');
    const headers = { 'content-type': 'application/json' };
    await way.send({ method: 'POST', url: '/api/webhook', headers, body: { a: 1 }, bytes: content });
    expect(received.map((request) => [Buffer.from(request.bytes).toString(), request.body])).toEqual([
      ['{ "a":\n1 }', { a: 1 }],
    ]);
  });

  test('answers bytes', async () => {
    const answer = await way.send({ method: 'GET', url: '/picture', headers: {} });
    expect(answer.headers['content-type']).toBe('image/png');
    expect(await contentOf(answer)).toBe(latin1);
  });

  test('answers a file under its name', async () => {
    const answer = await way.send({ method: 'GET', url: '/file', headers: {} });
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': `attachment; filename="B_cher _1_.png"; filename*=UTF-8''B%C3%BCcher%20%221%22.png`,
    });
    expect(await contentOf(answer)).toBe(latin1);
  });

  test('answers a redirect with two cookies', async () => {
    const { status, headers } = await way.send({ method: 'GET', url: '/login', headers: {} });
    expect(status).toBe(303);
    expect(headers).toMatchObject({ location: '/home?a=b', 'set-cookie': ['a=1; Path=/', 'b=2; Path=/'] });
  });

  test('answers a stream', async () => {
    const answer = await way.send({ method: 'GET', url: '/parts', headers: {} });
    expect(answer.headers['content-type']).toBe('application/octet-stream');
    expect(await contentOf(answer)).toBe(`first\n${latin1}`);
  });
});

describe('on a port', () => {
  let way: Way;

  beforeEach(async () => {
    received = [];
    way = await onPort();
  });

  afterEach(() => way.close());

  test('a body that is no JSON is refused, but by a raw route', async () => {
    const content = Buffer.from('{"half');
    const refused = await way.send({ method: 'POST', url: `${ROOT}/things`, headers: JSON_BODY, bytes: content });
    expect(refused.status).toBe(400);
    const headers = { 'content-type': 'text/plain' };
    expect((await way.send({ method: 'POST', url: '/api/webhook', headers, bytes: content })).status).toBe(200);
    expect(received.map((request) => [Buffer.from(request.bytes).toString(), request.body])).toEqual([
      ['{"half', undefined],
    ]);
  });

  test('a path that cannot be decoded is refused', async () => {
    expect((await way.send({ method: 'GET', url: `${ROOT}/things/%zz`, headers: KNOWN })).status).toBe(400);
  });
});
