import { type Endpoint, encode } from '../api/endpoint.ts';
import { errorFrom } from '../api/status.ts';
import { anySignal } from '../core/abort.ts';
import { HawserError } from '../core/errors.ts';
import { isObject } from '../core/json.ts';
import { parse, type Shape } from '../core/shape.ts';
import { namedApplication, tellAbsence } from './absence.ts';
import type { Call, CallOptions } from './call.ts';
import { createExchange, type Exchange, type ExchangeOptions, withRetries } from './exchange.ts';
import { answerFailure, connectionFailure, unreadableAnswer } from './failures.ts';
import { isStream } from './in-process.ts';
import { asListItem, itemsOf, itemsOfValue, type Paths } from './items.ts';
import { lines } from './lines.ts';
import type { HttpAnswer } from './transport.ts';

/** An endpoint that answers with items, and what each of them is. */
export interface List<Input, Output, Item> {
  readonly endpoint: Endpoint<Input, Output>;
  readonly item: Shape<Item>;
  /** Fields that nobody will look at: they are not read. */
  readonly without: Paths;
  /** Of such an item they are read all the same. */
  readonly isWhole?: (item: Item) => boolean;
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

export interface ClientOptions extends ExchangeOptions {
  /** What ends a call that begins now: the process is asked to end, or a command's deadline passes. */
  readonly ending?: () => AbortSignal;
  /** False leaves a 403 as the server said it. */
  readonly tellAbsence: boolean;
}

/** What the three kinds of call share. */
interface Wire {
  readonly address: string;
  readonly exchange: Exchange;
  readonly retrying: Exchange;
  /** Whether the answer comes in pieces; a dispatcher gives it whole. */
  readonly isNetwork: boolean;
  signalOf(options?: CallOptions): AbortSignal | undefined;
}

/** The contract's calls, made over one transport. */
export function createClient(options: ClientOptions): Client {
  const exchange = createExchange(options);
  const wire: Wire = {
    address: options.address,
    exchange,
    retrying: withRetries(exchange, options),
    isNetwork: !('dispatch' in options.transport),
    signalOf: ({ signal } = {}) => anySignal(signal, options.ending?.()),
  };
  const call: Call = (endpoint, input, callOptions) => callOnce(wire, { endpoint, input }, callOptions);
  const explained = async (thrown: unknown, path: string, input: unknown): Promise<unknown> =>
    options.tellAbsence && isRefusal(thrown) ? tellAbsence(thrown, namedApplication(path, input), call) : thrown;
  return {
    address: options.address,
    call: (endpoint, input, callOptions) =>
      call(endpoint, input, callOptions).catch(async (thrown: unknown) => {
        throw await explained(thrown, endpoint.path, input);
      }),
    items: (list, input, callOptions) => itemsOfList(wire, { list, input }, callOptions),
    stream: async function* (endpoint, input, callOptions) {
      try {
        yield* streamOf(wire, { endpoint, input }, callOptions);
      } catch (thrown) {
        throw await explained(thrown, endpoint.path, input);
      }
    },
  };
}

const isRefusal = (thrown: unknown): thrown is HawserError =>
  thrown instanceof HawserError && (thrown.code === 'not-allowed' || thrown.code === 'not-found');

interface Question<Input, Output> {
  readonly endpoint: Endpoint<Input, Output>;
  readonly input: Input;
}

async function callOnce<Input, Output>(
  wire: Wire,
  { endpoint, input }: Question<Input, Output>,
  options?: CallOptions,
): Promise<Output> {
  const request = { ...encode(endpoint, input), headers: {}, stream: false, signal: wire.signalOf(options) };
  const answer = await (options?.once ? wire.exchange : wire.retrying)(request);
  options?.onHeaders?.(answer.headers);
  const body = readBody(answer, wire.address);
  const isForeign = /^application\/grpc/.test(answer.headers['content-type'] ?? '');
  if (answer.status !== 200 || isForeign) throw answerFailure(answer, body, wire.address);
  return parse(endpoint.output, body, `the answer of ${wire.address} to ${endpoint.method} ${request.url}`);
}

async function* streamOf<Input, Output>(
  wire: Wire,
  { endpoint, input }: Question<Input, Output>,
  options?: CallOptions,
): AsyncGenerator<Output> {
  const { address } = wire;
  const signal = wire.signalOf(options);
  const request = { ...encode(endpoint, input), headers: {}, stream: true, endless: true, signal };
  try {
    const answer = await wire.exchange(request);
    if (!isStream(answer.body)) throw answerFailure(answer, answer.body, address);
    if (answer.status !== 200) throw answerFailure(answer, jsonOrText(await readText(answer.body)), address);
    for await (const line of lines(answer.body)) yield eventOf(endpoint, line, address);
  } catch (thrown) {
    if (thrown instanceof HawserError) throw thrown;
    signal?.throwIfAborted();
    throw connectionFailure(thrown, address);
  }
}

async function* itemsOfList<Input, Output, Item>(
  wire: Wire,
  { list, input }: { readonly list: List<Input, Output, Item>; readonly input: Input },
  options?: CallOptions,
): AsyncGenerator<Item> {
  const { endpoint, item, without, isWhole } = list;
  const { address } = wire;
  const signal = wire.signalOf(options);
  const request = { ...encode(endpoint, input), headers: {}, stream: wire.isNetwork, signal };
  const answer = await wire.retrying(request);
  const isForeign = !/^(application\/json|$)/.test(answer.headers['content-type'] ?? '');
  if (answer.status !== 200 || isForeign) {
    const body = isStream(answer.body) ? jsonOrText(await readText(answer.body)) : answer.body;
    throw answerFailure(answer, body, address);
  }
  const what = `the answer of ${address} to ${endpoint.method} ${request.url}`;
  try {
    const items = isStream(answer.body) ? itemsOf(answer.body, without) : itemsOfValue(answer.body).map(asListItem);
    for await (const { value, whole } of items) {
      const parsed = parse(item, value, what);
      yield isWhole?.(parsed) ? parse(item, whole(), what) : parsed;
    }
  } catch (thrown) {
    if (thrown instanceof HawserError) throw thrown;
    signal?.throwIfAborted();
    if (thrown instanceof SyntaxError) throw unreadableAnswer(answer, '', address);
    throw connectionFailure(thrown, address);
  }
}

/** A network gives text, a dispatcher a value. */
function readBody(answer: HttpAnswer, address: string): unknown {
  if (typeof answer.body !== 'string') return answer.body;
  if (answer.status !== 200) return jsonOrText(answer.body);
  if (answer.body === '') return {};
  try {
    return JSON.parse(answer.body);
  } catch {
    throw unreadableAnswer(answer, answer.body, address);
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function readText(chunks: AsyncIterable<string | Uint8Array>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString('utf8');
}

function eventOf<Input, Output>(endpoint: Endpoint<Input, Output>, line: string, address: string): Output {
  const event = jsonOrText(line);
  if (isObject(event) && event['error'] !== undefined) {
    throw errorFrom(event) ?? new HawserError('bad-answer', `the stream of ${address} ended with an error`);
  }
  if (!isObject(event) || event['result'] === undefined) {
    throw new HawserError('bad-answer', `the stream of ${address} was cut off in the middle of an event`);
  }
  return parse(endpoint.output, event['result'], `an event of ${address} on ${endpoint.path}`);
}
