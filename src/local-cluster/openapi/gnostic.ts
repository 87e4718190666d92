// OpenAPI documents in protobuf: how the messages of gnostic are written, whatever their version.

import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import { FIXED64, LENGTH_DELIMITED, VARINT, Writer } from '../protobuf/writer.ts';

export type Write = (writer: Writer, value: Json) => void;
export type WriterOf = (name: string) => Write;

export interface Language {
  /** 'field number type': in the order of their numbers. A list is '[]type'. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
  /** What is no message of plain fields. */
  readonly types: (message: WriterOf) => Readonly<Record<string, Write>>;
}

/** Writes a document as bytes; each is made once. */
export function createEncoder({ messages, types }: Language): (document: JsonObject) => Buffer {
  const encoded = new WeakMap<JsonObject, Buffer>();
  const message: WriterOf = (name) => (writer, value) => {
    if (!isObject(value)) return;
    for (const field of (messages[name] ?? []).toReversed()) {
      const [key = '', position = '', type = ''] = field.split(' ');
      if (type === 'extensions') pairs(Number(position), any)(writer, extensionsOf(value));
      else writeField(writer, value[key], { position: Number(position), type });
    }
  };
  const special = { ...PLAIN, ...types(message) };
  const writeField = (
    writer: Writer,
    value: Json | undefined,
    { position, type }: { readonly position: number; readonly type: string },
  ): void => {
    if (value === undefined) return;
    const single = type.replace('[]', '');
    const write = special[single] ?? message(single);
    for (const item of type !== single && isList(value) ? value.toReversed() : [value]) {
      // A number or a flag that is nothing is not written.
      if (single in WIRES && !item) continue;
      const end = writer.length;
      write(writer, item);
      writer.field(position, WIRES[single] ?? LENGTH_DELIMITED, end);
    }
  };
  return (document) => {
    const known = encoded.get(document);
    if (known) return known;
    const writer = new Writer();
    message('Document')(writer, document);
    const bytes = writer.done();
    encoded.set(document, bytes);
    return bytes;
  };
}

const WIRES: Readonly<Record<string, number>> = { bool: VARINT, int: VARINT, double: FIXED64 };

/** Writes the only field of a message. */
export const wrapped =
  (number: number, write: Write, wire = LENGTH_DELIMITED): Write =>
  (writer, value) => {
    const end = writer.length;
    write(writer, value);
    writer.field(number, wire, end);
  };

/** A map: a list of pairs of name and value, by name. */
export const pairs =
  (number: number, write: Write): Write =>
  (writer, value) => {
    const entries = Object.entries(isObject(value) ? value : {}).sort(([a], [b]) => compareText(b, a));
    for (const [name, item] of entries) {
      const end = writer.length;
      if (item !== undefined) wrapped(2, write)(writer, item);
      wrapped(1, text)(writer, name);
      writer.field(number, LENGTH_DELIMITED, end);
    }
  };

export const text: Write = (writer, value) => writer.text(typeof value === 'string' ? value : '');
export const flag: Write = (writer, value) => writer.varint(value === true ? 1 : 0);
export const double: Write = (writer, value) => writer.double(number(value));
const number = (value: Json): number => (typeof value === 'number' ? value : 0);

/** Any value is YAML, and JSON is YAML. */
const any = wrapped(2, (writer, value) => writer.text(`${JSON.stringify(value)}\n`));

const PLAIN: Readonly<Record<string, Write>> = {
  string: text,
  any,
  bool: flag,
  int: (writer, value) => writer.varint(number(value)),
  double,
};

const extensionsOf = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name.startsWith('x-')));
