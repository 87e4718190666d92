import type { JsonObject } from '../../../src/core/json.ts';

export type Step = readonly unknown[];

export interface Cluster {
  call(method: string, path: string, body?: JsonObject): Promise<{ readonly body: JsonObject }>;
  /** Waits until what `read` answers stays the same. */
  rest(read: () => Promise<unknown>): Promise<void>;
  readonly namespace: string;
}

/** What was seen, by its label. */
export function play(steps: readonly Step[], cluster: Cluster): Promise<JsonObject>;
