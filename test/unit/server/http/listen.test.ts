// A port takes connections from anybody: what they send is not read before they say who they are, and none of them keeps it
// from ending.

import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/api/endpoint.ts';
import type { Answer } from '../../../../src/api/exchange.ts';
import { HawserError } from '../../../../src/core/errors.ts';
import { anything } from '../../../../src/core/shape.ts';
import { NOBODY } from '../../../../src/server/auth/enforcer.ts';
import { plainText, stream } from '../../../../src/server/http/answers.ts';
import type { Connections } from '../../../../src/server/http/connections.ts';
import { createApi } from '../../../../src/server/http/dispatch.ts';
import { createEdge, listenOn } from '../../../../src/server/http/listen.ts';
import { type RawRequest, type Route, rawRoute } from '../../../../src/server/http/route.ts';
import { until } from '../../../support/workplace.ts';

let edge: Connections;
let server: Server;
const read: number[] = [];

type Respond = (request: RawRequest, signal: AbortSignal) => Promise<Answer>;

const respondAtOnce: Respond = async ({ bytes }) => {
  read.push(bytes.length);
  return plainText(200, 'taken');
};

function routeOf(method: 'GET' | 'POST', path: string, respond: Respond): Route {
  const right = path === '/login' ? 'open' : 'session';
  return rawRoute({ method, path, right, input: anything, output: anything }, async (_input, request, { signal }) =>
    respond(request, signal),
  );
}

const HOOK: Endpoint<unknown, unknown> = {
  method: 'POST',
  path: '/hook',
  right: 'open',
  maxBody: 2_000_000,
  input: anything,
  output: anything,
};

async function listen(respond = respondAtOnce): Promise<number> {
  const api = createApi({
    routes: [
      routeOf('POST', '/login', respond),
      rawRoute(HOOK, async (_input, request, { signal }) => respond(request, signal)),
      routeOf('POST', '/api', respond),
      routeOf('GET', '/api', respond),
    ],
    authenticate: async ({ headers }) => {
      if (headers['authorization'] !== 'Bearer known') throw new HawserError('not-logged-in', 'who are you?');
      return { ...NOBODY, username: 'known' };
    },
    authorizer: { may: () => true, authorize: async () => undefined },
  });
  edge = await createEdge({ api });
  server = await listenOn({ host: '127.0.0.1', port: 0 }, edge.accept);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

afterEach(async () => {
  read.length = 0;
  await edge.close(0);
  server.close();
});

const BIG = JSON.stringify('x'.repeat(1_000_000));

async function post(port: number, path: string, body: string, token = ''): Promise<number | undefined> {
  const sent = request({
    port,
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: token }) },
  });
  // What was answered before it was read may be cut off.
  sent.on('error', () => undefined);
  sent.end(body);
  const [{ statusCode }] = await once(sent, 'response');
  return statusCode;
}

describe('a body', () => {
  test('is not read of somebody who has not said who they are', async () => {
    const port = await listen();
    expect(await post(port, '/api', BIG)).toBe(401);
    expect(read).toEqual([]);
  });

  test('of a login is read when it is short', async () => {
    const port = await listen();
    expect(await post(port, '/login', '{"username":"admin"}')).toBe(200);
    expect(await post(port, '/login', BIG)).toBe(413);
    expect(read).toEqual([20]);
  });

  test('that is too long is refused with the limit of its endpoint', async () => {
    const port = await listen();
    const socket = await connection(
      port,
      'POST /login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 70000\r\n\r\n',
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain(
      '{"statusCode":413,"error":"Payload Too Large","message":"the body is longer than 65536 bytes"}',
    );
  });

  test('of anybody is read as far as its endpoint takes it', async () => {
    const port = await listen();
    expect(await post(port, '/hook', BIG)).toBe(200);
    expect(await post(port, '/hook', BIG + BIG)).toBe(413);
    expect(read).toEqual([BIG.length]);
  });

  test('of somebody known may be long', async () => {
    const port = await listen();
    expect(await post(port, '/api', BIG, 'Bearer known')).toBe(200);
    expect(read).toEqual([BIG.length]);
  });
});

/** A connection that has said this much and waits. */
async function connection(port: number, said: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (said !== '') socket.write(said);
  await sleep(20);
  return socket;
}

async function timeToClose(graceMs: number): Promise<number> {
  const begun = Date.now();
  await edge.close(graceMs);
  return Date.now() - begun;
}

const HEAD = 'GET /api HTTP/1.1\r\nhost: x\r\nauthorization: Bearer known\r\n';

describe('closing', () => {
  test('waits for no connection that has nothing to wait for', async () => {
    const port = await listen();
    const answered = await connection(port, `${HEAD}\r\n`);
    expect(String((await once(answered, 'data'))[0])).toContain('taken');
    await connection(port, '');
    expect(await timeToClose(5000)).toBeLessThan(1000);
  });

  test('lets a running request end', async () => {
    const port = await listen(async () => {
      await sleep(300);
      return plainText(200, 'late');
    });
    const running = await connection(port, `${HEAD}\r\n`);
    const answer = once(running, 'data');
    expect(await timeToClose(5000)).toBeLessThan(2000);
    expect(String((await answer)[0])).toContain('200 OK');
  });

  test.each([
    ['half a request', 'POST /api HTTP/1.1\r\nhost: x\r\nauthorization: Bearer known\r\ncontent-length: 9\r\n\r\n{'],
    ['a request that is never answered', `${HEAD}\r\n`],
  ])('cuts %s after its grace', async (_, said) => {
    const port = await listen(() => new Promise(() => undefined));
    const socket = await connection(port, said);
    expect(await timeToClose(200)).toBeLessThan(2000);
    await until('its end', () => socket.closed);
  });

  test('ends a stream that has no end', async () => {
    const port = await listen(async (_request, signal) => {
      async function* events(): AsyncGenerator<string> {
        yield 'first\n';
        await once(signal, 'abort');
      }
      return stream(events(), 'application/json');
    });
    const socket = await connection(port, `${HEAD}\r\n`);
    socket.resume();
    expect(await timeToClose(5000)).toBeLessThan(1000);
    await until('its end', () => socket.closed);
  });
});
