// A request and its answer, whatever carries them: a call in this process, the socket of a data folder, a port.

/** What of a request comes before its body. */
export interface Head {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the client; absent for a call in this process or through its data folder. */
  readonly address?: string;
  /** It came by TLS. */
  readonly isSecure?: boolean;
}

export interface Request extends Head {
  /** A parsed JSON value. */
  readonly body?: unknown;
  /** The body as a network brought it: a signature is over these. */
  readonly bytes?: Uint8Array;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; several values are several headers, as Set-Cookie needs. */
  readonly headers: AnswerHeaders;
  readonly body: AnswerBody;
}

export type AnswerHeaders = Readonly<Record<string, string | readonly string[]>>;

export type AnswerBody =
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array }
  | { readonly chunks: AsyncIterable<string | Uint8Array> };
