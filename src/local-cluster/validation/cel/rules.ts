// Rules of a schema in CEL (x-kubernetes-validations): each is evaluated where it stands, on a change also against the old value.

import { isList, isObject, type Json, type JsonObject, ownField, textAt } from '../../../core/json.ts';
import { fieldType, itemType, type Schema, type TypeOf } from '../../../objects/schema.ts';
import { type Cause, causeLine, duplicate, forbiddenField, invalidValue, required } from '../../status.ts';
import { below, earlierItem, hasRules, isUnchanged, rulesOf, stepsOf } from '../schema-parts.ts';
import { checkUntyped } from './check.ts';
import { CALL_LIMIT, CostError, costSoFar, evaluateCounted, OBJECT_LIMIT } from './cost.ts';
import { durationOf, isLanguageLoaded, optionalOf, programOf } from './language.ts';
import { valuesOf } from './types.ts';
import { celValue } from './values.ts';
import { goWords } from './words.ts';

const expressionOf = (rule: JsonObject): string => textAt(rule, 'rule');

const firstLine = (thrown: unknown): string =>
  (isObjectWithMessage(thrown) ? thrown.message : String(thrown)).split('\n')[0] ?? '';

const isObjectWithMessage = (value: unknown): value is { readonly message: string } =>
  typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';

/** Every rule that a custom resource breaks. */
export function ruleCauses(object: JsonObject, { before, type, warn }: Change): Cause[] {
  if (!isLanguageLoaded()) return [];
  const budget = { left: OBJECT_LIMIT };
  return causesAt(object, before, { type, path: '', budget, warn, isSame: () => false });
}

/** Every rule that what a definition fills in breaks. */
export const usualRuleCauses = (value: Json, type: TypeOf, path: string): Cause[] =>
  isLanguageLoaded()
    ? causesAt(value, undefined, { type, path, budget: { left: OBJECT_LIMIT }, warn: () => {}, isSame: () => false })
    : [];

interface Change {
  readonly before: JsonObject | undefined;
  readonly type: TypeOf;
  readonly warn: (text: string) => void;
}

interface Place {
  readonly type: TypeOf;
  readonly path: string;
  /** What the rules of the object may still cost; below 0 where they have cost too much. */
  readonly budget: { left: number };
  readonly warn: (text: string) => void;
  /** Whether what is around it is as it was before. */
  readonly isSame: () => boolean;
}

function causesAt(value: Json | undefined, old: Json | undefined, place: Place): Cause[] {
  const { type, path, budget } = place;
  const { schema } = type;
  const isSame = (): boolean => place.isSame() || (old !== undefined && isUnchanged(value, old, schema));
  if (value === undefined || value === null || schema === undefined || budget.left < 0 || !hasRules(schema)) return [];
  const own = rulesOf(schema).flatMap((rule) =>
    budget.left < 0 ? [] : brokenRule(rule, { ...place, isSame, value, old }),
  );
  if (isList(value)) {
    const items = itemType(type);
    return [
      ...own,
      ...value.flatMap((item, index) =>
        causesAt(item, earlierItem(item, old, schema), { ...place, isSame, type: items, path: `${path}[${index}]` }),
      ),
    ];
  }
  if (!isObject(value)) return own;
  const children = Object.entries(value).flatMap(([key, item]) => {
    const isField = schema.properties?.[key] !== undefined;
    const inner = isField ? (path === '' ? key : `${path}.${key}`) : `${path}[${key}]`;
    const earlier = isObject(old) ? old[key] : undefined;
    return causesAt(item, earlier, { ...place, isSame, type: fieldType(type, key), path: inner });
  });
  return [...own, ...children];
}

interface Subject extends Place {
  readonly value: Json;
  readonly old: Json | undefined;
}

/** A value that is told with its field: objects and lists are not. */
const isTold = (value: Json): boolean => !isObject(value) && !isList(value);

const invalidCause = (field: string, value: Json, message: string): Cause =>
  isTold(value) ? invalidValue(field, value, message) : { field, reason: 'FieldValueInvalid', message };

const REASONS: Readonly<Record<string, (field: string, value: Json, message: string) => Cause>> = {
  FieldValueForbidden: (field, _value, message) => forbiddenField(field, message),
  FieldValueRequired: (field, _value, message) => required(field, message),
  FieldValueDuplicate: (field, value) =>
    isTold(value) ? duplicate(field, value) : { field, reason: 'FieldValueDuplicate', message: '' },
};

/** What stopped an evaluation, in the words of cel-go. */
const whyOf = (thrown: unknown): string =>
  goWords(thrown).replace(/^(\w+)\(\) type error: .*/, "type conversion error from 'string' to '$1'");

const EXHAUSTED = 'validation failed due to running out of cost budget, no further validation rules will be run';

function brokenRule(rule: JsonObject, { value, old, type, path, budget, warn, isSame }: Subject): Cause[] {
  const expression = expressionOf(rule);
  const isOptional = rule['optionalOldSelf'] === true;
  const comparesOld = /\boldSelf\b/.test(expression);
  if (!isEvaluated(expression) || (comparesOld && old === undefined && !isOptional)) return [];
  const context = {
    self: celValue(value, type, { duration: durationOf }),
    ...oldContext(
      old === undefined || old === null ? undefined : celValue(old, type, { duration: durationOf }),
      isOptional,
    ),
  };
  const kind = type.schema?.type ?? 'object';
  const field = fieldOf(path, type.schema, textAt(rule, 'fieldPath'));
  try {
    const { value: holds, cost } = evaluateCounted(() => programOf(expression)(context));
    budget.left -= cost;
    if (budget.left < 0) return [invalidValue(field, kind, EXHAUSTED)];
    if (holds === true) return [];
  } catch (thrown) {
    if (thrown instanceof CostError || costSoFar() > CALL_LIMIT) {
      budget.left = -1;
      const why = `'${new CostError().message}': no further validation rules will be run due to call cost exceeds limit for rule`;
      return [invalidValue(field, kind, `${why}: ${textAt(rule, 'message').trim() || expression}`)];
    }
    budget.left -= costSoFar();
    // Functions that are known here by another type of what they are given.
    if (/overload/.test(firstLine(thrown))) return [];
    return [invalidValue(field, kind, `${whyOf(thrown)} evaluating rule: ${textAt(rule, 'message') || expression}`)];
  }
  const cause = (REASONS[textAt(rule, 'reason')] ?? invalidCause)(field, value, messageOf(rule, context));
  if (comparesOld || isOptional || !isSame()) return [cause];
  warn(causeLine(cause));
  return [];
}

/** The old value, as one that may be missing where the rule says so. */
function oldContext(old: unknown, isOptional: boolean): Readonly<Record<string, unknown>> {
  if (isOptional) return { oldSelf: optionalOf(old) };
  return old === undefined ? {} : { oldSelf: old };
}

const evaluated = new Map<string, boolean>();

/** Whether the cluster knows all that an expression calls. */
function isEvaluated(expression: string): boolean {
  const earlier = evaluated.get(expression);
  if (earlier !== undefined) return earlier;
  const { fault, unknown } = checkUntyped(expression);
  const isKnown = fault === undefined && unknown === undefined;
  evaluated.set(expression, isKnown);
  return isKnown;
}

/** Where a rule says that it is broken: fields by their names, keys of maps in brackets. */
function fieldOf(path: string, root: Schema | undefined, relative: string): string {
  let [field, schema] = [path, root];
  for (const name of stepsOf(relative)) {
    const property = ownField(schema?.properties, name);
    field = property ? below(field, name) : `${field}[${name}]`;
    schema = property ?? (schema && valuesOf(schema));
  }
  return field === '' ? '<nil>' : field;
}

function messageOf(rule: JsonObject, context: Readonly<Record<string, unknown>>): string {
  const fixed = textAt(rule, 'message').trim() || `failed rule: ${expressionOf(rule)}`;
  const words = textAt(rule, 'messageExpression');
  if (words === '' || !isEvaluated(words)) return fixed;
  try {
    const { value: text } = evaluateCounted(() => programOf(words)(context));
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text.trim() : fixed;
  } catch {
    return fixed;
  }
}
