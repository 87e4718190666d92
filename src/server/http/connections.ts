// Accepted connections: TLS or plain HTTP by the first byte, time limits for slow clients, and an end for all of them when
// the server closes.

import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

export interface Connections {
  accept(socket: Socket): void;
  /** Ends them when the running requests have their answers, or after the grace period. */
  close(graceMs: number): Promise<void>;
}

/** For the first byte, the handshake, and the head of a request. */
const HEAD_TIMEOUT_MS = 20_000;
/** For a whole request: a large body over a slow line. */
const REQUEST_TIMEOUT_MS = 120_000;
const KEEP_ALIVE_MS = 60_000;
const CHECK_INTERVAL_MS = 5000;
const TLS_HANDSHAKE = 0x16;
const DRAIN_INTERVAL_MS = 20;

/** A server that gets its connections from elsewhere. */
export function createHttp(listener?: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    listener,
  );
  // Node enforces its time limits from the moment it listens, and this server never listens by itself.
  server.emit('listening');
  return server;
}

/** Without `tls` every connection is plain. */
export function createConnections(plain: Server, tls?: TlsOptions): Connections {
  const settings = { ...tls, ALPNProtocols: ['http/1.1'], handshakeTimeout: HEAD_TIMEOUT_MS };
  const secure = tls && createTlsServer(settings, (socket) => plain.emit('connection', socket));
  // The handshake failed or took too long.
  secure?.on('tlsClientError', (_, socket) => socket.destroy());
  const sockets = new Set<Socket>();
  const running = new Set<ServerResponse>();
  plain.on('request', (_, response) => {
    running.add(response);
    response.once('close', () => running.delete(response));
  });

  function detectTls(socket: Socket): void {
    const late = setTimeout(() => socket.destroy(), HEAD_TIMEOUT_MS);
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
      if (secure) detectTls(socket);
      else plain.emit('connection', socket);
    },
    close: async (graceMs) => {
      for (let remainingMs = graceMs; remainingMs > 0 && running.size > 0; remainingMs -= DRAIN_INTERVAL_MS)
        await new Promise((resolve) => setTimeout(resolve, DRAIN_INTERVAL_MS));
      for (const socket of sockets) socket.destroy();
      // This ends the enforcement of time limits. The error says that the server does not listen.
      plain.close(() => undefined);
    },
  };
}
