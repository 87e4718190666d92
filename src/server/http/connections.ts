// Accepted connections: TLS or plain HTTP by the first byte, time limits for slow clients, and an end for all of them when
// the server closes.

import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createServer as createTlsServer, type SecureContextOptions, type TlsOptions } from 'node:tls';
import { createCounter, LIMITS, type Limits } from './limits.ts';

export interface Connections {
  accept(socket: Socket): void;
  /** Connections from now on have another certificate. */
  renew(certificate: SecureContextOptions): void;
  /** Ends them when the running requests have their answers, or after the grace period. */
  close(graceMs: number): Promise<void>;
}

const KEEP_ALIVE_MS = 60_000;
const TLS_HANDSHAKE = 0x16;
const DRAIN_INTERVAL_MS = 20;

/** A server that gets its connections from elsewhere. */
export function createHttp(listener?: RequestListener, limits = LIMITS): Server {
  const server = createServer(
    {
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: limits.checkMs,
    },
    listener,
  );
  // Node enforces its time limits from the moment it listens, and this server never listens by itself.
  server.emit('listening');
  return server;
}

/** Without `tls` every connection is plain. */
export function createConnections(plain: Server, tls?: TlsOptions, limits = LIMITS): Connections {
  const settings = { ...tls, ALPNProtocols: ['http/1.1'], handshakeTimeout: limits.headMs };
  const secure = tls && createTlsServer(settings, (socket) => plain.emit('connection', socket));
  // The handshake failed or took too long.
  secure?.on('tlsClientError', (_, socket) => socket.destroy());
  const sockets = new Set<Socket>();
  const counter = createCounter(limits.connections);
  const running = new Set<ServerResponse>();
  const stopCutting = cutStalled(running, limits);
  plain.on('request', (_, response) => {
    running.add(response);
    response.once('close', () => running.delete(response));
  });

  function detectTls(socket: Socket): void {
    const late = setTimeout(() => socket.destroy(), limits.headMs);
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
      const { remoteAddress } = socket;
      if (counter.enter(remoteAddress) !== 'entered') {
        socket.destroy();
        return;
      }
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        counter.leave(remoteAddress);
      });
      socket.on('error', () => socket.destroy());
      if (secure) detectTls(socket);
      else plain.emit('connection', socket);
    },
    renew: (certificate) => secure?.setSecureContext(certificate),
    close: async (graceMs) => {
      for (let remainingMs = graceMs; remainingMs > 0 && running.size > 0; remainingMs -= DRAIN_INTERVAL_MS)
        await new Promise((resolve) => setTimeout(resolve, DRAIN_INTERVAL_MS));
      stopCutting();
      for (const socket of sockets) socket.destroy();
      // This ends the enforcement of time limits. The error says that the server does not listen.
      plain.close(() => undefined);
    },
  };
}

/** Ends the connections of those who take nothing of their answer any more: what waits for them would only grow. */
function cutStalled(running: ReadonlySet<ServerResponse>, { checkMs, stalledMs }: Limits): () => void {
  const progress = new WeakMap<ServerResponse, { readonly bytes: number; readonly checks: number }>();
  const timer = setInterval(() => {
    for (const response of running) {
      const { socket } = response;
      if (!socket) continue;
      const before = progress.get(response);
      const isWaiting = response.writableLength + socket.writableLength > 0;
      const isStalled = isWaiting && before?.bytes === socket.bytesWritten;
      const checks = isStalled ? before.checks + 1 : 0;
      if (checks * checkMs >= stalledMs) socket.destroy();
      else progress.set(response, { bytes: socket.bytesWritten, checks });
    }
  }, checkMs);
  timer.unref();
  return () => clearInterval(timer);
}
