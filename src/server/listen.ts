// The HTTP edge: fastify over the dispatcher. Loaded when the first connection comes, not before.

import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Readable } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import fastify from 'fastify';
import { type Answer, isIterable, plainText, type Request } from './dispatch.ts';

export type Dispatcher = (request: Request) => Promise<Answer>;

export interface Edge {
  /** Takes over a connection that somebody accepted. */
  accept(socket: Socket): void;
  /** Refuses new requests, lets running ones end, cuts what is left after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

const LONGEST_BODY = 50 * 1024 * 1024;
const TLS_HANDSHAKE = 0x16;

/** `tls`: connections that begin like TLS are taken as such, others stay plain. */
export async function createEdge(dispatch: Dispatcher, tls?: TlsOptions): Promise<Edge> {
  let plain: HttpServer = createHttpServer();
  const app = fastify({
    bodyLimit: LONGEST_BODY,
    routerOptions: { maxParamLength: 4096 },
    exposeHeadRoutes: false,
    serverFactory: (handler) => {
      plain = createHttpServer((request, response) => handler(request, response));
      return plain;
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.all('/*', async (request, reply) => {
    const control = new AbortController();
    reply.raw.on('close', () => control.abort());
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers))
      headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
    const parsed = parseBody(request.body);
    const answer =
      'problem' in parsed
        ? plainText(400, parsed.problem)
        : await dispatch({
            method: request.method,
            url: request.url,
            headers,
            body: parsed.body,
            signal: control.signal,
          });
    reply.code(answer.status).headers(answer.headers);
    if (isIterable(answer.body)) {
      reply.header('hawser-stream', 'true');
      return reply.send(Readable.from(answer.body, { objectMode: false }));
    }
    return reply.send(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  });
  await app.ready();
  const secure = tls && createTlsServer(tls, (socket) => plain.emit('connection', socket));
  const sockets = new Set<Socket>();
  return {
    accept: (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      if (!secure) {
        plain.emit('connection', socket);
        return;
      }
      socket.once('data', (first: Buffer) => {
        socket.pause();
        socket.unshift(first);
        (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
        process.nextTick(() => socket.resume());
      });
    },
    close: async (graceMs) => {
      plain.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await app.close().catch(() => undefined);
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
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
