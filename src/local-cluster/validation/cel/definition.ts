// The rules of a definition's schema: each must be an expression that fits its place, and that is not too costly.

import type { JsonObject } from '../../../core/json.ts';
import { textAt } from '../../../core/json.ts';
import type { Schema } from '../../../objects/schema.ts';
import { type Cause, invalidValue } from '../../status.ts';
import { hasRules, RULES, rulesOf } from '../schema-parts.ts';
import { printedRule } from '../schema-printed.ts';
import { checkExpression, checkUntyped, compileWords } from './check.ts';
import { type Cost, type Count, costFaults, mostCost, ONCE, within } from './estimate.ts';
import { typedEnvironment } from './language.ts';
import { declareType, valuesOf, withMeta } from './types.ts';

export interface Examined {
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
  /** Whether something around it has no type. */
  readonly isUntyped?: boolean;
}

/** What is found of the rules of each place of a schema. */
export type CompiledRules = ReadonlyMap<string, readonly Examined[]>;

/** What comes of the rules of a definition's schema, by the place. */
export function compiledRules(schema: Schema, path: string): CompiledRules {
  const all = new Map<string, readonly Examined[]>();
  examine(schema, { path, count: ONCE, isRoot: true }, all);
  return all;
}

/** The rules that are not evaluated here. */
export const unknownRules = (schema: Schema): readonly string[] =>
  [...compiledRules(schema, '').values()].flat().flatMap(({ unknown }) => unknown);

function examine(schema: Schema, place: Place, all: Map<string, readonly Examined[]>): void {
  if (!hasRules(schema)) return;
  const { path } = place;
  if (rulesOf(schema).length > 0) all.set(path, examineOwn(place.isRoot === true ? withMeta(schema) : schema, place));
  const loose = schema['x-kubernetes-list-type'] === 'map' ? place.uncorrelated : (place.uncorrelated ?? path);
  const inner: readonly (readonly [string, Schema | undefined, Partial<Place>])[] = [
    ...Object.entries(schema.properties ?? {}).map(([name, one]) => [`${path}.properties[${name}]`, one, {}] as const),
    [`${path}.items`, schema.items, loose === undefined ? {} : { uncorrelated: loose }],
    [`${path}.additionalProperties`, valuesOf(schema), {}],
  ];
  const isUntyped = place.isUntyped === true || ((schema.type ?? '') === '' && place.isRoot !== true);
  for (const [field, one, more] of inner)
    if (one) {
      const count = within(schema, one, place.count);
      examine(one, { ...place, isRoot: false, isUntyped, ...more, path: field, count }, all);
    }
}

function examineOwn(schema: Schema, place: Place): Examined[] {
  const shared = typedEnvironment();
  const type = declareType(shared, schema);
  if (type === undefined || place.isUntyped === true) return [{ faults: [untypedCause(place.path)], unknown: [] }];
  shared.registerVariable('self', type);
  const plain = shared.clone().registerVariable('oldSelf', type);
  const optional = shared.clone().registerVariable('oldSelf', `optional<${type}>`);
  return rulesOf(schema).map((rule, index) => {
    const environment = rule['optionalOldSelf'] === true ? optional : plain;
    const field = `${place.path}.${RULES}[${index}]`;
    const text = textAt(rule, 'rule');
    if (text.trim() === '') return { faults: [], unknown: [] };
    const { type: result, fault, unknown } = checkExpression(environment, text);
    const untyped = fault === undefined ? checkUntyped(text) : undefined;
    const why = unknown ?? untyped?.unknown ?? untyped?.fault?.split('\n')[0];
    const costs = [{ field: `${field}.rule`, cost: mostCost(text, schema, place.count) }];
    const costly = costs.flatMap((cost) => costFaults('rule', cost));
    if (why !== undefined) return { faults: costly, unknown: [`${text}: ${why}`], costs };
    const refuse = (why: string): Cause => invalidValue(`${field}.rule`, printedRule(rule), why);
    const faults: Cause[] = [];
    if (fault !== undefined) faults.push(refuse(compileWords(fault)));
    else if (result !== 'bool' && result !== 'dyn') faults.push(refuse(NO_BOOL));
    if (rule['optionalOldSelf'] !== undefined && !/\boldSelf\b/.test(text))
      faults.push(
        invalidValue(
          `${field}.optionalOldSelf`,
          rule['optionalOldSelf'],
          'may not be set if oldSelf is not used in rule',
        ),
      );
    if (fault !== undefined) return { faults, unknown: [] };
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

const [COMPILING, NO_BOOL] = ['compilation failed: ', 'cel expression must evaluate to a bool'];

/** Why the rules of a place are none. */
export const compileFaults = (rules: CompiledRules, path: string): readonly string[] =>
  (rules.get(path) ?? []).flatMap(({ faults }) =>
    faults.flatMap(({ message }) => {
      const at = Math.max(message.lastIndexOf(`: ${COMPILING}`), message.lastIndexOf(`: ${NO_BOOL}`));
      return at < 0 ? [] : [message.slice(at + 2)];
    }),
  );

const NO_TYPE = 'failed to construct type information for x-kubernetes-validations rules';
const untypedCause = (path: string): Cause => ({
  field: `${path}.${RULES}`,
  reason: 'InternalError',
  message: `internal error: ${NO_TYPE}: unable to convert structural schema to CEL declarations`,
});

function messageCauses({ type, fault }: ReturnType<typeof checkExpression>, rule: JsonObject, field: string): Cause[] {
  const refuse = (why: string): Cause[] => [invalidValue(`${field}.messageExpression`, printedRule(rule), why)];
  if (fault !== undefined) return refuse(`messageExpression ${compileWords(fault)}`);
  return type === undefined || type === 'string' || type === 'dyn'
    ? []
    : refuse('messageExpression must evaluate to a string');
}
