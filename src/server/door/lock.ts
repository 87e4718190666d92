// The data folder has one owner. The operating system keeps the lock, so that a process that dies lets go of it.

import { createHash } from 'node:crypto';
import { open, realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { systemCode } from '../../core/errors.ts';

export type Release = () => Promise<void>;

/** Takes the lock of a folder; undefined when another process has it. */
export async function takeLock(folder: string): Promise<Release | undefined> {
  const name = await lockName(folder);
  if (process.platform === 'linux') return listenLock(`\0hawser-${name}`);
  if (process.platform === 'win32') return listenLock(`\\\\.\\pipe\\hawser-lock-${name}`);
  return fileLock(join(folder, 'lock'));
}

/** The same for every path that leads to the folder, another for every user. */
export async function lockName(folder: string): Promise<string> {
  const user = process.getuid?.() ?? 0;
  return createHash('sha256')
    .update(`${user} ${await realpath(folder)}`)
    .digest('hex')
    .slice(0, 24);
}

/** A name in the abstract namespace (Linux) or of a pipe (Windows) belongs to one process as long as it lives. */
function listenLock(path: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (systemCode(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => {
      server.unref();
      resolve(() => new Promise((done) => server.close(() => done())));
    });
  });
}

const O_RDWR = 2;
const O_NONBLOCK = 4;
const O_EXLOCK = 0x20;
const O_CREAT = 0x200;

/** The BSDs, macOS among them, take an advisory lock while they open a file. */
async function fileLock(path: string): Promise<Release | undefined> {
  try {
    const handle = await open(path, O_RDWR | O_CREAT | O_EXLOCK | O_NONBLOCK, 0o600);
    return () => handle.close();
  } catch (thrown) {
    if (systemCode(thrown) === 'EAGAIN' || systemCode(thrown) === 'EWOULDBLOCK') return undefined;
    throw thrown;
  }
}
