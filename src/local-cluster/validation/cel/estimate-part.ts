// What is known of a part of an expression before it is evaluated: what it may cost, what it is, how large it may be.

import type { Schema } from '../../../objects/schema.ts';
import { type GoPath, ITEMS, stepsAfterVariable } from './go-path.ts';
import { largest, schemaBy } from './sizes.ts';

export interface Estimate {
  readonly cost: number;
  /** What kind of value it is, in the words of schemas; some that schemas have not. */
  readonly type: Schema;
  /** How it is reached from a variable: its schema tells its size. */
  readonly path?: GoPath | undefined;
  /** The size of what is made. */
  readonly size?: number | undefined;
  /** At least so large. */
  readonly least?: number | undefined;
  /** The size of what lists that are made hold. */
  readonly entry?: number | undefined;
  /** How large an item of a list may be. */
  readonly item?: number | undefined;
  /** A number that stands in the expression. */
  readonly number?: number | undefined;
}

export interface Variable {
  readonly path: GoPath | undefined;
  readonly type: Schema;
  readonly size?: number | undefined;
}

export interface Scope {
  readonly root: Schema;
  readonly variables: ReadonlyMap<string, Variable>;
}

export const BOOL: Schema = { type: 'boolean' };
export const INT: Schema = { type: 'integer' };
export const DOUBLE: Schema = { type: 'number' };
export const TEXT: Schema = { type: 'string' };
export const BYTES: Schema = { type: 'string', format: 'byte' };
export const TIME: Schema = { type: 'string', format: 'date-time' };
export const DURATION: Schema = { type: 'string', format: 'duration' };
export const ANY: Schema = { type: 'dyn' };
export const listOf = (items: Schema): Schema => ({ type: 'array', items });
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

export const isAny = ({ type, ...schema }: Schema): boolean =>
  type === 'dyn' || type === undefined || schema['x-kubernetes-int-or-string'] === true;

/** A text or bytes: what is gone through letter by letter. */
export const isText = ({ type, format = '' }: Schema): boolean =>
  type === 'string' && !['date', 'date-time', 'duration'].includes(format);

export const isScalar = (schema: Schema): boolean =>
  ['boolean', 'integer', 'number', 'null'].includes(schema.type ?? '') || (schema.type === 'string' && !isText(schema));

/** Without bounds. */
export const UNKNOWN = Number.POSITIVE_INFINITY;

export function sizeOf({ size, path, type }: Estimate, { root }: Scope): number {
  if (size !== undefined) return size;
  const schema = path && schemaBy(root, stepsAfterVariable(path));
  if (schema) return largest(schema);
  return isScalar(type) ? 1 : UNKNOWN;
}

/** With its size as it is known now: what comes later may write to the memory of its path. */
export function settled(estimate: Estimate, scope: Scope): Estimate {
  const { path } = estimate;
  const items = path && schemaBy(scope.root, [...stepsAfterVariable(path), ITEMS]);
  return { ...estimate, size: sizeOf(estimate, scope), item: items ? largest(items) : UNKNOWN };
}

/** What nothing is of costs nothing, also without bounds. */
export const times = (one: number, other: number): number => (one === 0 || other === 0 ? 0 : one * other);
/** Going through texts costs a part of their length. */
export const share = (size: number, part: number): number => (size === UNKNOWN ? size : Math.ceil(exact(size * part)));
/** Of products such as 3 * 0.1. */
const exact = (value: number): number => Number(value.toPrecision(15));

export const costsOf = (estimates: readonly Estimate[]): number => estimates.reduce((sum, { cost }) => sum + cost, 0);
