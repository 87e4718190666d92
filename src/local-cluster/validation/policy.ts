// Budgets, scaling, quotas, limits, priorities, leases: what is said about other objects.

import { type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { labelProblems, qualifiedProblems } from './names.ts';
import {
  all,
  at,
  countOrPercent,
  entries,
  fields,
  items,
  known,
  labelSelector,
  labels,
  needed,
  notNegative,
  notOver100Percent,
  optional,
  positive,
  type Rule,
  rowOf,
  SELECTOR_OPERATORS,
  text,
} from './rules.ts';
import { toleration } from './scheduling.ts';

export const disruptionBudget: Rule = fields({
  spec: all(
    (spec, path) => {
      const { minAvailable, maxUnavailable } = objectAt(spec);
      const both = minAvailable !== undefined && maxUnavailable !== undefined;
      // As the API's own type prints it.
      const printed = {
        MinAvailable: minAvailable ?? null,
        Selector: objectAt(spec)['selector'] ?? null,
        MaxUnavailable: maxUnavailable ?? null,
        UnhealthyPodEvictionPolicy: objectAt(spec)['unhealthyPodEvictionPolicy'] ?? null,
      };
      return both ? [invalidValue(path, printed, 'minAvailable and maxUnavailable cannot be both set')] : [];
    },
    fields({
      minAvailable: optional(all(countOrPercent, notOver100Percent)),
      maxUnavailable: optional(all(countOrPercent, notOver100Percent)),
      selector: optional(labelSelector),
      unhealthyPodEvictionPolicy: known(['AlwaysAllow', 'IfHealthyBudget']),
    }),
  ),
});

const STANDARD_QUOTAS =
  /^(cpu|memory|ephemeral-storage|(requests|limits)\.(cpu|memory|ephemeral-storage)|requests\.storage|pods|configmaps|secrets|services|services\.(nodeports|loadbalancers)|persistentvolumeclaims|replicationcontrollers|resourcequotas|(requests\.)?hugepages-.+)$/;

const quotaAmount = (value: Json | undefined, path: string, name: string): Cause[] => {
  const problems = qualifiedProblems(name);
  const amount = String(value);
  const whole =
    /^(pods|services|configmaps|secrets|count\/.+)$/.test(name) && parseQuantity(amount).nano % 1_000_000_000n !== 0n;
  return [
    ...problems.map((problem) => invalidValue(path, name, problem)),
    ...(problems.length === 0 && !name.includes('/') && !STANDARD_QUOTAS.test(name)
      ? [
          invalidValue(path, name, 'must be a standard resource type or fully qualified'),
          invalidValue(path, name, 'must be a standard resource for quotas'),
        ]
      : []),
    ...(parseQuantity(amount).nano < 0n ? [invalidValue(path, amount, 'must be greater than or equal to 0')] : []),
    ...(whole ? [invalidValue(path, amount, 'must be an integer')] : []),
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

const misapplied = (hard: readonly string[], scope: string): number => {
  const counts = rowOf(SCOPE_RESOURCES, scope);
  return counts ? hard.filter((name) => STANDARD_QUOTAS.test(name) && !counts(name)).length : 0;
};

const UNFIT = 'unsupported scope applied to resource';

const scopes =
  (hard: readonly string[]): Rule =>
  (value, path) => {
    const given = listAt(value);
    const unknown = given.filter((scope) => !SCOPES.includes(String(scope)));
    const unfit = given.flatMap((scope) => Array.from({ length: misapplied(hard, String(scope)) }, () => UNFIT));
    const contradicts = [
      ['BestEffort', 'NotBestEffort'],
      ['Terminating', 'NotTerminating'],
    ].some((pair) => pair.every((scope) => given.includes(scope)));
    return [
      ...unknown.map(() => invalidValue(path, value, 'unsupported scope')),
      ...unfit.map((message) => invalidValue(path, value, message)),
      ...(contradicts ? [invalidValue(path, value, 'conflicting scopes')] : []),
    ];
  };

const ONLY_EXISTS = SCOPES.filter((scope) => scope !== 'PriorityClass' && scope !== 'VolumeAttributesClass');
const EXISTS_ALONE =
  "must be 'Exist' only operator when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
const NO_VALUE = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
const SOME_VALUE = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";

const scopeExpression =
  (hard: readonly string[]): Rule =>
  (value, path) => {
    const [scope, operator] = [textAt(value, 'scopeName'), textAt(value, 'operator')];
    const values = listAt(value, 'values');
    const field = at(path, 'values');
    const valued = operator === 'In' || operator === 'NotIn';
    const isUnfit = misapplied(hard, scope) > 0;
    return [
      ...(SCOPES.includes(scope) ? [] : [invalidValue(at(path, 'scopeName'), scope, 'unsupported scope')]),
      ...(isUnfit ? [invalidValue(at(path, 'scopeName'), scope, UNFIT)] : []),
      ...(ONLY_EXISTS.includes(scope) && operator !== 'Exists'
        ? [invalidValue(at(path, 'operator'), operator, EXISTS_ALONE)]
        : []),
      ...(valued && values.length === 0 ? [required(field, NO_VALUE)] : []),
      ...(!valued && SELECTOR_OPERATORS.includes(operator) && values.length > 0
        ? [invalidValue(field, values, SOME_VALUE)]
        : []),
      ...(SELECTOR_OPERATORS.includes(operator)
        ? []
        : [invalidValue(at(path, 'operator'), operator, 'not a valid selector operator')]),
    ];
  };

export const resourceQuota: Rule = fields({
  spec: (spec, path) => {
    const hard = Object.keys(objectAt(spec, 'hard'));
    return fields({
      hard: entries(quotaAmount),
      scopes: scopes(hard),
      scopeSelector: optional(fields({ matchExpressions: items(scopeExpression(hard)) })),
    })(spec, path);
  },
});

/** What must not be more than what, with its word for each. */
const ORDERS: readonly (readonly [string, string, string, string])[] = [
  ['min', 'max', 'min', 'max'],
  ['defaultRequest', 'max', 'default request', 'max'],
  ['default', 'max', 'default', 'max'],
  ['defaultRequest', 'default', 'default request', 'default limit'],
];

const LIMIT_TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];

function limitType(type: string, path: string): Cause[] {
  const problems = qualifiedProblems(type);
  if (problems.length > 0) return problems.map((problem) => invalidValue(path, type, problem));
  if (type.includes('/') || LIMIT_TYPES.includes(type)) return [];
  return [invalidValue(path, type, 'must be a standard limit type or fully qualified')];
}

const limit: Rule = (value, path) => {
  const type = textAt(value, 'type');
  const list = (field: string): JsonObject => objectAt(value, field);
  const forPod = ['default', 'defaultRequest'].filter((field) => type === 'Pod' && Object.keys(list(field)).length > 0);
  const order = ORDERS.flatMap(([lower, upper, lowWord, highWord]) =>
    Object.entries(list(lower)).flatMap(([name, amount]): Cause[] => {
      const bound = list(upper)[name];
      if (bound === undefined || compareQuantities(String(amount), String(bound)) <= 0) return [];
      const message = `${lowWord} value ${String(amount)} is greater than ${highWord} value ${String(bound)}`;
      return [invalidValue(`${path}.${lower}[${name}]`, String(amount), message)];
    }),
  );
  const bare =
    type === 'PersistentVolumeClaim' && list('min')['storage'] === undefined && list('max')['storage'] === undefined;
  const noSize = 'either minimum or maximum storage value is required, but neither was provided';
  return [
    ...limitType(type, at(path, 'type')),
    ...forPod.map((field) => forbiddenField(at(path, field), "may not be specified when `type` is 'Pod'")),
    ...(bare ? [required(at(path, 'limits'), noSize)] : []),
    ...order,
    ...Object.entries(list('maxLimitRequestRatio')).flatMap(([name, ratio]) =>
      compareQuantities(String(ratio), '1') < 0
        ? [
            invalidValue(
              `${path}.maxLimitRequestRatio[${name}]`,
              String(ratio),
              `ratio ${String(ratio)} is less than 1`,
            ),
          ]
        : [],
    ),
  ];
};

export const limitRange: Rule = fields({
  spec: fields({
    limits: (value, path) =>
      listAt(value).flatMap((item, index, list) => {
        const field = `${path}[${index}]`;
        const type = textAt(item, 'type');
        const earlier = list.slice(0, index).some((other) => textAt(other, 'type') === type);
        return earlier ? [duplicate(at(field, 'type'), type)] : limit(item, field);
      }),
  }),
});

const HIGHEST_PRIORITY = 1_000_000_000;
const SYSTEM_CLASSES = ['system-node-critical', 'system-cluster-critical'];

export const priorityClass: Rule = (object) => {
  const name = textAt(object, 'metadata', 'name');
  const value = numberAt(object, 'value') ?? 0;
  const isSystem = SYSTEM_CLASSES.includes(name);
  const reserved = "priority class names with 'system-' prefix are reserved for system use only";
  const tooHigh = `maximum allowed value of a user defined priority is ${HIGHEST_PRIORITY}`;
  return [
    ...(name.startsWith('system-') && !isSystem ? [forbiddenField('metadata.name', reserved)] : []),
    ...(value > HIGHEST_PRIORITY && !isSystem ? [forbiddenField('value', tooHigh)] : []),
    ...known(['Never', 'PreemptLowerPriority'])(objectAt(object)['preemptionPolicy'], 'preemptionPolicy'),
  ];
};

export function priorityClassChangeCauses(object: JsonObject, before: JsonObject): Cause[] {
  const [now, old] = [object['preemptionPolicy'], before['preemptionPolicy']];
  return [
    ...(sameJson(object['value'] ?? 0, before['value'] ?? 0)
      ? []
      : [forbiddenField('value', 'may not be changed in an update.')]),
    ...(sameJson(now, old) ? [] : [invalidValue('preemptionPolicy', now, 'field is immutable')]),
  ];
}

export const lease: Rule = fields({
  spec: fields({ leaseDurationSeconds: positive, leaseTransitions: notNegative }),
});

export const runtimeClass: Rule = fields({
  handler: (value, path) => text(labelProblems)(value ?? '', path).concat(needed()(value, path)),
  overhead: optional(fields({ podFixed: entries((value, path) => quantity(value, path)) })),
  scheduling: optional(fields({ nodeSelector: labels, tolerations: items(toleration) })),
});

function quantity(value: Json | undefined, path: string): Cause[] {
  return parseQuantity(String(value)).nano < 0n
    ? [invalidValue(path, String(value), 'must be greater than or equal to 0')]
    : [];
}
