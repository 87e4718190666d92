// An object as its type reads it: unknown fields and nulls are dropped, what means nothing is left out, quantities get
// their one text. What the API server does by decoding into its own structures.

import { isList, isObject, type Json, type JsonObject, ownField, setField } from '../core/json.ts';
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

interface Location {
  readonly path: string;
  readonly field: string;
  readonly findings: Findings;
  readonly keepEmpty: boolean;
}

function normaliseObject(object: JsonObject, type: TypeOf, location: Location): Draft {
  const schema = type.resolve(type.schema);
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const path = location.path === '' ? key : `${location.path}.${key}`;
    const isField = ownField(schema?.properties, key) !== undefined;
    if (!isField && schema?.properties) {
      if (value !== null || !schema.additionalProperties) location.findings.unknown.push(path);
      continue;
    }
    const field = isField ? (location.field === '' ? key : `${location.field}.${key}`) : location.field;
    const own = fieldType(type, key);
    if (value === null) {
      // A null in a map of texts is an empty text; anywhere else it is nothing.
      if (!isField && own.resolve(own.schema)?.type === 'string') setField(draft, key, '');
      continue;
    }
    const normalised = normaliseValue(value, own, { ...location, path, field });
    if (normalised === undefined) continue;
    if (!location.keepEmpty && own.schema?.['x-go-zero'] === 'omit' && isZero(normalised, own)) continue;
    setField(draft, key, normalised);
  }
  return draft;
}

/** Whether a value is left out by a field that leaves out its zero. A structure never is. */
function isZero(value: DraftJson, type: TypeOf): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return !isStructure(type) && Object.keys(value).length === 0;
  return (value === '' || value === 0 || value === false) && !isNumberOrText(type.schema) && !isQuantity(type.schema);
}

const RAW = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

function normaliseValue(value: Json, type: TypeOf, location: Location): DraftJson | undefined {
  const schema = type.resolve(type.schema);
  if (isQuantity(type.schema)) return quantity(value, location);
  // Taken as it is: whoever it is for reads it.
  if (type.schema?.$ref === RAW) return draftJson(value);
  const expected = mismatch(value, schema);
  if (expected !== undefined) {
    location.findings.mistyped.push({ field: location.field, given: goKind(value), wanted: expected });
    return undefined;
  }
  if (isList(value)) {
    const item = itemType(type);
    return value.flatMap((entry, index) => {
      if (entry === null && schema?.items?.type !== 'string') return [];
      const normalised = normaliseValue(entry, item, { ...location, path: `${location.path}[${index}]` });
      return normalised === undefined ? [] : [normalised];
    });
  }
  if (isObject(value)) return normaliseObject(value, type, location);
  return draftJson(canonicalScalar(value, type.schema));
}

function quantity(value: Json, location: Location): DraftJson | undefined {
  try {
    return canonicalQuantity(typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '');
  } catch {
    location.findings.quantities.push(location.path);
    return undefined;
  }
}

/** What the field wants, in Go's words, when the value is something else. */
function mismatch(value: Json, schema: Schema | undefined): string | undefined {
  if (schema?.type === undefined || schema.format === 'int-or-string') return undefined;
  const actual = isList(value) ? 'array' : isObject(value) ? 'object' : typeof value;
  switch (schema.type) {
    case 'integer':
      return actual === 'number' && Number.isInteger(value) ? undefined : (schema.format ?? 'int32');
    case 'number':
      return actual === 'number' ? undefined : 'float64';
    case 'boolean':
      return actual === 'boolean' ? undefined : 'bool';
    case 'array':
      return actual === 'array' ? undefined : 'slice';
    case 'object':
      return actual === 'object' ? undefined : 'map';
    default:
      return actual === 'string' ? undefined : 'string';
  }
}

function goKind(value: Json): string {
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
