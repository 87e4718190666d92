// A port of a system that stays: the API with sessions, or the Kubernetes API of the local cluster with a token.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { HawserError, messageOf, systemCode } from '../../core/errors.ts';
import { type Connections, createConnections, createHttp } from './connections.ts';
import { createEdge, type EdgeOptions, listenOn } from './listen.ts';
import type { Certificate } from './self-signed.ts';

export interface Port {
  readonly port: number;
  /** Connections from now on have another certificate. */
  renew(certificate: Certificate): void;
  /** Lets running requests end, cuts what is left after so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

export interface PortAddress {
  readonly host: string;
  readonly port: number;
}

/** Throws `usage` for a port that cannot be had. */
export async function serveApi(address: PortAddress, options: EdgeOptions): Promise<Port> {
  const edge = await createEdge(options);
  return portOver(edge, await listen(address, edge.accept));
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** The local cluster's own port: node:http, because of watches and protobuf bodies; TLS and plain HTTP alike. */
export async function serveKubernetes(address: PortAddress, listener: Listener, tls: TlsOptions): Promise<Port> {
  // What is inlined less is compiled with half the work: in the first thousands of requests that saves a tenth of all.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
  const connections = createConnections(createHttp(listener), tls);
  return portOver(connections, await listen(address, connections.accept));
}

function portOver(connections: Connections, server: Server): Port {
  return {
    port: portOf(server.address()),
    renew: connections.renew,
    close: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await connections.close(graceMs);
      await closed;
    },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use',
  EACCES: 'not allowed',
  EADDRNOTAVAIL: 'no such address here',
  ENOTFOUND: 'no such address here',
  ERR_SOCKET_BAD_PORT: 'a port is a number up to 65535',
};

const ADDRESS_HINT = 'give an address of this machine: --address 127.0.0.1';

const HINTS: Readonly<Record<string, string>> = { EADDRNOTAVAIL: ADDRESS_HINT, ENOTFOUND: ADDRESS_HINT };

async function listen(address: PortAddress, accept: (socket: Socket) => void): ReturnType<typeof listenOn> {
  try {
    return await listenOn(address, accept);
  } catch (thrown) {
    const reason = REASONS[systemCode(thrown)] ?? messageOf(thrown);
    throw new HawserError('usage', `cannot listen on ${address.host}:${address.port}: ${reason}`, {
      hint: HINTS[systemCode(thrown)] ?? 'choose another: --port 0 takes a free one',
      cause: thrown,
    });
  }
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
