// One request and its answer: with headers and token, again where that is safe, failures in our words.

import { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import { type ConnectionFault, connectionFailure, connectionFault } from './failures.ts';
import { openHttp } from './http.ts';
import { type ClientTokenOptions, createClientToken } from './token.ts';
import type { Http, HttpAnswer, HttpRequest, Transport } from './transport.ts';

export interface ExchangeOptions extends ClientTokenOptions {
  readonly transport: Transport;
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Told before a safe request is tried again. */
  readonly onRetry?: (says: string) => void;
}

export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Sends a request, and once more with a new token where the server refuses the old one. */
export function createExchange(options: ExchangeOptions): Exchange {
  const token = createClientToken(options);
  let http: Promise<Http> | undefined;

  const send: Exchange = async (request) => {
    http ??= openHttp(options.transport);
    const sendByHttp = await http;
    const headers = { ...headersOf(request.method, token.current()), ...options.headers };
    try {
      const answer = await sendByHttp({ ...request, headers });
      const extended = answer.headers['grpc-metadata-renew-token'];
      if (extended !== undefined) token.extend(extended);
      return answer;
    } catch (thrown) {
      if (thrown instanceof HawserError) throw thrown;
      request.signal?.throwIfAborted();
      throw connectionFailure(thrown, options.address);
    }
  };

  return async (request) => {
    const used = token.current();
    const answer = await send(request);
    return answer.status === 401 && (await token.renew(used)) ? send(request) : answer;
  };
}

/** The content type must be exactly this one: a charset behind it is refused. */
function headersOf(method: string, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
}

const RETRIES = 3;
const RETRIED_STATUS: readonly number[] = [429, 502, 503, 504];
/** A refused certificate or a wrong protocol stays wrong; these may pass. */
const RETRIED_FAULTS: readonly (ConnectionFault | undefined)[] = [
  'refused',
  'closed',
  'timeout',
  'cut-off',
  'no-route',
];
const LONGEST_PAUSE_MS = 30_000;

/** Repeats what is safe to do twice. */
export const withRetries =
  (exchange: Exchange, options: ExchangeOptions): Exchange =>
  async (request) => {
    for (let attempt = 1; ; attempt += 1) {
      const isLast = request.method !== 'GET' || attempt > RETRIES;
      const answer = await exchange(request).catch((thrown: unknown) => {
        if (isLast || !RETRIED_FAULTS.includes(connectionFault(thrown))) throw thrown;
        return undefined;
      });
      if (answer && (isLast || !RETRIED_STATUS.includes(answer.status))) return answer;
      const { wait, why } = pauseAfter(attempt, answer, options.address);
      if (wait >= 1000) options.onRetry?.(`${why}: retrying ${attempt}/${RETRIES} in ${Math.round(wait / 1000)} s`);
      await options.clock.sleep(wait, request.signal);
    }
  };

/** As long as the server asks for, else longer each time. */
function pauseAfter(
  attempt: number,
  answer: HttpAnswer | undefined,
  address: string,
): { readonly wait: number; readonly why: string } {
  const retryAfterMs = Number(answer?.headers['retry-after'] ?? Number.NaN) * 1000;
  return {
    wait: Number.isFinite(retryAfterMs) ? Math.min(retryAfterMs, LONGEST_PAUSE_MS) : 200 * 2 ** (attempt - 1),
    why: answer ? `${address} answered ${answer.status}` : `no connection to ${address}`,
  };
}
