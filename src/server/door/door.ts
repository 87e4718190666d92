// One door: the first process owns the data folder and serves the later ones through a socket in it.

import type { Answer, Request } from '../../api/exchange.ts';
import { HawserError } from '../../core/errors.ts';
import { type CloseOptions, type DoorOptions, type Owned, own, prepareFolder } from './own.ts';
import { askOwner, callOwner, OwnerGone } from './socket.ts';

export interface Door {
  dispatch(request: Request): Promise<Answer>;
  close(options: CloseOptions): Promise<void>;
}

const MAX_WAIT_MS = 10_000;
const RETRY_MS = 25;
/** An owner may need long for an answer, but it answers a probe at once. */
const PROBE_AFTER_MS = 15_000;
const PROBE_TIMEOUT_MS = 10_000;

/** A door that connects to the owner or becomes the owner, again whenever the owner has gone. */
export function createDoor(options: DoorOptions): Door {
  let ownership: Promise<Owned | 'elsewhere'> | undefined;

  async function connectOrOwn(): Promise<Owned | 'elsewhere'> {
    await prepareFolder(options.folder);
    const end = options.clock.now() + MAX_WAIT_MS;
    for (let remainingMs = MAX_WAIT_MS; remainingMs > 0; remainingMs = end - options.clock.now()) {
      const owned = await own(options, 'command');
      if (owned) return owned;
      if (await askOwner(options.folder, remainingMs, options.signal)) return 'elsewhere';
      await options.clock.sleep(RETRY_MS, options.signal);
    }
    throw noAnswer(options.folder);
  }

  async function dispatch(request: Request): Promise<Answer> {
    const current = ownership ?? connectOrOwn();
    ownership = current;
    let owner: Owned | 'elsewhere';
    try {
      owner = await current;
    } catch (thrown) {
      ownership = undefined;
      throw thrown;
    }
    if (owner !== 'elsewhere') return owner.dispatch(request);
    try {
      return await callWithProbes(options, request);
    } catch (thrown) {
      if (ownership === current) ownership = undefined;
      if (thrown instanceof OwnerGone || isRepeatable(request, thrown)) return dispatch(request);
      throw thrown;
    }
  }

  return {
    dispatch,
    close: async (closeOptions) => {
      const owner = await ownership?.catch(() => undefined);
      if (owner !== undefined && owner !== 'elsewhere') await owner.close(closeOptions);
    },
  };
}

const noAnswer = (folder: string): HawserError =>
  new HawserError('busy', `another process holds the data folder '${folder}' and does not answer`, {
    hint: 'end it, or use another folder: --data-dir DIR',
  });

/** Reads, and writes that state the result, can be sent twice. A sync would run twice. */
function isRepeatable(request: Request, thrown: unknown): boolean {
  if (request.signal?.aborted || (thrown instanceof HawserError && thrown.code === 'busy')) return false;
  return request.method !== 'POST' || /^\/api\/v1\/applications(\?|$)/.test(request.url);
}

/** Calls the owner, and probes it from time to time until it has answered. */
async function callWithProbes(options: DoorOptions, request: Request): Promise<Answer> {
  const answered = new AbortController();
  const ownerGone = new AbortController();
  const signals = [ownerGone.signal, ...(request.signal ? [request.signal] : [])];
  const probe = async (): Promise<void> => {
    for (;;) {
      await options.clock.sleep(PROBE_AFTER_MS, answered.signal);
      if ((await askOwner(options.folder, PROBE_TIMEOUT_MS, answered.signal)) === undefined) break;
    }
    ownerGone.abort();
  };
  probe().catch(() => undefined);
  const failure = (thrown: unknown): unknown => (ownerGone.signal.aborted ? noAnswer(options.folder) : thrown);
  const end = (): void => answered.abort();
  try {
    const answer = await callOwner(options.folder, { ...request, signal: AbortSignal.any(signals) });
    if ('chunks' in answer.body) return { ...answer, body: { chunks: untilEnd(answer.body.chunks, { failure, end }) } };
    end();
    return answer;
  } catch (thrown) {
    end();
    throw failure(thrown);
  }
}

interface ChunkHooks {
  readonly failure: (thrown: unknown) => unknown;
  readonly end: () => void;
}

/** A stream counts as answered when it ends. */
async function* untilEnd<T>(chunks: AsyncIterable<T>, { failure, end }: ChunkHooks): AsyncGenerator<T> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw failure(thrown);
  } finally {
    end();
  }
}

/** Becomes the owner that stays. Waits for a command that owns the folder now; throws `busy` when a server does. */
export async function ownForever(options: DoorOptions): Promise<Owned> {
  await prepareFolder(options.folder);
  let hasSaid = false;
  for (let remainingMs = MAX_WAIT_MS, answered = options.clock.now(); remainingMs > 0; ) {
    const owned = await own(options, 'server');
    if (owned) return owned;
    const other = await askOwner(options.folder, remainingMs, options.signal);
    if (other === 'server') {
      throw new HawserError('busy', `a hawser server already runs on the data folder '${options.folder}'`, {
        hint: 'hawser app list',
      });
    }
    if (other !== undefined) {
      answered = options.clock.now();
      if (!hasSaid) options.say('a command is using the data folder: waiting for it to end');
      hasSaid = true;
    }
    remainingMs = answered + MAX_WAIT_MS - options.clock.now();
    await options.clock.sleep(100, options.signal);
  }
  throw noAnswer(options.folder);
}
