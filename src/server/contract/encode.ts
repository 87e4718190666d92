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
  return fields ? encodeStruct(value, slotsOf(type, fields), { isWhole: true, isProjected }) : value;
}

/** What a type makes of a value, and which values `omitempty` leaves out. Made once a type: an answer has many values. */
interface Encoder {
  encode(value: unknown, isProjected: boolean): unknown;
  isEmpty(value: unknown): boolean;
}

const encoders = new Map<string, Encoder>();

function encoderOf(type: string): Encoder {
  const cached = encoders.get(type);
  if (cached) return cached;
  const made = makeEncoder(type);
  encoders.set(type, made);
  return made;
}

const RAW: Encoder = { encode: (value) => value, isEmpty: () => false };

const SCALAR: Encoder = {
  encode: (value) => value,
  isEmpty: (value) => value === '' || value === 0 || value === false,
};

function makeEncoder(type: string): Encoder {
  if (type === 'json') return RAW;
  if (type.startsWith('[]')) return listEncoder(type.slice(2));
  if (type.startsWith('{}')) return mapEncoder(type.slice(2));
  const fields = fieldsOf(type);
  if (!fields) return SCALAR;
  const encode: Encoder['encode'] = (value, isProjected) =>
    encodeStruct(value, slotsOf(type, fields), { isWhole: !isProjected, isProjected });
  return {
    encode: (value, isProjected) =>
      type === REMEMBERED && !isProjected
        ? rememberedOf(value, () => encode(value, false))
        : encode(value, isProjected),
    // A struct that is there is kept: Go has a pointer to it.
    isEmpty: () => false,
  };
}

/** Of large objects of which there are thousands, most as they were in the last answer. */
const REMEMBERED = 'v1alpha1Application';
const remembered = new WeakMap<object, unknown>();

function rememberedOf(value: unknown, encode: () => unknown): unknown {
  if (!isObject(value)) return encode();
  const known = remembered.get(value);
  if (known !== undefined) return known;
  const encoded = encode();
  remembered.set(value, encoded);
  return encoded;
}

function listEncoder(type: string): Encoder {
  return {
    encode: (value, isProjected) => {
      if (!isList(value)) return value;
      const { encode } = encoderOf(type);
      return value.map((item) => encode(item, isProjected));
    },
    isEmpty: (value) => isList(value) && value.length === 0,
  };
}

function mapEncoder(type: string): Encoder {
  return {
    encode: (value, isProjected) => {
      if (!isObject(value)) return value;
      const { encode } = encoderOf(type);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item, isProjected)]));
    },
    isEmpty: (value) => isObject(value) && Object.keys(value).length === 0,
  };
}

interface Slot extends Field {
  readonly encoder: Encoder;
}

const slots = new Map<string, readonly Slot[]>();

function slotsOf(type: string, fields: readonly Field[]): readonly Slot[] {
  const cached = slots.get(type);
  if (cached) return cached;
  const made = fields.map((field) => ({ ...field, encoder: encoderOf(field.type) }));
  slots.set(type, made);
  return made;
}

interface StructOptions {
  /** With the fields that every answer carries. */
  readonly isWhole: boolean;
  readonly isProjected: boolean;
}

function encodeStruct(value: unknown, fields: readonly Slot[], { isWhole, isProjected }: StructOptions): unknown {
  const encoded: Record<string, unknown> = {};
  const source = isObject(value) ? value : {};
  for (const field of fields) {
    const item = source[field.name];
    const isThere = item !== undefined && item !== null;
    if (isThere && (!field.encoder.isEmpty(item) || isValue(item, field)))
      encoded[field.name] = field.encoder.encode(item, isProjected);
    else if (field.isAlways && isWhole) encoded[field.name] = zeroOf(field);
  }
  return encoded;
}

/** A zero that means something: of a pointer, and a number or truth that every answer carries. */
const isValue = (item: unknown, { isPointer, isAlways }: Field): boolean =>
  isPointer ? !isList(item) : isAlways && (item === 0 || item === false);

const ZEROS: Readonly<Record<string, unknown>> = { string: '', bool: false, int32: 0, int64: 0, float64: 0 };

function zeroOf({ type, isNullable }: Field): unknown {
  const fields = isNullable ? undefined : fieldsOf(type);
  return fields
    ? encodeStruct(undefined, slotsOf(type, fields), { isWhole: true, isProjected: false })
    : (ZEROS[type] ?? null);
}
