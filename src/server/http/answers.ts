// Answers of every kind.

import type { Answer, AnswerHeaders } from '../../api/exchange.ts';
import { errorBody, errorHeaders, GRPC_STATUS, grpcCodeOf, statusOf } from '../../api/status.ts';
import type { HawserError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** Tells the client of a socket that an answer comes in chunks. */
export const STREAM_HEADER = 'hawser-stream';

const JSON_TYPE = { 'content-type': 'application/json' } as const;

export function json(value: unknown, headers: AnswerHeaders = {}): Answer {
  return { status: 200, headers: { ...JSON_TYPE, ...headers }, body: { json: value } };
}

export function plainText(status: number, text: string): Answer {
  return bytes(Buffer.from(`${text}\n`), { status, type: 'text/plain; charset=utf-8' });
}

export function bytes(
  content: Uint8Array,
  { type, status = 200 }: { readonly type: string; readonly status?: number },
): Answer {
  return { status, headers: { 'content-type': type }, body: { bytes: content } };
}

/** Bytes to save under a name. */
export function file(content: Uint8Array, { name, type }: { readonly name: string; readonly type: string }): Answer {
  const plain = name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  const disposition = `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
  return {
    status: 200,
    headers: { 'content-type': type, 'content-disposition': disposition },
    body: { bytes: content },
  };
}

/** To be followed by a GET. */
export function redirect(location: string, headers: AnswerHeaders = {}): Answer {
  return { status: 303, headers: { ...headers, location }, body: { bytes: new Uint8Array() } };
}

export function stream(chunks: AsyncIterable<string | Uint8Array>, type: string): Answer {
  return { status: 200, headers: { 'content-type': type }, body: { chunks } };
}

/** A failure as the reference tells it: in a shape of its own where a stream was asked for. */
export function failure(error: HawserError, { isStream }: { readonly isStream: boolean }): Answer {
  const body = isStream ? { error: streamStatus(error) } : errorBody(error);
  return { status: statusOf(error), headers: { ...JSON_TYPE, ...errorHeaders(error) }, body: { json: body } };
}

/** The last line of a stream that failed: it has no headers left for what is our own. */
export function streamError(error: HawserError): JsonObject {
  return { error: { ...streamStatus(error), ...errorHeaders(error) } };
}

function streamStatus(error: HawserError): JsonObject {
  const code = grpcCodeOf(error);
  const status = GRPC_STATUS[code] ?? 500;
  return { grpc_code: code, http_code: status, message: error.message, http_status: STATUS_TEXT[status] ?? '' };
}

const STATUS_TEXT: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  409: 'Conflict',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
