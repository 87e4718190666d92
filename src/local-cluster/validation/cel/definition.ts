// The rules of a definition's schema: each must be an expression that fits its place, and that is not too costly.

import type { JsonObject } from '../../../core/json.ts';
import { textAt } from '../../../core/json.ts';
import type { Schema } from '../../../objects/schema.ts';
import { type Cause, forbiddenField, invalidValue, required, unsupported } from '../../status.ts';
import { hasRules, RULES, rulesOf } from '../schema-parts.ts';
import { checkExpression, checkUntyped } from './check.ts';
import { costFault, ONCE, within } from './estimate.ts';
import { typedEnvironment } from './language.ts';
import { declareType, valuesOf, withMeta } from './types.ts';

interface Examined {
  readonly faults: readonly Cause[];
  /** Rules that are not evaluated here. */
  readonly unknown: readonly string[];
}

interface Place {
  readonly path: string;
  /** How many of it there may be in one object. */
  readonly count: number;
  /** The list around it whose items cannot be told apart by a key. */
  readonly uncorrelated?: string;
  readonly isRoot?: boolean;
}

/** What is wrong with the rules of a definition's schema, and which of them are not evaluated here. */
export function examineRules(schema: Schema, path: string): Examined {
  return examine(schema, { path, count: ONCE, isRoot: true });
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
  return {
    faults: [...own.flatMap(({ faults }) => faults), ...below.flatMap(({ faults }) => faults)],
    unknown: [...own.flatMap(({ unknown }) => unknown), ...below.flatMap(({ unknown }) => unknown)],
  };
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
    if (text.trim() === '') return only(required(`${field}.rule`, 'rule is not specified'));
    const { type: result, fault, unknown } = checkExpression(environment, text);
    const untyped = fault === undefined ? checkUntyped(text) : undefined;
    const why = unknown ?? untyped?.unknown ?? untyped?.fault?.split('\n')[0];
    if (why !== undefined) return { faults: wordCauses(rule, field), unknown: [`${text}: ${why}`] };
    const refuse = (why: string): Cause => invalidValue(`${field}.rule`, printed(rule), why);
    if (fault !== undefined && isTyped) return only(refuse(`compilation failed: ${fault}`));
    const faults: Cause[] = [];
    if (result !== 'bool' && result !== 'dyn') faults.push(refuse('cel expression must evaluate to a bool'));
    const cost = costFault(text, schema, place.count);
    if (cost !== undefined) faults.push(forbiddenField(`${field}.rule`, cost));
    if (place.uncorrelated !== undefined && /\boldSelf\b/.test(text) && rule['optionalOldSelf'] !== true)
      faults.push(invalidValue(`${field}.rule`, text, `${UNCORRELATED} ${place.uncorrelated}`));
    const words = textAt(rule, 'messageExpression');
    if (words !== '') faults.push(...messageCauses(checkExpression(environment, words), rule, field));
    return { faults: [...wordCauses(rule, field), ...faults], unknown: [] };
  });
}

const UNCORRELATED = 'oldSelf cannot be used on the uncorrelatable portion of the schema within';

const only = (fault: Cause): Examined => ({ faults: [fault], unknown: [] });

/** As the API's own type prints it. */
const printed = (rule: JsonObject): JsonObject => ({
  Rule: textAt(rule, 'rule'),
  Message: textAt(rule, 'message'),
  MessageExpression: textAt(rule, 'messageExpression'),
  Reason: rule['reason'] ?? null,
  FieldPath: textAt(rule, 'fieldPath'),
  OptionalOldSelf: rule['optionalOldSelf'] ?? null,
});

function messageCauses({ type, fault }: ReturnType<typeof checkExpression>, rule: JsonObject, field: string): Cause[] {
  const refuse = (why: string): Cause[] => [invalidValue(`${field}.messageExpression`, printed(rule), why)];
  if (fault !== undefined) return refuse(`messageExpression compilation failed: ${fault}`);
  return type === undefined || type === 'string' || type === 'dyn'
    ? []
    : refuse('messageExpression must evaluate to a string');
}

const REASONS = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate'];

function wordCauses(rule: JsonObject, field: string): Cause[] {
  const { message, reason } = rule;
  const causes: Cause[] = [];
  if (typeof message === 'string' && message !== '') {
    if (message.trim() === '')
      causes.push(invalidValue(`${field}.message`, message, 'message must be non-empty if specified'));
    else if (message.includes('\n'))
      causes.push(invalidValue(`${field}.message`, message, 'message must not contain line breaks'));
  } else if (textAt(rule, 'rule').trim().includes('\n'))
    causes.push(required(`${field}.message`, 'message must be specified if rule contains line breaks'));
  if (typeof reason === 'string' && !REASONS.includes(reason))
    causes.push(unsupported(`${field}.reason`, reason, REASONS));
  return causes;
}
