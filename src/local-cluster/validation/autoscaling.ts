// Autoscalers: what they scale, by which metrics, how fast.

import { isObject, type Json, numberAt, objectAt, textAt } from '../../core/json.ts';
import { parseQuantity } from '../../objects/quantity.ts';
import { type Cause, forbiddenField, invalidValue, required } from '../status.ts';
import { pathProblems } from './names.ts';
import { all, at, fields, inTurn, items, known, needed, optional, positive, type Rule, rowOf, text } from './rules.ts';

const METRIC_TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const METRIC_FIELDS: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

const positiveAmount: Rule = (value, path) =>
  value === undefined || parseQuantity(String(value)).nano > 0n
    ? []
    : [invalidValue(path, String(value), 'must be positive')];

const metricTarget: Rule = fields({
  type: all(needed('must specify a metric target type'), known(['AverageValue', 'Utilization', 'Value'])),
  averageUtilization: positive,
  value: positiveAmount,
  averageValue: positiveAmount,
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
    return value === undefined && averageValue === undefined ? [required(at(path, 'averageValue'), TARGET)] : [];
  },
  External: (target, path) => {
    const { value, averageValue } = objectAt(target);
    if (value === undefined && averageValue === undefined) return [required(at(path, 'averageValue'), TARGET)];
    return value !== undefined && averageValue !== undefined ? [forbiddenField(at(path, 'value'), BOTH)] : [];
  },
};

/** Another object, by what a path to it would hold. */
const objectReference: Rule = fields({
  kind: inTurn(needed(), text(pathProblems)),
  name: inTurn(needed(), text(pathProblems)),
});

const metricSource = (value: Json, path: string, type: string): Cause[] => {
  const { name, metric, target, container } = objectAt(value);
  const isResource = metric === undefined;
  return [
    ...(type === 'Object' ? objectReference(objectAt(value)['describedObject'], at(path, 'describedObject')) : []),
    ...(type === 'ContainerResource' ? needed('must specify a container')(container, at(path, 'container')) : []),
    ...(isResource
      ? needed('must specify a resource name')(name, at(path, 'name'))
      : needed('must specify a metric name')(objectAt(metric)['name'], at(path, 'metric.name'))),
    ...metricTarget(target, at(path, 'target')),
    ...(rowOf(TARGETS, type)?.(target, at(path, 'target')) ?? []),
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
      ? metricSource(source, at(path, field), type)
      : [required(at(path, field), 'must populate information for the given metric source')]),
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
    selectPolicy: known(['Disabled', 'Max', 'Min']),
    policies: items(
      fields({
        type: known(['Percent', 'Pods']),
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
        scaleTargetRef: objectReference,
        metrics: items(metric),
        behavior: optional(fields({ scaleUp: scalingRules, scaleDown: scalingRules })),
      })(spec, path),
    ];
  },
});
