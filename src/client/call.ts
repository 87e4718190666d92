import type { Endpoint } from '../api/endpoint.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** A failure is told at once: it is not tried again. */
  readonly once?: boolean;
  /** Gets the headers of the answer, in small letters. */
  readonly onHeaders?: (headers: Readonly<Record<string, string>>) => void;
}

export type Call = <Input, Output>(
  endpoint: Endpoint<Input, Output>,
  input: Input,
  options?: CallOptions,
) => Promise<Output>;
