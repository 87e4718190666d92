// The HTTP edge: fastify routes, limits and reads; what a request may do is decided by the API behind it. Loaded when the
// first connection comes, not before.

import { once } from 'node:events';
import { type Server as HttpServer, type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsOptions } from 'node:tls';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Answer, Head } from '../../api/exchange.ts';
import { asHawserError, HawserError } from '../../core/errors.ts';
import { readGoJson } from '../../core/go-json.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Caller, NOBODY } from '../auth/enforcer.ts';
import { failure, STREAM_HEADER } from './answers.ts';
import { type Connections, createConnections, createHttp } from './connections.ts';
import { type Api, refuseForgery, unrouted } from './dispatch.ts';
import { redirectToTls } from './host-guard.ts';
import { type Counter, createCounter, LIMITS, type Limits } from './limits.ts';
import type { Route } from './route.ts';

export interface EdgeOptions {
  readonly api: Api;
  /** Connections that begin like TLS are taken as such, others stay plain. */
  readonly tls?: TlsOptions;
  /** The refusal of a request by its head alone. */
  readonly guard?: (head: Head) => Answer | undefined;
  readonly limits?: Limits;
}

/** Node refuses a longer head. */
const MAX_PARAMETER = 16 * 1024;

export async function createEdge({ api, tls, guard, limits = LIMITS }: EdgeOptions): Promise<Connections> {
  let plain: HttpServer | undefined;
  const app = fastify({
    routerOptions: { maxParamLength: MAX_PARAMETER },
    exposeHeadRoutes: false,
    serverFactory: (handler) => {
      plain = createHttp((request, response) => handler(request, response), limits);
      return plain;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.addHook('onRequest', async (request, reply) => {
    const head = headOf(request);
    const refusal = guard?.(head) ?? (tls && redirectToTls(head)) ?? refuseForgery(head);
    return refusal && send(reply, refusal);
  });
  app.setNotFoundHandler((request, reply) => send(reply, unrouted(api.routes, headOf(request))));
  app.setErrorHandler(sendRefusal);
  const streams = new Set<AbortController>();
  const callers = new WeakMap<IncomingMessage, Caller>();
  const counter = createCounter(limits.requests);
  for (const route of api.routes) addRoute(app, route, { api, streams, callers, counter });
  await app.ready();
  const connections = createConnections(plain ?? createHttp(), tls, limits);
  return {
    accept: connections.accept,
    renew: connections.renew,
    close: async (graceMs) => {
      // A stream may have no end of its own.
      for (const control of streams) control.abort();
      await connections.close(graceMs);
      await app.close().catch(() => undefined);
    },
  };
}

interface Serving {
  readonly api: Api;
  readonly streams: Set<AbortController>;
  /** Set before the body is read. */
  readonly callers: WeakMap<IncomingMessage, Caller>;
  readonly counter: Counter;
}

/** The refusal of a request that would be one too many of its client, or of all; it leaves when it is answered. */
function refuseCrowd(counter: Counter, request: FastifyRequest, reply: FastifyReply): Answer | undefined {
  const { remoteAddress } = request.raw.socket;
  const room = counter.enter(remoteAddress);
  if (room !== 'entered') return CROWDED[room];
  reply.raw.once('close', () => counter.leave(remoteAddress));
  return undefined;
}

const crowded = (message: string): Answer => {
  const answer = failure(new HawserError('too-many-requests', message), { isStream: false });
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
};

const CROWDED = {
  full: crowded('the server works on as many requests as it can'),
  'client-full': crowded('too many requests of one client at the same time'),
} as const;

function addRoute(app: FastifyInstance, route: Route, { api, streams, callers, counter }: Serving): void {
  const { url, names } = patternOf(route.path);
  app.route<{ Params: Readonly<Record<string, string>> }>({
    method: route.method,
    url,
    bodyLimit: route.maxBody,
    errorHandler: async (error, request, reply) => {
      if (error.statusCode !== 413) return sendRefusal(error, request, reply);
      await drain(request.raw);
      return route.tooLong ? send(reply, route.tooLong) : sendRefusal(error, request, reply);
    },
    onRequest: async (request, reply) => {
      const refusal = route.isStream ? undefined : refuseCrowd(counter, request, reply);
      if (refusal) return send(reply, refusal);
      const caller = await api.admit(route, headOf(request));
      if ('status' in caller) return send(reply, caller);
      callers.set(request.raw, caller);
    },
    handler: async (request, reply) => {
      const body = readBody(request.body);
      if (body.problem && !route.isRaw) return send(reply, failure(body.problem, { isStream: false }));
      const control = new AbortController();
      reply.raw.on('close', () => {
        control.abort();
        streams.delete(control);
      });
      const variables: JsonObject = Object.fromEntries(names.map(([name, key]) => [name, request.params[key] ?? '']));
      const routed = { ...headOf(request), body: body.json, bytes: body.bytes, variables, signal: control.signal };
      const answer = await api.answer(route, routed, callers.get(request.raw) ?? NOBODY);
      if ('chunks' in answer.body) streams.add(control);
      return send(reply, answer);
    },
  });
}

/** A path of the contract in fastify's words. Its own names may have dots, fastify's may not. */
function patternOf(path: string): { readonly url: string; readonly names: readonly (readonly [string, string])[] } {
  const names: (readonly [string, string])[] = [];
  const url = path.replace(/\{([\w.]+?)(\.\.\.)?\}/g, (_, name: string, rest?: string) => {
    const key = rest ? '*' : `v${names.length}`;
    names.push([name, key]);
    return rest ? '*' : `:${key}`;
  });
  return { url, names };
}

function headOf({ method, url, headers, raw: { socket } }: FastifyRequest): Head {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    plain[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  const isSecure = 'encrypted' in socket || plain['x-forwarded-proto'] === 'https';
  const address = socket.remoteAddress?.replace(/^::ffff:/, '');
  return { method, url, headers: plain, isSecure, ...(address ? { address } : {}) };
}

interface ReadBody {
  readonly bytes: Uint8Array;
  readonly json?: unknown;
  /** Why the bytes are no JSON. */
  readonly problem?: HawserError;
}

function readBody(body: unknown): ReadBody {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  try {
    return { bytes, json: readGoJson(Buffer.from(bytes).toString('utf8')) };
  } catch (thrown) {
    return { bytes, problem: asHawserError(thrown) };
  }
}

/** No page may take an answer for a script or show it in a frame of its own, and none is kept that does not say so. */
const PROTECTION = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'sameorigin',
  'content-security-policy': "frame-ancestors 'self'",
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  reply.code(status).headers(PROTECTION);
  for (const [name, value] of Object.entries(headers))
    reply.header(name, typeof value === 'string' ? value : [...value]);
  if ('chunks' in body)
    return reply.header(STREAM_HEADER, 'true').send(Readable.from(body.chunks, { objectMode: false }));
  // Bytes, because fastify adds a charset to a text.
  return reply.send('json' in body ? Buffer.from(JSON.stringify(body.json) ?? 'null') : Buffer.from(body.bytes));
}

const DRAIN_MS = 2000;

/** Who is still sending when the connection is closed never reads why: what comes is thrown away, for a while. */
async function drain(request: IncomingMessage): Promise<void> {
  request.resume();
  await Promise.race([finished(request).catch(() => undefined), sleep(DRAIN_MS, undefined, { ref: false })]);
}

/** What fastify itself refuses, without its own codes. */
function sendRefusal(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500 } = error;
  const { bodyLimit } = request.routeOptions;
  const message = statusCode === 413 ? `the body is longer than ${bodyLimit} bytes` : error.message;
  return reply.code(statusCode).send({ statusCode, error: STATUS_CODES[statusCode], message });
}

/** Listens on a port or a socket; each connection is handed on. Rejects with Node's own error (EADDRINUSE, EACCES, …). */
export async function listenOn(
  address: { readonly path: string } | { readonly host: string; readonly port: number },
  accept: (socket: Socket) => void,
): Promise<Server> {
  const server = createServer({ noDelay: true }, accept);
  server.listen(address);
  await once(server, 'listening');
  return server;
}
