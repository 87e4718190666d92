// The embedded system is reached through the same client as a server far away: a dispatcher takes the place of the network.

export interface DispatchRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

export interface DispatchAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A JSON value, or the chunks of a stream of text. */
  readonly body: unknown | AsyncIterable<string>;
}

export type Dispatch = (request: DispatchRequest) => Promise<DispatchAnswer>;

export function isStream(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
