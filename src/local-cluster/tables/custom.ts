// The columns that a definition gives its objects: values found by JSON paths, each as its column's type has it.

import { goDouble } from '../../core/go-text.ts';
import { RFC3339, timeFault } from '../../core/go-time.ts';
import { canonicalJson, isList, isObject, type Json, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { parsePath } from '../../core/json-path.ts';
import { AGE, ageOf, type Column, INVALID, NAME } from './column.ts';

export function customColumns(version: JsonObject): readonly Column[] {
  const given = listAt(version, 'additionalPrinterColumns').filter(isObject);
  if (given.length === 0) return [NAME, { ...AGE, type: 'date' }];
  const custom = given.map(columnOf);
  const broken = custom.indexOf(undefined);
  return [NAME, ...custom.slice(0, broken < 0 ? custom.length : broken).filter((one) => one !== undefined)];
}

/** Undefined where its path is none: nothing is shown from there on. */
function columnOf(column: JsonObject): Column | undefined {
  const path = textAt(column, 'jsonPath');
  const type = textAt(column, 'type');
  const priority = column['priority'];
  const find = pathOf(path);
  if (!find) return undefined;
  return {
    name: textAt(column, 'name'),
    type,
    format: textAt(column, 'format'),
    description: textAt(column, 'description') || `Custom resource definition column (in JSONPath format): ${path}`,
    priority: typeof priority === 'number' ? priority : 0,
    cell: (object, now) => {
      const [value] = find(object);
      return value === undefined ? null : (CELLS[type]?.(value, now) ?? null);
    },
  };
}

function pathOf(path: string): ReturnType<typeof parsePath> | undefined {
  try {
    return path === '.' ? () => [] : /\["/.test(path) ? undefined : parsePath(path);
  } catch {
    return undefined;
  }
}

const CELLS: Readonly<Record<string, (value: Json, now: number) => Json>> = {
  boolean: (value) => (typeof value === 'boolean' ? value : null),
  date: (value, now) => (typeof value === 'string' ? dateCell(value, now) : null),
  integer: (value) => (typeof value === 'number' ? wholeOf(value) : null),
  number: (value) => (typeof value === 'number' ? value : null),
  string: textCell,
};

const dateCell = (text: string, now: number): string =>
  text === '' || timeFault(text, RFC3339) === undefined ? ageOf(text, now) : INVALID;

const LEAST = -(2 ** 63);

/** Go turns what an integer cannot hold into the least there is. */
const wholeOf = (value: number): number => (Math.abs(value) < -LEAST ? Math.trunc(value) : LEAST);

function textCell(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '<no value>';
  if (isObject(value) || isList(value)) return goJson(value);
  return typeof value === 'number' && !Number.isSafeInteger(value) ? goDouble(value) : String(value);
}

/** JSON as Go writes it: what a page of HTML would take for its own is spelt out. */
const goJson = (value: Json): string =>
  canonicalJson(value).replace(/[<>&\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
