// An answer as Go's encoder would write it: fields that are empty are left out, but for those that every answer carries, and
// fields that the types do not have are gone.

import { isList, isObject } from '../../core/json.ts';
import { type Field, fieldsOf } from './contract.ts';

export interface EncodeOptions {
  /** The caller chose the fields: none is added but at the top. */
  readonly isProjected?: boolean;
}

/** The value as what JSON.stringify is to write. */
export function encodeAnswer(value: unknown, type: string, { isProjected = false }: EncodeOptions = {}): unknown {
  const fields = fieldsOf(type);
  return fields ? encodeStruct(value, fields, { isWhole: true, isProjected }) : encode(value, type, isProjected);
}

function encode(value: unknown, type: string, isProjected: boolean): unknown {
  if (type.startsWith('[]') && isList(value)) return value.map((item) => encode(item, type.slice(2), isProjected));
  if (type.startsWith('{}') && isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, encode(item, type.slice(2), isProjected)]),
    );
  const fields = fieldsOf(type);
  return fields ? encodeStruct(value, fields, { isWhole: !isProjected, isProjected }) : value;
}

interface StructOptions {
  /** With the fields that every answer carries. */
  readonly isWhole: boolean;
  readonly isProjected: boolean;
}

function encodeStruct(value: unknown, fields: readonly Field[], { isWhole, isProjected }: StructOptions): unknown {
  const encoded: Record<string, unknown> = {};
  for (const field of fields) {
    const item = isObject(value) ? value[field.name] : undefined;
    const isThere = item !== undefined && item !== null;
    const isSet = isThere && (isValue(item, field) || !isEmpty(item, field.type));
    if (isSet) encoded[field.name] = encode(item, field.type, isProjected);
    else if (field.isAlways && isWhole) encoded[field.name] = zeroOf(field);
  }
  return encoded;
}

/** A zero that means something: of a pointer, and a number or truth that every answer carries. */
const isValue = (item: unknown, { isPointer, isAlways }: Field): boolean =>
  isPointer ? !isList(item) : isAlways && (item === 0 || item === false);

/** What `omitempty` leaves out. A struct that is there is kept: Go has a pointer to it. */
function isEmpty(value: unknown, type: string): boolean {
  if (isList(value)) return type !== 'json' && value.length === 0;
  if (isObject(value)) return type.startsWith('{}') && Object.keys(value).length === 0;
  return type !== 'json' && (value === '' || value === 0 || value === false);
}

const ZEROS: Readonly<Record<string, unknown>> = { string: '', bool: false, int32: 0, int64: 0, float64: 0 };

function zeroOf({ type, isNullable }: Field): unknown {
  const fields = isNullable ? undefined : fieldsOf(type);
  return fields ? encodeStruct(undefined, fields, { isWhole: true, isProjected: false }) : (ZEROS[type] ?? null);
}
