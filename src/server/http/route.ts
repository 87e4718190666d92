// An endpoint joined with what answers it.

import { type ApplicationEndpoint, decode, type Endpoint } from '../../api/endpoint.ts';
import type { Answer, Request } from '../../api/exchange.ts';
import type { EndpointRight, Right } from '../../api/rights.ts';
import type { JsonObject } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Caller, permissionDenied } from '../auth/enforcer.ts';
import { json } from './answers.ts';
import { eventStream } from './events.ts';

/** What a route knows beside its input. */
export interface Call {
  readonly caller: Caller;
  readonly signal: AbortSignal;
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
  const run: Route['run'] = async (request, call) => {
    const input = inputOf(endpoint, request);
    await call.authorize(endpoint.right, input);
    return answerOf(answer(input, call));
  };
  return { ...tableOf(endpoint), isRaw: false, run };
}

/** The same for one application, which is found when the right is asked for. */
export function applicationRoute<Input, Output>(
  endpoint: ApplicationEndpoint<Input, Output>,
  answer: (application: KubeObject, input: Input, call: Call) => Result<Output>,
): Route {
  const run: Route['run'] = async (request, call) => {
    const input = inputOf(endpoint, request);
    const application = await call.authorize(endpoint.right, input);
    if (!application) throw permissionDenied();
    return answerOf(answer(application, input, call));
  };
  return { ...tableOf(endpoint), isRaw: false, run };
}

/** Reads the request and writes the answer itself: a webhook, a picture, a redirect with cookies. */
export function rawRoute<Input>(
  endpoint: Endpoint<Input, unknown>,
  answer: (input: Input, request: RawRequest, call: Call) => Promise<Answer>,
): Route {
  const run: Route['run'] = async (request, call) => {
    const input = inputOf(endpoint, request);
    await call.authorize(endpoint.right, input);
    return answer(input, { ...request, bytes: request.bytes ?? bytesOf(request.body) }, call);
  };
  return { ...tableOf(endpoint), isRaw: true, run };
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
  return decode(endpoint, variables, query, body);
}

async function answerOf(result: Result<unknown>): Promise<Answer> {
  if (Symbol.asyncIterator in result) return eventStream(result);
  return json(await result);
}

/** What a network would have brought: a call in this process has no bytes. */
function bytesOf(body: unknown): Uint8Array {
  return body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body));
}
