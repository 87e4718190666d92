// Values by their types: which fields one has, what differs between two, one merged over another. Lists whose items have
// keys, and sets, go by item; what a type calls atomic goes as a whole.

import { isList, isObject, type Json, ownField, sameJson, setField } from '../core/json.ts';
import { type FieldSet, NO_FIELDS, ONE_FIELD, union } from './field-set.ts';
import { takesAnyJson } from './go-types.ts';
import { fieldType, isStructure, itemType, type Schema, type TypeOf } from './schema.ts';

export interface FieldDifference {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

/** Of a value that its type cannot hold: nobody can tell who owns what of it. */
export class UntypableError extends Error {}

type Kind = 'atomic' | 'map' | 'keyed' | 'set';

function kindOf(value: Json, type: TypeOf): Kind {
  if (takesAnyJson(type.schema)) return 'atomic';
  const schema = type.resolve(type.schema);
  if (isObject(value)) return schema?.['x-kubernetes-map-type'] === 'atomic' ? 'atomic' : 'map';
  if (!isList(value)) return 'atomic';
  if (schema?.['x-kubernetes-list-type'] === 'map') return 'keyed';
  return schema?.['x-kubernetes-list-type'] === 'set' ? 'set' : 'atomic';
}

/** The path element of a list's item. */
function itemElement(item: Json, schema: Schema | undefined, type: TypeOf): string {
  if (schema?.['x-kubernetes-list-type'] === 'set') return `v:${JSON.stringify(item)}`;
  const keys = [...(schema?.['x-kubernetes-list-map-keys'] ?? [])].sort();
  const itemSchema = type.resolve(itemType(type).schema);
  const fields: Record<string, Json> = {};
  for (const key of keys) {
    const value = isObject(item) ? item[key] : undefined;
    const usual = keyDefault(itemSchema?.properties?.[key], type);
    if (value !== undefined) fields[key] = value;
    else if (usual !== undefined) fields[key] = usual;
  }
  if (keys.length > 0 && Object.keys(fields).length === 0) throw new UntypableError('an item has none of its keys');
  return `k:${JSON.stringify(fields)}`;
}

/** What a key is that an item does not tell: the default, or what Go writes of a field that is empty. */
export function keyDefault(schema: Schema | undefined, { resolve }: Pick<TypeOf, 'resolve'>): Json | undefined {
  const usual = resolve(schema)?.default;
  if (usual !== undefined || schema?.['x-go-zero'] !== 'write') return usual;
  return schema.type === 'integer' ? 0 : '';
}

/** The parts of a value with their path elements and types. */
function parts(value: Json | undefined, type: TypeOf): Map<string, { readonly value: Json; readonly type: TypeOf }> {
  const elements = new Map<string, { readonly value: Json; readonly type: TypeOf }>();
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) elements.set(`f:${key}`, { value: item, type: fieldType(type, key) });
    }
  } else if (isList(value)) {
    const schema = type.resolve(type.schema);
    for (const item of value) {
      const element = itemElement(item, schema, type);
      if (!elements.has(element)) elements.set(element, { value: item, type: itemType(type) });
    }
  }
  return elements;
}

/** The fields that a value names: what an apply of it owns. */
export function fieldsOf(value: Json, type: TypeOf): FieldSet {
  const kind = kindOf(value, type);
  const inside = parts(value, type);
  if (kind === 'atomic' || (kind === 'map' && inside.size === 0)) return ONE_FIELD;
  const children = new Map<string, FieldSet>();
  const declared = isObject(value) ? type.resolve(type.schema)?.properties : undefined;
  for (const [element, part] of inside) {
    const own = fieldsOf(part.value, part.type);
    // What has no name in the type is owned itself, whatever is within it.
    if (ownField(declared, element.slice(2)) === undefined) children.set(element, { ...own, member: true });
    else if (own.member || own.children.size > 0) children.set(element, own);
  }
  return { member: false, children };
}

/** Every path of a value, its inner ones too. */
function everyField(value: Json, type: TypeOf): FieldSet {
  if (kindOf(value, type) === 'atomic') return ONE_FIELD;
  const children = new Map<string, FieldSet>();
  for (const [element, part] of parts(value, type)) children.set(element, everyField(part.value, part.type));
  return { member: true, children };
}

/** What has changed from one value to another. */
export function compareTyped(before: Json, after: Json, type: TypeOf): FieldDifference {
  if (before === after) return { added: NO_FIELDS, modified: NO_FIELDS, removed: NO_FIELDS };
  const kind = kindOf(after, type);
  const was = kindOf(before, type);
  // A list that is emptied has lost its items.
  if (after === null && (was === 'keyed' || was === 'set') && isList(before) && before.length > 0)
    return compareTyped(before, [], type);
  if (was !== kind) {
    const gone = { member: false, children: everyField(before, type).children };
    return { added: everyField(after, type), modified: ONE_FIELD, removed: gone };
  }
  if (kind === 'atomic')
    return { added: NO_FIELDS, modified: sameJson(before, after) ? NO_FIELDS : ONE_FIELD, removed: NO_FIELDS };
  const old = parts(before, type);
  const now = parts(after, type);
  const schema = type.resolve(type.schema);
  const result = {
    added: new Map<string, FieldSet>(),
    modified: new Map<string, FieldSet>(),
    removed: new Map<string, FieldSet>(),
  };
  for (const [element, part] of now) {
    const known = old.get(element);
    // A null is no list yet.
    const isThere = known !== undefined && (known.value !== null || part.value === null);
    const previous = isThere ? known : emptyPart(element, part, schema);
    if (!previous) {
      result.added.set(element, everyField(part.value, part.type));
      continue;
    }
    const inner = compareTyped(previous.value, part.value, part.type);
    for (const change of ['added', 'modified', 'removed'] as const) {
      if (inner[change].member || inner[change].children.size > 0) result[change].set(element, inner[change]);
    }
  }
  for (const [element, part] of old) {
    if (!now.has(element)) result.removed.set(element, everyField(part.value, part.type));
  }
  const setOf = (children: Map<string, FieldSet>): FieldSet => ({ member: false, children });
  return { added: setOf(result.added), modified: setOf(result.modified), removed: setOf(result.removed) };
}

/** What stands for a part that was not there: structures that are always there, and lists that a type asks for. */
function emptyPart(
  element: string,
  part: { readonly value: Json; readonly type: TypeOf },
  schema: Schema | undefined,
): { readonly value: Json; readonly type: TypeOf } | undefined {
  const name = element.slice(2);
  if (!element.startsWith('f:') || !schema || ownField(schema.properties, name) === undefined) return undefined;
  if (part.type.schema?.['x-go-zero'] !== undefined && isStructure(part.type) && !sameJson(part.value, {}))
    return { ...part, value: {} };
  const isAsked = schema.required?.includes(name) === true && part.type.schema?.['x-go-zero'] !== 'omit';
  return isList(part.value) && isAsked ? { ...part, value: [] } : undefined;
}

/** One value laid over another, as an apply does. */
export function mergeTyped(before: Json | undefined, applied: Json, type: TypeOf): Json {
  // Nothing is laid over what goes by its parts.
  if (applied === null && before !== undefined && kindOf(before, type) !== 'atomic' && parts(before, type).size > 0)
    return before;
  const kind = kindOf(applied, type);
  if (before === undefined || kind === 'atomic' || kindOf(before, type) !== kind) return applied;
  if (isObject(before) && isObject(applied)) {
    const merged: Record<string, Json | undefined> = { ...before };
    for (const [key, value] of Object.entries(applied)) {
      if (value !== undefined) setField(merged, key, mergeTyped(ownField(before, key), value, fieldType(type, key)));
    }
    return merged;
  }
  return mergeItems(parts(before, type), parts(applied, type));
}

type Parts = ReadonlyMap<string, { readonly value: Json; readonly type: TypeOf }>;

/** Items that both have come in the order of the applied list; the others keep their neighbours. */
function mergeItems(before: Parts, applied: Parts): Json[] {
  const merged: Json[] = [];
  const unmatched = [...before];
  const right = [...applied];
  while (unmatched.length > 0 || right.length > 0) {
    const [[old, oldPart] = []] = unmatched;
    const [[fresh, freshPart] = []] = right;
    if (old !== undefined && oldPart && !applied.has(old)) {
      merged.push(oldPart.value);
      unmatched.shift();
    } else if (fresh !== undefined && freshPart) {
      const previous = before.get(fresh);
      merged.push(previous ? mergeTyped(previous.value, freshPart.value, freshPart.type) : freshPart.value);
      right.shift();
      if (previous) unmatched.shift();
    } else unmatched.shift();
  }
  return merged;
}

/** The value without what was owned and is owned by nobody any more. */
export function pruneTyped(
  value: Json,
  type: TypeOf,
  owners: { readonly before: FieldSet; readonly kept: FieldSet },
): Json {
  const { before, kept } = owners;
  if (kindOf(value, type) === 'atomic') return value;
  const pruned = (element: string, part: { readonly value: Json; readonly type: TypeOf }): Json | undefined => {
    const ownedChild = before.children.get(element);
    if (!ownedChild) return part.value;
    const still = kept.children.get(element);
    if (!still && (isEmptyList(part.value, part.type) || isZero(part, ownedChild))) return part.value;
    return still ? pruneTyped(part.value, part.type, { before: ownedChild, kept: still }) : undefined;
  };
  const inside = parts(value, type);
  if (isList(value)) {
    return [...inside].flatMap(([element, part]) => {
      const item = pruned(element, part);
      return item === undefined ? [] : [item];
    });
  }
  const object: Record<string, Json> = {};
  for (const [element, part] of inside) {
    const item = pruned(element, part);
    if (item !== undefined) setField(object, element.slice(2), item);
  }
  return object;
}

/** A list without items that could be owned: whoever wrote it, nobody's apply takes it away. */
const isEmptyList = (value: Json, type: TypeOf): boolean =>
  isList(value) && value.length === 0 && kindOf(value, type) !== 'atomic';

/** A structure that the server wrote as a zero: what has come into it since was never the owner's. An atomic one is owned whole. */
const isZero = ({ value, type }: { readonly value: Json; readonly type: TypeOf }, owned: FieldSet): boolean =>
  owned.member &&
  owned.children.size === 0 &&
  type.schema?.['x-go-zero'] !== undefined &&
  isStructure(type) &&
  kindOf(value, type) !== 'atomic';

export function changedFields({ added, modified }: FieldDifference): FieldSet {
  return union(added, modified);
}
