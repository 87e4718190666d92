// What one client may take of a port: time, connections, requests. A slow one is cut, a second one served meanwhile.

import { once } from 'node:events';
import { connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Answer } from '../../../../src/api/exchange.ts';
import { anything } from '../../../../src/core/shape.ts';
import { NOBODY } from '../../../../src/server/auth/enforcer.ts';
import { plainText, stream } from '../../../../src/server/http/answers.ts';
import type { Connections } from '../../../../src/server/http/connections.ts';
import { createApi } from '../../../../src/server/http/dispatch.ts';
import { LIMITS, type Limits } from '../../../../src/server/http/limits.ts';
import { createEdge, listenOn } from '../../../../src/server/http/listen.ts';
import { rawRoute } from '../../../../src/server/http/route.ts';
import { until } from '../../../support/workplace.ts';

const QUICK: Limits = { ...LIMITS, headMs: 150, requestMs: 300, stalledMs: 200, checkMs: 50 };

let edge: Connections;
let server: Server;
let release = (): void => undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  release();
  for (const socket of sockets.splice(0)) socket.destroy();
  await edge.close(0);
  server.close();
});

async function listen(limits: Limits): Promise<number> {
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const get = { method: 'GET', right: 'open', input: anything, output: anything } as const;
  const api = createApi({
    routes: [
      rawRoute({ ...get, path: '/quick' }, async () => plainText(200, 'here')),
      rawRoute({ ...get, method: 'POST', path: '/take' }, async () => plainText(200, 'taken')),
      rawRoute({ ...get, path: '/held' }, async () => held.then(() => plainText(200, 'at last'))),
      rawRoute({ ...get, path: '/flood', stream: true }, async (): Promise<Answer> => stream(flood(), 'text/plain')),
    ],
    authenticate: async () => NOBODY,
    authorizer: { may: () => true, authorize: async () => undefined },
  });
  edge = await createEdge({ api, limits });
  server = await listenOn({ host: '127.0.0.1', port: 0 }, edge.accept);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function* flood(): AsyncGenerator<string> {
  for (;;) yield 'x'.repeat(100_000);
}

async function open(port: number, said: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(said);
  return socket;
}

/** All that came until the other side ended the connection. */
async function untilCut(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await until('the end', () => socket.closed);
  return text;
}

async function get(port: number, path: string): Promise<string> {
  const socket = await open(port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return untilCut(socket);
}

describe('a slow client is cut', () => {
  test('that says a header now and then, and never the last one', async () => {
    const port = await listen(QUICK);
    const socket = await open(port, 'GET /quick HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write(`X-${Date.now()}: a\r\n`), 30);
    expect(await get(port, '/quick')).toContain('here');
    expect(await untilCut(socket)).toContain('408 Request Timeout');
    clearInterval(drip);
  });

  test('that sends a byte of its body now and then', async () => {
    const port = await listen(QUICK);
    const socket = await open(port, 'POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 30);
    expect(await untilCut(socket)).not.toContain('taken');
    clearInterval(drip);
  });

  test('that takes nothing of its answer', async () => {
    const port = await listen(QUICK);
    const socket = await open(port, 'GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.pause();
    await sleep(600);
    socket.resume();
    await until('the end', () => socket.closed);
  });
});

describe('one client', () => {
  const SMALL: Limits = { ...LIMITS, connections: { all: 5, client: 3 }, requests: { all: 4, client: 2 } };

  test('has so many requests at the same time, and is told', async () => {
    const port = await listen({ ...SMALL, connections: LIMITS.connections });
    const held = [get(port, '/held'), get(port, '/held')];
    await sleep(50);
    const third = await get(port, '/quick');
    expect(third).toContain('HTTP/1.1 429 Too Many Requests');
    expect(third).toMatch(/retry-after: 1/i);
    expect(third).toContain('too many requests of one client at the same time');
    release();
    for (const answer of await Promise.all(held)) expect(answer).toContain('at last');
    expect(await get(port, '/quick')).toContain('here');
  });

  test('has so many connections, and those of the first stay', async () => {
    const port = await listen(SMALL);
    const first = await Promise.all([open(port, ''), open(port, ''), open(port, '')]);
    expect(await get(port, '/quick')).toBe('');
    first[0]?.destroy();
    await sleep(30);
    expect(await get(port, '/quick')).toContain('here');
    expect(first[1]?.closed).toBe(false);
  });
});

test('answers are kept by nobody, framed by nobody, and taken for nothing else', async () => {
  const port = await listen(LIMITS);
  const answer = await get(port, '/quick');
  for (const header of [
    'x-content-type-options: nosniff',
    'x-frame-options: sameorigin',
    "content-security-policy: frame-ancestors 'self'",
    'referrer-policy: same-origin',
    'cache-control: no-store',
  ])
    expect(answer).toContain(header);
});
