// A port of a system that stays: the API with sessions, or the Kubernetes API of the local cluster with a token.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import { plainText } from './dispatch.ts';
import { createEdge, type Dispatcher, listenOn } from './listen.ts';

export interface Port {
  readonly port: number;
  /** Lets running requests end, cuts what is left after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

export interface PortAddress {
  readonly host: string;
  readonly port: number;
}

/** Throws `usage` for a port that cannot be had. */
export async function serveApi(address: PortAddress, dispatch: Dispatcher, tls?: TlsOptions): Promise<Port> {
  const edge = await createEdge(withHealth(dispatch), tls);
  const server = await listen(address, (socket) => edge.accept(socket));
  return {
    port: portOf(server.address()),
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await edge.close(graceMs);
      await closed;
    },
  };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

const TLS_HANDSHAKE = 0x16;

/** The local cluster's own port: node:http, because of watches and protobuf bodies; TLS and plain HTTP alike. */
export async function serveKubernetes(address: PortAddress, listener: Listener, tls: TlsOptions): Promise<Port> {
  const plain = createHttpServer(listener);
  const secure = createTlsServer({ ...tls, ALPNProtocols: ['http/1.1'] }, (socket) => plain.emit('connection', socket));
  const sockets = new Set<Socket>();
  const server = await listen(address, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  return {
    port: portOf(server.address()),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function withHealth(dispatch: Dispatcher): Dispatcher {
  return async (request) => {
    if (request.method === 'GET' && /^\/healthz(\?|$)/.test(request.url)) return plainText(200, 'ok');
    return dispatch(request);
  };
}

async function listen(address: PortAddress, accept: (socket: Socket) => void): ReturnType<typeof listenOn> {
  try {
    return await listenOn(address, accept);
  } catch (thrown) {
    const reason = { EADDRINUSE: 'it is in use', EACCES: 'not allowed', EADDRNOTAVAIL: 'no such address here' }[
      systemCode(thrown)
    ];
    throw new HawserError('usage', `cannot listen on ${address.host}:${address.port}: ${reason ?? messageOf(thrown)}`, {
      hint: 'choose another: --port 0 takes a free one',
      cause: thrown,
    });
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
