// An owner may leave at any moment of a call: what it has not read may be sent again, and nothing brings the caller down.

import { execFileSync, spawn } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callOwner, OwnerGone } from '../../../../src/server/door/socket.ts';

const SYNC = { method: 'POST', url: '/api/v1/applications/shop/sync', headers: {}, body: { name: 'shop' } };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-socket-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function owner(accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, accept);
  server.listen(join(folder, 'hawser.sock'));
  await once(server, 'listening');
  await chmod(join(folder, 'hawser.sock'), 0o600);
  return server;
}

/** A process that listens and takes no connection; gives what kills it before anything else happens here. */
async function stoppedOwner(): Promise<() => void> {
  const listen = `process.umask(0o077); require('net').createServer().listen('hawser.sock', () => console.log('listens'))`;
  const child = spawn(process.execPath, ['-e', listen], { cwd: folder });
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
  return () => execFileSync('sh', ['-c', `kill -9 ${child.pid}; sleep 0.2`]);
}

const isMade = (value: unknown): value is { readonly socket: Socket } =>
  typeof value === 'object' && value !== null && 'socket' in value && value.socket instanceof Socket;

describe('an owner that leaves', () => {
  const moments = [
    ['while somebody connects', (_: Socket, die: () => void) => process.nextTick(die)],
    ['as soon as somebody has connected', (socket: Socket, die: () => void) => socket.once('connect', die)],
  ] as const;

  test.each(moments)('%s', async (_, at) => {
    const die = await stoppedOwner();
    const meet = (made: unknown): void => {
      if (isMade(made)) at(made.socket, die);
    };
    subscribe('net.client.socket', meet);
    try {
      await expect(callOwner(folder, SYNC)).rejects.toBeInstanceOf(OwnerGone);
    } finally {
      unsubscribe('net.client.socket', meet);
    }
  });

  test('before it has read the request', async () => {
    const server = await owner((socket) => setTimeout(() => socket.destroy(), 50));

    await expect(callOwner(folder, SYNC)).rejects.toBeInstanceOf(OwnerGone);

    server.close();
  });

  test('when it has read the request, which is not sent again', async () => {
    const server = await owner((socket) => socket.once('data', () => socket.destroy()).resume());

    await expect(callOwner(folder, SYNC)).rejects.toMatchObject({
      code: 'unreachable',
      message: 'the process that owned the data folder ended before it had answered',
    });

    server.close();
  });
});
