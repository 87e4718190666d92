// A body as Go's decoder would read it: names in any case, null for nothing, unknown fields ignored; what has the wrong type
// is refused in the decoder's words, which clients show.

import { HawserError } from '../../core/errors.ts';
import { isList, isObject, type Json, toJson } from '../../core/json.ts';
import { type Field, fieldsOf } from './contract.ts';

/** Throws `invalid` for the first value that has another type. Structs that Go never leaves out are there. */
export function decodeBody(body: unknown, type: string): Json | undefined {
  return body === undefined ? undefined : decode(toJson(body), type, { owner: type, path: [] });
}

/** Where a value stands, as Go tells it. */
interface Position {
  /** The struct, or at the top the type itself, that holds the field. */
  readonly owner: string;
  readonly path: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'string',
  bytes: 'string',
  bool: 'boolean',
  int32: 'number',
  int64: 'number',
  float64: 'number',
};

function decode(value: Json | undefined, type: string, position: Position): Json | undefined {
  if (value === undefined || value === null || type === 'json') return value;
  if (type === 'time') return decodeTime(value);
  if (type.startsWith('[]')) return decodeList(value, type, position);
  if (type.startsWith('{}')) return decodeMap(value, type, position);
  const fields = fieldsOf(type);
  if (fields) return decodeStruct(value, { type, fields }, position);
  const isNumber = typeof value === 'number';
  if (typeof value !== KINDS[type]) throw mismatch(kindOf(value), type, position);
  if (isNumber && type !== 'float64' && !Number.isInteger(value)) throw mismatch(`number ${value}`, type, position);
  return value;
}

function decodeList(value: Json, type: string, position: Position): Json {
  if (!isList(value)) throw mismatch(kindOf(value), type, position);
  return value.map((item) => decode(item, type.slice(2), position) ?? null);
}

function decodeMap(value: Json, type: string, position: Position): Json {
  if (!isObject(value)) throw mismatch(kindOf(value), type, position);
  const entries = Object.entries(value).map(([key, item]) => {
    const path = [...position.path, key];
    return [key, decode(item, type.slice(2), { ...position, path }) ?? null] as const;
  });
  return Object.fromEntries(entries);
}

interface Struct {
  readonly type: string;
  readonly fields: readonly Field[];
}

function decodeStruct(value: Json, { type, fields }: Struct, { owner, path }: Position): Json {
  if (!isObject(value)) throw mismatch(kindOf(value), type, { owner, path });
  const decoded: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const field = fieldOf(fields, key);
    const read = field && decode(item, field.type, { owner: type, path: [...path, field.name] });
    if (field && read !== undefined && read !== null) decoded[field.name] = read;
  }
  for (const field of fields) {
    const inner = field.isAlways && !(field.name in decoded) ? fieldsOf(field.type) : undefined;
    if (inner) decoded[field.name] = decodeStruct({}, { type: field.type, fields: inner }, { owner: type, path });
    else if (isName(type, field) && !(field.name in decoded)) decoded[field.name] = '';
  }
  return decoded;
}

/** An absent name is an empty one: each kind of object refuses it in its own way. */
const isName = (type: string, { name, isAlways, type: of }: Field): boolean =>
  (type === 'v1ObjectMeta' && name === 'name') || (isAlways && of === 'string');

function fieldOf(fields: readonly Field[], key: string): Field | undefined {
  const lower = key.toLowerCase();
  return fields.find(({ name }) => name === key) ?? fields.find(({ name }) => name.toLowerCase() === lower);
}

function decodeTime(value: Json): Json {
  if (typeof value !== 'string') throw invalid(`json: cannot unmarshal ${kindOf(value)} into Go value of type string`);
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.test(value)) return value;
  throw invalid(`parsing time "${value}" as "2006-01-02T15:04:05Z07:00": cannot parse "${value}" as "2006"`);
}

function kindOf(value: Json): string {
  if (isList(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function mismatch(kind: string, type: string, { owner, path }: Position): HawserError {
  const of = goName(type, owner);
  if (path.length === 0) return invalid(`json: cannot unmarshal ${kind} into Go value of type ${of}`);
  const struct = goName(owner, owner).replace(/^.*\./, '');
  return invalid(`json: cannot unmarshal ${kind} into Go struct field ${struct}.${path.join('.')} of type ${of}`);
}

/** 'v1alpha1.Info'. Lists of messages are lists of pointers, but in types that were written by hand. */
function goName(type: string, owner: string): string {
  if (type.startsWith('{}')) return `map[string]${goName(type.slice(2), owner)}`;
  if (type.startsWith('[]')) {
    const item = type.slice(2);
    return `[]${fieldsOf(item) && !owner.startsWith('v1') ? '*' : ''}${goName(item, owner)}`;
  }
  return type.replace(/^(v1alpha1|v1|[a-z]+)(?=[A-Z])/, '$1.');
}

const invalid = (message: string): HawserError => new HawserError('invalid', message);
