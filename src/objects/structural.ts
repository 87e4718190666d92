// Custom resources by their structural schemas: unknown fields are dropped, defaults filled in, values checked.

import { canonicalJson, isList, isObject, type Json, type JsonObject, ownField, setField } from '../core/json.ts';
import type { Draft, DraftJson } from './draft.ts';
import { draftJson, isDraft } from './draft.ts';
import { goKind } from './go-types.ts';
import { normalise } from './normalise.ts';
import { fieldType, itemType, type TypeOf } from './schema.ts';
import { OBJECT_META } from './types.ts';

export interface Structured {
  readonly object: Draft;
  /** Paths of the fields that were dropped. */
  readonly unknown: readonly string[];
  /** What is wrong with an object that stands within it. */
  readonly fault?: string;
}

interface Reading {
  /** Gives what is absent its default. */
  readonly fillIn: boolean;
  /** Leaves nulls that no default stands for to validation: an apply sends them on purpose. */
  readonly keepNulls?: boolean;
}

const ROOT_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** The object as its schema reads it. Metadata is left to whoever knows what metadata is. */
export function readStructured(object: JsonObject, type: TypeOf, { fillIn, keepNulls = false }: Reading): Structured {
  const unknown: string[] = [];
  const embedded: Embedded = { unknown: [], faults: [] };
  const draft: Draft = {};
  const { schema } = type;
  const open = schema?.['x-kubernetes-preserve-unknown-fields'] === true || schema?.properties === undefined;
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    if (ROOT_FIELDS.has(key)) setField(draft, key, draftJson(value));
    else if (ownField(schema?.properties, key) === undefined) {
      if (open) setField(draft, key, draftJson(value));
      else unknown.push(key);
    } else set(draft, key, readValue(value, fieldType(type, key), { path: key, unknown, embedded, fillIn, keepNulls }));
  }
  if (fillIn) fillFields(draft, type);
  const [fault] = embedded.faults;
  return {
    object: draft,
    unknown: [...unknown.sort(), ...embedded.unknown.sort()],
    ...(fault === undefined ? {} : { fault }),
  };
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
  readValue(value, type, { path: '', unknown, embedded: { unknown, faults: [] }, fillIn: false, keepNulls: false });
  return unknown;
}

interface Location {
  readonly path: string;
  readonly unknown: string[];
  readonly embedded: Embedded;
  readonly fillIn: boolean;
  readonly keepNulls: boolean;
}

/** What is found in objects that stand within others. */
interface Embedded {
  readonly unknown: string[];
  readonly faults: string[];
}

function set(draft: Draft, key: string, value: DraftJson | undefined): void {
  if (value !== undefined) setField(draft, key, value);
}

function readValue(value: Json, type: TypeOf, location: Location): DraftJson | undefined {
  const { schema } = type;
  // A null that the schema does not allow is no value: it gives way to the default, where there is one.
  if (value === null) {
    const isKept = location.keepNulls && (!location.fillIn || schema?.default === undefined);
    return schema === undefined || schema.nullable === true || isKept ? null : undefined;
  }
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
    schema.additionalProperties !== undefined;
  const isEmbedded = schema?.['x-kubernetes-embedded-resource'] === true;
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const path = `${location.path}.${key}`;
    if (isEmbedded && ROOT_FIELDS.has(key)) {
      set(draft, key, readEmbedded(key, item, { ...location, path, type }));
      continue;
    }
    const isDeclared =
      ownField(schema?.properties, key) !== undefined || typeof schema?.additionalProperties === 'object';
    if (isDeclared) set(draft, key, readValue(item, fieldType(type, key), { ...location, path }));
    else if (open) setField(draft, key, draftJson(item));
    else location.unknown.push(path);
  }
  if (location.fillIn) fillFields(draft, type);
  return draft;
}

/** What every object has, in one that stands within another: its metadata is read as metadata. */
function readEmbedded(
  key: string,
  value: Json,
  { type, ...location }: Location & { readonly type: TypeOf },
): DraftJson | undefined {
  const { path, embedded } = location;
  const refuse = (why: string): undefined => {
    embedded.faults.push(`${path}: Invalid value: ${canonicalJson(value)}: ${why}`);
  };
  if (value === null) return undefined;
  if (key !== 'metadata') return typeof value === 'string' ? value : refuse('must be a string');
  if (!isObject(value)) return refuse(`json: cannot unmarshal ${goKind(value)} into Go value of type v1.ObjectMeta`);
  const { object, findings } = normalise(value, { ...type, schema: { $ref: OBJECT_META } }, { name: 'ObjectMeta' });
  if (findings.fault) return refuse(findings.fault.text);
  embedded.unknown.push(...findings.unknown.map((inner) => `${path}.${inner}`));
  return object;
}

function fillFields(draft: Draft, type: TypeOf): void {
  for (const [key, property] of Object.entries(type.schema?.properties ?? {})) {
    const usual = property.default;
    if (draft[key] === undefined && usual !== undefined) {
      set(
        draft,
        key,
        readValue(usual, fieldType(type, key), {
          path: '',
          unknown: [],
          embedded: { unknown: [], faults: [] },
          fillIn: true,
          keepNulls: false,
        }),
      );
    }
  }
}
