// Puts the live values of ignored fields into a target.

import { isList, isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';
import { fieldType, itemType, type TypeOf } from '../../objects/schema.ts';

export interface IgnoringStates {
  readonly live: Json;
  /** The live state without what is ignored. */
  readonly remaining: Json | undefined;
  /** The target without what is ignored. */
  readonly target: Json | undefined;
}

/** The target with what the live state has and `remaining` has not; undefined where there is neither. */
export function keepIgnored({ live, remaining, target }: IgnoringStates, type: TypeOf): Json | undefined {
  if (sameJson(live, remaining)) return target;
  if (remaining === undefined) return live;
  if (isObject(live) && isObject(remaining) && isObject(target)) return keepInObject({ live, remaining, target }, type);
  if (isList(live) && isList(remaining) && isList(target)) return keepInList({ live, remaining, target }, type);
  return target;
}

interface Objects {
  readonly live: JsonObject;
  readonly remaining: JsonObject;
  readonly target: JsonObject;
}

function keepInObject({ live, remaining, target }: Objects, type: TypeOf): JsonObject {
  const result: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(live)) {
    if (value === undefined) continue;
    const next = keepIgnored({ live: value, remaining: remaining[key], target: target[key] }, fieldType(type, key));
    if (next !== undefined) result[key] = next;
  }
  return result;
}

interface Lists {
  readonly live: readonly Json[];
  readonly remaining: readonly Json[];
  readonly target: readonly Json[];
}

/** Items pair up by their key where the type has one, else by their place. Whole items that are ignored stay at the end. */
function keepInList({ live, remaining, target }: Lists, type: TypeOf): readonly Json[] {
  const key = type.resolve(type.schema)?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) return live.length === remaining.length ? byPlace({ live, remaining, target }, type) : target;
  const find = (items: readonly Json[], item: Json): Json | undefined =>
    items.find((other) => isObject(other) && isObject(item) && sameJson(other[key], item[key]));
  const changed = target.map((item) => {
    const present = find(live, item);
    if (present === undefined) return item;
    return keepIgnored({ live: present, remaining: find(remaining, item), target: item }, itemType(type)) ?? item;
  });
  const ignored = live.filter((item) => find(remaining, item) === undefined && find(target, item) === undefined);
  return [...changed, ...ignored];
}

function byPlace({ live, remaining, target }: Lists, type: TypeOf): readonly Json[] {
  return target.map((item, index) => {
    const present = live[index];
    if (present === undefined) return item;
    return keepIgnored({ live: present, remaining: remaining[index], target: item }, itemType(type)) ?? item;
  });
}
