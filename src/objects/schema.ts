// The structure of a type, in OpenAPI's words: one model for the built-in types and for custom resources.

import { isObject, type Json, ownField } from '../core/json.ts';

export interface Schema {
  readonly type?: string;
  readonly format?: string;
  /** The name of another schema; what stands beside it refines it. */
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly Json[];
  /**
   * The field of a Go type whose zero value (false, 0, "", empty) means the same as its absence: it is left out of what an API
   * server writes, or written all the same. Absent where the zero is a value of its own: pointers, custom resources.
   */
  readonly 'x-go-zero'?: 'omit' | 'write';
  /** The Go type of a field where the rest of the schema does not tell it: 'v1.Protocol', '[]v1.PolicyType'. */
  readonly 'x-go-type'?: string;
  /** The Go type that lends a field to the one that embeds it, with those in between: 'VolumeSource'. */
  readonly 'x-go-embedded'?: string;
}

/** An object where a schema stands: what it says is looked at where it is used. */
export function isSchema(value: unknown): value is Schema {
  return isObject(value);
}

/** Finds the schema behind a reference. */
export type Resolve = (schema: Schema | undefined) => Schema | undefined;

/** A type with what resolves its references: what the patches need to know of the object they change. */
export interface TypeOf {
  readonly schema: Schema | undefined;
  readonly resolve: Resolve;
}

/** The type of an object's field; a map's values all have one type. */
export function fieldType(type: TypeOf, key: string): TypeOf {
  const schema = type.resolve(type.schema);
  const property = ownField(schema?.properties, key);
  if (property) return { schema: property, resolve: type.resolve };
  const rest = schema?.additionalProperties;
  return { schema: typeof rest === 'object' ? rest : undefined, resolve: type.resolve };
}

export function itemType(type: TypeOf): TypeOf {
  return { schema: type.resolve(type.schema)?.items, resolve: type.resolve };
}

/** Whether a type has fields of its own, unlike a map or a list. */
export function isStructure(type: TypeOf): boolean {
  return type.resolve(type.schema)?.properties !== undefined;
}

/** A type of which nothing is known: objects merge, lists are replaced. */
export const UNTYPED: TypeOf = { schema: undefined, resolve: (schema) => schema };
