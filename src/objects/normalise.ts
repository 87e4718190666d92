// An object as its type reads it: unknown fields and nulls are dropped, what means nothing is left out, quantities get
// their one text. What the API server does by decoding into its own structures.

import { isList, isObject, type Json, type JsonObject } from '../core/json.ts';
import { type Draft, type DraftJson, draftJson } from './draft.ts';
import { canonicalQuantity } from './quantity.ts';
import { canonicalScalar, isNumberOrText, isQuantity } from './scalar.ts';
import { fieldType, isStructure, itemType, type Schema, type TypeOf } from './schema.ts';

interface Findings {
  /** Paths of fields that the type does not know, in their order. */
  readonly unknown: string[];
  /** Values of another type than the field's. */
  readonly mistyped: Mistyped[];
  /** Texts that are no quantity. */
  readonly quantities: string[];
}

interface Mistyped {
  /** Without the indexes of lists and the keys of maps. */
  readonly field: string;
  readonly given: string;
  readonly wanted: string;
}

export interface Normalised {
  readonly object: Draft;
  readonly findings: Findings;
}

/** `keepEmpty` keeps what means nothing: an apply owns also what it sets to nothing. */
export function normalise(object: JsonObject, type: TypeOf, keepEmpty = false): Normalised {
  const findings: Findings = { unknown: [], mistyped: [], quantities: [] };
  return { object: normaliseObject(object, type, { path: '', field: '', findings, keepEmpty }), findings };
}

interface Place {
  readonly path: string;
  readonly field: string;
  readonly findings: Findings;
  readonly keepEmpty: boolean;
}

function normaliseObject(object: JsonObject, type: TypeOf, place: Place): Draft {
  const schema = type.resolve(type.schema);
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const path = place.path === '' ? key : `${place.path}.${key}`;
    const isField = schema?.properties?.[key] !== undefined;
    if (!isField && schema?.properties) {
      if (value !== null || !schema.additionalProperties) place.findings.unknown.push(path);
      continue;
    }
    const field = isField ? (place.field === '' ? key : `${place.field}.${key}`) : place.field;
    const own = fieldType(type, key);
    if (value === null) {
      // A null in a map of texts is an empty text; anywhere else it is nothing.
      if (!isField && own.resolve(own.schema)?.type === 'string') draft[key] = '';
      continue;
    }
    const kept = normaliseValue(value, own, { ...place, path, field });
    if (kept === undefined) continue;
    if (!place.keepEmpty && own.schema?.['x-go-zero'] === 'omit' && isZero(kept, own)) continue;
    draft[key] = kept;
  }
  return draft;
}

/** Whether a value is left out by a field that leaves out its zero. A structure never is. */
function isZero(value: DraftJson, type: TypeOf): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return !isStructure(type) && Object.keys(value).length === 0;
  return (value === '' || value === 0 || value === false) && !isNumberOrText(type.schema) && !isQuantity(type.schema);
}

function normaliseValue(value: Json, type: TypeOf, place: Place): DraftJson | undefined {
  const schema = type.resolve(type.schema);
  if (isQuantity(type.schema)) return quantity(value, place);
  const wanted = mismatch(value, schema);
  if (wanted !== undefined) {
    place.findings.mistyped.push({ field: place.field, given: goKind(value), wanted });
    return undefined;
  }
  if (isList(value)) {
    const item = itemType(type);
    return value.flatMap((entry, index) => {
      if (entry === null && schema?.items?.type !== 'string') return [];
      const kept = normaliseValue(entry, item, { ...place, path: `${place.path}[${index}]` });
      return kept === undefined ? [] : [kept];
    });
  }
  if (isObject(value)) return normaliseObject(value, type, place);
  return draftJson(canonicalScalar(value, type.schema));
}

function quantity(value: Json, place: Place): DraftJson | undefined {
  try {
    return canonicalQuantity(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  } catch {
    place.findings.quantities.push(place.path);
    return undefined;
  }
}

/** What the field wants, in Go's words, when the value is something else. */
function mismatch(value: Json, schema: Schema | undefined): string | undefined {
  if (schema?.type === undefined || schema.format === 'int-or-string') return undefined;
  const given = isList(value) ? 'array' : isObject(value) ? 'object' : typeof value;
  switch (schema.type) {
    case 'integer':
      return given === 'number' && Number.isInteger(value) ? undefined : (schema.format ?? 'int32');
    case 'number':
      return given === 'number' ? undefined : 'float64';
    case 'boolean':
      return given === 'boolean' ? undefined : 'bool';
    case 'array':
      return given === 'array' ? undefined : 'slice';
    case 'object':
      return given === 'object' ? undefined : 'map';
    default:
      return given === 'string' ? undefined : 'string';
  }
}

function goKind(value: Json): string {
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
