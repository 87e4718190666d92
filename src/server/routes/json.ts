import { isObject, type JsonObject } from '../../core/json.ts';

/** A plain copy as it would travel: without what is undefined. */
export function jsonObject(value: unknown): JsonObject {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  return isObject(copy) ? copy : {};
}
