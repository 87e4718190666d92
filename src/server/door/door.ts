// One door: whoever comes first owns the data folder and serves those who come later, through a socket in it.

import type { Answer, Request } from '../../api/exchange.ts';
import { HawserError } from '../../core/errors.ts';
import { type DoorOptions, type Leaving, type Owned, own, prepareFolder } from './own.ts';
import { askOwner, callOwner, NobodyThere } from './socket.ts';

export interface Door {
  dispatch(request: Request): Promise<Answer>;
  close(options: Leaving): Promise<void>;
}

const LONGEST_WAIT_MS = 10_000;
const RETRY_MS = 25;
/** An owner may need long for an answer, but whether it is there it says at once. */
const LOOK_AFTER_MS = 15_000;
const LOOK_FOR_MS = 10_000;

/** A door that connects to the owner or becomes it, and does so again when the owner goes away. */
export function createDoor(options: DoorOptions): Door {
  let way: Promise<Owned | 'elsewhere'> | undefined;

  async function find(): Promise<Owned | 'elsewhere'> {
    await prepareFolder(options.folder);
    const end = options.clock.now() + LONGEST_WAIT_MS;
    for (let left = LONGEST_WAIT_MS; left > 0; left = end - options.clock.now()) {
      const owned = await own(options, 'command');
      if (owned) return owned;
      if (await askOwner(options.folder, left, options.signal)) return 'elsewhere';
      await options.clock.sleep(RETRY_MS, options.signal);
    }
    throw noAnswer(options.folder);
  }

  async function dispatch(request: Request): Promise<Answer> {
    const current = way ?? find();
    way = current;
    let found: Owned | 'elsewhere';
    try {
      found = await current;
    } catch (thrown) {
      way = undefined;
      throw thrown;
    }
    if (found !== 'elsewhere') return found.dispatch(request);
    try {
      return await callWatched(options, request);
    } catch (thrown) {
      if (way === current) way = undefined;
      if (thrown instanceof NobodyThere || isRepeatable(request, thrown)) return dispatch(request);
      throw thrown;
    }
  }

  return {
    dispatch,
    close: async (leaving) => {
      const found = await way?.catch(() => undefined);
      if (found !== undefined && found !== 'elsewhere') await found.close(leaving);
    },
  };
}

const noAnswer = (folder: string): HawserError =>
  new HawserError('busy', `another process holds the data folder '${folder}' and does not answer`, {
    hint: 'end it, or use another folder: --data-dir DIR',
  });

/** Asking again does no harm: reads, and writes that say how a thing shall be. A sync would run twice. */
function isRepeatable(request: Request, thrown: unknown): boolean {
  if (request.signal?.aborted || (thrown instanceof HawserError && thrown.code === 'busy')) return false;
  return request.method !== 'POST' || /^\/api\/v1\/applications(\?|$)/.test(request.url);
}

/** Calls the owner and looks from time to time whether it is still there, for as long as it has not answered. */
async function callWatched(options: DoorOptions, request: Request): Promise<Answer> {
  const answered = new AbortController();
  const gone = new AbortController();
  const signals = [gone.signal, ...(request.signal ? [request.signal] : [])];
  const look = async (): Promise<void> => {
    for (;;) {
      await options.clock.sleep(LOOK_AFTER_MS, answered.signal);
      if ((await askOwner(options.folder, LOOK_FOR_MS, answered.signal)) === undefined) break;
    }
    gone.abort();
  };
  look().catch(() => undefined);
  const failure = (thrown: unknown): unknown => (gone.signal.aborted ? noAnswer(options.folder) : thrown);
  const end = (): void => answered.abort();
  try {
    const answer = await callOwner(options.folder, { ...request, signal: AbortSignal.any(signals) });
    if ('chunks' in answer.body) return { ...answer, body: { chunks: watched(answer.body.chunks, { failure, end }) } };
    end();
    return answer;
  } catch (thrown) {
    end();
    throw failure(thrown);
  }
}

interface Watch {
  readonly failure: (thrown: unknown) => unknown;
  readonly end: () => void;
}

/** A stream is answered when it ends. */
async function* watched<T>(chunks: AsyncIterable<T>, { failure, end }: Watch): AsyncGenerator<T> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw failure(thrown);
  } finally {
    end();
  }
}

/** Becomes the owner that stays; waits for a command that owns the folder now, refuses when a server does. */
export async function ownForever(options: DoorOptions): Promise<Owned> {
  await prepareFolder(options.folder);
  let told = false;
  for (let left = LONGEST_WAIT_MS, answered = options.clock.now(); left > 0; ) {
    const owned = await own(options, 'server');
    if (owned) return owned;
    const other = await askOwner(options.folder, left, options.signal);
    if (other === 'server') {
      throw new HawserError('busy', `a hawser server already runs on the data folder '${options.folder}'`, {
        hint: 'hawser app list',
      });
    }
    if (other !== undefined) {
      answered = options.clock.now();
      if (!told) options.say('a command is using the data folder: waiting for it to end');
      told = true;
    }
    left = answered + LONGEST_WAIT_MS - options.clock.now();
    await options.clock.sleep(100, options.signal);
  }
  throw noAnswer(options.folder);
}
