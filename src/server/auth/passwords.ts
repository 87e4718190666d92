// bcrypt in a thread of its own: a password takes a tenth of a second of a processor, and meanwhile all others are served.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { HawserError } from '../../core/errors.ts';

export interface Passwords {
  /** Takes as long when there is no hash, so that nobody learns which accounts there are. */
  matches(password: string, hash: string): Promise<boolean>;
  hash(password: string): Promise<string>;
}

// The thread's own code: it loads the package by its path, which is a module here and a file of the bundle there.
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const loaded = import(workerData).then((module) => (module.default?.hashSync ? module.default : module));
parentPort.on('message', async ({ id, password, hash }) => {
  try {
    const bcrypt = await loaded;
    const result = hash === undefined ? bcrypt.hashSync(password, 10) : bcrypt.compareSync(password, hash);
    parentPort.postMessage({ id, result });
  } catch (error) {
    parentPort.postMessage({ id, error: String(error && error.message) });
  }
});`;

/** Fits no password: the hash of one that was thrown away. */
const NO_HASH = '$2a$10$C6UzMDM.H6dfI/f/IKcEeO1fV0V1cR6uWnpxAqOdN0LJ8cQeiCm1K';
/** What waits at most, as in the reference: whoever guesses passwords does not fill the memory. */
const MAX_WAITING = 50;
/** The thread ends when nobody has logged in for so long. */
const REST_MS = 10_000;

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export function createPasswords(): Passwords {
  const waiting = new Map<number, (reply: Reply) => void>();
  let worker: Worker | undefined;
  let rest: NodeJS.Timeout | undefined;
  let last = 0;

  function start(): Worker {
    const started = new Worker(THREAD, { eval: true, workerData: import.meta.resolve('bcryptjs') });
    started.unref();
    started.on('message', (reply: Reply) => waiting.get(reply.id)?.(reply));
    once(started, 'error').then(([error]: unknown[]) => {
      worker = undefined;
      for (const [id, answer] of waiting) answer({ id, error: String(error) });
    });
    return started;
  }

  async function ask(question: { readonly password: string; readonly hash?: string }): Promise<unknown> {
    if (waiting.size >= MAX_WAITING) throw new HawserError('too-many-requests', 'too many logins at once: try again');
    clearTimeout(rest);
    worker ??= start();
    last += 1;
    const id = last;
    // The thread alone keeps no process alive; whoever waits for it does.
    const alive = setInterval(() => undefined, REST_MS);
    try {
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve);
        worker?.postMessage({ id, ...question });
      });
      if (reply.error !== undefined) throw new HawserError('internal', `bcrypt: ${reply.error}`);
      return reply.result;
    } finally {
      clearInterval(alive);
      waiting.delete(id);
      if (waiting.size === 0) rest = setTimeout(end, REST_MS).unref();
    }
  }

  function end(): void {
    void worker?.terminate();
    worker = undefined;
  }

  return {
    matches: async (password, hash) => {
      const isHash = /^\$2[aby]\$\d\d\$/.test(hash);
      return (await ask({ password, hash: isHash ? hash : NO_HASH })) === true && isHash;
    },
    hash: async (password) => String(await ask({ password })),
  };
}
