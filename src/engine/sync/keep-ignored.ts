// Puts the live values of ignored fields into a target.

import { isList, isObject, type Json, type JsonObject, sameJson } from '../../core/json.ts';
import { fieldType, itemType, type TypeOf } from '../../objects/schema.ts';

export interface IgnoringStates {
  readonly live: Json;
  /** The live state without what is ignored. */
  readonly kept: Json | undefined;
  /** The target without what is ignored. */
  readonly target: Json | undefined;
}

/** The target with what the live state has and `kept` has not; undefined where there is neither. */
export function keepIgnored({ live, kept, target }: IgnoringStates, type: TypeOf): Json | undefined {
  if (sameJson(live, kept)) return target;
  if (kept === undefined) return live;
  if (isObject(live) && isObject(kept) && isObject(target)) return keepInObject({ live, kept, target }, type);
  if (isList(live) && isList(kept) && isList(target)) return keepInList({ live, kept, target }, type);
  return target;
}

interface Objects {
  readonly live: JsonObject;
  readonly kept: JsonObject;
  readonly target: JsonObject;
}

function keepInObject({ live, kept, target }: Objects, type: TypeOf): JsonObject {
  const result: Record<string, Json | undefined> = { ...target };
  for (const [key, value] of Object.entries(live)) {
    if (value === undefined) continue;
    const next = keepIgnored({ live: value, kept: kept[key], target: target[key] }, fieldType(type, key));
    if (next !== undefined) result[key] = next;
  }
  return result;
}

interface Lists {
  readonly live: readonly Json[];
  readonly kept: readonly Json[];
  readonly target: readonly Json[];
}

/** Items pair up by their key where the type has one, else by their place. Whole items that are ignored stay at the end. */
function keepInList({ live, kept, target }: Lists, type: TypeOf): readonly Json[] {
  const key = type.resolve(type.schema)?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) return live.length === kept.length ? byPlace({ live, kept, target }, type) : target;
  const find = (items: readonly Json[], item: Json): Json | undefined =>
    items.find((other) => isObject(other) && isObject(item) && sameJson(other[key], item[key]));
  const changed = target.map((item) => {
    const present = find(live, item);
    if (present === undefined) return item;
    return keepIgnored({ live: present, kept: find(kept, item), target: item }, itemType(type)) ?? item;
  });
  const ignored = live.filter((item) => find(kept, item) === undefined && find(target, item) === undefined);
  return [...changed, ...ignored];
}

function byPlace({ live, kept, target }: Lists, type: TypeOf): readonly Json[] {
  return target.map((item, index) => {
    const present = live[index];
    if (present === undefined) return item;
    return keepIgnored({ live: present, kept: kept[index], target: item }, itemType(type)) ?? item;
  });
}
