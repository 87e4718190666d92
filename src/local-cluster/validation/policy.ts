// Budgets, scaling, quotas, limits, priorities, leases: what is said about other objects.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { labelNameCauses, labelProblems, labelValueProblems, qualifiedProblems } from './names.ts';
import {
  all,
  at,
  countOrPercent,
  entries,
  fields,
  items,
  known,
  labelSelector,
  needed,
  notNegative,
  notOver100Percent,
  oneOf,
  optional,
  positive,
  type Rule,
  rowOf,
  SELECTOR_OPERATORS,
  text,
} from './rules.ts';

export const disruptionBudget: Rule = fields({
  spec: all(
    (spec, path) => {
      const { minAvailable, maxUnavailable } = objectAt(spec);
      const both = minAvailable !== undefined && maxUnavailable !== undefined;
      return both ? [invalidValue(path, spec, 'minAvailable and maxUnavailable cannot be both set')] : [];
    },
    fields({
      minAvailable: optional(all(countOrPercent, notOver100Percent)),
      maxUnavailable: optional(all(countOrPercent, notOver100Percent)),
      selector: optional(labelSelector),
      unhealthyPodEvictionPolicy: known(['AlwaysAllow', 'IfHealthyBudget']),
    }),
  ),
});

const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const METRIC_FIELDS: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

const metricTarget: Rule = fields({
  type: all(needed('must specify a metric target type'), known(['AverageValue', 'Utilization', 'Value'])),
  averageUtilization: positive,
});

const metricSource: Rule = (value, path) => {
  const { name, metric, target, container } = objectAt(value);
  const isResource = metric === undefined;
  return [
    ...(container === undefined ? [] : needed('must specify a container')(container, at(path, 'container'))),
    ...(isResource
      ? needed('must specify a resource name')(name, at(path, 'name'))
      : needed('must specify a metric name')(objectAt(metric)['name'], at(path, 'metric.name'))),
    ...metricTarget(target, at(path, 'target')),
  ];
};

const metric: Rule = (value, path) => {
  const type = textAt(value, 'type');
  const field = rowOf(METRIC_FIELDS, type);
  if (type === '') return [required(at(path, 'type'), 'must specify a metric source type')];
  if (field === undefined) return known(METRIC_TYPES)(type, at(path, 'type'));
  const source = objectAt(value)[field];
  const others = Object.values(METRIC_FIELDS).filter((other) => other !== field && isObject(objectAt(value)[other]));
  return [
    ...others.map((other) => forbiddenField(at(path, other), 'must populate the given metric source only')),
    ...(isObject(source)
      ? metricSource(source, at(path, field))
      : [required(at(path, field), 'must populate information for the given metric source')]),
  ];
};

const scalingRules: Rule = optional(
  fields({
    stabilizationWindowSeconds: (value, path) => {
      if (typeof value !== 'number') return [];
      if (value < 0) return [invalidValue(path, value, 'must be greater than or equal to zero')];
      return value > 3600 ? [invalidValue(path, value, 'must be less than or equal to 3600')] : [];
    },
    selectPolicy: known(['Disabled', 'Max', 'Min']),
    policies: items(
      fields({
        type: known(['Percent', 'Pods']),
        value: (value, path) =>
          Number(value ?? 0) > 0 ? [] : [invalidValue(path, value ?? 0, 'must be greater than zero')],
        periodSeconds: (value, path) =>
          Number(value ?? 0) > 0 ? [] : [invalidValue(path, value ?? 0, 'must be greater than zero')],
      }),
    ),
  }),
);

export const autoscaler: Rule = fields({
  spec: (spec, path) => {
    const [least, most] = [numberAt(spec, 'minReplicas'), numberAt(spec, 'maxReplicas') ?? 0];
    const field = at(path, 'maxReplicas');
    return [
      ...(least !== undefined && least < 1
        ? [invalidValue(at(path, 'minReplicas'), least, 'must be greater than or equal to 1')]
        : []),
      ...(most < 1 ? [invalidValue(field, most, 'must be greater than 0')] : []),
      ...(least !== undefined && most < least
        ? [invalidValue(field, most, 'must be greater than or equal to `minReplicas`')]
        : []),
      ...fields({
        scaleTargetRef: fields({ kind: needed(), name: needed() }),
        metrics: items(metric),
        behavior: optional(fields({ scaleUp: scalingRules, scaleDown: scalingRules })),
      })(spec, path),
    ];
  },
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

const scopes: Rule = (value, path) => {
  const given = listAt(value);
  const unknown = given.filter((scope) => !SCOPES.includes(String(scope)));
  const contradicts = [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ].some((pair) => pair.every((scope) => given.includes(scope)));
  return [
    ...unknown.map(() => invalidValue(path, value, 'unsupported scope')),
    ...(contradicts ? [invalidValue(path, value, 'conflicting scopes')] : []),
  ];
};

export const resourceQuota: Rule = fields({
  spec: fields({
    hard: entries(quotaAmount),
    scopes,
    scopeSelector: optional(
      fields({
        matchExpressions: items(
          fields({
            scopeName: (value, path) =>
              SCOPES.includes(String(value)) ? [] : [invalidValue(path, value ?? '', 'unsupported scope')],
            operator: (value, path) =>
              SELECTOR_OPERATORS.includes(String(value))
                ? []
                : [invalidValue(path, value ?? '', 'not a valid selector operator')],
          }),
        ),
      }),
    ),
  }),
});

/** What must not be more than what, with its word for each. */
const ORDERS: readonly (readonly [string, string, string, string])[] = [
  ['min', 'max', 'min', 'max'],
  ['defaultRequest', 'max', 'default request', 'max'],
  ['default', 'max', 'default', 'max'],
  ['defaultRequest', 'default', 'default request', 'default limit'],
];

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
    ...(type === '' ? [required(at(path, 'type'))] : []),
    ...forPod.map((field) => forbiddenField(at(path, field), "may not be specified when `type` is 'Pod'")),
    ...(bare ? [required(at(path, 'limits'), noSize)] : []),
    ...order,
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
});

function quantity(value: Json | undefined, path: string): Cause[] {
  return parseQuantity(String(value)).nano < 0n
    ? [invalidValue(path, String(value), 'must be greater than or equal to 0')]
    : [];
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const node: Rule = fields({
  spec: fields({
    taints: (value, path) =>
      listAt(value).flatMap((taint, index, list) => {
        const field = `${path}[${index}]`;
        const key = (one: Json): string => `${textAt(one, 'key')}:${textAt(one, 'effect')}`;
        const earlier = list.slice(0, index).some((other) => key(other) === key(taint));
        return [
          ...labelNameCauses(at(field, 'key'), textAt(taint, 'key')),
          ...fields({ value: text(labelValueProblems), effect: oneOf(EFFECTS) })(taint, field),
          ...(earlier ? [duplicate(field, taint)] : []),
        ];
      }),
  }),
});
