// What the schema of a custom resource refuses: types, limits and combinations, then the rules that it has in CEL.

import type { Json, JsonObject } from '../../core/json.ts';
import { fieldType, type TypeOf } from '../../objects/schema.ts';
import type { Kind } from '../kinds.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { ruleCauses } from './cel/rules.ts';
import { embeddedCauses, repeatedCauses } from './embedded.ts';
import { scaleCauses } from './scale.ts';
import { hasRules } from './schema-parts.ts';
import { causesOf, combinationCauses, partCausesOf } from './schema-value.ts';

/** Every breach of a schema below the object's metadata. What a change leaves as it was is not refused again. */
export function customCauses(object: JsonObject, { kind, before, type, warn, ofStatus }: Change): Cause[] {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = object;
  const { required: needed = [], ...schema } = type.schema ?? {};
  const fieldsOf = (given: JsonObject, causes: Judge): Cause[] =>
    Object.entries(given).flatMap(([key, value]) => causes(value, fieldType({ ...type, schema }, key), key));
  const whole = (): Cause[] => [
    ...combinationCauses(object, type, ''),
    ...fieldsOf(rest, (value, inner, path) => causesOf(value, inner, { path, old: before?.[path] })),
    ...needed.filter((field) => object[field] === undefined).map((field) => required(field)),
  ];
  const repeated = fieldsOf(rest, repeatedCauses);
  const causes = [
    ...(ofStatus
      ? partCausesOf(object['status'], fieldType(type, 'status'), { path: 'status', old: before?.['status'] })
      : whole()),
    ...scaleCauses(kind, object),
    ...fieldsOf(rest, embeddedCauses),
    ...(repeated.length > 0 && before && fieldsOf(before, repeatedCauses).length > 0 ? [] : repeated),
  ];
  if (!hasRules(type.schema)) return causes;
  return causes.some(({ reason }) => BLOCKING.has(reason))
    ? [...causes, UNCHECKED]
    : [...causes, ...ruleCauses(object, { before, type, warn })];
}

type Judge = (value: Json | undefined, type: TypeOf, path: string) => Cause[];

interface Change {
  readonly kind: Kind;
  /** Only its status is written: the rest was judged when it came. */
  readonly ofStatus: boolean;
  readonly before: JsonObject | undefined;
  readonly type: TypeOf;
  /** Takes what is wrong and may stay, as it was so before. */
  readonly warn: (text: string) => void;
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
