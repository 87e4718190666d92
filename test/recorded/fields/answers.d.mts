import type { Json, JsonObject } from '../../../src/core/json.ts';

export function settled(value: Json, key?: string): Json;

export function recordOf(
  answer: { readonly status: number; readonly body: JsonObject; readonly warning: string },
  usual: Json,
): JsonObject;
