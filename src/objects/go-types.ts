// The names of Go's types and what its decoder says of a value that does not fit: clients show it.

import { RFC3339, RFC3339_MICRO, timeFault } from '../core/go-time.ts';
import { isList, isObject, type Json } from '../core/json.ts';
import { quantityFault } from './quantity.ts';
import { isNumberOrText, isQuantity, MICRO_TIME, TIME } from './scalar.ts';
import type { Resolve, Schema } from './schema.ts';

/** What is wrong with a value. */
export interface Fault {
  /** 'number', 'number 1.5': what was given, where another type is wanted; else `text` is all that is said. */
  readonly given?: string;
  /** The Go type that is wanted, where it is another one than the field's. */
  readonly wanted?: string;
  readonly text?: string;
  /** Types that read themselves end the decoding; others are told when all is read. */
  readonly ends: boolean;
}

/** The fault of a value that is not null, or undefined: of its own form, not of what is in it. */
export function faultOf(value: Json, declared: Schema | undefined, resolve: Resolve): Fault | undefined {
  if (isQuantity(declared)) return endsWith(quantityFault(textOf(value)));
  if (isNumberOrText(declared)) return typeof value === 'string' ? undefined : ended(wholeFault(value, 'int32'));
  if (declared?.$ref === TIME) return timeOf(value, RFC3339);
  if (declared?.$ref === MICRO_TIME) return timeOf(value, RFC3339_MICRO);
  if (nameOf(declared) === 'JSONSchemaPropsOrBool' && typeof value !== 'boolean' && !isObject(value)) {
    return { text: 'boolean or JSON schema expected', ends: true };
  }
  return plainFault(value, resolve(declared));
}

/** Whether a value is taken as it is: whoever it is for reads it. */
export const takesAnyJson = (declared: Schema | undefined): boolean => SELF_READING.has(nameOf(declared));

const SELF_READING: ReadonlySet<string> = new Set(['RawExtension', 'FieldsV1', 'JSON']);

function plainFault(value: Json, schema: Schema | undefined): Fault | undefined {
  switch (schema?.type) {
    case undefined:
      return undefined;
    case 'integer':
      return wholeFault(value, schema?.format ?? 'int32');
    case 'number':
      return typeof value === 'number' ? undefined : other(value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : other(value);
    case 'array':
      return isList(value) ? undefined : other(value);
    case 'object':
      return isObject(value) ? undefined : other(value);
    default:
      if (typeof value !== 'string') return other(value);
      return schema?.format === 'byte' ? bytesFault(value) : undefined;
  }
}

const other = (value: Json): Fault => ({ given: goKind(value), ends: false });

function wholeFault(value: Json, format: string): Fault | undefined {
  if (typeof value !== 'number') return { given: goKind(value), wanted: format, ends: false };
  const most = format === 'int64' ? 2 ** 63 : 2 ** 31;
  const fits = Number.isInteger(value) && value >= -most && value < most;
  return fits ? undefined : { given: `number ${value}`, wanted: format, ends: false };
}

const ended = (fault: Fault | undefined): Fault | undefined => fault && { ...fault, ends: true };

const endsWith = (text: string | undefined): Fault | undefined =>
  text === undefined ? undefined : { text, ends: true };

function timeOf(value: Json, layout: typeof RFC3339 | typeof RFC3339_MICRO): Fault | undefined {
  if (typeof value !== 'string') return { given: goKind(value), wanted: 'string', ends: true };
  return endsWith(timeFault(value, layout));
}

/** A quantity reads the JSON itself. */
const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The place of the first character that is no base64, counted as Go does. */
function bytesFault(text: string): Fault | undefined {
  const at = badBase64(text);
  return at === undefined ? undefined : { text: `illegal base64 data at input byte ${at}`, ends: false };
}

function badBase64(text: string): number | undefined {
  let inGroup = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (letter === '\n' || letter === '\r') continue;
    if (letter === '=') return badPadding(text, at, inGroup);
    if (!/[A-Za-z0-9+/]/.test(letter)) return at;
    inGroup = (inGroup + 1) % 4;
  }
  return inGroup === 0 ? undefined : text.length - inGroup;
}

function badPadding(text: string, at: number, inGroup: number): number | undefined {
  if (inGroup < 2) return at;
  const skip = (from: number): number => from + (/^[\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
  let next = skip(at + 1);
  if (inGroup === 2) {
    if (next === text.length) return text.length;
    if (text[next] !== '=') return next - 1;
    next = skip(next + 1);
  }
  return next < text.length ? next : undefined;
}

/** What Go calls the form of a JSON value. */
export function goKind(value: Json | undefined): string {
  if (isList(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The type of what stands `depth` lists and maps deep in a field. */
export function goTypeAt(field: Schema | undefined, depth: number, resolve: Resolve): string {
  let schema = field;
  let named = field?.['x-go-type'];
  for (let level = 0; level < depth; level += 1) {
    named = named?.startsWith('[]') ? named.slice(2) : /^map\[[^\]]*\](.*)$/.exec(named ?? '')?.[1];
    const inner = resolve(schema);
    if (schema && nameOf(schema) === 'JSONSchemaPropsOrArray') return 'v1.JSONSchemaProps';
    schema = inner?.items ?? (isObject(inner?.additionalProperties) ? inner.additionalProperties : undefined);
  }
  return named ?? goType(schema, resolve);
}

function goType(schema: Schema | undefined, resolve: Resolve): string {
  const resolved = resolve(schema);
  if (resolved?.type === 'array') return `[]${goTypeAt(resolved.items, 0, resolve)}`;
  if (resolved?.type === 'object' && isObject(resolved.additionalProperties)) {
    return `map[string]${goTypeAt(resolved.additionalProperties, 0, resolve)}`;
  }
  if (resolved?.type === 'object') return (schema?.$ref ?? '').split('.').slice(-2).join('.');
  return resolved?.format === 'byte' ? '[]uint8' : (GO_SCALARS[resolved?.type ?? ''] ?? resolved?.format ?? 'int32');
}

const GO_SCALARS: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool', number: 'float64' };

/** 'ObjectMeta' of 'io.k8s.….v1.ObjectMeta'. */
export const nameOf = (schema: Schema | undefined): string =>
  schema?.$ref?.slice(schema.$ref.lastIndexOf('.') + 1) ?? '';
