// How one value travels: the scalars of protobuf, and the messages of Kubernetes that JSON writes as one value.

import { isObject, type Json } from '../../core/json.ts';
import { type DraftJson, isDraft } from '../../objects/draft.ts';
import { ProtobufError, type Reader } from './reader.ts';
import { FIXED64, LENGTH_DELIMITED, VARINT, type Writer } from './writer.ts';

export interface Leaf {
  readonly wire: number;
  /** Writes the content; of what is absent, the zero value. */
  readonly write: (writer: Writer, value: Json | undefined) => void;
  /** Reads the content, of a message all that is left. */
  readonly read: (reader: Reader) => DraftJson;
  /** What Go writes into JSON for the zero value. */
  readonly zero: () => DraftJson;
  /** What Go leaves out of JSON when it is zero and the field says so: all but structures. */
  readonly omissible: boolean;
  /** Whether a field that is no pointer is written when it is absent. */
  readonly always: boolean;
}

const number = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const integer = (bits: 32 | 64): Leaf => ({
  wire: VARINT,
  write: (writer, value) => writer.varint(number(value)),
  read: (reader) => Number(BigInt.asIntN(bits, reader.varint())),
  zero: () => 0,
  omissible: true,
  always: true,
});

const STRUCTURE = { wire: LENGTH_DELIMITED, omissible: false, always: true } as const;

/** The one field of a message by its number; undefined where it is not there. */
function onlyField<T>(reader: Reader, field: number, read: () => T): T | undefined {
  let value: T | undefined;
  while (reader.more) {
    const key = reader.key();
    if (key.number === field && key.wire === LENGTH_DELIMITED) value = reader.within(read);
    else reader.skip(key.wire);
  }
  return value;
}

/** A message whose one field holds JSON. */
const JSON_TEXT: Leaf = {
  ...STRUCTURE,
  write: (writer, value) => {
    if (value === undefined || value === null) return;
    const end = writer.length;
    writer.text(JSON.stringify(value));
    writer.field(1, LENGTH_DELIMITED, end);
  },
  read: (reader) => parsed(onlyField(reader, 1, () => reader.text()) ?? ''),
  zero: () => null,
};

function parsed(json: string): DraftJson {
  if (json === '') return null;
  try {
    const value: DraftJson = JSON.parse(json);
    return value;
  } catch (thrown) {
    throw new ProtobufError(thrown instanceof Error ? thrown.message : 'invalid JSON');
  }
}

const QUANTITY: Leaf = {
  ...STRUCTURE,
  write: (writer, value) => {
    const end = writer.length;
    writer.text(typeof value === 'number' ? String(value) : text(value) || '0');
    writer.field(1, LENGTH_DELIMITED, end);
  },
  read: (reader) => onlyField(reader, 1, () => reader.text()) || '0',
  zero: () => '0',
};

/** Numbers of the fields in which the two forms of a number or text travel. */
const NUMBER_OR_TEXT: Leaf = {
  ...STRUCTURE,
  write: (writer, value) => {
    const end = writer.length;
    writer.text(text(value));
    writer.field(3, LENGTH_DELIMITED, end);
    writer.varint(number(value));
    writer.field(2, VARINT, end);
    writer.varint(typeof value === 'string' ? 1 : 0);
    writer.field(1, VARINT, end);
  },
  read: (reader) => {
    const value = { isText: false, number: 0, text: '' };
    while (reader.more) {
      const key = reader.key();
      if (key.number === 1 && key.wire === VARINT) value.isText = reader.varint() === 1n;
      else if (key.number === 2 && key.wire === VARINT) value.number = Number(BigInt.asIntN(32, reader.varint()));
      else if (key.number === 3 && key.wire === LENGTH_DELIMITED) value.text = reader.within(() => reader.text());
      else reader.skip(key.wire);
    }
    return value.isText ? value.text : value.number;
  },
  zero: () => 0,
};

/** Seconds, and with `digits` the fraction of one. */
const time = (digits: 0 | 6): Leaf => ({
  ...STRUCTURE,
  write: (writer, value) => {
    const [, fraction = ''] = /\.(\d+)/.exec(text(value)) ?? [];
    const milliseconds = Date.parse(text(value));
    if (Number.isNaN(milliseconds)) return;
    const end = writer.length;
    writer.varint(digits === 0 ? 0 : Number(fraction.slice(0, digits).padEnd(9, '0')));
    writer.field(2, VARINT, end);
    writer.varint(Math.floor(milliseconds / 1000));
    writer.field(1, VARINT, end);
  },
  read: (reader) => {
    if (!reader.more) return null;
    const stamp = { seconds: 0, nanos: 0 };
    while (reader.more) {
      const key = reader.key();
      if (key.wire !== VARINT) reader.skip(key.wire);
      else if (key.number === 1) stamp.seconds = Number(BigInt.asIntN(64, reader.varint()));
      else if (key.number === 2) stamp.nanos = Number(BigInt.asIntN(32, reader.varint()));
      else reader.varint();
    }
    return timeText(stamp.seconds, digits === 0 ? '' : `.${String(stamp.nanos).padStart(9, '0').slice(0, digits)}`);
  },
  zero: () => null,
});

/** Years of four digits: what Go's JSON can write. */
function timeText(seconds: number, fraction: string): string {
  if (!(seconds >= -62_167_219_200 && seconds < 253_402_300_800)) {
    throw new ProtobufError('Time.MarshalJSON: year outside of range [0,9999]');
  }
  return new Date(seconds * 1000).toISOString().replace('.000Z', `${fraction}Z`);
}

/** A list of texts that is a type of its own. */
const TEXTS: Leaf = {
  ...STRUCTURE,
  write: (writer, value) => {
    for (const item of Array.isArray(value) ? value.toReversed() : []) {
      const end = writer.length;
      writer.text(text(item));
      writer.field(1, LENGTH_DELIMITED, end);
    }
  },
  read: (reader) => {
    const texts: string[] = [];
    while (reader.more) {
      const key = reader.key();
      if (key.number === 1 && key.wire === LENGTH_DELIMITED) texts.push(reader.within(() => reader.text()));
      else reader.skip(key.wire);
    }
    return texts;
  },
  zero: () => [],
};

export const LEAVES: Readonly<Record<string, Leaf>> = {
  string: {
    wire: LENGTH_DELIMITED,
    write: (writer, value) => writer.text(text(value)),
    read: (reader) => reader.text(),
    zero: () => '',
    omissible: true,
    always: true,
  },
  int32: integer(32),
  int64: integer(64),
  bool: {
    wire: VARINT,
    write: (writer, value) => writer.varint(value === true ? 1 : 0),
    read: (reader) => reader.varint() !== 0n,
    zero: () => false,
    omissible: true,
    always: true,
  },
  float64: {
    wire: FIXED64,
    write: (writer, value) => writer.double(number(value)),
    read: (reader) => finite(reader.double()),
    zero: () => 0,
    omissible: true,
    always: true,
  },
  bytes: {
    wire: LENGTH_DELIMITED,
    write: (writer, value) => writer.raw(Buffer.from(text(value), 'base64')),
    read: (reader) => reader.rest().toString('base64'),
    zero: () => null,
    omissible: true,
    always: false,
  },
  quantity: QUANTITY,
  intOrString: NUMBER_OR_TEXT,
  time: time(0),
  microTime: time(6),
  rawExtension: JSON_TEXT,
  fieldsV1: JSON_TEXT,
  json: JSON_TEXT,
  strings: TEXTS,
};

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new ProtobufError(`json: unsupported value: ${value}`);
}

/** A union of a JSON schema (field 1 or 2) and something that is none. */
export const schemaUnions = (schema: Leaf): Readonly<Record<string, Leaf>> => ({
  schemaOrBool: {
    ...STRUCTURE,
    write: (writer, value) => {
      const end = writer.length;
      if (isObject(value)) {
        schema.write(writer, value);
        writer.field(2, LENGTH_DELIMITED, end);
      }
      const before = writer.length;
      // A schema allows what it describes.
      writer.varint(value === true || isObject(value) ? 1 : 0);
      writer.field(1, VARINT, before);
    },
    read: (reader) => {
      let value: DraftJson = false;
      while (reader.more) {
        const key = reader.key();
        if (key.number === 1 && key.wire === VARINT) {
          const allows = reader.varint() !== 0n;
          if (!isDraft(value)) value = allows;
        } else if (key.number === 2 && key.wire === LENGTH_DELIMITED) value = reader.within(() => schema.read(reader));
        else reader.skip(key.wire);
      }
      return value;
    },
    zero: () => false,
  },
  schemaOrArray: schemaOrList(schema, schema),
  schemaOrStringArray: schemaOrList(schema, LEAVES['string'] ?? schema),
});

const schemaOrList = (schema: Leaf, item: Leaf): Leaf => ({
  ...STRUCTURE,
  write: (writer, value) => {
    for (const entry of Array.isArray(value) ? value.toReversed() : []) {
      const end = writer.length;
      item.write(writer, entry);
      writer.field(2, LENGTH_DELIMITED, end);
    }
    if (!isObject(value)) return;
    const end = writer.length;
    schema.write(writer, value);
    writer.field(1, LENGTH_DELIMITED, end);
  },
  read: (reader) => {
    let single: DraftJson | undefined;
    const items: DraftJson[] = [];
    while (reader.more) {
      const key = reader.key();
      if (key.wire === LENGTH_DELIMITED && key.number === 1) single = reader.within(() => schema.read(reader));
      else if (key.wire === LENGTH_DELIMITED && key.number === 2) items.push(reader.within(() => item.read(reader)));
      else reader.skip(key.wire);
    }
    return items.length > 0 ? items : (single ?? null);
  },
  zero: () => null,
});
