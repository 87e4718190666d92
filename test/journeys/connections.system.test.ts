// Connections that say nothing, or not all they began to say, are ended by the server. It takes half a minute to see.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorkplace, type Running, until, type Workplace } from '../support/workplace.ts';

let place: Workplace;
let server: Running;

beforeAll(async () => {
  place = await createWorkplace();
  server = place.start('server --port 0');
  await until('the server', () => /listens on .*:\d+/.test(server.out()));
});

afterAll(() => place.remove());

const BEGINNINGS = {
  nothing: '',
  'half a head': 'GET / HTTP/1.1\r\nHost: x\r\nX: ',
  'half a handshake': '\x16\x03\x01\x02\x00\x01',
  'no handshake': '\x16\x03\x01\x00\x05hello',
} as const;

test('ends what was begun and not gone on with', { timeout: 60_000 }, async () => {
  const port = Number(/:(\d+)$/.exec(server.out().trim())?.[1]);
  const open = new Map<string, Socket>();
  for (const [name, said] of Object.entries(BEGINNINGS)) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined).on('close', () => open.delete(name));
    socket.resume();
    if (said !== '') socket.write(Buffer.from(said, 'latin1'));
    open.set(name, socket);
  }
  await sleep(30_000);
  expect([...open.keys()]).toEqual([]);
});
