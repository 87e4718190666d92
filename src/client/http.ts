// The one place that knows axios. It is loaded when the first request is made, not before: `--help` never pays for it.

import { Agent as HttpAgent } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Answer, AnswerBody } from '../api/exchange.ts';
import { unlessAborted } from '../core/abort.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import type { Dispatch } from './in-process.ts';
import { withSilenceLimit } from './silence.ts';
import type { Http, HttpAnswer, HttpRequest, TlsOptions, Transport } from './transport.ts';

/** One connection pool to one server. */
export async function openHttp(transport: Transport): Promise<Http> {
  const { default: axios } = await import('axios');
  const instance = axios.create(await settings(transport));
  const raw = 'dispatch' in transport;
  const http: Http = (request) => send(instance, request, raw);
  return raw ? http : withSilenceLimit(http);
}

async function settings(transport: Transport): Promise<Record<string, unknown>> {
  // Redirects are told, not followed: an API never redirects, a login page in front of it does.
  const always = {
    maxRedirects: 0,
    validateStatus: () => true,
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    transitional: { silentJSONParsing: false, forcedJSONParsing: false },
    maxContentLength: Number.POSITIVE_INFINITY,
    maxBodyLength: Number.POSITIVE_INFINITY,
  };
  if ('dispatch' in transport) return { ...always, adapter: adapterOf(transport.dispatch) };
  const httpAgent = new HttpAgent({ keepAlive: true });
  if ('socketPath' in transport) {
    return { ...always, baseURL: 'http://localhost', socketPath: transport.socketPath, httpAgent, proxy: false };
  }
  const { baseURL, tls = {}, proxy } = transport;
  const isSecure = baseURL.startsWith('https:');
  if (proxy === undefined && !isSecure) return { ...always, baseURL, httpAgent, proxy: false };
  const options = isSecure ? await secureOptions(tls) : {};
  if (proxy === undefined) {
    const { Agent } = await import('node:https');
    return { ...always, baseURL, httpsAgent: new Agent(options), proxy: false };
  }
  // TLS goes through a proxy by CONNECT, which axios itself does not do.
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const { protocol, hostname, port, username, password } = new URL(proxy);
  const auth = username === '' ? {} : { auth: { username, password } };
  const plain = { protocol, host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), ...auth };
  const httpsAgent = new HttpsProxyAgent(proxy);
  // What its constructor takes is for the proxy; what its options hold is for the server behind it.
  Object.assign(httpsAgent.options, options);
  return { ...always, baseURL, httpAgent, httpsAgent, proxy: isSecure ? false : plain };
}

async function secureOptions(tls: TlsOptions): Promise<AgentOptions> {
  const { rootCertificates } = await import('node:tls');
  return {
    keepAlive: true,
    rejectUnauthorized: !tls.insecure,
    ...(tls.ca === undefined ? {} : { ca: [...rootCertificates, tls.ca] }),
    ...omitUndefined({ cert: tls.cert, key: tls.key }),
  };
}

async function send(instance: AxiosInstance, request: HttpRequest, raw: boolean): Promise<HttpAnswer> {
  const answer = await instance.request<unknown>({
    method: request.method,
    url: request.url,
    headers: { ...request.headers },
    data: request.text ?? (raw || request.body === undefined ? request.body : JSON.stringify(request.body)),
    responseType: request.stream ? 'stream' : 'text',
    ...(request.signal ? { signal: request.signal } : {}),
  });
  return { status: answer.status, headers: plainHeaders(answer), body: answer.data };
}

function plainHeaders(answer: AxiosResponse<unknown>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name.toLowerCase()] = String(value);
  return headers;
}

function adapterOf(dispatch: Dispatch): AxiosAdapter {
  return async (config: InternalAxiosRequestConfig) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(config.headers.toJSON())) headers[name.toLowerCase()] = String(value);
    const signal = config.signal instanceof AbortSignal ? config.signal : undefined;
    const dispatched = dispatch({
      method: (config.method ?? 'get').toUpperCase(),
      url: config.url ?? '/',
      headers,
      ...omitUndefined({ body: config.data }),
      ...(signal ? { signal } : {}),
    });
    // Opening the local system may wait for the lock of the data folder, a route for a repository.
    const answer = await unlessAborted(dispatched, signal);
    const data = dataOf(answer.body, config.responseType === 'stream');
    return { data, status: answer.status, statusText: '', headers: headersOf(answer), config };
  };
}

/** As a network would have brought it, but that JSON need not be text. */
function dataOf(body: AnswerBody, isStream: boolean): unknown {
  if ('chunks' in body) return body.chunks;
  if (isStream) return oneChunk('json' in body ? JSON.stringify(body.json ?? null) : body.bytes);
  return 'json' in body ? body.json : Buffer.from(body.bytes).toString();
}

/** A refusal before the stream began. */
async function* oneChunk(chunk: string | Uint8Array): AsyncIterable<string | Uint8Array> {
  yield chunk;
}

function headersOf({ headers }: Answer): Record<string, string | string[]> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
}
