// The HTTP edge: fastify over the dispatcher. Loaded when the first connection comes, not before.

import { once } from 'node:events';
import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Connections, createConnections, createHttp } from './connections.ts';
import { type Admit, type Answer, type Head, isIterable, plainText, type Request } from './dispatch.ts';

export type Dispatcher = (request: Request) => Promise<Answer>;

export type Edge = Connections;

export interface EdgeOptions {
  readonly dispatch: Dispatcher;
  /** Asked by its head alone whether a request may go on to its body; absent: every one may. */
  readonly admit?: Admit;
  /** Connections that begin like TLS are taken as such, others stay plain. */
  readonly tls?: TlsOptions;
}

const LONGEST_BODY = 50 * 1024 * 1024;
/** Of somebody who has not said who they are: a login. */
const LONGEST_BODY_OF_ANYBODY = 64 * 1024;

export async function createEdge({ dispatch, admit, tls }: EdgeOptions): Promise<Edge> {
  let plain: HttpServer | undefined;
  const app = fastify({
    routerOptions: { maxParamLength: 4096 },
    exposeHeadRoutes: false,
    serverFactory: (handler) => {
      plain = createHttp((request, response) => handler(request, response));
      return plain;
    },
  });
  const limits = new WeakMap<IncomingMessage, number>();
  const endless = new Set<AbortController>();
  app.addHook('onRequest', async (request, reply) => {
    const admission = await admit?.(headOf(request));
    if (admission && 'status' in admission) return send(reply, admission);
    limits.set(request.raw, admission?.isKnown === false ? LONGEST_BODY_OF_ANYBODY : LONGEST_BODY);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (request: FastifyRequest, body: AsyncIterable<unknown>) =>
    readText(body, limits.get(request.raw) ?? LONGEST_BODY),
  );
  app.all('/*', async (request, reply) => {
    const control = new AbortController();
    reply.raw.on('close', () => {
      control.abort();
      endless.delete(control);
    });
    const parsed = parseBody(request.body);
    const answer =
      'problem' in parsed
        ? plainText(400, parsed.problem)
        : await dispatch({ ...headOf(request), body: parsed.body, signal: control.signal });
    if (isIterable(answer.body)) endless.add(control);
    return send(reply, answer);
  });
  await app.ready();
  const connections = createConnections(plain ?? createHttp(), tls);
  return {
    accept: connections.accept,
    close: async (graceMs) => {
      // Nobody waits for the end of what has none.
      for (const control of endless) control.abort();
      await connections.close(graceMs);
      await app.close().catch(() => undefined);
    },
  };
}

function headOf({ method, url, headers }: FastifyRequest): Head {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    plain[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  return { method, url, headers: plain };
}

function send(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (!isIterable(body)) return reply.send(typeof body === 'string' ? body : JSON.stringify(body));
  return reply.header('hawser-stream', 'true').send(Readable.from(body, { objectMode: false }));
}

class TooLarge extends Error {
  readonly statusCode = 413;
}

async function readText(body: AsyncIterable<unknown>, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    if (!(chunk instanceof Buffer)) continue;
    length += chunk.length;
    if (length > limit) throw new TooLarge(`the body is longer than ${limit} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseBody(body: unknown): { readonly body: unknown } | { readonly problem: string } {
  if (typeof body !== 'string' || body.trim() === '') return { body: undefined };
  try {
    return { body: JSON.parse(body) };
  } catch (thrown) {
    return { problem: thrown instanceof Error ? thrown.message : 'the body is not JSON' };
  }
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
