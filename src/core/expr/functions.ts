// The functions of expr that conditions use.

import { isList, isObject, type Json, parseJson } from '../json.ts';
import { failure, isIn, typeName } from './operators.ts';

/** What stands between braces, of one element. */
export type Predicate = (element: Json, index: number) => Json;

type PlainFunction = (...args: Json[]) => Json;
type ListFunction = (list: readonly Json[], predicate: Predicate) => Json;

const text = (value: Json | undefined, name: string): string => {
  if (typeof value === 'string') return value;
  throw failure(`invalid argument for ${name} (type ${typeName(value ?? null)})`);
};

export const listOf = (value: Json | undefined, name: string): readonly Json[] => {
  if (isList(value)) return value;
  throw failure(`builtin ${name} takes only array (got ${typeName(value ?? null)})`);
};

const numbers = (args: readonly Json[], name: string): number[] =>
  args
    .flatMap((each) => (isList(each) ? each : [each]))
    .map((each) => {
      if (typeof each === 'number') return each;
      throw failure(`invalid argument for ${name} (type ${typeName(each)})`);
    });

function lengthOf(value: Json = null): number {
  if (typeof value === 'string') return [...value].length;
  if (isList(value)) return value.length;
  if (isObject(value)) return Object.keys(value).length;
  throw failure(`invalid argument for len (type ${typeName(value)})`);
}

function toNumber(value: Json = null, name: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw failure(`invalid operation: ${name}(${String(value)})`);
}

const asText = (value: Json = null): string => {
  if (value === null) return '<nil>';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const isTruthy = (value: Json): boolean => {
  if (typeof value === 'boolean') return value;
  throw failure(`predicate should return boolean (got ${typeName(value)})`);
};

const compare = (a: Json, b: Json): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : asText(a) < asText(b) ? -1 : asText(a) > asText(b) ? 1 : 0;

export const FUNCTIONS: Readonly<Record<string, PlainFunction>> = {
  abs: (value) => Math.abs(toNumber(value, 'abs')),
  ceil: (value) => Math.ceil(toNumber(value, 'ceil')),
  concat: (...lists) => lists.flatMap((list) => listOf(list, 'concat')),
  first: (list) => listOf(list, 'first')[0] ?? null,
  float: (value) => toNumber(value, 'float'),
  floor: (value) => Math.floor(toNumber(value, 'floor')),
  fromJSON: (value) => fromText(text(value, 'fromJSON')),
  get: (holder, key) => member(holder ?? null, key ?? null),
  hasPrefix: (value, prefix) => text(value, 'hasPrefix').startsWith(text(prefix, 'hasPrefix')),
  hasSuffix: (value, suffix) => text(value, 'hasSuffix').endsWith(text(suffix, 'hasSuffix')),
  indexOf: (value, part) => text(value, 'indexOf').indexOf(text(part, 'indexOf')),
  int: (value) => Math.trunc(toNumber(value, 'int')),
  join: (list, separator) =>
    listOf(list, 'join')
      .map((each) => text(each, 'join'))
      .join(separator === undefined ? '' : text(separator, 'join')),
  keys: (value) => Object.keys(isObject(value) ? value : {}),
  last: (list) => listOf(list, 'last').at(-1) ?? null,
  lastIndexOf: (value, part) => text(value, 'lastIndexOf').lastIndexOf(text(part, 'lastIndexOf')),
  len: (value) => lengthOf(value),
  lower: (value) => text(value, 'lower').toLowerCase(),
  max: (...args) => Math.max(...numbers(args, 'max')),
  mean: (...args) => average(numbers(args, 'mean')),
  min: (...args) => Math.min(...numbers(args, 'min')),
  repeat: (value, count) => text(value, 'repeat').repeat(Math.min(Math.max(0, toNumber(count, 'repeat')), 10_000)),
  replace: (value, from, to) => text(value, 'replace').replaceAll(text(from, 'replace'), () => text(to, 'replace')),
  reverse: (list) => [...listOf(list, 'reverse')].reverse(),
  round: (value) => Math.round(toNumber(value, 'round')),
  sort: (list) => [...listOf(list, 'sort')].sort(compare),
  split: (value, separator) => text(value, 'split').split(text(separator, 'split')),
  string: (value) => asText(value),
  sum: (...args) => numbers(args, 'sum').reduce((total, each) => total + each, 0),
  toJSON: (value) => JSON.stringify(value ?? null, undefined, 2),
  trim: (value, characters) =>
    characters === undefined ? text(value, 'trim').trim() : stripped(text(value, 'trim'), text(characters, 'trim')),
  trimPrefix: (value, prefix) => {
    const [whole, start] = [text(value, 'trimPrefix'), text(prefix, 'trimPrefix')];
    return whole.startsWith(start) ? whole.slice(start.length) : whole;
  },
  trimSuffix: (value, suffix) => {
    const [whole, end] = [text(value, 'trimSuffix'), text(suffix, 'trimSuffix')];
    return end !== '' && whole.endsWith(end) ? whole.slice(0, -end.length) : whole;
  },
  type: (value = null) => TYPES[typeName(value)] ?? 'unknown',
  uniq: (list) => listOf(list, 'uniq').filter((each, index, all) => !isIn(each, all.slice(0, index))),
  upper: (value) => text(value, 'upper').toUpperCase(),
  values: (value) => Object.values(isObject(value) ? value : {}).map((each) => each ?? null),
};

function fromText(value: string): Json {
  try {
    return parseJson(value);
  } catch {
    throw failure('invalid JSON');
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '<nil>': 'nil',
  '[]interface {}': 'array',
  'map[string]interface {}': 'map',
  bool: 'bool',
  float64: 'float',
  int: 'int',
  string: 'string',
};

const average = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((total, each) => total + each, 0) / values.length;

function stripped(value: string, characters: string): string {
  let [start, end] = [0, value.length];
  while (start < end && characters.includes(value.charAt(start))) start += 1;
  while (end > start && characters.includes(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

const matching = (list: readonly Json[], predicate: Predicate): Json[] =>
  list.filter((each, index) => isTruthy(predicate(each, index)));

export const LIST_FUNCTIONS: Readonly<Record<string, ListFunction>> = {
  all: (list, predicate) => list.every((each, index) => isTruthy(predicate(each, index))),
  any: (list, predicate) => list.some((each, index) => isTruthy(predicate(each, index))),
  count: (list, predicate) => matching(list, predicate).length,
  filter: matching,
  find: (list, predicate) => matching(list, predicate)[0] ?? null,
  findIndex: (list, predicate) => list.findIndex((each, index) => isTruthy(predicate(each, index))),
  findLast: (list, predicate) => matching(list, predicate).at(-1) ?? null,
  map: (list, predicate) => list.map(predicate),
  none: (list, predicate) => matching(list, predicate).length === 0,
  one: (list, predicate) => matching(list, predicate).length === 1,
  sortBy: (list, predicate) => [...list].sort((a, b) => compare(predicate(a, 0), predicate(b, 0))),
  sum: (list, predicate) => numbers(list.map(predicate), 'sum').reduce((total, each) => total + each, 0),
};

/** A field of a map that is not there is nil, one of what is no map is an error. */
export function member(holder: Json, key: Json): Json {
  if (isList(holder) && typeof key === 'number') {
    const value = holder.at(key);
    if (value === undefined) throw failure(`index out of range: ${key} (array length is ${holder.length})`);
    return value;
  }
  if (isObject(holder) && typeof key === 'string') return Object.hasOwn(holder, key) ? (holder[key] ?? null) : null;
  throw failure(`cannot fetch ${asText(key)} from ${typeName(holder)}`);
}
