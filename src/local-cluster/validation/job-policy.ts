// When a Job has failed, and when it has done enough.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { labelNameCauses } from './names.ts';
import { at, atMost, fields, inTurn, items, known, needed, notNegative, oneOf, type Rule } from './rules.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

const MOST_EXIT_CODES = 255;

function exitCodes(onExitCodes: JsonObject, path: string): Cause[] {
  const values = listAt(onExitCodes, 'values');
  const field = at(path, 'values');
  if (values.length === 0) return [invalidValue(field, values, 'at least one value is required')];
  const isOrdered = values.every((value, index) => index === 0 || Number(values[index - 1]) <= Number(value));
  return [
    ...atMost(MOST_EXIT_CODES)(values, field),
    ...values.flatMap((value, index) => [
      ...(onExitCodes['operator'] === 'In' && value === 0
        ? [invalidValue(`${field}[${index}]`, value, 'must not be 0 for the In operator')]
        : []),
      ...(values.indexOf(value) < index ? [duplicate(`${field}[${index}]`, value)] : []),
    ]),
    ...(isOrdered ? [] : [invalidValue(field, values, 'must be ordered')]),
  ];
}

const podCondition: Rule = fields({
  type: (value, path) => labelNameCauses(path, String(value ?? '')),
  status: inTurn(needed('valid values: "False", "True", "Unknown"'), known(['False', 'True', 'Unknown'])),
});

const failureRule: Rule = (value, path) => {
  const { action, onExitCodes, onPodConditions } = objectAt(value);
  const causes = oneOf(ACTIONS)(action, at(path, 'action'));
  if (isObject(onExitCodes)) {
    const field = at(path, 'onExitCodes');
    causes.push(...oneOf(['In', 'NotIn'])(onExitCodes['operator'], at(field, 'operator')));
    causes.push(...exitCodes(onExitCodes, field));
  }
  causes.push(...items(podCondition)(onPodConditions, at(path, 'onPodConditions')));
  const hasConditions = listAt(onPodConditions).length > 0;
  if (isObject(onExitCodes) && hasConditions) {
    const message = 'specifying both OnExitCodes and OnPodConditions is not supported';
    return [...causes, invalidValue(path, value, message)];
  }
  return isObject(onExitCodes) || hasConditions
    ? causes
    : [...causes, invalidValue(path, value, 'specifying one of OnExitCodes and OnPodConditions is required')];
};

export const failurePolicy: Rule = (spec, path) => {
  const { podFailurePolicy } = objectAt(spec);
  if (!isObject(podFailurePolicy)) return [];
  const field = at(path, 'podFailurePolicy.rules');
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  const never = 'only "Never" is supported when podFailurePolicy is specified';
  const rules = listAt(podFailurePolicy, 'rules');
  return [
    ...atMost(MOST_RULES)(rules, field),
    ...items(failureRule)(rules, field),
    ...rules.flatMap((rule, index) => ruleInJob(rule, `${field}[${index}]`, spec)),
    ...(policy === 'Never' ? [] : [invalidValue(at(path, 'template.spec.restartPolicy'), policy, never)]),
  ];
};

const MOST_RULES = 20;

/** What a rule says of the rest of its Job. */
function ruleInJob(rule: Json, path: string, spec: Json | undefined): Cause[] {
  const perIndex = objectAt(spec)['backoffLimitPerIndex'] !== undefined;
  const container = textAt(rule, 'onExitCodes', 'containerName');
  const names = ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, 'template', 'spec', field).map((one) => textAt(one, 'name')),
  );
  const unknown = 'must be one of the container or initContainer names in the pod template';
  return [
    ...(textAt(rule, 'action') === 'FailIndex' && !perIndex
      ? [invalidValue(at(path, 'action'), 'FailIndex', 'requires the backoffLimitPerIndex to be set')]
      : []),
    ...(container === '' || names.includes(container)
      ? []
      : [invalidValue(at(path, 'onExitCodes.containerName'), container, unknown)]),
  ];
}

const SUCCESS = 'at least one of succeededCount or succeededIndexes must be specified';
const NO_RULES = 'at least one rules must be specified when the successPolicy is specified';

/** When an Indexed Job has done enough. */
export const successPolicy: Rule = (spec, path) => {
  const { successPolicy: policy, completionMode: mode, completions } = objectAt(spec);
  if (!isObject(policy)) return [];
  const field = at(path, 'successPolicy');
  if (mode !== 'Indexed') return [invalidValue(field, policy, 'requires indexed completion mode')];
  const rules = listAt(policy, 'rules');
  if (rules.length === 0) return [required(at(field, 'rules'), NO_RULES)];
  return [
    ...atMost(MOST_RULES)(rules, at(field, 'rules')),
    ...items((rule, place) => {
      const { succeededCount, succeededIndexes } = objectAt(rule);
      if (succeededCount === undefined && succeededIndexes === undefined) return [required(place, SUCCESS)];
      const limit = `must be less than or equal to ${String(completions)} (the number of specified completions)`;
      const exceeds = typeof succeededCount === 'number' && succeededCount > Number(completions);
      return [
        ...notNegative(succeededCount, at(place, 'succeededCount')),
        ...(exceeds ? [invalidValue(at(place, 'succeededCount'), succeededCount, limit)] : []),
      ];
    })(rules, at(field, 'rules')),
  ];
};
