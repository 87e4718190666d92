// A server that has gone silent: a request that waits for it looks whether it answers anything at all.

import { unlessAborted } from '../core/abort.ts';
import { isStream } from './in-process.ts';
import type { Http, HttpAnswer, HttpRequest } from './transport.ts';

export interface SilenceLimits {
  /** A silence after which it is asked for a sign of life. */
  readonly lookAfterMs: number;
  /** How long it has to give one. */
  readonly answerWithinMs: number;
  /** A silence that no request outlives but one for a stream of events, in which nothing may happen for hours. */
  readonly longestMs: number;
}

const LIMITS: SilenceLimits = { lookAfterMs: 20_000, answerWithinMs: 15_000, longestMs: 60_000 };

/** Every server has it, and asks nobody who wants to know. */
const SIGN_OF_LIFE = '/api/version';

class Silence extends Error {
  readonly code = 'ESILENT';
}

export function withSilenceLimit(send: Http, limits: SilenceLimits = LIMITS): Http {
  const isAlive = async (): Promise<boolean> => {
    const signal = AbortSignal.timeout(limits.answerWithinMs);
    try {
      await unlessAborted(send({ method: 'GET', url: SIGN_OF_LIFE, headers: {}, stream: false, signal }), signal);
      return true;
    } catch {
      return false;
    }
  };
  return async (request) => {
    const silence = createWatch(request, isAlive, limits);
    const signal = request.signal ? AbortSignal.any([request.signal, silence.signal]) : silence.signal;
    const answer = await silence.during(send({ ...request, stream: true, signal }));
    const body = isStream(answer.body) ? chunks(answer.body, silence) : answer.body;
    if (request.stream || !isStream(body)) return { ...answer, body };
    return { ...answer, body: await text(body) };
  };
}

interface SilenceWatch {
  /** Fires when the server has been silent for too long. */
  readonly signal: AbortSignal;
  during<T>(work: Promise<T>): Promise<T>;
}

function createWatch(request: HttpRequest, isAlive: () => Promise<boolean>, limits: SilenceLimits): SilenceWatch {
  const silent = new AbortController();
  const giveUp = (): void => silent.abort(new Silence('silent'));
  return {
    signal: silent.signal,
    during: async (work) => {
      let heard = false;
      const look = async (): Promise<void> => {
        const alive = await isAlive();
        if (heard) return;
        if (!alive) giveUp();
        else if (request.endless) timer = setTimeout(look, limits.lookAfterMs);
      };
      let timer = setTimeout(look, limits.lookAfterMs);
      const longest = request.endless ? undefined : setTimeout(giveUp, limits.longestMs);
      try {
        return await unlessAborted(work, silent.signal);
      } finally {
        heard = true;
        clearTimeout(timer);
        clearTimeout(longest);
      }
    },
  };
}

async function* chunks(
  body: AsyncIterable<string | Uint8Array>,
  silence: SilenceWatch,
): AsyncGenerator<string | Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    // Only the server's silence counts, not how long somebody takes to read what it said.
    for (let next = await silence.during(iterator.next()); !next.done; next = await silence.during(iterator.next()))
      yield next.value;
  } finally {
    await iterator.return?.();
  }
}

async function text(body: AsyncIterable<string | Uint8Array>): Promise<HttpAnswer['body']> {
  const parts: Buffer[] = [];
  for await (const chunk of body) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString('utf8');
}
