import type { JsonObject } from '../core/json.ts';

export interface ObjectDifference {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent: it is to be made. */
  readonly live: JsonObject | undefined;
  /** Absent: it is to be removed. */
  readonly target: JsonObject | undefined;
}
