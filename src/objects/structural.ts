// Custom resources by their structural schemas: unknown fields are dropped, defaults filled in, values checked.

import { isList, isObject, type Json, type JsonObject, ownField, setField } from '../core/json.ts';
import type { Draft, DraftJson } from './draft.ts';
import { draftJson, isDraft } from './draft.ts';
import { fieldType, itemType, type TypeOf } from './schema.ts';

export interface Structured {
  readonly object: Draft;
  /** Paths of the fields that were dropped. */
  readonly unknown: readonly string[];
}

const ROOT_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** The object as its schema reads it. Metadata is left to whoever knows what metadata is. */
export function readStructured(object: JsonObject, type: TypeOf, fillIn: boolean): Structured {
  const unknown: string[] = [];
  const draft: Draft = {};
  const { schema } = type;
  const open = schema?.['x-kubernetes-preserve-unknown-fields'] === true || schema?.properties === undefined;
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    if (ROOT_FIELDS.has(key)) setField(draft, key, draftJson(value));
    else if (ownField(schema?.properties, key) === undefined) {
      if (open) setField(draft, key, draftJson(value));
      else unknown.push(key);
    } else set(draft, key, readValue(value, fieldType(type, key), { path: key, unknown, fillIn }));
  }
  if (fillIn) fillFields(draft, type);
  return { object: draft, unknown };
}

/** Fills in the defaults that a schema has for the fields of an object, and drops nothing. */
export function fillDefaults(object: Draft, type: TypeOf): void {
  fillFields(object, type);
  for (const [key, value] of Object.entries(object)) {
    if (!ROOT_FIELDS.has(key)) fillBelow(value, fieldType(type, key));
  }
}

function fillBelow(value: DraftJson | undefined, type: TypeOf): void {
  if (Array.isArray(value)) for (const item of value) fillBelow(item, itemType(type));
  else if (isDraft(value)) {
    fillFields(value, type);
    for (const [key, item] of Object.entries(value)) fillBelow(item, fieldType(type, key));
  }
}

/** The fields of a value that its schema does not know. */
export function unknownFields(value: Json, type: TypeOf): readonly string[] {
  const unknown: string[] = [];
  readValue(value, type, { path: '', unknown, fillIn: false });
  return unknown;
}

interface Location {
  readonly path: string;
  readonly unknown: string[];
  readonly fillIn: boolean;
}

function set(draft: Draft, key: string, value: DraftJson | undefined): void {
  if (value !== undefined) setField(draft, key, value);
}

function readValue(value: Json, type: TypeOf, location: Location): DraftJson | undefined {
  const { schema } = type;
  // A null that the schema does not allow is no value: it gives way to the default, where there is one.
  if (value === null) return schema === undefined || schema.nullable === true ? null : undefined;
  if (isList(value)) {
    return value.map(
      (item, index) => readValue(item, itemType(type), { ...location, path: `${location.path}[${index}]` }) ?? null,
    );
  }
  if (!isObject(value)) return value;
  const draft: Draft = {};
  const open =
    schema === undefined ||
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema['x-kubernetes-embedded-resource'] === true ||
    schema.additionalProperties !== undefined;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const path = `${location.path}.${key}`;
    const isDeclared =
      ownField(schema?.properties, key) !== undefined || typeof schema?.additionalProperties === 'object';
    if (isDeclared) set(draft, key, readValue(item, fieldType(type, key), { ...location, path }));
    else if (open) setField(draft, key, draftJson(item));
    else location.unknown.push(path);
  }
  if (location.fillIn) fillFields(draft, type);
  return draft;
}

function fillFields(draft: Draft, type: TypeOf): void {
  for (const [key, property] of Object.entries(type.schema?.properties ?? {})) {
    const usual = property.default;
    if (draft[key] === undefined && usual !== undefined) {
      set(draft, key, readValue(usual, fieldType(type, key), { path: '', unknown: [], fillIn: true }));
    }
  }
}
