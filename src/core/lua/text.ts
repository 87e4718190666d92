// JSON and Lua: texts as bytes, lists and maps as tables.

import { isList, type Json, type JsonObject, setField } from '../json.ts';
import { LuaError, LuaTable, type LuaValue } from './values.ts';

const ASCII = /^\p{ASCII}*$/u;

export function bytesOf(text: string): string {
  if (ASCII.test(text)) return text;
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

export function textOf(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
}

/** Null is nil: a field of it is not there. */
export function fromJson(value: Json | undefined): LuaValue {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return bytesOf(value);
  if (typeof value !== 'object') return value;
  const table = new LuaTable();
  if (isList(value)) for (const [index, item] of value.entries()) table.set(index + 1, fromJson(item));
  else for (const [key, item] of Object.entries(value)) table.set(bytesOf(key), fromJson(item));
  return table;
}

/** What nests deeper cannot be an object; a table in itself does. */
const MAX_LEVELS = 200;

/** A table without entries is a list: nobody can tell. Throws for what JSON has nothing for. */
export function toJsonValue(value: LuaValue, levels = MAX_LEVELS): Json {
  if (value === undefined) return null;
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'function') throw new LuaError('cannot encode function to JSON');
  if (typeof value !== 'object') return typeof value === 'number' && !Number.isFinite(value) ? null : value;
  if (levels === 0) throw new LuaError('cannot encode recursively nested tables to JSON');
  const entries = [...value.entries()];
  if (entries.every(([key]) => typeof key === 'number')) return listOf(value, entries.length, levels);
  const object: Record<string, Json> = {};
  for (const [key, item] of entries) {
    if (typeof key !== 'string') throw new LuaError('cannot encode mixed or invalid key types');
    setField(object, textOf(key), toJsonValue(item, levels - 1));
  }
  return object;
}

function listOf(table: LuaTable, count: number, levels: number): Json {
  if (table.length() !== count) throw new LuaError('cannot encode sparse array');
  return table.list.map((item) => toJsonValue(item, levels - 1));
}

/** Maps that a script has left empty are maps again where they were in the original. */
export function withEmptyMaps(value: Json, original: Json | undefined): Json {
  if (isList(value)) {
    if (value.length === 0 && isMap(original)) return {};
    return value.map((item, index) => withEmptyMaps(item, isList(original) ? original[index] : undefined));
  }
  if (!isMap(value)) return value;
  const object: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value))
    setField(object, key, withEmptyMaps(item ?? null, isMap(original) ? original[key] : undefined));
  return object;
}

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value);
