// The one form of a state: two states have it in common exactly when an API server would read them as the same. Zeros that
// cannot be told from nothing go, quantities, times and bytes get their one text. What the type does not know stays: a
// server would drop it, and that it was asked for must show.

import { isList, isObject, type Json, type JsonObject, setField } from '../core/json.ts';
import type { Draft, DraftJson } from './draft.ts';
import { canonicalScalar, isNumberOrText, isQuantity } from './scalar.ts';
import { fieldType, isStructure, itemType, type Schema, type TypeOf } from './schema.ts';

export function canonicalObject(object: JsonObject, type: TypeOf): Draft {
  return isStructure(type) ? canonicalStructure(object, type) : canonicalMap(object, type);
}

function canonicalStructure(object: JsonObject, type: TypeOf): Draft {
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined || value === null) continue;
    const field = fieldType(type, key);
    const canonical = canonicalValue(value, field);
    if (field.schema?.['x-go-zero'] === undefined || !isZero(canonical, field)) setField(draft, key, canonical);
  }
  return draft;
}

/** An entry of a map is there whatever its value; null is the zero value of the entries' type. */
function canonicalMap(object: JsonObject, type: TypeOf): Draft {
  const draft: Draft = {};
  for (const [key, value] of Object.entries(object)) {
    const entry = fieldType(type, key);
    const canonical = value === null ? zeroOf(entry) : value;
    if (canonical !== undefined) setField(draft, key, canonicalValue(canonical, entry));
  }
  return draft;
}

function canonicalValue(value: Json, type: TypeOf): DraftJson {
  if (isObject(value)) return canonicalObject(value, type);
  if (!isList(value)) return scalar(value, type.schema);
  const item = itemType(type);
  return value.map((entry) => canonicalValue(entry ?? zeroOf(item) ?? null, item));
}

function scalar(value: null | boolean | number | string, schema: Schema | undefined): DraftJson {
  const text = canonicalScalar(value, schema);
  return isList(text) || isObject(text) ? value : text;
}

function isZero(value: DraftJson, type: TypeOf): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return Object.keys(value).length === 0;
  if (isQuantity(type.schema)) return value === '0';
  if (isNumberOrText(type.schema)) return value === 0;
  return value === '' || value === 0 || value === false;
}

/** The value that Go has where JSON has null; undefined where nothing is known of the type. */
function zeroOf(type: TypeOf): Json | undefined {
  if (isQuantity(type.schema)) return '0';
  if (isNumberOrText(type.schema)) return 0;
  const ZEROS: Readonly<Record<string, Json>> = { string: '', integer: 0, number: 0, boolean: false, object: {} };
  return ZEROS[type.resolve(type.schema)?.type ?? ''];
}
