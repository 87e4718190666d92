// What the operators of expr do with values as JSON has them.

import { HawserError } from '../errors.ts';
import { isList, isObject, type Json, sameJson } from '../json.ts';
import { compileRegExp } from '../regexp.ts';

export type Operator = (left: Json, right: Json) => Json;

export const typeName = (value: Json): string => {
  if (value === null) return '<nil>';
  if (isList(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
};

export const failure = (problem: string): HawserError => new HawserError('invalid', problem);

const mismatch = (symbol: string, left: Json, right: Json): HawserError =>
  failure(`invalid operation: ${typeName(left)} ${symbol} ${typeName(right)}`);

const numeric =
  (symbol: string, compute: (a: number, b: number) => number): Operator =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
    throw mismatch(symbol, left, right);
  };

const ordered =
  (symbol: string, holds: (order: number) => boolean): Operator =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    if (typeof left === 'string' && typeof right === 'string') return holds(left < right ? -1 : left > right ? 1 : 0);
    throw mismatch(symbol, left, right);
  };

/** Of a text that is not there nothing holds. */
const textual =
  (symbol: string, holds: (text: string, other: string) => boolean): Operator =>
  (left, right) => {
    if (left === null || right === null) return false;
    if (typeof left === 'string' && typeof right === 'string') return holds(left, right);
    throw mismatch(symbol, left, right);
  };

export function isIn(value: Json, holder: Json): boolean {
  if (holder === null) return false;
  if (isList(holder)) return holder.some((item) => sameJson(item, value));
  if (isObject(holder) && typeof value === 'string') return Object.hasOwn(holder, value);
  throw failure(`operator "in" not defined on ${typeName(holder)}`);
}

/** A range longer than this is refused. */
const MAX_RANGE = 10_000;

function range(left: Json, right: Json): Json {
  if (typeof left !== 'number' || typeof right !== 'number') throw mismatch('..', left, right);
  if (right - left >= MAX_RANGE) throw failure('memory budget exceeded');
  return Array.from({ length: Math.max(0, right - left + 1) }, (_none, offset) => left + offset);
}

function add(left: Json, right: Json): Json {
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  return numeric('+', (a, b) => a + b)(left, right);
}

export const OPERATORS: Readonly<Record<string, Operator>> = {
  '==': (left, right) => sameJson(left, right),
  '!=': (left, right) => !sameJson(left, right),
  '<': ordered('<', (order) => order < 0),
  '>': ordered('>', (order) => order > 0),
  '<=': ordered('<=', (order) => order <= 0),
  '>=': ordered('>=', (order) => order >= 0),
  '+': add,
  '-': numeric('-', (a, b) => a - b),
  '*': numeric('*', (a, b) => a * b),
  '/': numeric('/', (a, b) => a / b),
  '%': numeric('%', (a, b) => a % b),
  '**': numeric('**', (a, b) => a ** b),
  '^': numeric('^', (a, b) => a ** b),
  '..': range,
  in: isIn,
  contains: textual('contains', (text, part) => text.includes(part)),
  startsWith: textual('startsWith', (text, start) => text.startsWith(start)),
  endsWith: textual('endsWith', (text, end) => text.endsWith(end)),
  matches: textual('matches', (text, pattern) => {
    const fits = compileRegExp(pattern);
    if (!fits) throw failure(`error parsing regexp: ${pattern}`);
    return fits(text);
  }),
};

/** How close they bind: the higher, the closer. */
export const PRECEDENCE: Readonly<Record<string, number>> = {
  '|': 1,
  or: 10,
  '||': 10,
  and: 15,
  '&&': 15,
  '==': 20,
  '!=': 20,
  '<': 20,
  '>': 20,
  '<=': 20,
  '>=': 20,
  in: 20,
  matches: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  '..': 25,
  '+': 30,
  '-': 30,
  '*': 60,
  '/': 60,
  '%': 60,
  '**': 100,
  '^': 100,
  '??': 500,
};
