// How large the values of a schema may be, as costs are estimated by it.

import { listAt, numberAt } from '../../../core/json.ts';
import type { Schema } from '../../../objects/schema.ts';
import { ITEMS, KEYS, VALUES } from './go-path.ts';
import { seen, valuesOf } from './types.ts';
import { celName } from './values.ts';

const REQUEST_BYTES = 3 * 1024 * 1024;
const QUOTES = 2;
/** A letter takes so many bytes at most. */
const LETTER = 4;

/** How much room a value of a format takes at least, and at most. */
const FORMATS: Readonly<Record<string, readonly [number, number]>> = {
  date: [12, 12],
  'date-time': [21, 31],
  duration: [3, 32],
};

const rest = (from: number): number => Math.floor((REQUEST_BYTES - QUOTES) / from);

/** How many values of a schema a request has room for. */
export const mostInRequest = (schema: Schema): number => Math.floor(REQUEST_BYTES / (smallest(schema) + 1));

/** How much room a value takes at least. */
function smallest({ type, format = '', properties, required = [], ...schema }: Schema): number {
  if (schema['x-kubernetes-int-or-string'] === true) return 1;
  if (type === 'boolean') return 4;
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'string') return FORMATS[format]?.[0] ?? QUOTES;
  if (type !== 'object' || !properties) return QUOTES;
  return Object.entries(properties)
    .filter(([name, { default: usual }]) => required.includes(name) && usual === undefined)
    .reduce((sum, [name, one]) => sum + name.length + 4 + smallest(one), 2);
}

/** How many items a list or map may have. */
export const allowedItems = (schema: Schema): number | undefined =>
  numberAt(schema, schema.items ? 'maxItems' : 'maxProperties');

/** How many items there may be: as many as are allowed, or as many as a request has room for. */
function mostItems(schema: Schema): number {
  const inner = schema.items ?? valuesOf(schema);
  const most = allowedItems(schema);
  if (most !== undefined) return most;
  return inner ? rest(smallest(inner) + (schema.items ? 1 : 6)) : 1;
}

function longestText(schema: Schema): number {
  const { format = '' } = schema;
  const most = numberAt(schema, 'maxLength');
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format]?.[1] ?? 0;
  if (most !== undefined) return most * (format === 'byte' ? 1 : LETTER);
  const words = listAt(schema, 'enum').map((word) => (typeof word === 'string' ? word.length : 0));
  return words.length > 0 ? Math.max(...words) : rest(1);
}

/** How large a value of a schema may be: letters, items or entries; nothing is gone through in one of another type. */
export function largest(schema: Schema): number {
  if (schema['x-kubernetes-int-or-string'] === true) return rest(1);
  if (schema.type === 'string') return longestText(schema);
  return schema.items || valuesOf(schema) ? mostItems(schema) : 0;
}

const KEY: Schema = { type: 'integer' };

/** The field of an object, by its name in expressions. */
export function fieldIn(schema: Schema, name: string): Schema | undefined {
  const own = Object.entries(seen(schema).properties ?? {}).find(([field]) => celName(field) === name);
  return own?.[1] ?? valuesOf(schema);
}

/** What steps lead to from a schema. */
export function schemaBy(root: Schema, steps: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const name of steps) {
    if (!schema) return undefined;
    if (name === KEYS) schema = valuesOf(schema) && KEY;
    else if (name === ITEMS || name === VALUES) schema = schema.items ?? valuesOf(schema);
    else schema = fieldIn(schema, name);
  }
  return schema;
}
