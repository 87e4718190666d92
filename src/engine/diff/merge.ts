// What an apply would make of a live object: a three-way merge of the last applied, the target and the live state,
// lists merged by their keys where the type says so.

import { isList, isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';
import { fieldType, itemType, type TypeOf } from '../../objects/schema.ts';

/** The three states of one place in the object; `last` is undefined where nothing was applied there. */
interface Sides {
  readonly live: Json | undefined;
  readonly target: Json | undefined;
  readonly last: Json | undefined;
}

/** The live object after an apply of the target: what only the cluster has is kept, what Git dropped is removed. */
export function mergeThreeWay(sides: Sides, type: TypeOf): Json | undefined {
  const { live, target, last } = sides;
  if (isObject(target)) return mergeObjects(isObject(live) ? live : {}, target, isObject(last) ? last : {}, type);
  if (isList(target) && isList(live)) return mergeLists(live, target, isList(last) ? last : [], type);
  return target;
}

function mergeObjects(live: JsonObject, target: JsonObject, last: JsonObject, type: TypeOf): JsonObject {
  const merged: Record<string, Json | undefined> = {};
  for (const key of Object.keys(live)) {
    const dropped = last[key] !== undefined && isAbsent(target[key]);
    if (!dropped && !(key in target && target[key] === null)) merged[key] = live[key];
  }
  for (const [key, value] of Object.entries(target)) {
    if (isAbsent(value)) continue;
    merged[key] = mergeThreeWay({ live: live[key], target: value, last: last[key] }, fieldType(type, key));
  }
  return merged;
}

function mergeLists(live: readonly Json[], target: readonly Json[], last: readonly Json[], type: TypeOf): Json {
  const schema = type.resolve(type.schema);
  const merges = (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');
  if (!merges) return replacedList(live, target, last, type);
  const key = schema?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) return mergePrimitives(live, target, last);
  return mergeByKey({ live, target, last }, key, itemType(type));
}

/** A list that is replaced as a whole still lets the cluster's own fields stand in items that pair up by place. */
function replacedList(live: readonly Json[], target: readonly Json[], last: readonly Json[], type: TypeOf): Json {
  if (type.schema !== undefined || live.length !== target.length) return target;
  return target.map((item, index) =>
    isObject(item) && isObject(live[index]) && isObject(last[index])
      ? (mergeThreeWay({ live: live[index], target: item, last: last[index] }, type) ?? item)
      : item,
  );
}

function mergePrimitives(live: readonly Json[], target: readonly Json[], last: readonly Json[]): Json {
  const has = (items: readonly Json[], item: Json): boolean => items.some((other) => sameJson(other, item));
  const kept = live.filter((item) => has(target, item) || !has(last, item));
  return [...kept, ...target.filter((item) => !has(live, item))];
}

interface KeyedLists {
  readonly live: readonly Json[];
  readonly target: readonly Json[];
  readonly last: readonly Json[];
}

function mergeByKey({ live, target, last }: KeyedLists, key: string, type: TypeOf): Json {
  const find = (items: readonly Json[], wanted: Json): Json | undefined =>
    items.find((item) => isObject(item) && isObject(wanted) && sameJson(item[key], wanted[key]));
  const merged = target.map(
    (item) => mergeThreeWay({ live: find(live, item), target: item, last: find(last, item) }, type) ?? item,
  );
  const foreign = live.filter((item) => find(target, item) === undefined && find(last, item) === undefined);
  const order = live.flatMap((item) => find(merged, item) ?? find(foreign, item) ?? []);
  const sameOrder = target
    .filter((item) => find(live, item) !== undefined)
    .every((item, index, present) => {
      const before = present[index - 1];
      return before === undefined || indexOf(live, before, key) < indexOf(live, item, key);
    });
  if (!sameOrder) return [...merged, ...foreign];
  return [...order, ...merged.filter((item) => find(live, item) === undefined)];
}

function indexOf(items: readonly Json[], wanted: Json, key: string): number {
  return items.findIndex((item) => isObject(item) && isObject(wanted) && sameJson(item[key], wanted[key]));
}

const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null;
