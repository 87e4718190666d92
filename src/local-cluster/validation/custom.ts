// What the schema of a custom resource refuses: types, limits and combinations, then the rules that it has in CEL.

import type { JsonObject } from '../../core/json.ts';
import { fieldType, type TypeOf } from '../../objects/schema.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { ruleCauses } from './cel/rules.ts';
import { hasRules } from './schema-parts.ts';
import { causesOf, combinationCauses } from './schema-value.ts';

/** Every breach of a schema below the object's metadata. */
export function customCauses(object: JsonObject, before: JsonObject | undefined, type: TypeOf): Cause[] {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  const { required: needed = [], ...schema } = type.schema ?? {};
  const missing = needed.filter((field) => object[field] === undefined).map((field) => required(field));
  const causes = [
    ...combinationCauses(object, type, ''),
    ...Object.entries(rest).flatMap(([key, value]) => causesOf(value, fieldType({ ...type, schema }, key), key)),
    ...missing,
  ];
  if (!hasRules(type.schema)) return causes;
  return causes.some(({ reason }) => BLOCKING.has(reason))
    ? [...causes, UNCHECKED]
    : [...causes, ...ruleCauses(object, before, type)];
}

/** After these an object is no longer what rules are written for. */
const BLOCKING: ReadonlySet<string> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

const UNCHECKED = invalidValue(
  '<nil>',
  undefined,
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
);
