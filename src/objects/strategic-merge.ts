// Strategic merge: lists whose items have a key merge by it, and `$` directives say what merging cannot.

import { HawserError } from '../core/errors.ts';
import { goText } from '../core/go-text.ts';
import { isList, isObject, type Json, type JsonObject, ownField, sameJson, setField } from '../core/json.ts';
import { fieldType, itemType, type TypeOf, UNTYPED } from './schema.ts';

/** The live value with a strategic merge patch applied; without a type, lists are replaced as a whole. */
export function strategicMerge(live: Json | undefined, patch: Json, type: TypeOf = UNTYPED): Json {
  if (!isObject(patch)) return patch;
  return mergeObjects(isObject(live) ? live : {}, patch, type);
}

function mergeObjects(live: JsonObject, patch: JsonObject, type: TypeOf): JsonObject {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  const merged: Record<string, Json | undefined> = retained(live, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length);
      merged[field] = listOf(merged[field]).filter((item) => !listOf(value).some((gone) => sameJson(gone, item)));
      continue;
    }
    if (key.startsWith('$')) continue;
    if (value === null) {
      delete merged[key];
      continue;
    }
    const field = fieldType(type, key);
    if (isList(value)) {
      setField(merged, key, mergeLists(listOf(ownField(merged, key)), value, field));
    } else if (isObject(value)) {
      const before = ownField(merged, key);
      setField(merged, key, mergeObjects(isObject(before) ? before : {}, value, field));
      if (value['$patch'] === 'delete') delete merged[key];
    } else setField(merged, key, value);
  }
  return ordered(merged, patch, type);
}

/** `$retainKeys` names all keys that may stay. */
function retained(live: JsonObject, patch: JsonObject): Record<string, Json | undefined> {
  const keep = patch['$retainKeys'];
  if (!isList(keep)) return { ...live };
  return Object.fromEntries(Object.entries(live).filter(([key]) => keep.includes(key)));
}

function mergeLists(live: readonly Json[], patch: readonly Json[], type: TypeOf): readonly Json[] {
  const schema = type.resolve(type.schema);
  const strategy = (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',');
  const replace = patch.some((item) => isObject(item) && item['$patch'] === 'replace');
  if (replace) return patch.filter((item) => !(isObject(item) && item['$patch'] === 'replace'));
  if (!strategy.includes('merge')) return patch.map(clean);
  const key = schema?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) return [...live, ...patch.filter((item) => !live.some((entry) => sameJson(entry, item)))];
  return mergeKeyed(live, patch, { key, type: itemType(type) });
}

function mergeKeyed(
  live: readonly Json[],
  patch: readonly Json[],
  by: { readonly key: string; readonly type: TypeOf },
): readonly Json[] {
  const merged = [...live];
  for (const item of patch) {
    if (!isObject(item)) continue;
    if (item[by.key] === undefined) {
      throw new HawserError('invalid', `map: ${goText(item)} does not contain declared merge key: ${by.key}`);
    }
    const same = (other: Json): boolean => isObject(other) && sameJson(other[by.key], item[by.key]);
    const index = merged.findIndex(same);
    if (item['$patch'] === 'delete') {
      if (index >= 0) merged.splice(index, 1);
      continue;
    }
    const before = merged[index];
    if (index >= 0 && isObject(before)) merged[index] = mergeObjects(before, item, by.type);
    else merged.push(mergeObjects({}, item, by.type));
  }
  return merged;
}

/** `$setElementOrder/FIELD` gives the order; what it does not name keeps its place behind its neighbour. */
function ordered(merged: Record<string, Json | undefined>, patch: JsonObject, type: TypeOf): JsonObject {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith('$setElementOrder/') || !isList(order)) continue;
    const field = directive.slice('$setElementOrder/'.length);
    const list = merged[field];
    if (!isList(list)) continue;
    const fieldSchema = type.resolve(fieldType(type, field).schema);
    const key = fieldSchema?.['x-kubernetes-patch-merge-key'];
    merged[field] = reorder(list, order, (item) => (key !== undefined && isObject(item) ? item[key] : item));
  }
  return merged;
}

function reorder(
  list: readonly Json[],
  order: readonly Json[],
  identity: (item: Json) => Json | undefined,
): readonly Json[] {
  const rank = (item: Json): number => order.findIndex((other) => sameJson(identity(other), identity(item)));
  const ordered = list.filter((item) => rank(item) >= 0).sort((a, b) => rank(a) - rank(b));
  const result: Json[] = [];
  let next = 0;
  // Walks the live order: items that the patch names come in its order, the others stay where they stood.
  for (const item of list) {
    const entry = rank(item) >= 0 ? ordered[next] : item;
    if (rank(item) >= 0) next += 1;
    if (entry !== undefined) result.push(entry);
  }
  return result;
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}

/** Directives inside of a list that is replaced as a whole mean nothing to the object. */
function clean(value: Json): Json {
  if (isList(value)) return value.map(clean);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('$'))
      .map(([key, item]) => [key, item === undefined ? item : clean(item)]),
  );
}

const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
