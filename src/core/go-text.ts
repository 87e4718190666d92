import { isList, isObject, type Json } from './json.ts';

/** A value as Go prints it: map[a:1 b:[x y]]. */
export function goText(value: Json | undefined): string {
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return value === null || value === undefined ? '<nil>' : String(value);
  const entries = Object.keys(value).sort();
  return `map[${entries.map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}

/** A value as Go prints it with %s: what is no text with its type. */
export function goVerb(value: Json | undefined): string {
  if (typeof value === 'string' || isList(value) || isObject(value)) return goText(value);
  if (value === null || value === undefined) return '%!s(<nil>)';
  if (typeof value === 'boolean') return `%!s(bool=${value})`;
  return Number.isInteger(value) ? `%!s(int64=${value})` : `%!s(float64=${value})`;
}

/** A number with a fraction as strconv writes it, in as few digits as tell it: large and small ones with an exponent. */
export function goDouble(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const power = Number(exponent);
  if (value === 0 || (power >= -4 && power < LARGEST_POWER)) return Object.is(value, -0) ? '-0' : String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** From here on there is an exponent. */
const LARGEST_POWER = 6;

/** A text as strconv.Quote writes it. */
export function goQuote(text: string): string {
  return JSON.stringify(text).replace(/\\u00([0-9a-f]{2})/g, (_all, digits: string) => SHORT[digits] ?? `\\x${digits}`);
}

const SHORT: Readonly<Record<string, string>> = { '07': '\\a', '0b': '\\v' };
