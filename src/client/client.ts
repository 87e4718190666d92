import { type Endpoint, encode } from '../api/endpoint.ts';
import { errorFrom } from '../api/status.ts';
import { anySignal } from '../core/abort.ts';
import { HawserError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { parse, type Shape } from '../core/shape.ts';
import type { Clock } from '../core/time.ts';
import { namedApplication, tellAbsence } from './absence.ts';
import {
  answerFailure,
  type ConnectionFault,
  connectionFailure,
  connectionFault,
  unreadableAnswer,
} from './failures.ts';
import { type Http, type HttpAnswer, type HttpRequest, openHttp, type Transport } from './http.ts';
import { isStream } from './in-process.ts';
import { itemsOf, itemsOfValue, type Paths } from './items.ts';
import { lines } from './lines.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export type Call = <Input, Output>(
  endpoint: Endpoint<Input, Output>,
  input: Input,
  options?: CallOptions,
) => Promise<Output>;

/** An endpoint that answers with items, and what each of them is. */
export interface List<Input, Output, Item> {
  readonly endpoint: Endpoint<Input, Output>;
  readonly item: Shape<Item>;
  /** Fields that nobody will look at: they are not read. */
  readonly without: Paths;
}

export interface Client {
  /** As a person would name the server: 'cd.example.com', 'the local system'. */
  readonly address: string;
  readonly call: Call;
  /** The items of a list as they come, each checked, so that a long one is never whole in memory. */
  items<Input, Output, Item>(
    list: List<Input, Output, Item>,
    input: Input,
    options?: CallOptions,
  ): AsyncGenerator<Item>;
  /** The results of a stream; ends when the server ends it, throws when it breaks. */
  stream<Input, Output>(endpoint: Endpoint<Input, Output>, input: Input, options?: CallOptions): AsyncGenerator<Output>;
}

export interface ClientOptions {
  readonly transport: Transport;
  readonly address: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** What ends a call that begins now: the process is asked to end, or a command's deadline passes. */
  readonly ending?: () => AbortSignal;
  /** False leaves a 403 as the server said it. */
  readonly tellAbsence: boolean;
  /** Told before a safe request is tried again. */
  readonly onRetry?: (says: string) => void;
  /** The server renewed a token that was about to expire. */
  readonly onRenewedToken?: (token: string) => void;
  /** A new token in place of one that the server takes no more; undefined where there is no way to one. */
  readonly renew?: () => Promise<string | undefined>;
}

const RETRIES = 3;
const AGAIN: readonly number[] = [429, 502, 503, 504];
const LONGEST_PAUSE = 30_000;

/** The contract's calls, made over one transport. */
export function createClient(options: ClientOptions): Client {
  let http: Promise<Http> | undefined;
  let token = options.token;

  let renewal: Promise<string | undefined> | undefined;
  let refused: string | undefined;

  /** Once for a token, whoever meets its end first. */
  const renewed = async (expired: string | undefined): Promise<boolean> => {
    if (!options.renew || expired === refused) return false;
    if (expired !== token) return true;
    renewal ??= options.renew();
    const fresh = await renewal;
    renewal = undefined;
    refused = expired;
    if (fresh === undefined) return false;
    token = fresh;
    return true;
  };

  const endOf = ({ signal }: CallOptions = {}): AbortSignal | undefined => anySignal(signal, options.ending?.());

  const exchange = async (request: HttpRequest): Promise<HttpAnswer> => {
    const used = token;
    const answer = await once(request);
    return answer.status === 401 && (await renewed(used)) ? once(request) : answer;
  };

  const once = async (request: HttpRequest): Promise<HttpAnswer> => {
    http ??= openHttp(options.transport);
    const send = await http;
    const headers = { ...headersOf(request.method, token), ...options.headers };
    try {
      const answer = await send({ ...request, headers });
      const extended = answer.headers['grpc-metadata-renew-token'];
      if (extended !== undefined) {
        token = extended;
        options.onRenewedToken?.(extended);
      }
      return answer;
    } catch (thrown) {
      if (thrown instanceof HawserError) throw thrown;
      request.signal?.throwIfAborted();
      throw connectionFailure(thrown, options.address);
    }
  };

  const plainCall: Call = async (endpoint, input, callOptions) => {
    const request = { ...encode(endpoint, input), headers: {}, stream: false, signal: endOf(callOptions) };
    const answer = await withRetries(request, exchange, options);
    const body = readBody(answer, options.address);
    const isForeign = /^application\/grpc/.test(answer.headers['content-type'] ?? '');
    if (answer.status !== 200 || isForeign) throw answerFailure(answer, body, options.address);
    return parse(endpoint.output, body, `the answer of ${options.address} to ${endpoint.method} ${request.url}`);
  };

  const toldApart = async (thrown: unknown, path: string, input: unknown): Promise<unknown> =>
    options.tellAbsence && isRefusal(thrown) ? tellAbsence(thrown, namedApplication(path, input), plainCall) : thrown;

  const call: Call = async (endpoint, input, callOptions) => {
    try {
      return await plainCall(endpoint, input, callOptions);
    } catch (thrown) {
      throw await toldApart(thrown, endpoint.path, input);
    }
  };

  async function* stream<Input, Output>(
    endpoint: Endpoint<Input, Output>,
    input: Input,
    callOptions?: CallOptions,
  ): AsyncGenerator<Output> {
    const signal = endOf(callOptions);
    const request = { ...encode(endpoint, input), headers: {}, stream: true, endless: true, signal };
    try {
      const answer = await exchange(request);
      if (!isStream(answer.body)) throw answerFailure(answer, answer.body, options.address);
      if (answer.status !== 200) throw answerFailure(answer, parsed(await whole(answer.body)), options.address);
      for await (const line of lines(answer.body)) yield eventOf(endpoint, line, options.address);
    } catch (thrown) {
      if (thrown instanceof HawserError) throw await toldApart(thrown, endpoint.path, input);
      signal?.throwIfAborted();
      throw connectionFailure(thrown, options.address);
    }
  }

  async function* items<Input, Output, Item>(
    { endpoint, item, without }: List<Input, Output, Item>,
    input: Input,
    callOptions?: CallOptions,
  ): AsyncGenerator<Item> {
    const signal = endOf(callOptions);
    const request = { ...encode(endpoint, input), headers: {}, stream: !('dispatch' in options.transport), signal };
    const answer = await withRetries(request, exchange, options);
    const isForeign = !/^(application\/json|$)/.test(answer.headers['content-type'] ?? '');
    if (answer.status !== 200 || isForeign) {
      const body = isStream(answer.body) ? parsed(await whole(answer.body)) : answer.body;
      throw answerFailure(answer, body, options.address);
    }
    const what = `the answer of ${options.address} to ${endpoint.method} ${request.url}`;
    try {
      const found = isStream(answer.body) ? itemsOf(answer.body, without) : itemsOfValue(answer.body);
      for await (const value of found) yield parse(item, value, what);
    } catch (thrown) {
      if (thrown instanceof HawserError) throw thrown;
      signal?.throwIfAborted();
      if (thrown instanceof SyntaxError) throw unreadableAnswer(answer, '', options.address);
      throw connectionFailure(thrown, options.address);
    }
  }

  return { address: options.address, call, items, stream };
}

/** The content type must be exactly this one: a charset behind it is refused. */
function headersOf(method: string, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
}

const isRefusal = (thrown: unknown): thrown is HawserError =>
  thrown instanceof HawserError && (thrown.code === 'not-allowed' || thrown.code === 'not-found');

/** Only what is safe to do twice is done twice. */
async function withRetries(
  request: HttpRequest,
  exchange: (request: HttpRequest) => Promise<HttpAnswer>,
  options: ClientOptions,
): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const last = request.method !== 'GET' || attempt > RETRIES;
    try {
      const answer = await exchange(request);
      if (last || !AGAIN.includes(answer.status)) return answer;
      await pause(attempt, answer, options, request.signal);
    } catch (thrown) {
      if (last || !isPassing(thrown)) throw thrown;
      await pause(attempt, undefined, options, request.signal);
    }
  }
}

/** A refused certificate or a wrong protocol stays wrong; these may pass. */
const PASSING: readonly (ConnectionFault | undefined)[] = ['refused', 'closed', 'timeout', 'cut-off', 'no-route'];

const isPassing = (thrown: unknown): boolean => PASSING.includes(connectionFault(thrown));

async function pause(
  attempt: number,
  answer: HttpAnswer | undefined,
  options: ClientOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = Number(answer?.headers['retry-after'] ?? Number.NaN) * 1000;
  const wait = Number.isFinite(asked) ? Math.min(asked, LONGEST_PAUSE) : 200 * 2 ** (attempt - 1);
  const reason = answer ? `${options.address} answered ${answer.status}` : `no connection to ${options.address}`;
  if (wait >= 1000) options.onRetry?.(`${reason}: retrying ${attempt}/${RETRIES} in ${Math.round(wait / 1000)} s`);
  await options.clock.sleep(wait, signal);
}

/** A network gives text, a dispatcher a value. */
function readBody(answer: HttpAnswer, address: string): unknown {
  if (typeof answer.body !== 'string') return answer.body;
  if (answer.status !== 200) return parsed(answer.body);
  if (answer.body === '') return {};
  try {
    return JSON.parse(answer.body);
  } catch {
    throw unreadableAnswer(answer, answer.body, address);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function whole(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString('utf8');
}

function eventOf<Input, Output>(endpoint: Endpoint<Input, Output>, line: string, address: string): Output {
  const event = parsed(line);
  if (isObject(event) && event['error'] !== undefined) {
    throw errorFrom(event) ?? new HawserError('bad-answer', `the stream of ${address} ended with an error`);
  }
  if (!isObject(event) || event['result'] === undefined) {
    throw new HawserError('bad-answer', `the stream of ${address} was cut off in the middle of an event`);
  }
  return parse(endpoint.output, event['result'], `an event of ${address} on ${endpoint.path}`);
}
