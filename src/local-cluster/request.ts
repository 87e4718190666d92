// A request to the Kubernetes API and its answer, apart from HTTP: in one process nothing is turned into bytes.

import type { Json, JsonObject } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import type { CertificateUser } from './access/client-certificate.ts';
import type { User } from './access/user.ts';

export interface KubeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes or text as they came, or JSON that needs no parsing. */
  readonly body?: Uint8Array | string | JsonObject | readonly Json[];
  readonly signal?: AbortSignal;
  /** The header of that name, '' without one; absent where the owner of the cluster asks. */
  readonly authorization?: string;
  /** Counts before what the header says. */
  readonly certificate?: CertificateUser;
  readonly observer?: RequestObserver;
}

/** What a request did to an object, once that is safe. */
export interface ObservedWrite {
  readonly user: User;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
}

/** Is told of what a request writes, and of who may not make it. */
export interface RequestObserver {
  wrote(write: ObservedWrite): void;
  refused(user: User, why: string): void;
}

export interface KubeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream gives events (one JSON line each) or texts as they are. */
  readonly body: JsonObject | string | AsyncIterable<JsonObject | string>;
}

export type KubeHandle = (request: KubeRequest) => Promise<KubeResponse>;

export function isStream(body: KubeResponse['body']): body is AsyncIterable<JsonObject | string> {
  return typeof body === 'object' && Symbol.asyncIterator in body;
}
