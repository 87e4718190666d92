import { isObject, type JsonObject, toJson } from '../../core/json.ts';

/** A plain copy as it would travel: without what is undefined. */
export function jsonObject(value: unknown): JsonObject {
  const copy = toJson(value);
  return isObject(copy) ? copy : {};
}
