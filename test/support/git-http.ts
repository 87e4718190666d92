// Serves Git repositories, or any files of a folder, over HTTP on a free port; with a password when one is given.

import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { TLSSocket } from 'node:tls';

export interface HttpServed {
  readonly url: string;
  /** The requests that came, as 'METHOD path'. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export function serveGit(repository: string, login?: Login, port = 0): Promise<HttpServed> {
  const answer: Answer = (request, response) => backend(repository, request, response);
  return serve({ path: `/${basename(repository)}`, login, port }, answer);
}

/** The same over TLS; with `client`, only for those who show this certificate. */
export function serveGitByTls(
  repository: string,
  tls: { readonly cert: string; readonly key: string; readonly client?: string },
  login?: Login,
): Promise<HttpServed> {
  const answer: Answer = (request, response) => backend(repository, request, response);
  return serve({ path: `/${basename(repository)}`, login, port: 0, tls }, answer);
}

export function serveFolder(folder: string, login?: Login): Promise<HttpServed> {
  return serve({ path: '', login, port: 0 }, (request, response) => {
    readFile(join(folder, request.url ?? '')).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
}

interface Serving {
  readonly path: string;
  readonly login: Login | undefined;
  /** 0: a free one. */
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string; readonly client?: string };
}

async function serve({ path, login, port: asked, tls }: Serving, answer: Answer): Promise<HttpServed> {
  const wanted = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  const requests: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${request.method} ${request.url}`);
    if (tls?.client !== undefined && !shows(request, tls.client)) {
      response.writeHead(403).end();
      return;
    }
    if (wanted && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="test"' }).end();
    } else answer(request, response);
  };
  const server = tls
    ? createTlsServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener)
    : createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(asked, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}${path}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function shows({ socket }: IncomingMessage, certificate: string): boolean {
  const { raw } = socket instanceof TLSSocket ? socket.getPeerCertificate() : {};
  return raw !== undefined && new X509Certificate(certificate).raw.equals(raw);
}

/** `git http-backend` speaks CGI: headers, an empty line, the body. */
function backend(repository: string, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: dirname(repository),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    for (const line of output.toString('latin1', 0, end).split('\r\n')) {
      const [name = '', value = ''] = line.split(/:\s*/, 2);
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(output.subarray(end + 4));
  });
}
