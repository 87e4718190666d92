// An object as its type reads it: unknown fields and nulls are dropped, what means nothing is left out, quantities get
// their one text. What the API server does by decoding into its own structures.

import { isList, isObject, type Json, type JsonObject, ownField, setField } from '../core/json.ts';
import { type Draft, type DraftJson, draftJson } from './draft.ts';
import { type Fault, faultOf, goTypeAt, nameOf, takesAnyJson } from './go-types.ts';
import { canonicalScalar, isNumberOrText, isQuantity } from './scalar.ts';
import { fieldType, isStructure, itemType, type Schema, type TypeOf } from './schema.ts';

interface Findings {
  /** Paths of fields that the type does not know, in their order. */
  readonly unknown: string[];
  /** What Go's decoder says of the object when a value does not fit its type. */
  fault?: { readonly text: string; readonly ends: boolean };
}

export interface Normalised {
  readonly object: Draft;
  readonly findings: Findings;
}

interface Reading {
  /** The Go type of the object: 'ConfigMap'. */
  readonly name?: string;
  /** Keeps what means nothing: an apply owns also what it sets to nothing. */
  readonly keepEmpty?: boolean;
}

export function normalise(
  object: JsonObject,
  type: TypeOf,
  { name = '', keepEmpty = false }: Reading = {},
): Normalised {
  const findings: Findings = { unknown: [] };
  const top = { path: '', field: '', struct: name, declared: undefined, depth: 0, findings, keepEmpty };
  return { object: normaliseObject(object, type, top), findings };
}

interface Location {
  readonly path: string;
  /** Without the indexes of lists and the keys of maps. */
  readonly field: string;
  /** The innermost Go type that has the field, and the field as it is declared there. */
  readonly struct: string;
  readonly declared: Schema | undefined;
  /** How many lists and maps deep in the field. */
  readonly depth: number;
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
    const own = fieldType(type, key);
    if (value === null) {
      // In a map it is the zero of what the map holds, in a field it is nothing.
      if (!isField && own.schema) setField(draft, key, draftJson(zeroOf(own)));
      continue;
    }
    const normalised = normaliseValue(
      value,
      own,
      isField ? inField(location, key, own.schema) : inside(location, path),
    );
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

function inField(location: Location, key: string, declared: Schema | undefined): Location {
  const path = location.path === '' ? key : `${location.path}.${key}`;
  const field = [location.field, declared?.['x-go-embedded'] ?? '', key].filter((part) => part !== '').join('.');
  return { ...location, path, field, declared, depth: 0 };
}

const inside = (location: Location, path: string): Location => ({ ...location, path, depth: location.depth + 1 });

function normaliseValue(value: Json, type: TypeOf, location: Location): DraftJson | undefined {
  if (takesAnyJson(type.schema)) return draftJson(value);
  const fault = faultOf(value, type.schema, type.resolve);
  if (fault) {
    report(fault, type, location);
    return undefined;
  }
  if (isList(value)) {
    const item = itemType(type);
    return value.flatMap((entry, index) => {
      const normalised = normaliseValue(entry ?? zeroOf(item), item, inside(location, `${location.path}[${index}]`));
      return normalised === undefined ? [] : [normalised];
    });
  }
  if (isObject(value))
    return normaliseObject(value, type, { ...location, struct: nameOf(type.schema) || location.struct });
  return draftJson(canonicalScalar(value, type.schema));
}

/** What a null in a list or a map is read as. */
function zeroOf(type: TypeOf): Json {
  if (isQuantity(type.schema)) return '0';
  const schema = type.resolve(type.schema);
  if (schema?.type === 'array') return [];
  if (schema?.type === 'integer') return 0;
  return schema?.type === 'string' ? '' : {};
}

/** The first fault is told, but one that ends the decoding before all others. */
function report(fault: Fault, { resolve }: TypeOf, { findings, struct, field, declared, depth }: Location): void {
  const { fault: earlier } = findings;
  if (earlier && (earlier.ends || !fault.ends)) return;
  const wanted = fault.wanted ?? goTypeAt(declared, depth, resolve);
  const text =
    fault.text ?? `json: cannot unmarshal ${fault.given} into Go struct field ${struct}.${field} of type ${wanted}`;
  findings.fault = { text, ends: fault.ends };
}
