// Budgets, priorities, leases, classes of runtimes: what is said about other objects.

import { isObject, type Json, type JsonObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue } from '../status.ts';
import { selectorForm } from './internal.ts';
import { labelProblems } from './names.ts';
import { containerResources } from './resources.ts';
import {
  all,
  choice,
  countOrPercent,
  fields,
  inTurn,
  items,
  labelSelector,
  labels,
  needed,
  notNegative,
  notOver100Percent,
  oneOf,
  optional,
  positive,
  type Rule,
  rowOf,
  text,
} from './rules.ts';
import { toleration } from './scheduling.ts';

export const disruptionBudget: Rule = fields({
  spec: all(
    (spec, path) => {
      const { minAvailable, maxUnavailable, selector } = objectAt(spec);
      const both = minAvailable !== undefined && maxUnavailable !== undefined;
      // As the API's own type prints it.
      const printed = {
        MinAvailable: minAvailable ?? null,
        Selector: isObject(selector) ? selectorForm(selector) : null,
        MaxUnavailable: maxUnavailable ?? null,
        UnhealthyPodEvictionPolicy: objectAt(spec)['unhealthyPodEvictionPolicy'] ?? null,
      };
      return both ? [invalidValue(path, printed, 'minAvailable and maxUnavailable cannot be both set')] : [];
    },
    fields({
      minAvailable: optional(all(countOrPercent, notOver100Percent)),
      maxUnavailable: optional(all(countOrPercent, notOver100Percent)),
      selector: optional(labelSelector),
      unhealthyPodEvictionPolicy: choice(['AlwaysAllow', 'IfHealthyBudget']),
    }),
  ),
});

const HIGHEST_PRIORITY = 1_000_000_000;
/** The classes of the system, with the values that they have. */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};
const RESERVED = "priority class names with 'system-' prefix are reserved for system use only. error: ";

/** What a class with a name of the system's lacks to be one. */
function systemProblem(object: Json | undefined, name: string): string | undefined {
  const value = rowOf(SYSTEM_CLASSES, name);
  if (value === undefined) return `${name} is not a known system priority class`;
  if (numberAt(object, 'value') !== value) return `value of ${name} PriorityClass must be ${value}`;
  return objectAt(object)['globalDefault'] === true
    ? `globalDefault of ${name} PriorityClass must be false`
    : undefined;
}

export const priorityClass: Rule = (object) => {
  const name = textAt(object, 'metadata', 'name');
  const isSystem = name.startsWith('system-');
  const problem = isSystem ? systemProblem(object, name) : undefined;
  const isHigh = !isSystem && (numberAt(object, 'value') ?? 0) > HIGHEST_PRIORITY;
  const tooHigh = `maximum allowed value of a user defined priority is ${HIGHEST_PRIORITY}`;
  return [
    ...(problem === undefined ? [] : [forbiddenField('metadata.name', `${RESERVED}${problem}`)]),
    ...(isHigh ? [forbiddenField('value', tooHigh)] : []),
    ...oneOf(['PreemptLowerPriority', 'Never'])(objectAt(object)['preemptionPolicy'], 'preemptionPolicy'),
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

/** What a Pod costs beside its containers, told as their limits. */
const overhead: Rule = (value, path) => containerResources([])({ limits: objectAt(value, 'podFixed') }, path);

export const runtimeClass: Rule = fields({
  handler: inTurn(needed(), text(labelProblems)),
  overhead: optional(overhead),
  scheduling: optional(
    fields({
      nodeSelector: labels,
      tolerations: all(items(toleration), (value, path) =>
        listAt(value).flatMap((one, index, list) =>
          list.slice(0, index).some((other) => sameJson(other, one))
            ? [duplicate(`${path}[${index}]`, tolerationText(one))]
            : [],
        ),
      ),
    }),
  ),
});

/** As the API's own type prints it. */
const tolerationText = (toleration: Json): Json => ({
  Key: textAt(toleration, 'key'),
  Operator: textAt(toleration, 'operator'),
  Value: textAt(toleration, 'value'),
  Effect: textAt(toleration, 'effect'),
  TolerationSeconds: numberAt(toleration, 'tolerationSeconds') ?? null,
});
