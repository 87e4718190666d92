// Values as Go's templates see them.

import { HawserError } from '../errors.ts';
import { isList, isObject, type Json } from '../json.ts';

/** `undefined` is what a map does not hold. */
export type Value = Json | undefined;

export const bad = (reason: string): HawserError =>
  new HawserError('usage', `the template fails: ${reason}`, { hint: 'hawser help formatting shows examples' });

export const isTrue = (value: Value): boolean => {
  if (isList(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return Boolean(value);
};

/** As `%v` prints it. */
export function textOf(value: Value): string {
  if (value === undefined) return '<no value>';
  return plain(value, '<no value>');
}

function plain(value: Json, nil: string): string {
  if (value === null) return nil;
  if (isList(value)) return `[${value.map((item) => plain(item, '<nil>')).join(' ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, item]) => `${key}:${plain(item ?? null, '<nil>')}`).join(' ')}]`;
  }
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** Whole numbers are integers; others as Go's shortest form of a float. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
