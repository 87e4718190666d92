// The socket of an owner: bound at once, while what answers on it is loaded with the first connection.

import { once } from 'node:events';
import { chmod, rename, rm, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { inFolder, pipeOf, SOCKET_FILE } from './place.ts';

export interface Listening {
  /** Takes no more connections; resolves when the last one has ended. */
  close(): Promise<void>;
  /** Removes the socket, unless another owner's has taken its name. */
  remove(): Promise<void>;
}

/** Listens on the socket of a data folder and replaces the one of a dead owner. The caller must hold the lock. */
export async function listenIn(folder: string, accept: (socket: Socket) => void): Promise<Listening> {
  if (process.platform === 'win32') {
    return { close: closing(await listen(await pipeOf(folder), accept)), remove: async () => undefined };
  }
  return inFolder(folder, async (path) => {
    // Node removes the name that it has bound when it closes, whatever lies there by then: it gets a name of its own.
    const bound = join(path, `.${process.pid}.sock`);
    await rm(bound, { force: true });
    const server = await listen(bound, accept);
    await chmod(bound, 0o600);
    const { ino, dev } = await stat(bound);
    await rename(bound, join(path, SOCKET_FILE));
    return {
      close: closing(server),
      remove: async () => {
        const socket = join(folder, SOCKET_FILE);
        const current = await stat(socket).catch(() => undefined);
        if (current?.ino === ino && current.dev === dev) await rm(socket, { force: true });
      },
    };
  });
}

async function listen(path: string, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    // What answers may still have to be loaded.
    socket.on('error', () => socket.destroy());
    accept(socket);
  });
  const before = process.umask(0o177);
  server.listen(path);
  process.umask(before);
  await once(server, 'listening');
  server.unref();
  return server;
}

function closing(server: Server): () => Promise<void> {
  return () => new Promise((resolve) => server.close(() => resolve()));
}
