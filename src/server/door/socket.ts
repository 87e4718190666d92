// The socket beside the data folder: where the owner listens, and how another command calls it.

import { mkdir } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HawserError, systemCode } from '../../core/errors.ts';
import type { Answer, Request } from '../dispatch.ts';
import { lockName } from './lock.ts';

/** A path of a socket may have about a hundred bytes; a longer one is replaced by a short one in the runtime folder. */
const LONGEST_SOCKET_PATH = 100;

export async function socketPath(folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const name = await lockName(folder);
  if (process.platform === 'win32') return `\\\\.\\pipe\\hawser-${name}`;
  const beside = join(folder, 'hawser.sock');
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET_PATH) return beside;
  const runtime = environment['XDG_RUNTIME_DIR'] || join(tmpdir(), `hawser-${process.getuid?.() ?? 0}`);
  await mkdir(runtime, { recursive: true, mode: 0o700 });
  return join(runtime, `hawser-${name}.sock`);
}

/** Nobody has taken the request: it may be sent again, to whoever owns the folder by then. */
export class NobodyThere extends HawserError {
  constructor(cause: unknown) {
    super('unreachable', 'the process that owned the data folder is gone', { cause });
  }
}

const NOT_SENT = ['ENOENT', 'ECONNREFUSED'];

/** Sends a request to the owner; throws NobodyThere when it never arrived, `unreachable` when the answer broke off. */
export function callSocket(path: string, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const sent: ClientRequest = httpRequest(
      {
        socketPath: path,
        method: request.method,
        path: request.url,
        agent: false,
        headers: {
          ...request.headers,
          host: 'localhost',
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        ...(request.signal ? { signal: request.signal } : {}),
      },
      (response) => resolve(answerOf(response)),
    );
    sent.on('error', (error) => {
      reject(NOT_SENT.includes(systemCode(error)) ? new NobodyThere(error) : brokenOff(error));
    });
    sent.end(body);
  });
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  const status = response.statusCode ?? 500;
  if (headers['hawser-stream'] === 'true') return { status, headers, body: chunks(response) };
  let text = '';
  for await (const chunk of chunks(response)) text += chunk;
  return {
    status,
    headers,
    body: (headers['content-type'] ?? '').startsWith('application/json') ? JSON.parse(text) : text,
  };
}

async function* chunks(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) yield String(chunk);
  } catch (thrown) {
    throw brokenOff(thrown);
  }
}

function brokenOff(cause: unknown): HawserError {
  return new HawserError('unreachable', 'the process that owned the data folder ended before it had answered', {
    cause,
  });
}
