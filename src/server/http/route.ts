// An endpoint joined with what answers it.

import { type ApplicationEndpoint, bodyFields, decode, type Endpoint } from '../../api/endpoint.ts';
import type { Answer, AnswerHeaders, Request } from '../../api/exchange.ts';
import type { EndpointRight, Right } from '../../api/rights.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { isObject, type JsonObject, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Caller, permissionDenied } from '../auth/enforcer.ts';
import { operationOf } from '../contract/contract.ts';
import { decodeBody } from '../contract/decode.ts';
import { encodeAnswer } from '../contract/encode.ts';
import { failure, json } from './answers.ts';
import { eventStream } from './events.ts';
import { projectAt } from './projection.ts';

/** What a route knows beside its input. */
export interface Call {
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** The request came by TLS. */
  readonly isSecure: boolean;
  /** To go with the answer. */
  addHeaders(headers: AnswerHeaders): void;
  /** For the items of a list, and for rights that only the route can tell. */
  may(right: Right): boolean;
  /** Throws `not-allowed` where `may` says no. */
  demand(right: Right): void;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  readonly right: EndpointRight<never>;
  /** Answers with a stream, and tells a failure in the shape of one. */
  readonly isStream: boolean;
  readonly maxBody: number;
  /** Takes any body, JSON or not. */
  readonly isRaw: boolean;
  /** What is said of a body that is longer than `maxBody`. */
  readonly tooLong?: Answer;
  readonly run: (request: RoutedRequest, call: AuthorizedCall) => Promise<Answer>;
}

/** A request whose route was found. */
export interface RoutedRequest extends Request {
  /** Of the path, decoded. */
  readonly variables: JsonObject;
}

/** A call that can ask for the right of its endpoint. */
export interface AuthorizedCall extends Call {
  authorize<Input>(right: EndpointRight<Input>, input: Input): Promise<KubeObject | undefined>;
}

/** A request with its body as bytes. */
export interface RawRequest extends Request {
  readonly bytes: Uint8Array;
}

type Result<Output> = Promise<Output> | AsyncIterable<Output>;

/** Answers with JSON, or with a stream of events, once the right of the endpoint is granted. */
export function route<Input, Output>(
  endpoint: Endpoint<Input, Output>,
  answer: (input: Input, call: Call) => Result<Output>,
): Route {
  return jsonRoute(endpoint, async (input, call) => {
    await call.authorize(endpoint.right, input);
    return answerOf(endpoint, answer(input, call), input);
  });
}

/** The same for one application, which is found when the right is asked for. */
export function applicationRoute<Input, Output>(
  endpoint: ApplicationEndpoint<Input, Output>,
  answer: (application: KubeObject, input: Input, call: Call) => Result<Output>,
): Route {
  return jsonRoute(endpoint, async (input, call) => {
    const application = await call.authorize(endpoint.right, input);
    if (!application) throw permissionDenied();
    return answerOf(endpoint, answer(application, input, call), input);
  });
}

function jsonRoute<Input>(
  endpoint: Endpoint<Input, unknown>,
  run: (input: Input, call: AuthorizedCall) => Promise<Answer>,
): Route {
  return {
    ...tableOf(endpoint),
    isRaw: false,
    run: async (request, call) => {
      const input = tryInput(endpoint, request);
      // A request that cannot be read has no stream to fail in.
      return input instanceof HawserError ? failure(input, { isStream: false }) : run(input, call);
    },
  };
}

function tryInput<Input>(endpoint: Endpoint<Input, unknown>, request: RoutedRequest): Input | HawserError {
  try {
    return inputOf(endpoint, request);
  } catch (thrown) {
    return asHawserError(thrown);
  }
}

/** Reads the request and writes the answer itself: a webhook, a picture, a redirect with cookies. */
export function rawRoute<Input>(
  endpoint: Endpoint<Input, unknown>,
  answer: (input: Input, request: RawRequest, call: Call) => Promise<Answer>,
  more: Pick<Route, 'tooLong'> = {},
): Route {
  const run: Route['run'] = async (request, call) => {
    const input = inputOf(endpoint, request);
    await call.authorize(endpoint.right, input);
    return answer(input, { ...request, bytes: request.bytes ?? bytesOf(request.body) }, call);
  };
  return { ...tableOf(endpoint), ...more, isRaw: true, run };
}

/** For a caller with a session, and for anybody: a login is short. */
const MAX_BODY = 50 * 1024 * 1024;
const MAX_OPEN_BODY = 64 * 1024;

function tableOf<Input>(endpoint: Endpoint<Input, unknown>): Omit<Route, 'run' | 'isRaw'> {
  const { method, path, right, stream = false, maxBody = right === 'open' ? MAX_OPEN_BODY : MAX_BODY } = endpoint;
  return { method, path, right, isStream: stream, maxBody };
}

function inputOf<Input>(endpoint: Endpoint<Input, unknown>, { url, variables, body }: RoutedRequest): Input {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  const operation = operationOf(endpoint.method, endpoint.path);
  const decoded = operation?.body ? decodeBody(body, operation.body) : body;
  requireFields(operation?.required ?? [], {
    ...variables,
    ...Object.fromEntries(query),
    ...bodyFields(endpoint.body, decoded),
  });
  return decode(endpoint, variables, query, decoded);
}

/** Without them the reference cannot pass the request on. */
function requireFields(names: readonly string[], fields: Readonly<Record<string, unknown>>): void {
  const missing = names.find((name) => fields[name] === undefined);
  if (missing === undefined) return;
  const message = `grpc: error while marshaling: proto: required field "${missing}" not set`;
  throw new HawserError('internal', message);
}

async function answerOf<Input>(
  endpoint: Endpoint<Input, unknown>,
  result: Result<unknown>,
  input: Input,
): Promise<Answer> {
  const type = operationOf(endpoint.method, endpoint.path)?.answer;
  const fields = isObject(input) ? textAt(input, 'fields') : '';
  const encode = (value: unknown): unknown =>
    type === undefined ? value : encodeAnswer(value, type, { isProjected: fields !== '' });
  if (Symbol.asyncIterator in result) return eventStream(result, (event) => encode(projectAt('result', event, fields)));
  return json(encode(projectAt('', await result, fields)));
}

/** What a network would have brought: a call in this process has no bytes. */
function bytesOf(body: unknown): Uint8Array {
  return body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
}
