// The one dispatcher: a request in, an answer out, whatever carried it (a call in this process, a socket, a port).

import { type ApplicationEndpoint, decode, type Endpoint, matchPath } from '../../api/endpoint.ts';
import type { EndpointRight, Right } from '../../api/rights.ts';
import { errorBody, errorHeaders, GRPC_STATUS, grpcCodeOf, statusOf } from '../../api/status.ts';
import { asHawserError, type HawserError as Failure, HawserError } from '../../core/errors.ts';
import { type JsonObject, MOST_LEVELS, nestsTooDeep } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { type Authorizer, demand } from '../auth/authorize.ts';
import { type Caller, NOBODY, permissionDenied } from '../auth/enforcer.ts';

/** What of a request comes before its body. */
export interface Head {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Request extends Head {
  /** A parsed JSON value. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, a text, or the chunks of a stream. */
  readonly body: unknown;
}

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
  readonly stream: boolean;
  readonly run: (request: Decodable, call: Call, authorize: Authorize) => Promise<unknown>;
}

type Authorize = <Input>(right: EndpointRight<Input>, input: Input) => Promise<KubeObject | undefined>;

interface Decodable {
  readonly variables: JsonObject;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** Joins an endpoint with what answers it, once the right of the endpoint is granted. */
export function route<Input, Output>(
  endpoint: Endpoint<Input, Output>,
  answer: (input: Input, call: Call) => Promise<Output> | AsyncIterable<Output>,
): Route {
  return routeOf(endpoint, async (input, call, authorize) => {
    await authorize(endpoint.right, input);
    return answer(input, call);
  });
}

/** The same for one application, which is found when the right is asked for. */
export function applicationRoute<Input, Output>(
  endpoint: ApplicationEndpoint<Input, Output>,
  answer: (application: KubeObject, input: Input, call: Call) => Promise<Output> | AsyncIterable<Output>,
): Route {
  return routeOf(endpoint, async (input, call, authorize) => {
    const application = await authorize(endpoint.right, input);
    if (!application) throw permissionDenied();
    return answer(application, input, call);
  });
}

function routeOf<Input, Output>(
  endpoint: Endpoint<Input, Output>,
  run: (input: Input, call: Call, authorize: Authorize) => Promise<unknown>,
): Route {
  const { method, path, right, stream = false } = endpoint;
  return {
    method,
    path,
    right,
    stream,
    run: ({ variables, query, body }, call, authorize) =>
      run(decode(endpoint, variables, query, body), call, authorize),
  };
}

export interface DispatcherOptions {
  readonly routes: readonly Route[];
  /** Who sends a request; throws `not-logged-in`. */
  readonly authenticate: (request: Head) => Promise<Caller>;
  readonly authorizer: Authorizer;
}

const JSON_HEADERS = { 'content-type': 'application/json' } as const;

/** Whether somebody known sends a request, or the refusal: before any of its body is read. */
export type Admit = (head: Head) => Promise<{ readonly isKnown: boolean } | Answer>;

export function createAdmission(options: DispatcherOptions): Admit {
  return async (head) => {
    const [path = '/'] = head.url.split('?');
    const found = refuse(head, path) ?? findRoute(options.routes, head.method, path);
    if ('status' in found) return found;
    try {
      await options.authenticate(head);
      return { isKnown: true };
    } catch (thrown) {
      return isOpen(found.route) ? { isKnown: false } : refusal(asHawserError(thrown), found.route);
    }
  };
}

export function createDispatcher(options: DispatcherOptions): (request: Request) => Promise<Answer> {
  return async (request) => {
    const [path = '/', search = ''] = request.url.split('?');
    const refused = refuse(request, path);
    if (refused) return refused;
    const found = findRoute(options.routes, request.method, path);
    if ('status' in found) return found;
    try {
      const caller = isOpen(found.route)
        ? await options.authenticate(request).catch(() => NOBODY)
        : await options.authenticate(request);
      if (nestsTooDeep(request.body))
        throw new HawserError('invalid', `the body is nested deeper than ${MOST_LEVELS} levels`);
      const { authorizer } = options;
      const call: Call = {
        caller,
        signal: request.signal ?? new AbortController().signal,
        may: (right) => authorizer.may(caller, right),
        demand: (right) => demand(authorizer, caller, right),
      };
      const decodable = { variables: found.variables, query: new URLSearchParams(search), body: request.body };
      const result = await found.route.run(decodable, call, (right, input) =>
        authorizer.authorize(right, input, caller),
      );
      if (found.route.stream && isIterable(result)) return await streamed(result);
      return { status: 200, headers: JSON_HEADERS, body: result };
    } catch (thrown) {
      return refusal(asHawserError(thrown), found.route);
    }
  };
}

const isOpen = ({ right }: Route): boolean => right === 'open';

function refusal(error: Failure, { stream }: Route): Answer {
  return {
    status: statusOf(error),
    headers: { ...JSON_HEADERS, ...errorHeaders(error) },
    body: stream ? streamError(error) : errorBody(error),
  };
}

/** The reference's guard against forged requests: whatever changes something must say that it is JSON. */
function refuse(request: Head, path: string): Answer | undefined {
  if (request.method === 'GET' || !path.startsWith('/api/') || path === '/api/webhook') return undefined;
  if ((request.headers['content-type'] ?? '').toLowerCase() === 'application/json') return undefined;
  return plainText(415, 'Invalid content type');
}

function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { readonly route: Route; readonly variables: JsonObject } | Answer {
  let otherMethod = false;
  for (const route of routes) {
    const variables = matchPath(route, path);
    if (!variables) continue;
    if (route.method === method) return { route, variables };
    otherMethod = true;
  }
  return otherMethod ? plainText(405, 'Method Not Allowed') : plainText(404, 'Not Found');
}

export function plainText(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}

/** Waits for the first event, so that a refusal still has its status; later failures become the last line. */
async function streamed(events: AsyncIterable<unknown>): Promise<Answer> {
  const iterator = events[Symbol.asyncIterator]();
  const first = iterator.next();
  const early = await Promise.race([first, soon()]);
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: lines(iterator, early === undefined ? first : Promise.resolve(early)),
  };
}

const soon = (): Promise<undefined> =>
  new Promise((resolve) => setImmediate(() => setImmediate(() => resolve(undefined))));

async function* lines(
  iterator: AsyncIterator<unknown>,
  first: Promise<IteratorResult<unknown>>,
): AsyncGenerator<string> {
  try {
    for (let next = await first; !next.done; next = await iterator.next())
      yield `${JSON.stringify({ result: next.value })}\n`;
  } catch (thrown) {
    yield JSON.stringify(streamError(asHawserError(thrown)));
  } finally {
    await iterator.return?.();
  }
}

function streamError(error: Failure): JsonObject {
  const status = GRPC_STATUS[grpcCodeOf(error)] ?? 500;
  return {
    error: {
      grpc_code: grpcCodeOf(error),
      http_code: status,
      message: error.message,
      http_status: STATUS_TEXT[status] ?? '',
      ...errorHeaders(error),
    },
  };
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
