// Autoscalers: what they scale, by which metrics, how fast.

import { isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { labelProblems, pathProblems } from './names.ts';
import { negativeCauses } from './resource-names.ts';
import { containerResource } from './resources.ts';
import {
  all,
  at,
  choice,
  fields,
  inTurn,
  items,
  needed,
  optional,
  orEmpty,
  positive,
  type Rule,
  rowOf,
  text,
} from './rules.ts';

const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
/** The sources of a metric, in the order in which they are looked at. */
const METRIC_FIELDS: Readonly<Record<string, string>> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
};

const positiveAmount: Rule = (value, path) =>
  value === undefined || parseQuantity(String(value)).nano > 0n
    ? []
    : [invalidValue(path, String(value), 'must be positive')];

const TARGET_TYPES = ['AverageValue', 'Utilization', 'Value'];

const targetType: Rule = (value, path) => [
  ...needed('must specify a metric target type')(value, path),
  ...(TARGET_TYPES.includes(String(value))
    ? []
    : [invalidValue(path, value ?? '', 'must be either Utilization, Value, or AverageValue')]),
];

const metricTarget: Rule = fields({
  type: targetType,
  value: positiveAmount,
  averageValue: positiveAmount,
  averageUtilization: positive,
});

const TARGET = 'must set either a target value for metric or a per-pod target';
const RESOURCE_TARGET = 'must set either a target raw value or a target utilization';
const BOTH = 'may not set both a target value for metric and a per-pod target';
const RESOURCE_BOTH = 'may not set both a target raw value and a target utilization';

const resourceTarget: Rule = (target, path) => {
  const { averageUtilization, averageValue } = objectAt(target);
  if (averageUtilization === undefined && averageValue === undefined)
    return [required(at(path, 'averageUtilization'), RESOURCE_TARGET)];
  return averageUtilization !== undefined && averageValue !== undefined
    ? [forbiddenField(at(path, 'averageValue'), RESOURCE_BOTH)]
    : [];
};

/** What a target must say, by where its metric comes from. */
const TARGETS: Readonly<Record<string, Rule>> = {
  ContainerResource: resourceTarget,
  Resource: resourceTarget,
  Pods: (target, path) =>
    objectAt(target)['averageValue'] === undefined
      ? [required(at(path, 'averageValue'), 'must specify a positive target averageValue')]
      : [],
  Object: (target, path) => {
    const { value, averageValue } = objectAt(target);
    const message = 'must set either a target value or averageValue';
    return value === undefined && averageValue === undefined ? [required(at(path, 'averageValue'), message)] : [];
  },
  External: (target, path) => {
    const { value, averageValue } = objectAt(target);
    if (value === undefined && averageValue === undefined) return [required(at(path, 'averageValue'), TARGET)];
    return value !== undefined && averageValue !== undefined ? [forbiddenField(at(path, 'value'), BOTH)] : [];
  },
};

/** A version of a group, where one is given; there are no more than two parts. */
const groupVersion: Rule = text((value) =>
  value.split('/').length > 2 ? [`unexpected GroupVersion string: ${value}`] : [],
);

/** Another object, by what a path to it would hold. */
const objectReference: Rule = fields({
  kind: inTurn(needed(), text(pathProblems)),
  name: inTurn(needed(), text(pathProblems)),
  apiVersion: groupVersion,
});

/** What is scaled belongs to a group; of the core it is the controller that was first. */
const scaleTarget: Rule = all(objectReference, (value, path) => {
  const version = textAt(value, 'apiVersion');
  const [group, named] = version.split('/');
  const isFirst = version === 'v1' && textAt(value, 'kind') === 'ReplicationController';
  if (isFirst || (group && named !== undefined)) return [];
  return [invalidValue(at(path, 'apiVersion'), version, 'apiVersion must specify API group')];
});

const metricName: Rule = inTurn(needed('must specify a metric name'), text(pathProblems));
const resourceName = needed('must specify a resource name');

const SOURCES: Readonly<Record<string, Rule>> = {
  Object: fields({ describedObject: objectReference, metric: fields({ name: metricName }) }),
  External: fields({ metric: fields({ name: metricName }) }),
  Pods: fields({ metric: fields({ name: metricName }) }),
  Resource: fields({ name: resourceName }),
  ContainerResource: fields({
    name: inTurn(resourceName, (value, path) => containerResource(String(value), path)),
    container: inTurn(needed('must specify a container'), text(labelProblems)),
  }),
};

function sourceCauses(value: Json | undefined, path: string, kind: string): Cause[] {
  const target = objectAt(value)['target'];
  const field = at(path, 'target');
  return [
    ...(rowOf(SOURCES, kind)?.(value, path) ?? []),
    ...metricTarget(target, field),
    ...(rowOf(TARGETS, kind)?.(target, field) ?? []),
  ];
}

const metricType = all(needed('must specify a metric source type'), orEmpty(choice(METRIC_TYPES)));

/** Only the first source of a metric is looked at. */
const metric: Rule = (value, path) => {
  const type = textAt(value, 'type');
  const given = Object.entries(METRIC_FIELDS).filter(([, field]) => isObject(objectAt(value)[field]));
  const own = rowOf(METRIC_FIELDS, type);
  const others = given.length > 1 ? given.filter(([, field]) => field !== own) : [];
  const lacks = own !== undefined && !isObject(objectAt(value)[own]);
  return [
    ...metricType(type, at(path, 'type')),
    ...given.slice(0, 1).flatMap(([kind, field]) => sourceCauses(objectAt(value)[field], at(path, field), kind)),
    ...choice(METRIC_TYPES)(type, at(path, 'type')),
    ...others.map(([, field]) => forbiddenField(at(path, field), 'must populate the given metric source only')),
    ...(lacks ? [required(at(path, own), 'must populate information for the given metric source')] : []),
  ];
};

const LONGEST_PERIOD_S = 1800;

const scalingRules: Rule = optional(
  fields({
    stabilizationWindowSeconds: (value, path) => {
      if (typeof value !== 'number') return [];
      if (value < 0) return [invalidValue(path, value, 'must be greater than or equal to zero')];
      return value > 3600 ? [invalidValue(path, value, 'must be less than or equal to 3600')] : [];
    },
    selectPolicy: choice(['Disabled', 'Max', 'Min']),
    policies: all(
      (value, path) => (listAt(value).length === 0 ? [required(path, 'must specify at least one Policy')] : []),
      items(
        fields({
          type: orEmpty(choice(['Percent', 'Pods'])),
          value: (value, path) =>
            Number(value ?? 0) > 0 ? [] : [invalidValue(path, value ?? 0, 'must be greater than zero')],
          periodSeconds: (value, path) => {
            const seconds = Number(value ?? 0);
            if (seconds <= 0) return [invalidValue(path, seconds, 'must be greater than zero')];
            return seconds > LONGEST_PERIOD_S
              ? [invalidValue(path, seconds, `must be less than or equal to ${LONGEST_PERIOD_S}`)]
              : [];
          },
        }),
      ),
    ),
    tolerance: optional(negativeCauses),
  }),
);

function replicaCauses(least: number, most: number, path: string): Cause[] {
  const field = at(path, 'maxReplicas');
  return [
    ...(least < 1 ? [invalidValue(at(path, 'minReplicas'), least, 'must be greater than or equal to 1')] : []),
    ...(most === 0 ? [required(field, 'must be set and greater than 0')] : []),
    ...(most < 0 ? [invalidValue(field, most, 'must be greater than or equal to 1')] : []),
    ...(most < least ? [invalidValue(field, most, 'must be greater than or equal to `minReplicas`')] : []),
  ];
}

const TO_ZERO = 'must specify at least one Object or External metric to support scaling to zero replicas';

/** The share of the processors, as the first version of the kind has it, is a metric of the second. */
const processorShare: Rule = (value) => positive(value, 'spec.metrics[0].resource.target.averageUtilization');

export const autoscaler: Rule = fields({
  spec: (spec, path) => {
    const least = numberAt(spec, 'minReplicas') ?? 1;
    const isMeasured = listAt(spec, 'metrics').some((one) => /^(Object|External)$/.test(textAt(one, 'type')));
    return [
      ...replicaCauses(least, numberAt(spec, 'maxReplicas') ?? 0, path),
      ...fields({
        scaleTargetRef: scaleTarget,
        metrics: items(metric),
        targetCPUUtilizationPercentage: processorShare,
      })(spec, path),
      ...(least === 0 && !isMeasured ? [forbiddenField(at(path, 'metrics'), TO_ZERO)] : []),
      ...fields({ behavior: optional(fields({ scaleUp: scalingRules, scaleDown: scalingRules })) })(spec, path),
    ];
  },
});
