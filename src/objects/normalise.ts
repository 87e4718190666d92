// An object as its type reads it: unknown fields and nulls are dropped, what means nothing is left out, quantities get
// their one text. What the API server does by decoding into its own structures.

import { isList, isObject, type Json, type JsonObject, ownField, setField } from '../core/json.ts';
import { type Draft, type DraftJson, draftJson } from './draft.ts';
import { type Fault, faultOf, goTypeAt, nameOf, takesAnyJson } from './go-types.ts';
import { canonicalQuantity, parseQuantity } from './quantity.ts';
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
  const top: Place = { above: undefined, key: '', step: '', struct: name, declared: undefined };
  return { object: normaliseObject(object, type, top, { findings, unknown: findings.unknown, keepEmpty }), findings };
}

interface Work {
  readonly findings: Findings;
  readonly unknown: string[];
  readonly keepEmpty: boolean;
}

/** Where a value stands. Its path is put together where there is something to tell, which is nearly never. */
interface Place {
  readonly above: Place | undefined;
  /** The field or the key of a map; the index of a list. */
  readonly key: string | number;
  /** The name of a declared field with what embeds it; undefined for an item of a list or a map. */
  readonly step: string | undefined;
  /** The innermost Go type that has the field. */
  readonly struct: string;
  /** The field as it is declared there; undefined for an item, which has the one of the field above it. */
  readonly declared: Schema | undefined;
}

function normaliseObject(object: JsonObject, type: TypeOf, place: Place, work: Work): Draft {
  const schema = type.resolve(type.schema);
  const draft: Draft = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    const isField = ownField(schema?.properties, key) !== undefined;
    if (!isField && schema?.properties) {
      if (value !== null || !schema.additionalProperties) work.unknown.push(pathTo(place, key));
      continue;
    }
    const own = fieldType(type, key);
    if (value === null) {
      // In a map it is the zero of what the map holds, in a field it is nothing.
      if (!isField && own.schema) setField(draft, key, draftJson(zeroOf(own)));
      else if (work.keepEmpty) setField(draft, key, null);
      continue;
    }
    const normalised = normaliseValue(value, own, isField ? inField(place, key, own.schema) : inside(place, key), work);
    if (normalised === undefined) continue;
    if (!work.keepEmpty && own.schema?.['x-go-zero'] === 'omit' && isZero(normalised, own)) continue;
    const isAmount = !isField && isQuantity(own.schema) && !EXACT.has(place.struct);
    setField(draft, key, isAmount ? wholeMillis(normalised) : normalised);
  }
  return draft;
}

/** Types whose amounts are kept as they are: those of all others are thousandths, rounded up. */
const EXACT: ReadonlySet<string> = new Set(['CapacityRequirements', 'DeviceRequestAllocationResult', 'Overhead']);

function wholeMillis(amount: DraftJson): DraftJson {
  if (typeof amount !== 'string' || !/[nu]$/.test(amount)) return amount;
  const { nano } = parseQuantity(amount);
  const millis = nano / MILLI + (nano % MILLI > 0n ? 1n : nano % MILLI < 0n ? -1n : 0n);
  return canonicalQuantity(`${millis}m`);
}

const MILLI = 1_000_000n;

/** Whether a value is left out by a field that leaves out its zero. A structure never is. */
function isZero(value: DraftJson, type: TypeOf): boolean {
  if (takesAnyJson(type.schema)) return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isObject(value)) return !isStructure(type) && Object.keys(value).length === 0;
  return (value === '' || value === 0 || value === false) && !isNumberOrText(type.schema) && !isQuantity(type.schema);
}

function inField(above: Place, key: string, declared: Schema | undefined): Place {
  const embedded = declared?.['x-go-embedded'] ?? '';
  return { above, key, step: embedded === '' ? key : `${embedded}.${key}`, struct: above.struct, declared };
}

const inside = (above: Place, key: string | number): Place => ({
  above,
  key,
  step: undefined,
  struct: above.struct,
  declared: undefined,
});

function normaliseValue(value: Json, type: TypeOf, place: Place, work: Work): DraftJson | undefined {
  if (takesAnyJson(type.schema)) return draftJson(value);
  const fault = faultOf(value, type.schema, type.resolve);
  if (fault && work.keepEmpty) return converted(value, type, fault, work);
  if (fault) {
    report(fault, type, place, work);
    return undefined;
  }
  if (isList(value)) {
    const item = nameOf(type.schema) === SCHEMA_OR_LIST ? (choiceOf(type) ?? itemType(type)) : itemType(type);
    return value.flatMap((entry, index) => {
      const normalised = normaliseValue(entry ?? zeroOf(item), item, inside(place, index), work);
      return normalised === undefined ? [] : [normalised];
    });
  }
  if (isObject(value)) {
    const choice = choiceOf(type);
    // What reads itself tells its faults, and not what it does not know.
    if (choice) return normaliseValue(value, choice, place, { ...work, unknown: [] });
    const struct = nameOf(type.schema);
    return normaliseObject(value, type, struct ? { ...place, struct } : place, work);
  }
  if (nameOf(type.schema) === SCHEMA_OR_LIST) return undefined;
  return draftJson(canonicalScalar(value, type.schema));
}

/** The schema that may stand where a boolean or a list may too. */
function choiceOf({ schema, resolve }: TypeOf): TypeOf | undefined {
  const ref = schema?.$ref ?? '';
  const at = ref.lastIndexOf('.') + 1;
  return ref.startsWith(CHOICE, at) ? { schema: { $ref: ref.slice(0, at) + CHOSEN }, resolve } : undefined;
}

const CHOSEN = 'JSONSchemaProps';
const CHOICE = `${CHOSEN}Or`;
const SCHEMA_OR_LIST = `${CHOICE}Array`;

/** What a null in a list or a map is read as. */
function zeroOf(type: TypeOf): Json {
  if (isQuantity(type.schema)) return '0';
  if (takesAnyJson(type.schema)) return null;
  const schema = type.resolve(type.schema);
  if (schema?.type === 'array') return [];
  if (schema?.type === 'integer' || schema?.type === 'number') return 0;
  if (schema?.type === 'boolean') return false;
  return schema?.type === 'string' ? '' : {};
}

/** What an apply says is converted, which takes numbers that are too large for their type; what is wrong stays as it is. */
function converted(value: Json, type: TypeOf, { given = '', wanted = '', text }: Fault, { findings }: Work): DraftJson {
  const isWhole = typeof value === 'number' && Number.isInteger(value) && !isNumberOrText(type.schema);
  if (isWhole) return wanted === 'int32' ? value | 0 : value;
  const isBytes = type.resolve(type.schema)?.format === 'byte';
  const fraction = `cannot convert float64 to ${wanted}`;
  const plain = isNumberOrText(type.schema)
    ? `json: cannot unmarshal ${given} into Go value of type ${wanted}`
    : fraction;
  findings.fault ??= { text: text === undefined ? plain : `${isBytes ? FROM_JSON : ''}${text}`, ends: true };
  return draftJson(value);
}

const FROM_JSON = 'error decoding from json: ';

/** The first fault is told, but one that ends the decoding before all others. */
function report(fault: Fault, { resolve }: TypeOf, place: Place, { findings }: Work): void {
  const { fault: earlier } = findings;
  if (earlier && (earlier.ends || !fault.ends)) return;
  const { field, declared, depth } = declarationOf(place);
  const wanted = fault.wanted ?? goTypeAt(declared, depth, resolve);
  const text =
    fault.text ??
    `json: cannot unmarshal ${fault.given} into Go struct field ${place.struct}.${field} of type ${wanted}`;
  findings.fault = { text, ends: fault.ends };
}

/** `spec.containers[0].image` */
function pathTo({ above, key: last }: Place, key: string | number): string {
  const path = above ? pathTo(above, last) : '';
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

/** The names of the fields alone, without indexes and keys; the innermost field, and how many lists and maps deep in it. */
function declarationOf(place: Place): { field: string; declared: Schema | undefined; depth: number } {
  const steps: string[] = [];
  let depth = 0;
  for (let at = place; at.above; at = at.above) {
    if (at.step !== undefined) steps.unshift(at.step);
    else if (steps.length === 0) depth += 1;
  }
  let innermost = place;
  while (innermost.step === undefined && innermost.above) innermost = innermost.above;
  return { field: steps.join('.'), declared: innermost.declared, depth };
}
