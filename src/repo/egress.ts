// The way out of a server that many people share: git, helm and kustomize ask this proxy, which looks at each address after it was
// resolved, redirects and all, and goes to the very address that it looked at.

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isReached, type Reach } from './address.ts';

export interface Egress {
  /** 'http://127.0.0.1:PORT' */
  readonly url: string;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** Of a connection on which nothing comes and nothing goes. */
const IDLE_MS = 120_000;

export async function openEgress(reach: Reach): Promise<Egress> {
  const sockets = new Set<Duplex>();
  const server = createServer((incoming, outgoing) => void forward(incoming, outgoing, reach));
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    void tunnel({ target: incoming.url ?? '', client, head }, reach);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    close: () => {
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Where a name leads; undefined where one of its addresses may not be reached. Throws for one that leads nowhere. */
async function addressOf(host: string, reach: Reach): Promise<string | undefined> {
  const plain = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(plain) > 0 ? [plain] : (await lookup(plain, { all: true })).map(({ address }) => address);
  return addresses.every((address) => isReached(address, reach)) ? addresses[0] : undefined;
}

interface Tunnel {
  /** 'host:port' */
  readonly target: string;
  readonly client: Duplex;
  readonly head: Buffer;
}

async function tunnel({ target, client, head }: Tunnel, reach: Reach): Promise<void> {
  const [, host = '', port = ''] = /^(.+):(\d+)$/.exec(target) ?? [];
  const refuse = (status: string): void => void client.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  try {
    const address = await addressOf(host, reach);
    if (address === undefined) return refuse('421 Misdirected Request');
    const far = connect({ host: address, port: Number(port), timeout: CONNECT_TIMEOUT_MS });
    far.on('timeout', () => far.destroy(new Error('timed out')));
    client.on('close', () => far.destroy());
    await once(far, 'connect');
    far.on('error', () => client.destroy());
    far.on('close', () => client.destroy());
    far.setTimeout(IDLE_MS);
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    join(far, client, head);
  } catch {
    refuse('502 Bad Gateway');
  }
}

function join(far: Socket, client: Duplex, head: Buffer): void {
  far.write(head);
  far.pipe(client);
  client.pipe(far);
}

/** Plain HTTP: the whole URL stands in the request. */
async function forward(incoming: IncomingMessage, outgoing: ServerResponse, reach: Reach): Promise<void> {
  const refuse = (status: number): void => void outgoing.writeHead(status, { connection: 'close' }).end();
  const { url = '', method, headers } = incoming;
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return refuse(400);
  const { hostname, port, pathname, search } = new URL(url);
  try {
    const address = await addressOf(hostname, reach);
    if (address === undefined) return refuse(421);
    const { 'proxy-connection': _, 'proxy-authorization': __, ...rest } = headers;
    const far = request({
      host: address,
      port: port || 80,
      path: `${pathname}${search}`,
      method,
      headers: rest,
      timeout: IDLE_MS,
    });
    far.on('timeout', () => far.destroy());
    far.on('error', () => (outgoing.headersSent ? outgoing.destroy() : refuse(502)));
    far.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    outgoing.on('close', () => far.destroy());
    incoming.pipe(far);
  } catch {
    refuse(502);
  }
}
