// How a request reaches an API server: over HTTP, or by a call in the same process.

import type { Json, JsonObject } from '../core/json.ts';

export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonObject | readonly Json[];
  readonly signal?: AbortSignal;
}

export interface KubeResponse {
  readonly status: number;
  /** A stream gives parsed objects, or pieces of text as they come. */
  readonly body: JsonObject | string | AsyncIterable<JsonObject | string>;
}

/** Rejects with `unreachable` when there is no answer; any answer, also a refusal, resolves. */
export type KubeTransport = (request: KubeRequest) => Promise<KubeResponse>;

export function isStream(body: KubeResponse['body']): body is AsyncIterable<JsonObject | string> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}
