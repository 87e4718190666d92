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
    const dropped = !isAbsent(last[key]) && isAbsent(target[key]);
    if (!dropped) merged[key] = live[key];
  }
  for (const [key, value] of Object.entries(target)) {
    if (isAbsent(value)) continue;
    merged[key] = mergeThreeWay({ live: live[key], target: value, last: last[key] }, fieldType(type, key));
  }
  return retainsKeys(type) && !sameJson(merged, live) ? retained(merged, target) : merged;
}

/** Fields that exclude each other: with a change, what Git does not name goes, as `strategy.rollingUpdate` with Recreate. */
const retainsKeys = ({ schema }: TypeOf): boolean =>
  (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',').includes('retainKeys');

const retained = (merged: JsonObject, target: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(merged).filter(([key]) => !isAbsent(target[key])));

function mergeLists(live: readonly Json[], target: readonly Json[], last: readonly Json[], type: TypeOf): Json {
  const schema = type.resolve(type.schema);
  const merges = (schema?.['x-kubernetes-patch-strategy'] ?? '').split(',').includes('merge');
  if (!merges) return replacedList(live, target, last, type);
  // A merge key alone takes 53/UDP for 53/TCP: the keys of the list tell its items apart.
  const keys = schema?.['x-kubernetes-list-map-keys'] ?? schema?.['x-kubernetes-patch-merge-key']?.split(',');
  if (keys === undefined) return mergePrimitives(live, target, last);
  return mergeKeyed({ live, target, last }, keys, itemTypeOf(type));
}

/** Of a custom kind a list is replaced as a whole, yet what the cluster filled in stays in items that pair up by place. */
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
  const remaining = live.filter((item) => has(target, item) || !has(last, item));
  return [...remaining, ...target.filter((item) => !has(live, item))];
}

interface Lists {
  readonly live: readonly Json[];
  readonly target: readonly Json[];
  readonly last: readonly Json[];
}

/** The type of an item, which takes over from its list what it says of fields that exclude each other. */
function itemTypeOf(type: TypeOf): TypeOf {
  const item = itemType(type);
  const strategy = type.schema?.['x-kubernetes-patch-strategy'];
  return retainsKeys(type) && strategy
    ? { ...item, schema: { ...item.schema, 'x-kubernetes-patch-strategy': strategy } }
    : item;
}

/** Target's items over the live ones; where the target does not reorder what is there, the live order stays. */
function mergeKeyed(lists: Lists, keys: readonly string[], type: TypeOf): Json {
  const index = (items: readonly Json[]): ReadonlyMap<string, Json> => byName(items, keys, type);
  const [live, target, last] = [index(lists.live), index(lists.target), index(lists.last)];
  const merged = new Map(
    [...target].map(([name, item]) => [
      name,
      mergeThreeWay({ live: live.get(name), target: item, last: last.get(name) }, type) ?? item,
    ]),
  );
  const foreign = [...live].filter(([name]) => !target.has(name) && !last.has(name));
  const before = [...live.keys()].filter((name) => target.has(name));
  const now = [...target.keys()].filter((name) => live.has(name));
  if (before.some((name, index) => name !== now[index])) {
    return [...merged.values(), ...foreign.map(([, item]) => item)];
  }
  const stays = new Map([...foreign, ...merged]);
  const order = [...live.keys()].flatMap((name) => stays.get(name) ?? []);
  return [...order, ...[...merged].filter(([name]) => !live.has(name)).map(([, item]) => item)];
}

/** The items by the values of their keys; of items with the same ones the first is paired with the first, and so on. */
function byName(items: readonly Json[], keys: readonly string[], type: TypeOf): ReadonlyMap<string, Json> {
  const times = new Map<string, number>();
  const usual = keys.map((key) => type.resolve(fieldType(type, key).schema)?.default);
  return new Map(
    items.map((item) => {
      const name = JSON.stringify(keys.map((key, index) => (isObject(item) ? item[key] : item) ?? usual[index]));
      const before = times.get(name) ?? 0;
      times.set(name, before + 1);
      return [`${name}#${before}`, item];
    }),
  );
}

/** A null in Git says nothing: the API server drops it. */
const isAbsent = (value: Json | undefined): boolean => value === undefined || value === null;
