// One request to the API server, and what is expected of its answer.

import { HawserError } from '../core/errors.ts';
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { isKubeObject, type KubeObject } from '../objects/object.ts';
import { apiFailure } from './failure.ts';
import { isStream, type KubeResponse, type KubeTransport } from './transport.ts';

export interface KubeCall {
  readonly method: string;
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: JsonObject | readonly Json[];
  readonly signal?: AbortSignal;
}

/** Failures are those of the port `Cluster`; an answer of another shape is `bad-answer`. */
export interface Requests {
  send(call: KubeCall): Promise<KubeResponse>;
  json(call: KubeCall): Promise<JsonObject>;
  object(call: KubeCall): Promise<KubeObject>;
}

export interface Caller {
  readonly userAgent: string;
  /** In whose name it asks. */
  readonly user?: string;
}

export function createRequests(transport: KubeTransport, { userAgent, user }: Caller): Requests {
  async function send({ method, path, query, accept, contentType, body, signal }: KubeCall): Promise<KubeResponse> {
    const response = await transport({
      method,
      path,
      query: query ?? new URLSearchParams(),
      headers: {
        accept: accept ?? 'application/json',
        'user-agent': userAgent,
        ...(user === undefined ? {} : { 'impersonate-user': user }),
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
      },
      ...omitUndefined({ body, signal }),
    });
    if (response.status >= 400) throw apiFailure(response.status, await wholeBody(response.body));
    return response;
  }

  async function json(call: KubeCall): Promise<JsonObject> {
    const { body } = await send(call);
    if (isObject(body) && !isStream(body)) return body;
    throw new HawserError('bad-answer', `the API server did not answer JSON to ${call.method} ${call.path}`);
  }

  async function object(call: KubeCall): Promise<KubeObject> {
    const body = await json(call);
    if (isKubeObject(body)) return body;
    throw new HawserError('bad-answer', `the API server did not answer an object to ${call.method} ${call.path}`);
  }

  return { send, json, object };
}

async function wholeBody(body: KubeResponse['body']): Promise<JsonObject | string> {
  if (!isStream(body)) return body;
  let text = '';
  for await (const piece of textsOf(body)) text += piece;
  return text;
}

/** The pieces of a body as text. */
export async function* textsOf(body: KubeResponse['body']): AsyncGenerator<string> {
  if (typeof body === 'string') yield body;
  else if (isStream(body))
    for await (const piece of body) yield typeof piece === 'string' ? piece : JSON.stringify(piece);
}
