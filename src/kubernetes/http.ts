// The one door of this layer to the network: node:http(s) with connections that are kept, watches as streams, and the
// certificates and tokens of a kubeconfig.

import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { HawserError, messageOf, systemCode } from '../core/errors.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from './transport.ts';

export interface KubeEndpoint {
  /** 'https://10.0.0.1:6443', with a path when a proxy asks for one. */
  readonly server: string;
  /** A socket to connect to instead of the server's host. */
  readonly socketPath?: string;
  readonly ca?: string | Buffer;
  readonly clientCert?: string | Buffer;
  readonly clientKey?: string | Buffer;
  readonly insecure?: boolean;
  /** The name that the certificate must have, if not the host's. */
  readonly serverName?: string;
  /** Asked before each request: tokens of plugins and of service accounts change. */
  readonly token?: () => Promise<string>;
  readonly basic?: { readonly username: string; readonly password: string };
  /** 'http://proxy:3128' that stands between here and the server. */
  readonly proxy?: string;
}

export interface HttpKubeTransport {
  readonly transport: KubeTransport;
  /** Ends the connections that are kept open. */
  close(): void;
}

const CONNECT_TIMEOUT_MS = 30_000;

export function createHttpTransport(endpoint: KubeEndpoint): HttpKubeTransport {
  const base = new URL(endpoint.server);
  const secure = base.protocol === 'https:';
  let agent: Promise<HttpAgent> | undefined;

  async function send(request: KubeRequest): Promise<KubeResponse> {
    const query = request.query.toString();
    agent ??= agentOf(endpoint);
    const options: RequestOptions = {
      method: request.method,
      protocol: base.protocol,
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port,
      path: `${base.pathname.replace(/\/$/, '')}${request.path}${query === '' ? '' : `?${query}`}`,
      headers: { ...request.headers, ...(await authorisation(endpoint)) },
      agent: await agent,
      ...omitUndefined({ socketPath: endpoint.socketPath, signal: request.signal }),
    };
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const response = await exchange(secure ? httpsRequest : httpRequest, options, body).catch((thrown: unknown) => {
      throw unreachable(thrown, endpoint.server);
    });
    return { status: response.statusCode ?? 0, body: await bodyOf(request, response) };
  }

  return { transport: send, close: () => void agent?.then((opened) => opened.destroy()) };
}

/** What opens the connections to an endpoint and keeps them: through its proxy where it has one. */
export async function agentOf(endpoint: KubeEndpoint): Promise<HttpAgent> {
  const tls = tlsOf(endpoint);
  if (endpoint.proxy !== undefined) {
    const { HttpsProxyAgent } = await import('https-proxy-agent');
    const agent = new HttpsProxyAgent(endpoint.proxy, { keepAlive: true });
    // Its constructor takes what is for the proxy, its options what is for the server behind it.
    Object.assign(agent.options, tls);
    return agent;
  }
  const isSecure = endpoint.server.startsWith('https:');
  return isSecure ? new HttpsAgent({ keepAlive: true, ...tls }) : new HttpAgent({ keepAlive: true });
}

export function tlsOf(endpoint: KubeEndpoint): Record<string, unknown> {
  return {
    ...omitUndefined({
      ca: endpoint.ca,
      cert: endpoint.clientCert,
      key: endpoint.clientKey,
      servername: endpoint.serverName,
    }),
    rejectUnauthorized: endpoint.insecure !== true,
  };
}

export async function authorisation(endpoint: KubeEndpoint): Promise<Record<string, string>> {
  const token = await endpoint.token?.();
  if (token) return { authorization: `Bearer ${token}` };
  if (!endpoint.basic) return {};
  const { username, password } = endpoint.basic;
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function exchange(
  send: typeof httpRequest,
  options: RequestOptions,
  body: string | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = send(options, resolve);
    request.on('error', reject);
    request.on('socket', (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => request.destroy(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
      socket.once('connect', () => clearTimeout(timer));
      socket.once('close', () => clearTimeout(timer));
    });
    if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body));
    request.end(body);
  });
}

/** Streams stay streams; all else is read to its end. */
async function bodyOf(request: KubeRequest, response: IncomingMessage): Promise<KubeResponse['body']> {
  const streams = request.query.get('watch') === 'true' || request.query.get('follow') === 'true';
  if (streams && response.statusCode === 200) return textsOf(response, request.signal);
  let text = '';
  for await (const piece of textsOf(response, request.signal)) text += piece;
  return parsed(text, response.headers['content-type'] ?? '');
}

async function* textsOf(response: IncomingMessage, signal: AbortSignal | undefined): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) yield String(chunk);
  } catch (thrown) {
    // A reader that goes away is no failure; a connection that breaks is.
    if (!signal?.aborted)
      throw new HawserError('unreachable', `the connection broke: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    response.destroy();
  }
}

function parsed(text: string, type: string): JsonObject | string {
  if (!type.includes('json')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : text;
  } catch {
    return text;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOTFOUND: 'the name is not known',
  ETIMEDOUT: 'no answer in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function unreachable(thrown: unknown, server: string): HawserError {
  if (thrown instanceof HawserError) return thrown;
  const reason = REASONS[systemCode(thrown)] ?? messageOf(thrown);
  return new HawserError('unreachable', `cannot reach the Kubernetes API at '${server}': ${reason}`, { cause: thrown });
}
