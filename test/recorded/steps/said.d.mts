import type { JsonObject } from '../../../src/core/json.ts';

export function headersOf(step: JsonObject): Readonly<Record<string, string>>;
export function saidOf(answer: { readonly status: number; readonly body: JsonObject }, step: JsonObject): JsonObject;
