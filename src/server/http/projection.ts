// `fields=items.metadata.name,items.spec`: an answer with these fields alone; `-a.b` leaves fields out.

import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';

export function project(value: JsonObject, fields: string | undefined): JsonObject {
  if (!fields) return value;
  const excluding = fields.startsWith('-');
  const paths = fields.replace(/^-/, '').split(',');
  const kept = excluding ? without(value, paths, '') : only(value, paths, '');
  return isObject(kept) ? kept : {};
}

function only(value: Json, paths: readonly string[], prefix: string): Json | undefined {
  if (isList(value)) return value.map((item) => only(item, paths, prefix) ?? null);
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (item === undefined) continue;
    if (paths.includes(path)) kept[key] = item;
    else if (paths.some((wanted) => wanted.startsWith(`${path}.`))) {
      const inner = only(item, paths, path);
      if (inner !== undefined) kept[key] = inner;
    }
  }
  return kept;
}

function without(value: Json, paths: readonly string[], prefix: string): Json {
  if (isList(value)) return value.map((item) => without(item, paths, prefix));
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (item !== undefined && !paths.includes(path)) kept[key] = without(item, paths, path);
  }
  return kept;
}
