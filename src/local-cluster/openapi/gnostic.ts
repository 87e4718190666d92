// OpenAPI's second version in protobuf: the messages of gnostic, as far as our documents need them.

import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { FIXED64, LENGTH_DELIMITED, VARINT, Writer } from '../protobuf/writer.ts';

/** The document as bytes; made once. */
export function encodeDocument(document: JsonObject): Buffer {
  const known = encoded.get(document);
  if (known) return known;
  const writer = new Writer();
  message('Document')(writer, document);
  const bytes = writer.done();
  encoded.set(document, bytes);
  return bytes;
}

const encoded = new WeakMap<JsonObject, Buffer>();

type Write = (writer: Writer, value: Json) => void;

/** 'field number type': in the order of their numbers. A list is '[]type', a map 'map:type'. */
const MESSAGES: Readonly<Record<string, readonly string[]>> = {
  Document: ['swagger 1 string', 'info 2 Info', 'paths 8 Paths', 'definitions 9 Definitions'],
  Info: ['title 1 string', 'version 2 string'],
  PathItem: [
    'get 2 Operation',
    'put 3 Operation',
    'post 4 Operation',
    'delete 5 Operation',
    'patch 8 Operation',
    'parameters 9 []ParametersItem',
  ],
  Operation: [
    'tags 1 []string',
    'operationId 5 string',
    'produces 6 []string',
    'consumes 7 []string',
    'parameters 8 []ParametersItem',
    'responses 9 Responses',
    'schemes 10 []string',
    'x- 13 extensions',
  ],
  BodyParameter: ['name 2 string', 'in 3 string', 'required 4 bool', 'schema 5 Schema'],
  QueryParameter: ['in 2 string', 'name 4 string', 'type 6 string', 'uniqueItems 20 bool'],
  PathParameter: ['required 1 bool', 'in 2 string', 'name 4 string', 'type 5 string', 'uniqueItems 19 bool'],
  Response: ['description 1 string', 'schema 2 SchemaItem'],
  Schema: [
    '$ref 1 string',
    'format 2 string',
    'title 3 string',
    'description 4 string',
    'default 5 any',
    'multipleOf 6 double',
    'maximum 7 double',
    'exclusiveMaximum 8 bool',
    'minimum 9 double',
    'exclusiveMinimum 10 bool',
    'maxLength 11 int',
    'minLength 12 int',
    'pattern 13 string',
    'maxItems 14 int',
    'minItems 15 int',
    'uniqueItems 16 bool',
    'maxProperties 17 int',
    'minProperties 18 int',
    'required 19 []string',
    'enum 20 []any',
    'additionalProperties 21 SchemaOrBool',
    'type 22 TypeItem',
    'items 23 ItemsItem',
    'properties 25 Definitions',
    'x- 31 extensions',
  ],
};

const WIRES: Readonly<Record<string, number>> = { bool: VARINT, int: VARINT, double: FIXED64 };

/** Writes the only field of a message. */
const wrapped =
  (number: number, write: Write): Write =>
  (writer, value) => {
    const end = writer.length;
    write(writer, value);
    writer.field(number, LENGTH_DELIMITED, end);
  };

/** A map: a list of pairs of name and value. */
const pairs =
  (number: number, write: Write): Write =>
  (writer, value) => {
    for (const [name, item] of Object.entries(isObject(value) ? value : {}).reverse()) {
      const end = writer.length;
      if (item !== undefined) wrapped(2, write)(writer, item);
      wrapped(1, text)(writer, name);
      writer.field(number, LENGTH_DELIMITED, end);
    }
  };

const text: Write = (writer, value) => writer.text(typeof value === 'string' ? value : '');
const number = (value: Json): number => (typeof value === 'number' ? value : 0);

/** Any value is YAML, and JSON is YAML. */
const any = wrapped(2, (writer, value) => writer.text(`${JSON.stringify(value)}\n`));

const TYPES: Readonly<Record<string, Write>> = {
  string: text,
  any,
  bool: (writer, value) => writer.varint(value === true ? 1 : 0),
  int: (writer, value) => writer.varint(number(value)),
  double: (writer, value) => writer.double(number(value)),
  TypeItem: wrapped(1, text),
  ItemsItem: (writer, value) => wrapped(1, message('Schema'))(writer, value),
  SchemaItem: (writer, value) => wrapped(1, message('Schema'))(writer, value),
  SchemaOrBool: (writer, value) => {
    if (isObject(value)) return wrapped(1, message('Schema'))(writer, value);
    const end = writer.length;
    writer.varint(value === true ? 1 : 0);
    writer.field(2, VARINT, end);
  },
  Paths: (writer, value) => pairs(2, message('PathItem'))(writer, value),
  Definitions: (writer, value) => pairs(1, message('Schema'))(writer, value),
  Responses: (writer, value) => pairs(1, wrapped(1, message('Response')))(writer, value),
  ParametersItem: (writer, value) => {
    const where = isObject(value) ? value['in'] : '';
    const ways: Readonly<Record<string, Write>> = {
      body: wrapped(1, message('BodyParameter')),
      query: wrapped(2, wrapped(3, message('QueryParameter'))),
      path: wrapped(2, wrapped(4, message('PathParameter'))),
    };
    const write = ways[String(where)];
    if (write) wrapped(1, write)(writer, value);
  },
};

function message(name: string): Write {
  return (writer, value) => {
    if (!isObject(value)) return;
    for (const field of (MESSAGES[name] ?? []).toReversed()) {
      const [key = '', position = '', type = ''] = field.split(' ');
      if (type === 'extensions') pairs(Number(position), any)(writer, extensionsOf(value));
      else writeField(writer, value[key], { position: Number(position), type });
    }
  };
}

function writeField(
  writer: Writer,
  value: Json | undefined,
  { position, type }: { readonly position: number; readonly type: string },
): void {
  if (value === undefined) return;
  const single = type.replace('[]', '');
  const write = TYPES[single] ?? message(single);
  for (const item of type !== single && isList(value) ? value.toReversed() : [value]) {
    const end = writer.length;
    write(writer, item);
    writer.field(position, WIRES[single] ?? LENGTH_DELIMITED, end);
  }
}

const extensionsOf = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name.startsWith('x-')));
