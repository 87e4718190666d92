// What every request passes, whatever carried it: the guard against forgery, its route, the caller, the right, the answer.

import { matchPath } from '../../api/endpoint.ts';
import type { Answer, Head, Request } from '../../api/exchange.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { type JsonObject, MAX_LEVELS, nestsTooDeep } from '../../core/json.ts';
import type { Audit } from '../audit/audit.ts';
import { noteApplication } from '../audit/scope.ts';
import { type Authorizer, demand } from '../auth/authorize.ts';
import { type Caller, NOBODY } from '../auth/enforcer.ts';
import { tokenCookies } from '../auth/tokens.ts';
import { failure, plainText } from './answers.ts';
import type { AuthorizedCall, Route, RoutedRequest } from './route.ts';

export interface ApiOptions {
  readonly routes: readonly Route[];
  /** Who sends a request; throws `not-logged-in`. */
  readonly authenticate: (head: Head) => Promise<Caller>;
  readonly authorizer: Authorizer;
  /** Writes down what calls change. */
  readonly audit?: Pick<Audit, 'watch'>;
}

export interface Api {
  readonly routes: readonly Route[];
  /** Who calls a route, by the head alone, or the refusal: before any of the body is read. */
  admit(route: Route, head: Head): Promise<Caller | Answer>;
  /** Never rejects. */
  answer(route: Route, request: RoutedRequest, caller: Caller): Promise<Answer>;
}

export function createApi({ routes, authenticate, authorizer, audit }: ApiOptions): Api {
  return {
    routes,
    admit: async (route, head) => {
      try {
        return await authenticate(head);
      } catch (thrown) {
        return isOpen(route) ? NOBODY : failure(asHawserError(thrown), route);
      }
    },
    answer: async (route, request, caller) => {
      const headers = renewalHeaders(caller, request);
      const work = (): Promise<Answer> => answerOf(route, request, callOf({ authorizer, caller, request, headers }));
      const answer = await (audit ? audit.watch({ route, request, caller }, work) : work());
      return Object.keys(headers).length === 0 ? answer : { ...answer, headers: { ...answer.headers, ...headers } };
    },
  };
}

const isOpen = ({ right }: Route): boolean => right === 'open';

const NEVER = new AbortController().signal;

async function answerOf(route: Route, request: RoutedRequest, call: AuthorizedCall): Promise<Answer> {
  try {
    if (nestsTooDeep(request.body))
      throw new HawserError('invalid', `the body is nested deeper than ${MAX_LEVELS} levels`);
    return await route.run(request, call);
  } catch (thrown) {
    return failure(asHawserError(thrown), route);
  }
}

/** Whoever's session is about to end is told the token that goes on. */
function renewalHeaders({ renewed }: Caller, { isSecure }: Head): Record<string, string | readonly string[]> {
  if (renewed === undefined) return {};
  return { 'grpc-metadata-renew-token': renewed, 'set-cookie': tokenCookies(renewed, isSecure) };
}

interface Calling {
  readonly authorizer: Authorizer;
  readonly caller: Caller;
  readonly request: RoutedRequest;
  /** What the answer is sent with. */
  readonly headers: Record<string, string | readonly string[]>;
}

function callOf({ authorizer, caller, request, headers }: Calling): AuthorizedCall {
  const { signal = NEVER, isSecure = false } = request;
  return {
    caller,
    signal,
    isSecure,
    addHeaders: (more) => void Object.assign(headers, more),
    may: (right) => authorizer.may(caller, right),
    demand: (right) => demand(authorizer, caller, right),
    authorize: async (right, input) => {
      const application = await authorizer.authorize(right, input, caller);
      noteApplication(application);
      return application;
    },
  };
}

export type Dispatch = (request: Request) => Promise<Answer>;

/** Calls an API in this process, without a port. */
export function createDispatcher(api: Api): Dispatch {
  return async (request) => {
    const match = refuseForgery(request) ?? matchRoute(api.routes, request);
    if ('status' in match) return match;
    const caller = await api.admit(match.route, request);
    if ('status' in caller) return caller;
    return api.answer(match.route, { ...request, variables: match.variables }, caller);
  };
}

const pathOf = ({ url }: Head): string => url.split('?')[0] ?? '';

/** A form in a foreign page cannot send JSON, so a request that changes something must say that it is JSON. */
export function refuseForgery(head: Head): Answer | undefined {
  const path = pathOf(head);
  if (head.method === 'GET' || !path.startsWith('/api/') || path === '/api/webhook') return undefined;
  if ((head.headers['content-type'] ?? '').toLowerCase() === 'application/json') return undefined;
  return plainText(415, 'Invalid content type');
}

interface RouteMatch {
  readonly route: Route;
  readonly variables: JsonObject;
}

/** The route of a path and method, the one with the fewest variables as on a port, or the refusal. */
function matchRoute(routes: readonly Route[], head: Head): RouteMatch | Answer {
  const path = pathOf(head);
  let best: RouteMatch | undefined;
  for (const route of routes) {
    const variables = route.method === head.method ? matchPath(route, path) : undefined;
    if (variables && (!best || sizeOf(variables) < sizeOf(best.variables))) best = { route, variables };
  }
  return best ?? unrouted(routes, head);
}

const sizeOf = (variables: JsonObject): number => Object.keys(variables).length;

/** The refusal of a request that no route takes. */
export function unrouted(routes: readonly Route[], head: Head): Answer {
  const path = pathOf(head);
  if (!path.startsWith('/api/')) return plainText(404, '404 page not found');
  const isKnown = routes.some((route) => matchPath(route, path));
  return isKnown ? plainText(405, 'Method Not Allowed') : plainText(404, 'Not Found');
}
