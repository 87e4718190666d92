// One door: whoever comes first owns the data folder and serves those who come later, through a socket beside it.

import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import type { Answer, Request } from '../dispatch.ts';
import type { Edge } from '../listen.ts';
import type { System } from '../start.ts';
import { type Release, takeLock } from './lock.ts';
import { callSocket, NobodyThere, socketPath } from './socket.ts';

export interface DoorOptions {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly open: () => Promise<System>;
  /** Told to whoever watches: warnings of the state, waiting for others. */
  readonly say: (message: string) => void;
}

export interface Owned {
  readonly system: System;
  /** Waits for what was caused and for those who are connected, unless the signal fires, then gives the folder up. */
  close(options: Leaving): Promise<void>;
}

export interface Leaving {
  readonly settle: boolean;
  readonly signal: AbortSignal;
}

export interface Door {
  dispatch(request: Request): Promise<Answer>;
  close(options: Leaving): Promise<void>;
}

const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = 25;
const PATIENCE_MS = 5000;
const OWNER_PATH = '/hawser/owner';

/** A door that connects to the owner or becomes it, and does so again when the owner goes away. */
export function createDoor(options: DoorOptions): Door {
  let way: Promise<Owned | string> | undefined;

  async function find(): Promise<Owned | string> {
    await prepareFolder(options.folder);
    const path = await socketPath(options.folder, options.environment);
    const end = options.clock.now() + LONGEST_WAIT_MS;
    while (options.clock.now() < end) {
      const owned = await own(options, path);
      if (owned) return owned;
      if (await answers(path)) return path;
      await options.clock.sleep(RETRY_MS);
    }
    throw new HawserError('busy', `another process holds the data folder '${options.folder}' and does not answer`, {
      hint: 'end it, or use another folder: --data-dir DIR',
    });
  }

  async function dispatch(request: Request): Promise<Answer> {
    const current = way ?? find();
    way = current;
    let found: Owned | string;
    try {
      found = await current;
    } catch (thrown) {
      way = undefined;
      throw thrown;
    }
    if (typeof found !== 'string') return found.system.trusted(request);
    try {
      return await callSocket(found, request);
    } catch (thrown) {
      if (way === current) way = undefined;
      if (thrown instanceof NobodyThere || isRepeatable(request)) return dispatch(request);
      throw thrown;
    }
  }

  return {
    dispatch,
    close: async (leaving) => {
      const found = await way?.catch(() => undefined);
      if (found !== undefined && typeof found !== 'string') await found.close(leaving);
    },
  };
}

/** Asking again does no harm: reads, and writes that say how a thing shall be. A sync would run twice. */
function isRepeatable(request: Request): boolean {
  return (
    request.signal?.aborted !== true &&
    (request.method !== 'POST' || /^\/api\/v1\/applications(\?|$)/.test(request.url))
  );
}

/** Becomes the owner that stays; waits for a command that owns the folder now, refuses when a server does. */
export async function ownForever(options: DoorOptions): Promise<Owned> {
  await prepareFolder(options.folder);
  const path = await socketPath(options.folder, options.environment);
  let told = false;
  for (;;) {
    const owned = await own(options, path, 'server');
    if (owned) return owned;
    const other = await ownerOf(path);
    if (other === 'server') {
      throw new HawserError('busy', `a hawser server already runs on the data folder '${options.folder}'`, {
        hint: 'hawser app list',
      });
    }
    if (!told) options.say('a command is using the data folder: waiting for it to end');
    told = true;
    await options.clock.sleep(100);
  }
}

async function answers(path: string): Promise<boolean> {
  return (await ownerOf(path)) !== undefined;
}

async function ownerOf(path: string): Promise<string | undefined> {
  try {
    const answer = await callSocket(path, { method: 'GET', url: OWNER_PATH, headers: {} });
    return answer.status === 200 ? String(answer.body).trim() : undefined;
  } catch {
    return undefined;
  }
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    const reason =
      systemCode(thrown) === 'EACCES' || systemCode(thrown) === 'EROFS' ? 'it cannot be written' : messageOf(thrown);
    throw new HawserError('broken-state', `cannot use the data folder '${folder}': ${reason}`, {
      hint: 'use another folder: --data-dir DIR, or HAWSER_DATA_DIR',
      cause: thrown,
    });
  }
}

/** Undefined when another process has the lock. */
async function own(
  options: DoorOptions,
  path: string,
  kind: 'command' | 'server' = 'command',
): Promise<Owned | undefined> {
  const release = await takeLock(options.folder);
  if (!release) return undefined;
  try {
    const system = await options.open();
    for (const warning of system.warnings) options.say(warning);
    return await serve(options, { system, release, path, kind });
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

interface Holding {
  readonly system: System;
  readonly release: Release;
  readonly path: string;
  readonly kind: 'command' | 'server';
}

async function serve(options: DoorOptions, { system, release, path, kind }: Holding): Promise<Owned> {
  const { listenOn } = await import('./accept.ts');
  let running = 0;
  let edge: Promise<Edge> | undefined;
  const answer = async (request: Request): Promise<Answer> => {
    if (request.url === OWNER_PATH) return { status: 200, headers: { 'content-type': 'text/plain' }, body: kind };
    running += 1;
    try {
      const found = await system.trusted(request);
      return { ...found, body: counted(found.body, () => (running -= 1)) };
    } catch (thrown) {
      running -= 1;
      throw thrown;
    }
  };
  // A socket that is left over from a process that died: the lock says that nobody listens on it.
  if (process.platform !== 'win32') await rm(path, { force: true });
  const server = await listenOn(path, (socket: Socket) => {
    edge ??= import('../listen.ts').then((module) => module.createEdge(answer));
    void edge.then((ready) => ready.accept(socket));
  });

  return {
    system,
    close: async ({ settle, signal }) => {
      if (settle) await settled(options, system, signal);
      if (!signal.aborted) await othersDone(options, () => running, signal);
      await closeServer(server);
      await (await edge)?.close(1000);
      await system.close();
      if (process.platform !== 'win32') await rm(path, { force: true });
      await release();
    },
  };
}

/** A streamed answer counts until its end. */
function counted(body: unknown, done: () => void): unknown {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) {
    done();
    return body;
  }
  return countedStream(body, done);
}

async function* countedStream(body: object, done: () => void): AsyncGenerator<string> {
  try {
    if (isTextStream(body)) for await (const chunk of body) yield chunk;
  } finally {
    done();
  }
}

function isTextStream(body: object): body is AsyncIterable<string> {
  return Symbol.asyncIterator in body;
}

/** An operation may run for hours: whoever does not want to wait for it may leave. */
async function settled(options: DoorOptions, system: System, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const left = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  options.clock.sleep(PATIENCE_MS, done.signal).then(
    () => options.say('waiting for what this command caused to end (Ctrl-C leaves: the next command takes it up)'),
    () => undefined,
  );
  await Promise.race([system.settle(), left]);
  done.abort();
}

async function othersDone(options: DoorOptions, running: () => number, signal: AbortSignal): Promise<void> {
  const begun = options.clock.now();
  let told = false;
  while (running() > 0 && !signal.aborted) {
    await options.clock.sleep(20);
    if (!told && options.clock.now() - begun > 1000) {
      options.say('another hawser command is served by this one: leaving when it is done');
      told = true;
    }
  }
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
