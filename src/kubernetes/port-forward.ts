// `portforward` of a Pod: a port of this machine, each connection to it a WebSocket to the API server. The protocol is
// v4.channel.k8s.io: the first byte of a message names its channel (0 data, 1 errors), and the first message of a channel
// only repeats the port.

import { createServer, type Socket } from 'node:net';
import { HawserError, messageOf } from '../core/errors.ts';
import { agentOf, authorisation, type KubeEndpoint, tlsOf } from './http.ts';

export interface PortForward {
  /** At 127.0.0.1. */
  readonly port: number;
  close(): Promise<void>;
}

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;

/** `failed` is told why a connection was closed; its client only sees it end. */
export async function forwardPort(
  endpoint: KubeEndpoint,
  target: PodPort,
  failed: (message: string) => void,
): Promise<PortForward> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Whoever hangs up has no more to say.
    socket.on('error', () => socket.destroy());
    carry(endpoint, target, socket).catch((thrown: unknown) => {
      failed(messageOf(thrown));
      socket.destroy();
    });
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Resolves when the connection has ended; rejects with what the API server or the Pod says. */
async function carry(endpoint: KubeEndpoint, { namespace, pod, port }: PodPort, socket: Socket): Promise<void> {
  const { WebSocket } = await import('ws');
  const base = endpoint.server.replace(/^http/, 'ws').replace(/\/$/, '');
  const url = `${base}/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
  const carrier = new WebSocket(url, [PROTOCOL], {
    ...tlsOf(endpoint),
    ...(endpoint.proxy === undefined ? {} : { agent: await agentOf(endpoint) }),
    headers: await authorisation(endpoint),
  });
  const begun = new Set<number>();
  await new Promise<void>((resolve, reject) => {
    carrier.once('open', () => {
      socket.on('data', (chunk) => carrier.send(Buffer.concat([Buffer.of(DATA), chunk])));
      socket.once('end', () => carrier.close());
      socket.once('close', () => carrier.close());
    });
    carrier.on('message', (message: Buffer) => {
      const channel = message[0] ?? DATA;
      const content = message.subarray(1);
      if (!begun.has(channel)) begun.add(channel);
      else if (channel === DATA) socket.write(content);
      else if (content.length > 0) reject(new HawserError('unreachable', content.toString('utf8').trim()));
    });
    carrier.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new HawserError('unreachable', `the cluster refused to forward the port: ${response.statusCode}`));
    });
    carrier.once('error', reject);
    carrier.once('close', () => {
      socket.end();
      resolve();
    });
  });
}
