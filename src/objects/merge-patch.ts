import { isList, isObject, type Json, type JsonObject, ownField, sameJson, setField } from '../core/json.ts';

/** RFC 7386: null removes, objects merge, everything else replaces. Objects in lists lose their nulls, too. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (isList(patch)) return patch.map((item) => mergePatch(undefined, item));
  if (!isObject(patch)) return patch;
  const merged: Record<string, Json> = {};
  if (isObject(target)) {
    for (const [key, value] of Object.entries(target)) if (value !== undefined) setField(merged, key, value);
  }
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else setField(merged, key, mergePatch(ownField(merged, key), value));
  }
  return merged;
}

/** The merge patch that makes `before` into `after`; undefined when there is nothing to change. */
export function mergePatchBetween(before: JsonObject, after: JsonObject): JsonObject | undefined {
  const patch: Record<string, Json> = {};
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && after[key] === undefined) patch[key] = null;
  }
  for (const [key, value] of Object.entries(after)) {
    const old = before[key];
    if (value === undefined || sameJson(old, value)) continue;
    const inner = isObject(old) && isObject(value) ? mergePatchBetween(old, value) : value;
    if (inner !== undefined) patch[key] = inner;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
