// Owning the data folder: its lock, the system over it, and a socket in it for later processes.

import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { getOwner } from '../../api/local.ts';
import { anySignal, unlessAborted } from '../../core/abort.ts';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import type { Clock } from '../../core/time.ts';
import { plainText } from '../http/answers.ts';
import type { Connections } from '../http/connections.ts';
import { type Api, createDispatcher, type Dispatch } from '../http/dispatch.ts';
import { rawRoute } from '../http/route.ts';
import type { System } from '../system.ts';
import type { Listening } from './accept.ts';
import { type Release, takeLock } from './lock.ts';

export interface DoorOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly open: () => Promise<System>;
  /** Tells the user: warnings about the state, waiting for other processes. */
  readonly say: (message: string) => void;
  /** Ends waiting for another owner. */
  readonly signal: AbortSignal;
}

export type OwnerKind = 'command' | 'server';

export interface Owned {
  readonly system: System;
  /** A call of the owner itself. */
  readonly dispatch: Dispatch;
  /** Waits for what its calls caused and for connected clients, unless the signal fires, then releases the folder. */
  close(options: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  readonly settle: boolean;
  readonly signal: AbortSignal;
  /** Ends the wait for what its calls caused. */
  readonly deadline?: AbortSignal;
}

const MAX_SETTLE_MS = 10 * 60_000;
const NOTICE_AFTER_MS = 5000;
/** A command that ends sooner needs no socket: whoever waits for the folder has it next. */
const LISTEN_AFTER_MS = 100;
/** How long connected commands have to read their answers at the end. */
const GRACE_MS = 1000;

/** Why a folder cannot be used, by the code of the system error. */
const UNUSABLE: Readonly<Record<string, string>> = {
  EACCES: 'it cannot be written',
  EPERM: 'it cannot be written',
  EROFS: 'it cannot be written',
  ENOENT: 'no folder can be made there',
  ENOTDIR: 'it is a file, or lies in one',
};

export async function prepareFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    // The dot is there in a folder alone.
    await access(`${folder}/.`, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (thrown) {
    const reason = UNUSABLE[systemCode(thrown)] ?? messageOf(thrown);
    throw new HawserError('broken-state', `cannot use the data folder '${folder}': ${reason}`, {
      hint: 'use another folder: --data-dir DIR, or HAWSER_DATA_DIR',
      cause: thrown,
    });
  }
}

/** With its parents. Node's recursive mkdir never ends where the system forbids folders, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  const isRooted = await access(parent).then(
    () => true,
    () => false,
  );
  if (!isRooted) await makeFolder(parent);
  await mkdir(folder, { mode: 0o700 }).catch((thrown: unknown) => {
    if (systemCode(thrown) !== 'EEXIST') throw thrown;
  });
}

/** Undefined when another process has the lock. */
export async function own(options: DoorOptions, kind: OwnerKind): Promise<Owned | undefined> {
  const release = await lockFolder(options.folder);
  if (!release) return undefined;
  try {
    const system = await options.open();
    for (const warning of system.warnings) options.say(warning);
    return await serve(options, { system, release, kind });
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

async function lockFolder(folder: string): Promise<Release | undefined> {
  try {
    return await takeLock(folder);
  } catch (thrown) {
    if (thrown instanceof HawserError) throw thrown;
    throw new HawserError('broken-state', `cannot lock the data folder '${folder}': ${messageOf(thrown)}`, {
      hint: /^E[MN]FILE$/.test(systemCode(thrown))
        ? 'raise the limit on open files: ulimit -n 1024'
        : 'use a folder of your own on a local disk: --data-dir DIR, or HAWSER_DATA_DIR',
      cause: thrown,
    });
  }
}

interface LockedFolder {
  readonly system: System;
  readonly release: Release;
  readonly kind: OwnerKind;
}

async function serve(options: DoorOptions, { system, release, kind }: LockedFolder): Promise<Owned> {
  let running = 0;
  let edge: Promise<Connections> | undefined;
  const api = countedApi(system.trusted, (change) => {
    running += change;
  });
  const ownerRoute = rawRoute(getOwner, async () => plainText(200, kind));
  const unneeded = new AbortController();
  const accept = (socket: Socket): void => {
    edge ??= import('../http/listen.ts').then(({ createEdge }) =>
      createEdge({ api: { ...api, routes: [...api.routes, ownerRoute] } }),
    );
    edge.then(
      (ready) => ready.accept(socket),
      () => socket.destroy(),
    );
  };
  const listening =
    kind === 'server'
      ? listen(options, accept)
      : options.clock.sleep(LISTEN_AFTER_MS, unneeded.signal).then(
          () => listen(options, accept),
          () => undefined,
        );
  if (kind === 'server') await listening;

  return {
    system,
    dispatch: createDispatcher(system.trusted),
    close: async ({ settle, signal, deadline }) => {
      if (settle) await waitUntilSettled(options, system, anySignal(signal, deadline));
      if (!signal.aborted) await waitForOthers(options, () => running, signal);
      unneeded.abort();
      const socket = await listening;
      const closed = socket?.close();
      await (await edge?.catch(() => undefined))?.close(GRACE_MS);
      await closed;
      await system.close();
      await socket?.remove();
      await release();
    },
  };
}

/** An owner works without a socket too, but no other process can use the folder meanwhile. */
async function listen(options: DoorOptions, accept: (socket: Socket) => void): Promise<Listening | undefined> {
  const { listenIn } = await import('./accept.ts');
  try {
    return await listenIn(options.folder, accept);
  } catch (thrown) {
    options.say(`warning: other commands cannot use '${options.folder}' while this one runs: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** An API that counts its running calls. A stream runs until its end. */
function countedApi(api: Api, count: (change: 1 | -1) => void): Api {
  return {
    ...api,
    answer: async (route, request, caller) => {
      count(1);
      const answer = await api.answer(route, request, caller);
      if ('chunks' in answer.body) return { ...answer, body: { chunks: countedChunks(answer.body.chunks, count) } };
      count(-1);
      return answer;
    },
  };
}

async function* countedChunks<T>(chunks: AsyncIterable<T>, count: (change: -1) => void): AsyncGenerator<T> {
  try {
    yield* chunks;
  } finally {
    count(-1);
  }
}

/** An operation may run for hours, so a signal ends the wait. The next command takes the operation up. */
async function waitUntilSettled(options: DoorOptions, system: System, signal: AbortSignal | undefined): Promise<void> {
  const done = new AbortController();
  const pause = (milliseconds: number): Promise<void> => options.clock.sleep(milliseconds, done.signal);
  pause(NOTICE_AFTER_MS).then(
    () => options.say('waiting for what this command caused to end (Ctrl-C leaves: the next command takes it up)'),
    () => undefined,
  );
  const settling = Promise.race([system.settle(), pause(MAX_SETTLE_MS)]);
  await unlessAborted(settling, signal).catch((thrown: unknown) => {
    if (!signal?.aborted) throw thrown;
  });
  done.abort();
}

async function waitForOthers(options: DoorOptions, running: () => number, signal: AbortSignal): Promise<void> {
  const begun = options.clock.now();
  let hasSaid = false;
  while (running() > 0 && !signal.aborted) {
    await options.clock.sleep(20, signal).catch(() => undefined);
    if (!hasSaid && options.clock.now() - begun > 1000) {
      options.say('another hawser command is served by this one: leaving when it is done');
      hasSaid = true;
    }
  }
}
