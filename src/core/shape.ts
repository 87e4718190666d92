// Checks of foreign data. A shape looks at a value and says what is wrong with it; a value that fits is passed on as it
// is, so unknown fields and the order of keys survive: what a newer server sends is still printed by `-o json`.

import { HawserError } from './errors.ts';
import { isObject, type JsonObject } from './json.ts';

/** Says what is wrong with a value at a path, or undefined when it fits. Absent and null are the same (Go's rule). */
export interface Shape<T> {
  readonly type: 'string' | 'number' | 'boolean' | 'list' | 'record' | 'object' | 'any';
  readonly optional: boolean;
  /** Of an object. */
  readonly fields?: Readonly<Record<string, Shape<unknown>>>;
  /** Of a list. */
  readonly item?: Shape<unknown>;
  readonly problem: (value: unknown, path: string) => string | undefined;
  /** The same in the words of a JSON schema. */
  readonly schema: () => JsonObject;
  /** Never set: carries the type. */
  readonly of?: T;
}

/** A shape that fits what is absent, too. */
export interface Optional<T> extends Shape<T | undefined> {
  readonly optional: true;
}

/** The type of what fits a shape. */
export type Of<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;

type OptionalKey<F extends Fields> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];

/** Field by field, those with an optional shape with a `?`. */
type ObjectOf<F extends Fields> = Plain<
  { readonly [K in Exclude<keyof F, OptionalKey<F>>]: Of<F[K]> } & { readonly [K in OptionalKey<F>]?: Of<F[K]> }
>;

/** An intersection as one object, so that a compiler error shows fields. */
type Plain<T> = T extends infer U ? { [K in keyof U]: U[K] } : never;

/** The value as the type of its shape; throws `bad-answer` naming the field that does not fit. */
export function parse<T>(shape: Shape<T>, value: unknown, what: string): T {
  if (fits(shape, value)) return value;
  throw new HawserError('bad-answer', `${what}: ${shape.problem(value, '') ?? 'unexpected shape'}`);
}

export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape.problem(value, '') === undefined;
}

export const text: Shape<string> = primitive('string', 'a string');
export const number: Shape<number> = primitive('number', 'a number');
export const flag: Shape<boolean> = primitive('boolean', 'true or false');
export const anything: Optional<unknown> = {
  type: 'any',
  optional: true,
  problem: () => undefined,
  schema: () => ({}),
};

export function optional<T>(shape: Shape<T>): Optional<T> {
  // Field by field: a spread of each of some four hundred shapes takes a millisecond of every start.
  const { type, fields, item, schema, problem } = shape;
  return {
    type,
    fields,
    item,
    schema,
    optional: true,
    problem: (value, path) => (value === undefined || value === null ? undefined : problem(value, path)),
  };
}

/** One of the given texts. */
export function oneOf<const T extends string>(...texts: readonly T[]): Shape<T> {
  return {
    type: 'string',
    optional: false,
    problem: (value, path) =>
      texts.some((option) => option === value) ? undefined : `${name(path)} must be one of ${texts.join(', ')}`,
    schema: () => ({ type: 'string', enum: texts }),
  };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    type: 'list',
    item,
    optional: false,
    problem: (value, path) => {
      if (!Array.isArray(value)) return `${name(path)} must be a list`;
      for (let index = 0; index < value.length; index += 1) {
        const problem = item.problem(value[index], `${path}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    schema: () => ({ type: 'array', items: item.schema() }),
  };
}

/** An object whose values all have one shape. */
export function record<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    type: 'record',
    optional: false,
    problem: (value, path) => {
      if (!isObject(value)) return `${name(path)} must be an object`;
      for (const key of Object.keys(value)) {
        const problem = item.problem(value[key], join(path, key));
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    schema: () => ({ type: 'object', additionalProperties: item.schema() }),
  };
}

/** An object with these fields; others may stand beside them. */
export function object<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries<Shape<unknown>>(fields);
  return {
    type: 'object',
    fields,
    optional: false,
    problem: (value, path) => {
      if (!isObject(value)) return `${name(path)} must be an object`;
      for (const [key, shape] of entries) {
        const field = value[key];
        if (field === undefined && shape.optional) continue;
        const problem = shape.problem(field, join(path, key));
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    schema: () => {
      const required = entries.filter(([, shape]) => !shape.optional).map(([key]) => key);
      const properties = Object.fromEntries(entries.map(([key, shape]) => [key, shape.schema()]));
      return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
    },
  };
}

function primitive<T>(type: 'string' | 'number' | 'boolean', expected: string): Shape<T> {
  return {
    type,
    optional: false,
    problem: (value, path) => {
      if (typeof value === type) return undefined;
      return value === undefined ? `${name(path)} is missing` : `${name(path)} must be ${expected}`;
    },
    schema: () => ({ type }),
  };
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
const name = (path: string): string => (path === '' ? 'it' : path);
