// Values of custom resources as CEL sees them, by their schema: integers, times, fields under names that CEL can say.

import { isList, isObject, type Json } from '../../../core/json.ts';
import { fieldType, itemType, type TypeOf } from '../../../objects/schema.ts';

/** Words that are no names in CEL. */
export const RESERVED: ReadonlySet<string> = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

/** The name of a field in an expression: what CEL has no name for is spelt out. */
export function celName(field: string): string {
  if (RESERVED.has(field)) return `__${field}__`;
  return field
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** Times and lengths of time are made by the expression's own functions. */
interface Conversions {
  readonly duration: (text: string) => unknown;
}

export function celValue(value: Json, type: TypeOf, conversions: Conversions): unknown {
  const { schema } = type;
  if (isList(value)) return value.map((item) => celValue(item, itemType(type), conversions));
  if (isObject(value)) {
    const isNamed = (key: string): boolean => schema?.properties?.[key] !== undefined;
    // A field that is null is none; an entry of a map is one.
    const entries = Object.entries(value).flatMap(([key, item]) =>
      item === undefined || (item === null && isNamed(key))
        ? []
        : [[isNamed(key) ? celName(key) : key, celValue(item, fieldType(type, key), conversions)] as const],
    );
    // A map has no names of its own: a field may be called 'constructor'.
    return new Map(entries);
  }
  if (typeof value === 'number') return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value !== 'string') return value;
  if (schema?.format === 'date-time' || schema?.format === 'date') return new Date(value);
  if (schema?.format === 'duration') return conversions.duration(value);
  return schema?.format === 'byte' ? Buffer.from(value, 'base64') : value;
}
