// Strategic merge: lists whose items have a key merge by it, and `$` directives say what merging cannot.

import { HawserError } from '../core/errors.ts';
import { goText, goVerb } from '../core/go-text.ts';
import { type Json, type JsonObject, ownField, sameJson, setField } from '../core/json.ts';
import { type Draft, type DraftJson, draftOf, isDraft } from './draft.ts';
import { checkAgainst, elementType, formOf, inOrder, type Keyed, keyOf, partition } from './element-order.ts';
import { nameOf } from './go-types.ts';
import { fieldType, isStructure, itemType, type TypeOf, UNTYPED } from './schema.ts';

/** A patch that breaks the form of a directive: refused as what it is, not as what cannot be merged. */
export class DirectiveError extends HawserError {}

interface Merged {
  readonly object: JsonObject;
  /** What is left of the patch: directives that have done their work are gone, and nulls where there was nothing. */
  readonly patch: JsonObject;
}

/** The live object with a strategic merge patch applied; throws `invalid` for one that cannot be. */
export function strategicMerge(live: JsonObject, patch: JsonObject, type: TypeOf = UNTYPED): Merged {
  const rest = draftOf(patch);
  return { object: mergeObjects(draftOf(live), rest, type), patch: rest };
}

/** Changes the patch too. */
function mergeObjects(live: Draft, patch: Draft, type: TypeOf): Draft {
  const directive = patch['$patch'];
  if (directive !== undefined) return directed(directive, patch);
  retainKeys(live, patch);
  mergeOrdered(live, patch, type);
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const deletes = key.startsWith(DELETE_FROM_LIST);
    const name = deletes ? key.slice(DELETE_FROM_LIST.length) : key;
    if (value === null) {
      delete live[name];
      continue;
    }
    const before = ownField(live, name);
    const isSameForm = before !== undefined && formOf(before) === formOf(value);
    if (!isSameForm) {
      if (!deletes) setOrDelete(live, name, taken(value));
    } else if (isDraft(value) && isDraft(before)) {
      setField(live, name, mergeMaps(before, value, fieldOf(type, name)));
    } else if (Array.isArray(value) && Array.isArray(before)) {
      setField(live, name, mergeLists(before, value, { type: fieldOf(type, name), deletes }));
    } else setField(live, name, value);
  }
  return live;
}

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

function directed(directive: DraftJson, patch: Draft): Draft {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw unknownDirective(directive, patch);
  delete patch['$patch'];
  return patch;
}

const unknownDirective = (directive: DraftJson | undefined, patch: Draft): HawserError =>
  new HawserError('invalid', `unknown patch type: ${goVerb(directive)} in map: ${goText(patch)}`);

/** `$retainKeys` names all keys that may stay, those of the patch among them. */
function retainKeys(live: Draft, patch: Draft): void {
  const kept = patch['$retainKeys'];
  if (kept === undefined) return;
  delete patch['$retainKeys'];
  const isStray = ([key, value]: readonly [string, DraftJson | undefined]): boolean =>
    value !== null &&
    !key.startsWith(DELETE_FROM_LIST) &&
    !key.startsWith(ELEMENT_ORDER) &&
    Array.isArray(kept) &&
    !kept.includes(key);
  if (!Array.isArray(kept) || Object.entries(patch).some(isStray)) {
    throw new DirectiveError('invalid', 'invalid patch format of retainKeys');
  }
  for (const key of Object.keys(live)) if (!kept.includes(key)) delete live[key];
}

/** Lists whose order the patch gives: merged here, so that nothing of them is left in the patch. */
function mergeOrdered(live: Draft, patch: Draft, type: TypeOf): void {
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(ELEMENT_ORDER)) continue;
    delete patch[directive];
    const name = directive.slice(ELEMENT_ORDER.length);
    const ordered = asList(order);
    const field = fieldOf(type, name);
    const [before, given] = [live[name], patch[name]].map((list) => (list === undefined ? undefined : asList(list)));
    const key = mergeKeyOf(field);
    if (given) checkAgainst(ordered, given, key);
    if (!before && !given) continue;
    const merged = given ? mergeLists(before ?? [], given, { type: field, deletes: false }) : (before ?? []);
    const parts = partition(merged, ordered, key);
    elementType(before ?? [], given ?? []);
    live[name] = inOrder(parts, { given: ordered, live: before ?? [] }, key);
    delete patch[name];
  }
}

function asList(value: DraftJson | undefined): DraftJson[] {
  if (Array.isArray(value)) return value;
  throw new HawserError('invalid', `expected a []interface {}, but received a ${goTypeOf(value)}`);
}

function goTypeOf(value: DraftJson | undefined): string {
  if (value === null || value === undefined) return '%!s(<nil>)';
  return isDraft(value) ? 'map[string]interface {}' : formOf(value);
}

function setOrDelete(live: Draft, name: string, value: DraftJson | undefined): void {
  if (value === undefined) delete live[name];
  else setField(live, name, value);
}

/** A value where there was none: its nulls mean nothing, and what has a directive is not there. */
function taken(value: DraftJson): DraftJson | undefined {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      const kept = taken(item);
      return kept === undefined ? [] : [kept];
    });
  }
  if (!isDraft(value)) return value;
  for (const [key, item] of Object.entries(value)) {
    if (item === null) delete value[key];
    else if (item !== undefined && key !== '$patch') setOrDelete(value, key, taken(item));
  }
  return value['$patch'] === undefined ? value : undefined;
}

function strategyOf(type: TypeOf): readonly string[] {
  return (type.schema?.['x-kubernetes-patch-strategy'] ?? '').split(',');
}

const mergeKeyOf = (type: TypeOf): string | undefined => type.schema?.['x-kubernetes-patch-merge-key'];

/** The type of a field that has to be merged: it must be known. */
function fieldOf(type: TypeOf, name: string): TypeOf {
  if (isStructure(type) && ownField(type.resolve(type.schema)?.properties, name) === undefined) {
    const within = nameOf(type.schema);
    throw new HawserError('invalid', `unable to find api field in struct ${within} for the json field "${name}"`);
  }
  return fieldType(type, name);
}

function mergeMaps(live: Draft, patch: Draft, type: TypeOf): Draft {
  return strategyOf(type).includes('replace') ? patch : mergeObjects(live, patch, type);
}

interface ListMerge {
  readonly type: TypeOf;
  /** The patch names what goes. */
  readonly deletes: boolean;
}

function mergeLists(live: DraftJson[], patch: DraftJson[], { type, deletes }: ListMerge): DraftJson[] {
  if (!strategyOf(type).includes('merge')) return patch;
  if (live.length === 0 && patch.length === 0) return live;
  if (elementType(live, patch) !== 'map') {
    if (deletes) return live.filter((item) => !has(patch, item));
    const both = [...live, ...patch];
    const merged = both.filter((item, index) => both.findIndex((other) => sameJson(other, item)) === index);
    return inOrder(partition(merged, patch, undefined), { given: patch, live }, undefined);
  }
  const key = mergeKeyOf(type);
  if (key === undefined) {
    throw new HawserError('invalid', `cannot merge lists without merge key for ${nameOf(itemType(type).schema)}`);
  }
  const { left, items } = withoutDirectives(live, patch, key);
  const merged = mergeKeyed(left, items, { key, type: itemType(type) });
  return inOrder(partition(merged, items, key), { given: items, live: left }, key);
}

const has = (list: readonly Json[], item: Json): boolean => list.some((other) => sameJson(other, item));

/** Items of the patch that say what becomes of live ones, done; and the others. */
function withoutDirectives(
  live: readonly DraftJson[],
  patch: readonly DraftJson[],
  key: string,
): { readonly left: DraftJson[]; readonly items: DraftJson[] } {
  let left = [...live];
  let isReplaced = false;
  const items: DraftJson[] = [];
  for (const item of patch) {
    const directive = isDraft(item) ? item['$patch'] : undefined;
    if (!isDraft(item) || directive === undefined) items.push(item);
    else if (directive === 'replace') isReplaced = true;
    else if (directive === 'delete') {
      const gone = keyOf(item, key);
      left = left.filter((other) => !isDraft(other) || !sameJson(other[key], gone));
    } else if (directive === 'merge') {
      throw new HawserError('invalid', 'merging lists cannot yet be specified in the patch');
    } else throw unknownDirective(directive, item);
  }
  return isReplaced ? { left: items, items: [] } : { left, items };
}

function mergeKeyed(
  live: readonly DraftJson[],
  patch: readonly DraftJson[],
  { key, type }: Keyed & { readonly type: TypeOf },
): DraftJson[] {
  const merged = [...live];
  for (const item of patch) {
    if (!isDraft(item)) continue;
    const wanted = keyOf(item, key);
    const index = merged.findIndex((other) => isDraft(other) && sameJson(other[key], wanted));
    const before = merged[index];
    if (isDraft(before)) merged[index] = mergeObjects(before, item, type);
    else merged.push(item);
  }
  return merged;
}
