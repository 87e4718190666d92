// `fields=items.metadata.name,items.spec` selects fields of an answer; a leading `-` leaves them out.

import { isList, isObject } from '../../core/json.ts';

/** `prefix` is where the value stands in what the fields name: an event stands in `result`. */
export function projectAt(prefix: string, value: unknown, fields: string): unknown {
  if (fields === '') return value;
  const isExcluding = fields.startsWith('-');
  const paths = fields.replace(/^-/, '').split(',');
  if (isExcluding) return without(value, paths, prefix);
  // The version of a list is what a watch goes on from.
  return paths.includes(prefix) ? value : only(value, prefix === '' ? [...paths, 'metadata'] : paths, prefix);
}

function only(value: unknown, paths: readonly string[], prefix: string): unknown {
  if (isList(value)) return value.map((item) => only(item, paths, prefix));
  if (!isObject(value)) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = joined(prefix, key);
    if (item === undefined) continue;
    if (paths.includes(path)) fields[key] = item;
    else if (paths.some((field) => field.startsWith(`${path}.`))) fields[key] = only(item, paths, path);
  }
  return fields;
}

function without(value: unknown, paths: readonly string[], prefix: string): unknown {
  if (isList(value)) return value.map((item) => without(item, paths, prefix));
  if (!isObject(value)) return value;
  const fields: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = joined(prefix, key);
    if (item !== undefined && !paths.includes(path)) fields[key] = without(item, paths, path);
  }
  return fields;
}

const joined = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}.${key}`);
