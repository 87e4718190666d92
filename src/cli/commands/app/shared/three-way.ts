import { isList, isObject, type Json, type JsonObject, sameJson, textAt } from '../../../../core/json.ts';

/** What `onto` becomes when it takes over what changed from `before` to `after`; what neither of them has stays. */
export function carryOver(before: Json | undefined, after: Json | undefined, onto: Json | undefined): Json | undefined {
  if (sameJson(before, after)) return onto;
  if (isObject(after) && isObject(onto)) return carryObject(isObject(before) ? before : {}, after, onto);
  if (isNamedList(after) && isNamedList(onto)) return carryList(isNamedList(before) ? before : [], after, onto);
  return after;
}

function carryObject(before: JsonObject, after: JsonObject, onto: JsonObject): JsonObject {
  const result: Record<string, Json | undefined> = { ...onto };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const next = key in after ? carryOver(before[key], after[key], onto[key]) : undefined;
    if (next === undefined) delete result[key];
    else result[key] = next;
  }
  return result;
}

function carryList(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  onto: readonly JsonObject[],
): JsonObject[] {
  const findNamed = (items: readonly JsonObject[], item: JsonObject): JsonObject | undefined =>
    items.find((other) => textAt(other, 'name') === textAt(item, 'name'));
  const rest = onto.filter((item) => findNamed(after, item) || !findNamed(before, item));
  const changed = rest.map((item) => {
    const next = findNamed(after, item);
    return next ? carryObject(findNamed(before, item) ?? {}, next, item) : item;
  });
  return [...changed, ...after.filter((item) => !findNamed(onto, item))];
}

function isNamedList(value: Json | undefined): value is readonly JsonObject[] {
  return isList(value) && value.length > 0 && value.every((item) => isObject(item) && textAt(item, 'name') !== '');
}
