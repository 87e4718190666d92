import type { Endpoint } from '../api/endpoint.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export type Call = <Input, Output>(
  endpoint: Endpoint<Input, Output>,
  input: Input,
  options?: CallOptions,
) => Promise<Output>;
