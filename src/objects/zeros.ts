// What an API server writes of a built-in object although nobody has set it: structures that are no pointers, times and
// texts without `omitempty`. Its types cannot leave them out.

import { isList, isObject, type Json, type JsonObject } from '../core/json.ts';
import { isNumberOrText, isQuantity } from './scalar.ts';
import { isStructure, type Schema, type TypeOf } from './schema.ts';

/** The object with its zeros; itself where it has them all. A list without items is one, unless it is kept. */
export function withZeros(object: JsonObject, type: TypeOf, keepEmpty = false): JsonObject {
  const schema = type.resolve(type.schema);
  if (!schema?.properties) return withZerosBelow(object, { ...type, schema: mapValue(schema) }, keepEmpty);
  let changed: Record<string, Json | undefined> | undefined;
  for (const { name, zero, inner } of planOf(schema, type)) {
    const value = object[name];
    const present = value === undefined || (zero === null && !keepEmpty && isEmptyList(value)) ? zero : value;
    const next = inner && present !== undefined ? withZerosInside(present, inner, keepEmpty) : present;
    if (next === value) continue;
    changed ??= { ...object };
    changed[name] = next;
  }
  return changed ?? object;
}

/** What is stored keeps no list without items. */
const isEmptyList = (value: Json): boolean => isList(value) && value.length === 0;

interface Step {
  readonly name: string;
  /** What to write where there is nothing; undefined: nothing. */
  readonly zero: Json | undefined;
  /** The type of what may hold structures. */
  readonly inner: TypeOf | undefined;
}

const STRUCTURE: JsonObject = {};

/** Pointers without `omitempty`. */
const WRITTEN_POINTERS: Readonly<Record<string, string>> = {
  CapacityRequestPolicy: 'default',
  TypedLocalObjectReference: 'apiGroup',
  TypedObjectReference: 'apiGroup',
};

const plans = new WeakMap<Schema, readonly Step[]>();

function planOf(schema: Schema, type: TypeOf): readonly Step[] {
  const known = plans.get(schema);
  if (known) return known;
  const written = WRITTEN_POINTERS[type.schema?.$ref?.split('.').at(-1) ?? ''];
  const steps = Object.entries(schema.properties ?? {})
    .map(([name, property]) => stepOf(name, { ...type, schema: property }))
    .map((step) => (step.name === written ? { ...step, zero: null } : step))
    .filter(({ zero, inner }) => zero !== undefined || inner);
  plans.set(schema, steps);
  return steps;
}

function stepOf(name: string, type: TypeOf): Step {
  const resolved = type.resolve(type.schema);
  const isOpen = isStructure(type) || resolved?.items !== undefined || mapValue(resolved) !== undefined;
  const rule = type.schema?.['x-go-zero'];
  // Of all times, only that of the creation may be left out.
  const isWritten = rule === 'write' || (rule === 'omit' && isAlwaysWritten(type) && name !== 'creationTimestamp');
  return { name, zero: isWritten ? zeroOf(type) : undefined, inner: isOpen ? type : undefined };
}

const NULLS: ReadonlySet<string> = new Set([
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime',
  'io.k8s.apimachinery.pkg.runtime.RawExtension',
]);

const isNull = ({ schema }: TypeOf): boolean => NULLS.has(schema?.$ref ?? '');

/** Go's `omitempty` leaves out no structure, whatever it looks like in JSON. */
function isAlwaysWritten(type: TypeOf): boolean {
  return isStructure(type) || isNull(type) || isQuantity(type.schema) || isNumberOrText(type.schema);
}

function zeroOf(type: TypeOf): Json {
  if (isStructure(type)) return STRUCTURE;
  if (isNull(type)) return null;
  if (isQuantity(type.schema)) return '0';
  if (isNumberOrText(type.schema)) return 0;
  const resolved = type.resolve(type.schema);
  const ZEROS: Readonly<Record<string, Json>> = { string: '', integer: 0, number: 0, boolean: false };
  return resolved?.format === 'byte' ? null : (ZEROS[resolved?.type ?? ''] ?? null);
}

function withZerosInside(value: Json, type: TypeOf, keepEmpty: boolean): Json {
  if (isObject(value)) return withZeros(value, type, keepEmpty);
  if (!isList(value)) return value;
  const item = { ...type, schema: type.resolve(type.schema)?.items };
  const items = value.map((entry) => withZerosInside(entry, item, keepEmpty));
  return items.some((entry, index) => entry !== value[index]) ? items : value;
}

function withZerosBelow(map: JsonObject, type: TypeOf, keepEmpty: boolean): JsonObject {
  if (!type.schema) return map;
  const entries = Object.entries(map).map(([key, value]): [string, Json | undefined] => [
    key,
    value === undefined ? value : withZerosInside(value, type, keepEmpty),
  ]);
  return entries.some(([key, value]) => value !== map[key]) ? Object.fromEntries(entries) : map;
}

/** The type of a map's values. */
function mapValue(schema: Schema | undefined): Schema | undefined {
  const values = schema?.additionalProperties;
  return typeof values === 'object' ? values : undefined;
}
