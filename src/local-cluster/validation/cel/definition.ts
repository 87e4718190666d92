// The rules of a definition's schema: each must be an expression that fits its place, and that is not too costly.

import type { JsonObject } from '../../../core/json.ts';
import { textAt } from '../../../core/json.ts';
import type { Schema } from '../../../objects/schema.ts';
import { type Cause, invalidValue, required, unsupported } from '../../status.ts';
import { hasRules, innerSchemas, joiningSchemas, RULES, rulesOf, stepsOf } from '../schema-parts.ts';
import { printedRule } from '../schema-printed.ts';
import { checkExpression, checkUntyped } from './check.ts';
import { type Cost, type Count, costFaults, mostCost, ONCE, totalFaults, within } from './estimate.ts';
import { typedEnvironment } from './language.ts';
import { declareType, valuesOf, withMeta } from './types.ts';

interface Examined {
  readonly faults: readonly Cause[];
  /** Rules that are not evaluated here. */
  readonly unknown: readonly string[];
  readonly costs?: readonly Cost[];
}

interface Place {
  readonly path: string;
  /** How many of it there may be in one object. */
  readonly count: Count;
  /** The list around it whose items cannot be told apart by a key. */
  readonly uncorrelated?: string;
  readonly isRoot?: boolean;
}

/** What is wrong with the rules of a definition's schema, and which of them are not evaluated here. */
export function examineRules(schema: Schema, path: string): Examined {
  const { faults, unknown, costs = [] } = examine(schema, { path, count: ONCE, isRoot: true });
  return { faults: [...faults, ...totalFaults(path, costs)], unknown };
}

function examine(schema: Schema, place: Place): Examined {
  if (!hasRules(schema)) return { faults: [], unknown: [] };
  const { path } = place;
  const rules = rulesOf(schema);
  const own = rules.length === 0 ? [] : examineOwn(place.isRoot === true ? withMeta(schema) : schema, place);
  const loose = schema['x-kubernetes-list-type'] === 'map' ? place.uncorrelated : (place.uncorrelated ?? path);
  const inner: readonly (readonly [string, Schema | undefined, Partial<Place>])[] = [
    ...Object.entries(schema.properties ?? {}).map(([name, one]) => [`${path}.properties[${name}]`, one, {}] as const),
    [`${path}.items`, schema.items, loose === undefined ? {} : { uncorrelated: loose }],
    [`${path}.additionalProperties`, valuesOf(schema), {}],
  ];
  const below = inner.flatMap(([field, one, more]) =>
    one
      ? [examine(one, { ...place, isRoot: false, ...more, path: field, count: within(schema, one, place.count) })]
      : [],
  );
  const joined = joiningSchemas(schema, path).flatMap(([field, one]) => joinedCauses(one, field));
  return {
    faults: [...own.flatMap(({ faults }) => faults), ...below.flatMap(({ faults }) => faults), ...joined],
    unknown: [...own.flatMap(({ unknown }) => unknown), ...below.flatMap(({ unknown }) => unknown)],
    costs: [...own, ...below].flatMap(({ costs = [] }) => costs),
  };
}

/** Rules have no place in what joins a schema; what is wrong with their words is told all the same. */
function joinedCauses(schema: Schema, path: string): Cause[] {
  const own = rulesOf(schema).flatMap((rule, index) => wordCauses(rule, `${path}.${RULES}[${index}]`, schema));
  return [...own, ...innerSchemas(schema, path).flatMap(([field, one]) => joinedCauses(one, field))];
}

function examineOwn(schema: Schema, place: Place): Examined[] {
  const shared = typedEnvironment();
  const type = declareType(shared, schema);
  const isTyped = type !== undefined;
  shared.registerVariable('self', type ?? 'dyn');
  const plain = shared.clone().registerVariable('oldSelf', type ?? 'dyn');
  const optional = shared.clone().registerVariable('oldSelf', `optional<${type ?? 'dyn'}>`);
  return rulesOf(schema).map((rule, index) => {
    const environment = rule['optionalOldSelf'] === true ? optional : plain;
    const field = `${place.path}.${RULES}[${index}]`;
    const text = textAt(rule, 'rule');
    const words = wordCauses(rule, field, schema);
    if (words.length > 0) return { faults: words, unknown: [] };
    const { type: result, fault, unknown } = checkExpression(environment, text);
    const untyped = fault === undefined ? checkUntyped(text) : undefined;
    const why = unknown ?? untyped?.unknown ?? untyped?.fault?.split('\n')[0];
    const costs = [{ field: `${field}.rule`, cost: mostCost(text, schema, place.count) }];
    const costly = costs.flatMap((cost) => costFaults('rule', cost));
    if (why !== undefined) return { faults: costly, unknown: [`${text}: ${why}`], costs };
    const refuse = (why: string): Cause => invalidValue(`${field}.rule`, printedRule(rule), why);
    if (fault !== undefined && isTyped) return only(refuse(`compilation failed: ${fault}`));
    const faults: Cause[] = [];
    if (result !== 'bool' && result !== 'dyn') faults.push(refuse('cel expression must evaluate to a bool'));
    if (rule['optionalOldSelf'] !== undefined && !/\boldSelf\b/.test(text))
      faults.push(
        invalidValue(
          `${field}.optionalOldSelf`,
          rule['optionalOldSelf'],
          'may not be set if oldSelf is not used in rule',
        ),
      );
    faults.push(...costly);
    if (place.uncorrelated !== undefined && /\boldSelf\b/.test(text) && rule['optionalOldSelf'] !== true)
      faults.push(invalidValue(`${field}.rule`, text, `${UNCORRELATED} ${place.uncorrelated}`));
    const told = textAt(rule, 'messageExpression');
    if (told !== '') {
      const message = { field: `${field}.messageExpression`, cost: mostCost(told, schema, ONCE) };
      faults.push(...messageCauses(checkExpression(environment, told), rule, field));
      faults.push(...costFaults('messageExpression', message));
      costs.push(message);
    }
    return { faults, unknown: [], costs };
  });
}

const UNCORRELATED = 'oldSelf cannot be used on the uncorrelatable portion of the schema within';

const only = (fault: Cause): Examined => ({ faults: [fault], unknown: [] });

function messageCauses({ type, fault }: ReturnType<typeof checkExpression>, rule: JsonObject, field: string): Cause[] {
  const refuse = (why: string): Cause[] => [invalidValue(`${field}.messageExpression`, printedRule(rule), why)];
  if (fault !== undefined) return refuse(`messageExpression compilation failed: ${fault}`);
  return type === undefined || type === 'string' || type === 'dyn'
    ? []
    : refuse('messageExpression must evaluate to a string');
}

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** What is wrong with a rule before its expressions are looked at. */
function wordCauses(rule: JsonObject, field: string, schema: Schema): Cause[] {
  const { message, reason } = rule;
  const text = textAt(rule, 'rule').trim();
  const refuse = (word: string, why: string): Cause => invalidValue(`${field}.${word}`, rule[word], why);
  const causes: Cause[] = [];
  if (text === '') causes.push(required(`${field}.rule`, 'rule is not specified'));
  else if (typeof message === 'string' && message !== '') {
    if (message.trim() === '') causes.push(refuse('message', 'must be non-empty if specified'));
    else if (/[\n\r]/.test(message)) causes.push(refuse('message', 'must not contain line breaks'));
  } else if (/[\n\r]/.test(text))
    causes.push(required(`${field}.message`, 'message must be specified if rule contains line breaks'));
  const told = textAt(rule, 'messageExpression');
  if (text !== '' && told !== '' && told.trim() === '')
    causes.push(required(`${field}.messageExpression`, 'messageExpression must be non-empty if specified'));
  if (typeof reason === 'string' && !REASONS.includes(reason))
    causes.push(unsupported(`${field}.reason`, reason, REASONS));
  const path = textAt(rule, 'fieldPath');
  if (/[\n\r]/.test(path)) causes.push(refuse('fieldPath', 'must not contain line breaks'));
  if (path !== '' && !leadsSomewhere(schema, path)) causes.push(refuse('fieldPath', 'must be a valid path'));
  return causes;
}

/** Whether a path goes by fields and keys that the schema has. */
function leadsSomewhere(root: Schema, path: string): boolean {
  let schema: Schema | undefined = root;
  const steps = stepsOf(path);
  for (const name of steps) schema = schema && (schema.properties?.[name] ?? valuesOf(schema));
  return steps.length > 0 && schema !== undefined;
}
