// The API as a listener for node:http: bearer token, bodies, streams.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '../core/json.ts';
import { isSame } from './access/account-token.ts';
import { certificateUserOf } from './access/client-certificate.ts';
import { loadProtobuf } from './protobuf/envelope.ts';
import { OPENAPI_PROTOBUF, PROTOBUF } from './representation.ts';
import { isStream, type KubeHandle, type KubeRequest, type KubeResponse, type RequestObserver } from './request.ts';
import { errorResponse, textResponse } from './response.ts';
import { ApiError } from './status.ts';

export interface ListenerOptions {
  /** What a client must send as bearer token. */
  readonly token: string;
  /** Who is told of what a request that is no read does. */
  readonly observerOf?: (request: PlacedRequest) => RequestObserver;
}

/** A request as it came in at the port. */
export interface PlacedRequest extends Pick<KubeRequest, 'method' | 'path'> {
  /** The address of the client. */
  readonly address: string | undefined;
}

const LONGEST_BODY = 3 * 1024 * 1024;

export function createKubeListener(
  handle: KubeHandle,
  options: ListenerOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    respond(handle, options, { request, response }).catch(() => response.destroy());
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function respond(handle: KubeHandle, options: ListenerOptions, { request, response }: Exchange): Promise<void> {
  const url = urlOf(request.url ?? '/');
  if (!url) return write(textResponse('400 Bad Request', 400), { request, response });
  const control = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) control.abort();
  });
  const body = await readBytes(request);
  if (body === undefined) return write(errorResponse(tooLarge()), { request, response });
  const method = request.method ?? 'GET';
  const path = url.pathname;
  const observer =
    method === 'GET' || method === 'HEAD'
      ? undefined
      : options.observerOf?.({ method, path, address: addressOf(request) });
  const answer = await handle({
    method,
    path,
    query: url.searchParams,
    headers: plainHeaders(request),
    body,
    ...credentials(request, options.token),
    ...(observer ? { observer } : {}),
    // Only a watch asks for it.
    get signal() {
      return control.signal;
    },
  });
  await write(answer, { request, response }, isPretty(url, request.headers['user-agent'] ?? ''));
}

const addressOf = ({ socket }: IncomingMessage): string | undefined => socket.remoteAddress?.replace(/^::ffff:/, '');

/** Asked for, or for whoever reads it with his own eyes; the version always. */
function isPretty({ pathname, searchParams }: Target, agent: string): boolean {
  if (/^\/version\/?$/.test(pathname)) return true;
  const asked = searchParams.get('pretty');
  return asked === null ? /^(curl|Wget|Mozilla\/5\.0)/.test(agent) : asked === '' || /^(1|t|true)$/i.test(asked);
}

type Target = Pick<URL, 'pathname' | 'searchParams'>;

/** A path that means what it says: most do, and nothing need be resolved in them. */
const PLAIN_PATH = /^(\/[\w~-][\w.~-]*)+$/;

/** A path as it is: points in it are names, and lead nowhere. Proxies send a whole URL. */
function urlOf(target: string): Target | undefined {
  if (PLAIN_PATH.test(target)) return { pathname: target, searchParams: new URLSearchParams() };
  const local = target.replace(/^https?:\/\/[^/?]+/i, '') || '/';
  if (!/^[/?]/.test(local) || /^[^?]*%(?![0-9a-f]{2})/i.test(local)) return undefined;
  const [pathname = ''] = local.split('?', 1);
  const search = local.slice(pathname.length);
  const searchParams = search.includes(';') ? readable(search) : new URLSearchParams(search);
  return { pathname: pathname || '/', searchParams };
}

/** What is divided by semicolons is not read. */
function readable(search: string): URLSearchParams {
  const pairs = search.slice(1).split('&');
  return new URLSearchParams(pairs.filter((pair) => !pair.includes(';')).join('&'));
}

/** Who has the token of the cluster is its owner; who else asks is told by what he shows. */
function credentials(
  { headers: { authorization = '' }, socket }: IncomingMessage,
  token: string,
): Pick<KubeRequest, 'authorization' | 'certificate'> {
  const certificate = certificateUserOf(socket);
  return {
    ...(isSame(authorization, `Bearer ${token}`) ? {} : { authorization }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

function tooLarge(): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', { message: `Request entity too large: limit is ${LONGEST_BODY}` });
}

/** The body, or undefined when it is longer than the API takes. By events: an iterator costs as much as a small request. */
function readBytes(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) chunks.push(chunk);
    });
    request.on('end', () => resolve(length > LONGEST_BODY ? undefined : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the client went away'));
    });
  });
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

const openapiEncoder = async (type: string): Promise<(document: JsonObject) => Buffer> =>
  type.includes('.v3.')
    ? (await import('./openapi/gnostic-third.ts')).encodeThird
    : (await import('./openapi/gnostic-second.ts')).encodeDocument;

async function write(answer: KubeResponse, { request, response }: Exchange, pretty = false): Promise<void> {
  const type = answer.headers['content-type'] ?? '';
  const protobuf = type.startsWith(PROTOBUF) ? await loadProtobuf() : undefined;
  if (!isStream(answer.body)) {
    const encode = type.startsWith(OPENAPI_PROTOBUF) ? await openapiEncoder(type) : protobuf?.encode;
    const content =
      typeof answer.body === 'string'
        ? answer.body
        : (encode?.(answer.body) ?? (pretty ? JSON.stringify(answer.body, null, 2) : jsonLine(answer.body)));
    // A short text goes out in one piece with the head, which Node then writes as UTF-8, too.
    const isPiece = content.length < LONG_TEXT && answer.headers['warning'] === undefined;
    const bytes = typeof content !== 'string' || isPiece ? content : Buffer.from(content);
    const size = Buffer.byteLength(bytes);
    const packed = isPacked(request, size) ? await packBytes(bytes) : undefined;
    const packing = packed ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {};
    const length = packed?.length ?? size;
    response.writeHead(answer.status, { ...headersOf(answer, request), ...packing, 'content-length': length });
    response.end(packed ?? bytes);
    return;
  }
  response.writeHead(answer.status, headersOf(answer, request));
  response.flushHeaders();
  for await (const piece of answer.body) {
    if (response.destroyed) break;
    const more = response.write(typeof piece === 'string' ? piece : (protobuf?.encodeEvent(piece) ?? jsonLine(piece)));
    if (!more) await drained(response);
  }
  response.end();
}

/** Warnings are in UTF-8, and Node writes a header as Latin-1. Nobody on the way keeps what may change. */
function headersOf({ headers }: Pick<KubeResponse, 'headers'>, request: IncomingMessage): Record<string, string> {
  const id = request.headers['audit-id'];
  const audit = typeof id === 'string' && id !== '' ? id : randomUUID();
  const all: Record<string, string> = { 'audit-id': audit, 'cache-control': 'no-cache, private', ...headers };
  const { warning } = headers;
  return warning === undefined ? all : { ...all, warning: Buffer.from(warning, 'utf8').toString('latin1') };
}

/** A longer one is cheaper to measure and to send as bytes. */
const LONG_TEXT = 16 * 1024;

/** What is shorter takes longer to pack than to send. */
const SHORTEST_PACKED = 128 * 1024;

function isPacked({ headers }: IncomingMessage, length: number): boolean {
  const accepted = String(headers['accept-encoding'] ?? '').split(',');
  return length >= SHORTEST_PACKED && accepted.some((coding) => coding.split(';')[0]?.trim() === 'gzip');
}

async function packBytes(bytes: string | Buffer): Promise<Buffer> {
  const { gzip } = await import('node:zlib');
  return new Promise((resolve, reject) => {
    gzip(bytes, { level: 1 }, (error, packed) => (error ? reject(error) : resolve(packed)));
  });
}

const jsonLine = (object: JsonObject): string => `${JSON.stringify(object)}\n`;

/** Resolves when more can be written, or never will. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
