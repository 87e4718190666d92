// The embedded system is reached through the same client as a server far away: a dispatcher takes the place of the network.

import type { Answer, Request } from '../api/exchange.ts';

export type Dispatch = (request: Request) => Promise<Answer>;

export function isStream(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}
