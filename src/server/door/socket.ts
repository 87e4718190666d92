// How a command calls the owner of the data folder, by the socket in it.

import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Answer, Request } from '../../api/exchange.ts';
import { getOwner } from '../../api/local.ts';
import { HawserError, systemCode } from '../../core/errors.ts';
import { STREAM_HEADER } from '../http/answers.ts';
import { inFolder, isOwnSocket, pipeOf, refuseForeign, SOCKET_FILE } from './place.ts';

/** No process has taken the request: it can be sent again to the next owner. */
export class OwnerGone extends HawserError {
  constructor(cause?: unknown) {
    super('unreachable', 'the process that owned the data folder is gone', { cause });
  }
}

/** What kind of process owns the folder; undefined when none answers in time. Throws `busy` for a socket that is not ours. */
export async function askOwner(folder: string, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined> {
  const late = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([late, signal]) : late;
  try {
    const answer = await callOwner(folder, {
      method: getOwner.method,
      url: getOwner.path,
      headers: {},
      signal: either,
    });
    if (answer.status !== 200 || !('bytes' in answer.body)) return undefined;
    return Buffer.from(answer.body.bytes).toString().trim();
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof HawserError && thrown.code === 'busy') throw thrown;
    return undefined;
  }
}

/** Sends a request to the owner; throws OwnerGone when it never arrived, `unreachable` when the answer broke off. */
export async function callOwner(folder: string, request: Request): Promise<Answer> {
  const socket = await connectOwner(folder);
  if (!socket.writable) throw new OwnerGone();
  return new Promise((resolve, reject) => {
    const body = request.bytes ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
    const sent: ClientRequest = httpRequest(
      {
        createConnection: () => socket,
        method: request.method,
        path: request.url,
        headers: {
          ...request.headers,
          host: 'localhost',
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(request.signal ? { signal: request.signal } : {}),
      },
      (response) => answerOf(response).then(resolve, reject),
    );
    sent.on('error', (error) => reject(isUnread(error) ? new OwnerGone(error) : brokenOff(error)));
    sent.end(body);
  });
}

/** EAGAIN: the owner takes no connections, and as many as can wait for it do. ECONNRESET: it has just stopped to. */
const NO_OWNER = ['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EAGAIN'];

async function connectOwner(folder: string): Promise<Socket> {
  try {
    if (process.platform === 'win32') return await connected(await pipeOf(folder));
    return await inFolder(folder, async (path, open) => {
      await refuseForeign(folder, open);
      const socket = join(path, SOCKET_FILE);
      if (!(await isOwnSocket(socket))) throw new OwnerGone();
      return connected(socket);
    });
  } catch (thrown) {
    throw NO_OWNER.includes(systemCode(thrown)) ? new OwnerGone(thrown) : thrown;
  }
}

async function connected(path: string): Promise<Socket> {
  const socket = connect(path);
  // An owner that leaves resets those it has not taken yet, also before there is a request to hear of it.
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  // The request listens while it is under way; an owner that leaves may break the connection after its answer.
  socket.on('error', () => undefined);
  return socket;
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(response.headers)) if (value !== undefined) headers[name] = value;
  const status = response.statusCode ?? 500;
  if (headers[STREAM_HEADER] === 'true') return { status, headers, body: { chunks: chunks(response) } };
  const parts: Uint8Array[] = [];
  for await (const part of chunks(response)) parts.push(part);
  const bytes = Buffer.concat(parts);
  const isJson = String(headers['content-type']).startsWith('application/json');
  return { status, headers, body: isJson ? { json: JSON.parse(bytes.toString()) } : { bytes } };
}

async function* chunks(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) if (chunk instanceof Uint8Array) yield chunk;
  } catch (thrown) {
    throw brokenOff(thrown);
  }
}

/** The kernel resets a connection of which the other side has not read everything. */
const isUnread = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EPIPE' || (error.code === 'ECONNRESET' && error.syscall === 'read');

function brokenOff(cause: unknown): HawserError {
  return new HawserError('unreachable', 'the process that owned the data folder ended before it had answered', {
    cause,
  });
}
