// What a template may call: the functions of text/template, and kubectl's two.

import { isList, isObject } from '../json.ts';
import { sprintf } from './print.ts';
import { bad, isTrue, textOf, type Value } from './values.ts';

export type TemplateFunction = (args: readonly Value[]) => Value;

const number = (value: Value): number => {
  if (typeof value === 'number') return value;
  throw bad(`${textOf(value)} is not a number`);
};

/** Below, equal or above zero; numbers and texts are compared with their like alone. */
function order(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  throw bad('incompatible types for comparison');
}

function equal(a: Value, b: Value): boolean {
  if (isList(a) || isObject(a) || isList(b) || isObject(b)) throw bad('non-comparable type');
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  if (typeof a !== typeof b) throw bad('incompatible types for comparison');
  return a === b;
}

function element(from: Value, key: Value): Value {
  if (isList(from) || typeof from === 'string') {
    const at = number(key ?? null);
    if (!Number.isInteger(at) || at < 0 || at >= from.length) throw bad(`index out of range: ${at}`);
    return typeof from === 'string' ? from.charCodeAt(at) : from[at];
  }
  if (isObject(from)) {
    if (typeof key !== 'string') throw bad('the key of a map is a text');
    return Object.hasOwn(from, key) ? from[key] : undefined;
  }
  throw bad('index of untyped nil');
}

function slice([from, start = 0, end]: readonly Value[]): Value {
  if (!isList(from) && typeof from !== 'string') throw bad(`cannot slice ${textOf(from)}`);
  const [first, last] = [number(start), number(end ?? from.length)];
  if (first < 0 || last > from.length || first > last) throw bad(`slice index out of range: ${first}:${last}`);
  return from.slice(first, last);
}

function length(value: Value): number {
  if (typeof value === 'string') return utf8Length(value);
  if (isList(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw bad('len of nil');
}

/** Go counts bytes. */
const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** Texts side by side get no space between them. */
const print = (args: readonly Value[]): string =>
  args
    .map((arg, at) => {
      const isSpaced = at > 0 && typeof arg !== 'string' && typeof args[at - 1] !== 'string';
      return `${isSpaced ? ' ' : ''}${textOf(arg)}`;
    })
    .join('');

const MARKUP: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;' };

const decoded = (text: string): string => {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
  } catch {
    throw bad(`'${text}' is no base64`);
  }
};

function exists([from, ...keys]: readonly Value[]): boolean {
  let value: Value = from;
  for (const key of keys) {
    const holds = isList(value)
      ? typeof key === 'number' && key >= 0 && key < value.length
      : isObject(value) && typeof key === 'string' && Object.hasOwn(value, key);
    if (!holds) return false;
    value = element(value, key);
  }
  return true;
}

export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['not', ([value]) => !isTrue(value)],
  ['len', ([value]) => length(value)],
  ['index', ([from, ...keys]) => keys.reduce<Value>(element, from)],
  ['slice', slice],
  ['print', print],
  ['println', (args) => `${args.map(textOf).join(' ')}\n`],
  ['printf', ([format, ...args]) => sprintf(textOf(format), args)],
  ['html', (args) => print(args).replaceAll(/[<>&'"]/g, (char) => MARKUP[char] ?? char)],
  ['js', (args) => JSON.stringify(print(args)).slice(1, -1).replaceAll("'", "\\'")],
  ['urlquery', (args) => encodeURIComponent(print(args)).replaceAll('%20', '+')],
  ['eq', ([first, ...others]) => others.some((other) => equal(first, other))],
  ['ne', ([a, b]) => !equal(a, b)],
  ['lt', ([a, b]) => order(a, b) < 0],
  ['le', ([a, b]) => order(a, b) <= 0],
  ['gt', ([a, b]) => order(a, b) > 0],
  ['ge', ([a, b]) => order(a, b) >= 0],
  ['base64decode', ([text]) => decoded(textOf(text))],
  ['exists', exists],
]);

/** `and` and `or` are not in the table: they do not look at all of their arguments. */
export const isFunction = (name: string): boolean => name === 'and' || name === 'or' || FUNCTIONS.has(name);
