// Connections that somebody accepted: TLS and plain HTTP by their first byte, an end for those that say nothing or say it
// too slowly, and for all of them when the server closes.

import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Connections {
  accept(socket: Socket): void;
  /** Ends them when the requests that run have their answers, or after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

/** How long a client has for its first byte, its handshake, and the head of a request. */
const SLOWEST_HEAD_MS = 20_000;
/** And for the whole of it: a large body over a slow line. */
const SLOWEST_REQUEST_MS = 120_000;
const IDLE_MS = 60_000;
const LOOK_EVERY_MS = 5000;
const TLS_HANDSHAKE = 0x16;
const DRAIN_LOOK_MS = 20;

/** A server that gets its connections from elsewhere. */
export function createHttp(listener?: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: SLOWEST_HEAD_MS,
      requestTimeout: SLOWEST_REQUEST_MS,
      keepAliveTimeout: IDLE_MS,
      connectionsCheckingInterval: LOOK_EVERY_MS,
    },
    listener,
  );
  // Node looks after its connections from the moment it listens: this one never does by itself.
  server.emit('listening');
  return server;
}

/** Without `tls` every connection is plain. */
export function createConnections(plain: Server, tls?: TlsOptions): Connections {
  const settings = { ...tls, ALPNProtocols: ['http/1.1'], handshakeTimeout: SLOWEST_HEAD_MS };
  const secure = tls && createTlsServer(settings, (socket) => plain.emit('connection', socket));
  // A handshake that failed or took too long.
  secure?.on('tlsClientError', (_, socket) => socket.destroy());
  const sockets = new Set<Socket>();
  const running = new Set<ServerResponse>();
  plain.on('request', (_, response) => {
    running.add(response);
    response.once('close', () => running.delete(response));
  });

  function decide(socket: Socket): void {
    const late = setTimeout(() => socket.destroy(), SLOWEST_HEAD_MS);
    socket.once('close', () => clearTimeout(late));
    socket.once('data', (first: Buffer) => {
      clearTimeout(late);
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE && secure ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }

  return {
    accept: (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      if (secure) decide(socket);
      else plain.emit('connection', socket);
    },
    close: async (graceMs) => {
      for (let left = graceMs; left > 0 && running.size > 0; left -= DRAIN_LOOK_MS)
        await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS));
      for (const socket of sockets) socket.destroy();
      // What looks after the connections ends with it; that it does not listen is no news.
      plain.close(() => undefined);
    },
  };
}
