// How a server is reached, and what travels there and back.

import type { Dispatch } from './in-process.ts';

export interface TlsOptions {
  readonly insecure?: boolean;
  /** PEM, trusted beside the usual roots. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export type Transport =
  | {
      readonly baseURL: string;
      readonly tls?: TlsOptions;
      /** 'http://proxy:3128' that stands between here and the server. */
      readonly proxy?: string;
    }
  | { readonly socketPath: string }
  | { readonly dispatch: Dispatch };

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** A body that is sent as it stands, in place of JSON. */
  readonly text?: string;
  readonly stream: boolean;
  /** A stream in which nothing may happen for hours. */
  readonly endless?: boolean;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text from a network, a JSON value from a dispatcher, chunks where a stream was asked for. */
  readonly body: unknown;
}

export type Http = (request: HttpRequest) => Promise<HttpAnswer>;
