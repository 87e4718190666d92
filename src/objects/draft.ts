// An object while it is being made: JSON that its maker may still change in place.

import { isList, isObject, type Json, type JsonObject, setField } from '../core/json.ts';

export type DraftJson = null | boolean | number | string | DraftJson[] | Draft;

export interface Draft {
  [key: string]: DraftJson | undefined;
}

export function isDraft(value: DraftJson | undefined): value is Draft {
  return isObject(value);
}

/** A copy that may be changed. */
export function draftOf(object: JsonObject): Draft {
  return draftObject(object);
}

function draftObject(object: JsonObject): Draft {
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) if (value !== undefined) setField(draft, key, draftJson(value));
  return draft;
}

export function draftJson(value: Json): DraftJson {
  if (isList(value)) return value.map(draftJson);
  return isObject(value) ? draftObject(value) : value;
}

/** The object in a field, made when it is not there. */
export function within(draft: Draft, key: string): Draft {
  const existing = draft[key];
  if (isDraft(existing)) return existing;
  const child: Draft = {};
  draft[key] = child;
  return child;
}

/** The object in a field, if there is one. */
export function present(draft: Draft | undefined, key: string): Draft | undefined {
  const value = draft?.[key];
  return isDraft(value) ? value : undefined;
}

/** The objects of a list. */
export function each(draft: Draft | undefined, key: string): Draft[] {
  const value = draft?.[key];
  return Array.isArray(value) ? value.filter(isDraft) : [];
}

/** Sets what is not set. */
export function fill(draft: Draft, defaults: Draft): void {
  for (const [key, value] of Object.entries(defaults)) if (draft[key] === undefined) draft[key] = value;
}
