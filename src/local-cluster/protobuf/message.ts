// Messages by the generated table: JSON as Go's types write it, to protobuf and back.

import { isList, isObject, type Json, type JsonObject, setField } from '../../core/json.ts';
import { type Draft, type DraftJson, isDraft } from '../../objects/draft.ts';
import type { WireTable } from '../../objects/wire.ts';
import { LEAVES, type Leaf, schemaUnions } from './leaf.ts';
import { ProtobufError, type Reader } from './reader.ts';
import { LENGTH_DELIMITED, type Writer } from './writer.ts';

interface Field {
  readonly number: number;
  readonly name: string;
  readonly container: 'none' | 'list' | 'map';
  readonly leaf: Leaf;
  readonly isPointer: boolean;
  readonly omitsEmpty: boolean;
  readonly omitsZero: boolean;
  /** The fields of the message stand in the object itself. */
  readonly inlined: Message | undefined;
}

interface Message extends Leaf {
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
}

/** The message of a kind; undefined for one that is not built in. */
export type MessageOfKind = (apiVersion: string, kind: string) => Leaf | undefined;

export function compileMessages(table: WireTable): MessageOfKind {
  const compiled = new Map<number, Message>();
  const messageAt = (index: number): Message => {
    const known = compiled.get(index);
    if (known) return known;
    const message = createMessage(() =>
      (table.messages[index] ?? '')
        .split(';')
        .filter((text) => text !== '')
        .map((text) => parseField(text, leafNamed, messageAt)),
    );
    compiled.set(index, message);
    return message;
  };
  const unions = schemaUnions(messageAt(table.schema));
  const leafNamed = (name: string): Leaf => {
    const leaf = LEAVES[name] ?? unions[name];
    return leaf ?? messageAt(Number(name));
  };
  return (apiVersion, kind) => {
    const index =
      table.kinds[`${apiVersion}/${kind}`] ?? (Object.hasOwn(table.general, kind) ? table.general[kind] : -1);
    return index === undefined || index < 0 ? undefined : messageAt(index);
  };
}

function parseField(text: string, leafNamed: (name: string) => Leaf, messageAt: (index: number) => Message): Field {
  const [number = '', name = '', type = '', flags = ''] = text.split(' ');
  const [, container, leaf = type] = /^(list|map):(.*)$/.exec(type) ?? [];
  return {
    number: Number(number),
    name,
    container: container === 'list' || container === 'map' ? container : 'none',
    leaf: leafNamed(leaf),
    isPointer: flags.includes('p'),
    omitsEmpty: flags.includes('o'),
    omitsZero: flags.includes('z'),
    inlined: flags.includes('i') ? messageAt(Number(leaf)) : undefined,
  };
}

/** Messages name each other in circles: the fields of one are read when it is first used. */
function createMessage(readFields: () => readonly Field[]): Message {
  let fields: readonly Field[] | undefined;
  let byNumber: ReadonlyMap<number, Field> | undefined;
  const message: Message = {
    get fields() {
      fields ??= readFields();
      return fields;
    },
    get byNumber() {
      byNumber ??= new Map(message.fields.map((field) => [field.number, field]));
      return byNumber;
    },
    wire: LENGTH_DELIMITED,
    write: (writer, value) => writeMessage(message, writer, isObject(value) ? value : {}),
    read: (reader) => readMessage(message, reader),
    zero: () => withZeros(message, {}),
    omissible: false,
    always: true,
  };
  return message;
}

function writeMessage(message: Message, writer: Writer, object: JsonObject): void {
  for (const field of message.fields.toReversed()) {
    const value = field.inlined ? object : object[field.name];
    if (field.container === 'list') writeList(field, writer, isList(value) ? value : []);
    else if (field.container === 'map') writeMap(field, writer, isObject(value) ? value : {});
    else if ((value !== undefined && value !== null) || (!field.isPointer && field.leaf.always)) {
      const end = writer.length;
      field.leaf.write(writer, value);
      writer.field(field.number, field.leaf.wire, end);
    }
  }
}

function writeList({ leaf, number }: Field, writer: Writer, items: readonly Json[]): void {
  for (const item of items.toReversed()) {
    const end = writer.length;
    leaf.write(writer, item);
    writer.field(number, leaf.wire, end);
  }
}

function writeMap({ leaf, number }: Field, writer: Writer, map: JsonObject): void {
  for (const key of Object.keys(map).sort().reverse()) {
    const end = writer.length;
    leaf.write(writer, map[key]);
    writer.field(2, leaf.wire, end);
    const beforeKey = writer.length;
    writer.text(key);
    writer.field(1, LENGTH_DELIMITED, beforeKey);
    writer.field(number, LENGTH_DELIMITED, end);
  }
}

/** What nests deeper overflows the stack of whoever walks it. */
const MAX_DEPTH = 400;
let depth = 0;

function readMessage(message: Message, reader: Reader): Draft {
  depth += 1;
  try {
    if (depth > MAX_DEPTH) throw new ProtobufError('exceeded max depth');
    const object: Draft = {};
    readInto(object, message, reader);
    return withZeros(message, object);
  } finally {
    depth -= 1;
  }
}

function readInto(object: Draft, message: Message, reader: Reader): void {
  while (reader.more) {
    const { number, wire } = reader.key();
    const field = message.byNumber.get(number);
    if (field) readField(object, field, { reader, wire });
    else reader.skip(wire);
  }
}

function readField(
  object: Draft,
  field: Field,
  { reader, wire }: { readonly reader: Reader; readonly wire: number },
): void {
  const { leaf, name, inlined, container } = field;
  const isPacked = container === 'list' && leaf.wire !== LENGTH_DELIMITED && wire === LENGTH_DELIMITED;
  const expected = container === 'map' ? LENGTH_DELIMITED : leaf.wire;
  if (wire !== expected && !isPacked) throw new ProtobufError(`proto: wrong wireType = ${wire} for field ${name}`);
  const read = (): DraftJson =>
    leaf.wire === LENGTH_DELIMITED ? reader.within(() => leaf.read(reader)) : leaf.read(reader);
  if (inlined) {
    reader.within(() => readInto(object, inlined, reader));
    withZeros(inlined, object);
  } else if (isPacked) {
    reader.within(() => {
      while (reader.more) append(object, name, leaf.read(reader));
    });
  } else if (container === 'list') append(object, name, read());
  else if (container === 'map') {
    const [key, value] = reader.within(() => readEntry(leaf, reader));
    const entries = object[name];
    if (isDraft(entries)) setField(entries, key, value);
    else object[name] = { [key]: value };
  } else object[name] = read();
}

function append(object: Draft, name: string, item: DraftJson): void {
  const items = object[name];
  if (Array.isArray(items)) items.push(item);
  else object[name] = [item];
}

function readEntry(leaf: Leaf, reader: Reader): [string, DraftJson] {
  let key = '';
  let value: DraftJson | undefined;
  while (reader.more) {
    const field = reader.key();
    if (field.number === 1 && field.wire === LENGTH_DELIMITED) key = reader.within(() => reader.text());
    else if (field.number === 2 && field.wire === leaf.wire) {
      value = field.wire === LENGTH_DELIMITED ? reader.within(() => leaf.read(reader)) : leaf.read(reader);
    } else reader.skip(field.wire);
  }
  return [key, value ?? leaf.zero()];
}

/** The object as Go writes it: zeros that a field leaves out go, zeros that it writes come. */
function withZeros(message: Message, object: Draft): Draft {
  for (const field of message.fields) {
    const { name, leaf, container, isPointer, omitsEmpty, omitsZero, inlined } = field;
    if (inlined) withZeros(inlined, object);
    else if (container !== 'none') {
      if (object[name] === undefined && !omitsEmpty) object[name] = null;
    } else if (isPointer) continue;
    else if (leaf.omissible && omitsEmpty) {
      if (isZero(object[name])) delete object[name];
    } else if (omitsZero) {
      if (object[name] === null) delete object[name];
    } else object[name] ??= leaf.zero();
  }
  return object;
}

const isZero = (value: Json | undefined): boolean => value === '' || value === 0 || value === false || value === null;
