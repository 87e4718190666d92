import type { Json, JsonObject } from '../../../src/core/json.ts';

export function mutated(
  object: JsonObject,
  change: { readonly path: Json | undefined; readonly value: Json | undefined },
): JsonObject;

export function versioned(object: JsonObject, path: readonly Json[], version: string | undefined): JsonObject;
