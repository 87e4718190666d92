// What wraps an object on the wire: four bytes of magic and a message that names its type; in a watch, a frame for each event.

import { isObject, type JsonObject, textAt } from '../../core/json.ts';
import { loadWireTable } from '../../objects/wire.ts';
import type { Leaf } from './leaf.ts';
import { compileMessages, type MessageOfKind } from './message.ts';
import { ProtobufError, Reader } from './reader.ts';
import { LENGTH_DELIMITED, Writer } from './writer.ts';

export interface TypeName {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface Protobuf {
  /** Undefined for what is of no built-in type. */
  encode(object: JsonObject): Buffer | undefined;
  /** An event of a watch with its length before it. */
  encodeEvent(event: JsonObject): Buffer | undefined;
  /** Throws ProtobufError. An envelope that names no type holds an object of the usual one. */
  decode(bytes: Uint8Array, usual: TypeName): JsonObject;
}

export async function loadProtobuf(): Promise<Protobuf> {
  loading ??= loadWireTable().then((table) => createProtobuf(compileMessages(table)));
  return loading;
}

let loading: Promise<Protobuf> | undefined;

const MAGIC = Buffer.from('k8s\0');

function createProtobuf(messageOf: MessageOfKind): Protobuf {
  const encode = (object: JsonObject): Buffer | undefined => {
    const type = { apiVersion: textAt(object, 'apiVersion'), kind: textAt(object, 'kind') };
    const message = messageOf(type.apiVersion, type.kind);
    return message && sealed(message, object, type);
  };
  return {
    encode,
    encodeEvent: ({ type, object }) => {
      const bytes = isObject(object) ? encode(object) : undefined;
      return bytes && eventFrame(typeof type === 'string' ? type : '', bytes);
    },
    decode: (bytes, usual) => {
      const { type, raw } = opened(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), usual);
      const message = messageOf(type.apiVersion, type.kind);
      if (!message) {
        throw new ProtobufError(`no kind "${type.kind}" is registered for version "${type.apiVersion}"`, {
          cause: type,
        });
      }
      const object = message.read(new Reader(raw));
      return { apiVersion: type.apiVersion, kind: type.kind, ...(isObject(object) ? object : {}) };
    },
  };
}

function sealed(message: Leaf, object: JsonObject, { apiVersion, kind }: TypeName): Buffer {
  const writer = new Writer();
  emptyText(writer, 4);
  emptyText(writer, 3);
  const afterRaw = writer.length;
  message.write(writer, object);
  writer.field(2, LENGTH_DELIMITED, afterRaw);
  const afterType = writer.length;
  writer.text(kind);
  writer.field(2, LENGTH_DELIMITED, afterType);
  const afterVersion = writer.length;
  writer.text(apiVersion);
  writer.field(1, LENGTH_DELIMITED, afterVersion);
  writer.field(1, LENGTH_DELIMITED, afterType);
  writer.raw(MAGIC);
  return writer.done();
}

/** Encoding and media type of the content: both as usual. */
function emptyText(writer: Writer, number: number): void {
  writer.field(number, LENGTH_DELIMITED, writer.length);
}

function eventFrame(type: string, object: Buffer): Buffer {
  const writer = new Writer();
  writer.raw(object);
  writer.field(1, LENGTH_DELIMITED, 0);
  writer.field(2, LENGTH_DELIMITED, 0);
  const end = writer.length;
  writer.text(type);
  writer.field(1, LENGTH_DELIMITED, end);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.raw(length);
  return writer.done();
}

function opened(bytes: Buffer, usual: TypeName): { readonly type: TypeName; readonly raw: Buffer } {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    const prefix = [...MAGIC].join(' ');
    throw new ProtobufError(`provided data does not appear to be a protobuf message, expected prefix [${prefix}]`);
  }
  const reader = new Reader(bytes.subarray(MAGIC.length));
  const type = { apiVersion: '', kind: '' };
  let raw: Buffer = Buffer.alloc(0);
  while (reader.more) {
    const key = reader.key();
    if (key.wire !== LENGTH_DELIMITED || key.number > 2) reader.skip(key.wire);
    else if (key.number === 1) reader.within(() => readType(type, reader));
    else raw = reader.within(() => reader.rest());
  }
  return { type: type.kind === '' && type.apiVersion === '' ? usual : type, raw };
}

function readType(type: { apiVersion: string; kind: string }, reader: Reader): void {
  while (reader.more) {
    const key = reader.key();
    const isText = key.wire === LENGTH_DELIMITED;
    if (isText && key.number === 1) type.apiVersion = reader.within(() => reader.text());
    else if (isText && key.number === 2) type.kind = reader.within(() => reader.text());
    else reader.skip(key.wire);
  }
}
