// How much of what a namespace may hold.

import { type Json, type JsonObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, invalidValue, required } from '../status.ts';
import { isQuotaResource, isWhole, negativeCauses, resourceNameCauses } from './resource-names.ts';
import { at, entries, fields, optional, type Rule, rowOf, SELECTOR_OPERATORS } from './rules.ts';

const NANO = 1_000_000_000n;

const quotaAmount = (value: Json | undefined, path: string, name: string): Cause[] => {
  const amount = String(value);
  const isOther = !name.includes('/') && !isQuotaResource(name);
  const isBroken = isWhole(name) && parseQuantity(amount).nano % NANO !== 0n;
  return [
    ...resourceNameCauses(name, path),
    ...(isOther ? [invalidValue(path, name, 'must be a standard resource for quota')] : []),
    ...negativeCauses(value, path),
    ...(isBroken ? [invalidValue(path, amount, 'must be an integer')] : []),
  ];
};

const SCOPES = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
];

const COMPUTE = /^((requests|limits)\.)?(cpu|memory)$/;
const OF_PODS = (name: string): boolean => name === 'pods' || COMPUTE.test(name);

/** What a scope can count. */
const SCOPE_RESOURCES: Readonly<Record<string, (resource: string) => boolean>> = {
  BestEffort: (name) => name === 'pods',
  CrossNamespacePodAffinity: OF_PODS,
  NotBestEffort: OF_PODS,
  NotTerminating: OF_PODS,
  PriorityClass: OF_PODS,
  Terminating: OF_PODS,
  VolumeAttributesClass: (name) => /^(persistentvolumeclaims|requests\.storage)$/.test(name),
};

const UNFIT = 'unsupported scope applied to resource';

/** A cause for each resource that a scope cannot count. */
const misapplied = (hard: readonly string[], scope: string, cause: Cause): Cause[] => {
  const counts = rowOf(SCOPE_RESOURCES, scope);
  return counts ? hard.filter((name) => isQuotaResource(name) && !counts(name)).map(() => cause) : [];
};

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

const conflicts = (scopes: readonly Json[], cause: Cause): Cause[] =>
  OPPOSITES.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(() => cause);

const scopes =
  (hard: readonly string[]): Rule =>
  (value, path) => [
    ...listAt(value).flatMap((scope) => [
      ...(SCOPES.includes(String(scope)) ? [] : [invalidValue(path, value, 'unsupported scope')]),
      ...misapplied(hard, String(scope), invalidValue(path, value, UNFIT)),
    ]),
    ...conflicts(listAt(value), invalidValue(path, value, 'conflicting scopes')),
  ];

const ONLY_EXISTS = SCOPES.filter((scope) => scope !== 'PriorityClass' && scope !== 'VolumeAttributesClass');
const EXISTS_ALONE =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
const NO_VALUE = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
const SOME_VALUE = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";

function operatorCauses(scope: string, operator: string, path: string): Cause[] {
  if (ONLY_EXISTS.includes(scope) && operator !== 'Exists') return [invalidValue(path, operator, EXISTS_ALONE)];
  return [];
}

function valueCauses(operator: string, values: readonly Json[], path: string): Cause[] {
  if (operator === 'In' || operator === 'NotIn')
    return values.length === 0 ? [required(at(path, 'values'), NO_VALUE)] : [];
  if (!SELECTOR_OPERATORS.includes(operator))
    return [invalidValue(at(path, 'operator'), operator, 'not a valid selector operator')];
  return values.length > 0 ? [invalidValue(at(path, 'values'), [...values], SOME_VALUE)] : [];
}

/** As the API's own type prints it. */
const printed = (expression: Json): Json => ({
  ScopeName: textAt(expression, 'scopeName'),
  Operator: textAt(expression, 'operator'),
  Values: objectAt(expression)['values'] ?? null,
});

/** The place of an expression in the list is not told. */
const scopeExpressions =
  (hard: readonly string[]): Rule =>
  (value, path) => {
    const list = listAt(value);
    const unfit = invalidValue(path, { MatchExpressions: list.map(printed) }, UNFIT);
    const names = list.map((expression) => textAt(expression, 'scopeName'));
    return [
      ...list.flatMap((expression) => {
        const [scope, operator] = [textAt(expression, 'scopeName'), textAt(expression, 'operator')];
        const isUnknown = !SCOPES.includes(scope);
        return [
          ...(isUnknown ? [invalidValue(at(path, 'scopeName'), scope, 'unsupported scope')] : []),
          ...misapplied(hard, scope, unfit),
          ...operatorCauses(scope, operator, at(path, 'operator')),
          ...valueCauses(operator, listAt(expression, 'values'), path),
        ];
      }),
      ...conflicts(names, invalidValue(path, undefined, 'conflicting scopes')),
    ];
  };

export const resourceQuota: Rule = fields({
  spec: (spec, path) => {
    const hard = Object.keys(objectAt(spec, 'hard'));
    return fields({
      hard: entries(quotaAmount),
      scopes: scopes(hard),
      scopeSelector: optional(fields({ matchExpressions: scopeExpressions(hard) })),
    })(spec, path);
  },
});

/** The scopes stay, in whatever order, and however often. */
export function quotaChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const set = (value: JsonObject): Json => [...new Set(listAt(value, 'spec', 'scopes').map(String))].sort();
  if (sameJson(set(object), set(before))) return [];
  return [invalidValue('spec.scopes', objectAt(object, 'spec')['scopes'], 'field is immutable')];
}
