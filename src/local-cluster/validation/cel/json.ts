// Values of expressions as JSON.

import type { Json } from '../../../core/json.ts';

/** Throws for what JSON has nothing for. */
export function jsonOf(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Map) return entries([...value]);
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'object' ? ofObject(value) : null;
}

const entries = (list: readonly (readonly [unknown, unknown])[]): Json =>
  Object.fromEntries(list.map(([key, item]) => [String(key), jsonOf(item)]));

function ofObject(value: object): Json {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return entries(Object.entries(value));
  if ('hasValue' in value && 'orValue' in value && typeof value.orValue === 'function')
    return jsonOf(value.orValue(null));
  if ('seconds' in value) return `${String(value.seconds)}s`;
  throw new Error(`type conversion error from '${value.constructor.name}' to '*structpb.Value'`);
}
