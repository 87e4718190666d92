// An HTTP proxy for servers of this machine: whatever host is asked for, the connection goes to 127.0.0.1.

import { createServer } from 'node:http';
import { connect } from 'node:net';

export interface HttpProxy {
  /** '127.0.0.1:3128'. */
  readonly address: string;
  /** What it was asked for: 'CONNECT host:port', then the login. */
  readonly passed: readonly string[];
  close(): void;
}

export async function startProxy(): Promise<HttpProxy> {
  const passed: string[] = [];
  const server = createServer((request, response) => {
    passed.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
  });
  server.on('connect', (request, socket, head) => {
    passed.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    passed,
    close: () => server.close().closeAllConnections(),
  };
}
