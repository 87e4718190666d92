// `fields=items.metadata.name,items.spec` selects fields of an answer; a leading `-` leaves them out.

import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';

export function project(value: JsonObject, fields: string | undefined): JsonObject {
  if (!fields) return value;
  const excluding = fields.startsWith('-');
  const paths = fields.replace(/^-/, '').split(',');
  const projection = excluding ? without(value, paths, '') : only(value, paths, '');
  return isObject(projection) ? projection : {};
}

function only(value: Json, paths: readonly string[], prefix: string): Json | undefined {
  if (isList(value)) return value.map((item) => only(item, paths, prefix) ?? null);
  if (!isObject(value)) return value;
  const fields: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (item === undefined) continue;
    if (paths.includes(path)) fields[key] = item;
    else if (paths.some((field) => field.startsWith(`${path}.`))) {
      const inner = only(item, paths, path);
      if (inner !== undefined) fields[key] = inner;
    }
  }
  return fields;
}

function without(value: Json, paths: readonly string[], prefix: string): Json {
  if (isList(value)) return value.map((item) => without(item, paths, prefix));
  if (!isObject(value)) return value;
  const fields: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (item !== undefined && !paths.includes(path)) fields[key] = without(item, paths, path);
  }
  return fields;
}
