// The socket of an owner: bound at once, while what answers on it is loaded with the first connection.

import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';

export async function listenOn(path: string, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept);
  const before = process.umask(0o177);
  server.listen(path);
  await once(server, 'listening').finally(() => process.umask(before));
  if (process.platform !== 'win32') await chmod(path, 0o600);
  server.unref();
  return server;
}
