import { HawserError } from './errors.ts';

/** JSON as data that nobody changes in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** What nests deeper than this overflows the stack of whoever walks it. */
export const MAX_LEVELS = 500;

/** Whether foreign data must be refused: no real object comes near so many levels of lists and maps. */
export function nestsTooDeep(value: unknown, levels = MAX_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => nestsTooDeep(item, levels - 1));
}

/** Foreign JSON; throws a SyntaxError where it is broken, `invalid` where it nests too deep. */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  if (nestsTooDeep(value)) throw new HawserError('invalid', `it is nested deeper than ${MAX_LEVELS} levels`);
  return value;
}

/** The object's own field: no name means what every object has, like 'constructor'. */
export function ownField<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Sets a field of any name, '__proto__' too. */
export function setField<T>(object: Record<string, T>, key: string, value: T): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The value at a path of keys and indexes, or undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): Json | undefined {
  let current: unknown = value;
  for (const step of path) {
    if (isList(current) && typeof step === 'number') current = current[step];
    else if (isObject(current)) current = current[String(step)];
    else return undefined;
  }
  return isJson(current) ? current : undefined;
}

/** The text at a path; '' where there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const field = at(value, ...path);
  return typeof field === 'string' ? field : '';
}

/** The number at a path, or undefined. */
export function numberAt(value: unknown, ...path: readonly (string | number)[]): number | undefined {
  const field = at(value, ...path);
  return typeof field === 'number' ? field : undefined;
}

export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly Json[] {
  const field = at(value, ...path);
  return isList(field) ? field : [];
}

export function objectAt(value: unknown, ...path: readonly (string | number)[]): JsonObject {
  const field = at(value, ...path);
  return isObject(field) ? field : {};
}

/** A copy with `value` at `path`; objects on the way are made as needed, undefined removes the key. */
export function withAt(root: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return isObject(value) ? value : root;
  if (rest.length > 0) return { ...root, [key]: withAt(objectAt(root, key), rest, value) };
  if (value !== undefined) return { ...root, [key]: value };
  const { [key]: _removed, ...kept } = root;
  return kept;
}

/** A value as it travels: a copy without fields that are undefined. */
export function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Deep equality of JSON; the order of keys means nothing, undefined counts as absent. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  return keys.length === others.length && keys.every((key) => b[key] !== undefined && sameJson(a[key], b[key]));
}

/** JSON text with sorted keys: equal values give equal texts. */
export function canonicalJson(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`;
}

function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol' && typeof value !== 'bigint';
}
