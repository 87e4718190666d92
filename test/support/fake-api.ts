// A server of canned answers behind axios's adapter: an unknown request fails, and so does a stub that nobody used.

import type { Answer, Request } from '../../src/api/exchange.ts';
import type { Dispatch } from '../../src/client/in-process.ts';

export interface FakeApi {
  readonly dispatch: Dispatch;
  /** Every request in order, as 'METHOD url'. */
  readonly requests: Request[];
  /** 'METHOD /path' or 'METHOD /path?query'; without a query any query fits. */
  on(request: string): Stub;
  /** Throws when a stub was not used. */
  verify(): void;
}

export interface Stub {
  /** May be called more than once: one answer after another, the last one for ever. */
  reply(status: number, body: unknown, headers?: Record<string, string>): Stub;
  /** Lines of a stream, then its end; or an error thrown in its middle, or told by the server. */
  stream(events: readonly unknown[], options?: StreamEnd): Stub;
}

type Reply = (request: Request) => Answer;

export function createFakeApi(): FakeApi {
  const stubs = new Map<string, { answers: Reply[]; used: number }>();
  const requests: Request[] = [];
  return {
    requests,
    dispatch: async (request) => {
      requests.push(request);
      const path = request.url.replace(/\?.*$/, '');
      const stub = stubs.get(`${request.method} ${request.url}`) ?? stubs.get(`${request.method} ${path}`);
      if (!stub) throw new Error(`unexpected request: ${request.method} ${request.url}`);
      const answer = stub.answers[Math.min(stub.used, stub.answers.length - 1)];
      stub.used += 1;
      if (!answer) throw new Error(`no answer for ${request.method} ${request.url}`);
      return answer(request);
    },
    on: (key) => {
      const entry = stubs.get(key) ?? { answers: [], used: 0 };
      stubs.set(key, entry);
      const stub: Stub = {
        reply: (status, body, headers = { 'content-type': 'application/json' }) => {
          entry.answers.push(() => ({
            status,
            headers,
            body: typeof body === 'string' ? { bytes: Buffer.from(body) } : { json: body },
          }));
          return stub;
        },
        stream: (events, options = {}) => {
          entry.answers.push(({ signal }) => ({
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: { chunks: chunks(events, { ...options, signal }) },
          }));
          return stub;
        },
      };
      return stub;
    },
    verify: () => {
      for (const [key, stub] of stubs) {
        if (stub.used === 0) throw new Error(`unused stub: ${key}`);
      }
    },
  };
}

interface StreamEnd {
  readonly hang?: boolean;
  readonly breaks?: string;
  readonly error?: unknown;
}

interface ChunkOptions extends StreamEnd {
  readonly signal?: AbortSignal;
}

async function* chunks(events: readonly unknown[], options: ChunkOptions): AsyncGenerator<string> {
  for (const event of events) yield `${JSON.stringify({ result: event })}\n`;
  if (options.error !== undefined) yield JSON.stringify({ error: options.error });
  if (options.breaks !== undefined) throw Object.assign(new Error(options.breaks), { code: options.breaks });
  if (!options.hang) return;
  await new Promise((_, reject) => {
    options.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
}
