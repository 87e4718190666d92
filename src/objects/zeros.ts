// What an API server writes of a built-in object although nobody has set it: structures that are no pointers, times and
// texts without `omitempty`. Its types cannot leave them out.

import type { Draft, DraftJson } from './draft.ts';
import { isDraft } from './draft.ts';
import { isNumberOrText, isQuantity } from './scalar.ts';
import { isStructure, type Schema, type TypeOf } from './schema.ts';

/** Fills in the zeros of an object, in place. */
export function writeZeros(object: Draft, type: TypeOf): void {
  const schema = type.resolve(type.schema);
  if (!schema?.properties) {
    writeBelow(object, { ...type, schema: mapValue(schema) });
    return;
  }
  for (const { name, zero, inner } of planOf(schema, type)) {
    if (object[name] === undefined && zero !== undefined) object[name] = zero === STRUCTURE ? {} : zero;
    if (inner) writeInto(object[name], inner);
  }
}

interface Step {
  readonly name: string;
  /** What to write where there is nothing; undefined: nothing. */
  readonly zero: DraftJson | typeof STRUCTURE | undefined;
  /** The type of what may hold structures. */
  readonly inner: TypeOf | undefined;
}

const STRUCTURE = Symbol('structure');

const plans = new WeakMap<Schema, readonly Step[]>();

function planOf(schema: Schema, type: TypeOf): readonly Step[] {
  const known = plans.get(schema);
  if (known) return known;
  const steps = Object.entries(schema.properties ?? {})
    .map(([name, property]) => stepOf(name, { ...type, schema: property }))
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

function zeroOf(type: TypeOf): DraftJson | typeof STRUCTURE {
  if (isStructure(type)) return STRUCTURE;
  if (isNull(type)) return null;
  if (isQuantity(type.schema)) return '0';
  if (isNumberOrText(type.schema)) return 0;
  const resolved = type.resolve(type.schema);
  const ZEROS: Readonly<Record<string, DraftJson>> = { string: '', integer: 0, number: 0, boolean: false };
  return resolved?.format === 'byte' ? null : (ZEROS[resolved?.type ?? ''] ?? null);
}

function writeInto(value: DraftJson | undefined, type: TypeOf): void {
  if (Array.isArray(value)) {
    const item = { ...type, schema: type.resolve(type.schema)?.items };
    for (const entry of value) writeInto(entry, item);
  } else if (isDraft(value)) writeZeros(value, type);
}

function writeBelow(map: Draft, type: TypeOf): void {
  if (!type.schema) return;
  for (const value of Object.values(map)) writeInto(value, type);
}

/** The type of a map's values. */
function mapValue(schema: Schema | undefined): Schema | undefined {
  const values = schema?.additionalProperties;
  return typeof values === 'object' ? values : undefined;
}
