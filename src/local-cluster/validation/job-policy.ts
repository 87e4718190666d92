// When a Job has failed, and when it has done enough.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, invalidValue, required } from '../status.ts';
import { internalForm } from './internal.ts';
import { labelNameCauses } from './names.ts';
import { at, atMost, fields, inTurn, items, known, needed, notNegative, type Rule } from './rules.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];

const MOST_EXIT_CODES = 255;

function exitCodes(onExitCodes: JsonObject, path: string): Cause[] {
  const values = listAt(onExitCodes, 'values');
  const field = at(path, 'values');
  if (values.length === 0)
    return [invalidValue(field, onExitCodes['values'] ?? null, 'at least one value is required')];
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

/** One of some words, of which an absent one is told in a way of its own. */
const listed = (words: readonly string[]): Rule =>
  inTurn(needed(`valid values: [${words.map((one) => JSON.stringify(one)).join(' ')}]`), known(words));

const failureRule =
  (spec: Json | undefined): Rule =>
  (value, path) => {
    const { action, onExitCodes, onPodConditions } = objectAt(value);
    const causes = listed(ACTIONS)(action, at(path, 'action'));
    if (isObject(onExitCodes)) {
      const field = at(path, 'onExitCodes');
      causes.push(...listed(['In', 'NotIn'])(onExitCodes['operator'], at(field, 'operator')));
      causes.push(...containerCauses(onExitCodes, field, spec));
      causes.push(...exitCodes(onExitCodes, field));
    }
    causes.push(...items(podCondition)(onPodConditions, at(path, 'onPodConditions')));
    const hasConditions = listAt(onPodConditions).length > 0;
    const wrong = (message: string): Cause[] => [...causes, { field: path, reason: 'FieldValueInvalid', message }];
    if (isObject(onExitCodes) && hasConditions)
      return wrong('specifying both OnExitCodes and OnPodConditions is not supported');
    return isObject(onExitCodes) || hasConditions
      ? causes
      : wrong('specifying one of OnExitCodes and OnPodConditions is required');
  };

export const failurePolicy: Rule = (spec, path) => {
  const { podFailurePolicy } = objectAt(spec);
  if (!isObject(podFailurePolicy)) return [];
  const field = at(path, 'podFailurePolicy.rules');
  const rules = listAt(podFailurePolicy, 'rules');
  return [
    ...atMost(MOST_RULES)(rules, field),
    ...rules.flatMap((rule, index) => [
      ...indexCauses(rule, `${field}[${index}]`, spec),
      ...failureRule(spec)(rule, `${field}[${index}]`),
    ]),
  ];
};

/** Pods whose failures are looked at are not started again in place. */
export function neverUnder(spec: Json | undefined, path: string): Cause[] {
  const policy = textAt(spec, 'template', 'spec', 'restartPolicy');
  const never = 'only "Never" is supported when podFailurePolicy is specified';
  return isObject(objectAt(spec)['podFailurePolicy']) && policy !== 'Never'
    ? [invalidValue(at(path, 'template.spec.restartPolicy'), policy, never)]
    : [];
}

const MOST_RULES = 20;

function indexCauses(rule: Json, path: string, spec: Json | undefined): Cause[] {
  const perIndex = objectAt(spec)['backoffLimitPerIndex'] !== undefined;
  return textAt(rule, 'action') === 'FailIndex' && !perIndex
    ? [invalidValue(at(path, 'action'), 'FailIndex', 'requires the backoffLimitPerIndex to be set')]
    : [];
}

/** A container whose codes are looked at is one of the template's. */
function containerCauses(onExitCodes: JsonObject, path: string, spec: Json | undefined): Cause[] {
  const container = textAt(onExitCodes, 'containerName');
  const names = ['containers', 'initContainers'].flatMap((field) =>
    listAt(spec, 'template', 'spec', field).map((one) => textAt(one, 'name')),
  );
  const unknown = 'must be one of the container or initContainer names in the pod template';
  return onExitCodes['containerName'] === undefined || names.includes(container)
    ? []
    : [invalidValue(at(path, 'containerName'), container, unknown)];
}

const SUCCESS = 'at least one of succeededCount or succeededIndexes must be specified';
const NO_RULES = 'at least one rules must be specified when the successPolicy is specified';

const SUCCESS_POLICY = { Rules: { of: { SucceededIndexes: null, SucceededCount: null }, pointer: true } } as const;

/** When an Indexed Job has done enough. */
export const successPolicy: Rule = (spec, path) => {
  const { successPolicy: policy, completionMode: mode, completions } = objectAt(spec);
  if (!isObject(policy)) return [];
  const field = at(path, 'successPolicy');
  if (mode !== 'Indexed')
    return [invalidValue(field, internalForm(policy, SUCCESS_POLICY), 'requires indexed completion mode')];
  const rules = listAt(policy, 'rules');
  if (rules.length === 0) return [required(at(field, 'rules'), NO_RULES)];
  return [
    ...atMost(MOST_RULES)(rules, at(field, 'rules')),
    ...items(successRule(completions))(rules, at(field, 'rules')),
  ];
};

const successRule =
  (completions: Json | undefined): Rule =>
  (rule, path) => {
    const { succeededCount: count, succeededIndexes: text } = objectAt(rule);
    if (count === undefined && text === undefined) return [required(path, SUCCESS)];
    const [forCount, forIndexes] = [at(path, 'succeededCount'), at(path, 'succeededIndexes')];
    const total = Number(completions);
    const indexes = typeof text === 'string' ? parseIndexes(text, total) : { count: 0 };
    const most = (limit: number, what: string): Cause[] =>
      typeof count === 'number' && count > limit
        ? [invalidValue(forCount, count, `must be less than or equal to ${limit} (${what})`)]
        : [];
    return [
      ...('problem' in indexes
        ? [invalidValue(forIndexes, text, `error parsing succeededIndexes: ${indexes.problem}`)]
        : []),
      ...notNegative(count, forCount),
      ...(completions === undefined ? [] : most(total, 'the number of specified completions')),
      ...(typeof text === 'string'
        ? most(indexes.count, 'the number of indexes in the specified succeededIndexes field')
        : []),
    ];
  };

/** How many indexes '1,3-5' names, each below a number; what cannot be read names none. */
export function parseIndexes(text: string, below: number): { readonly count: number; readonly problem?: string } {
  if (text === '') return { count: 0 };
  let previous: number | undefined;
  let count = 0;
  for (const part of text.split(',')) {
    const [first = '', last] = part.split('-');
    const ends: number[] = [];
    for (const end of last === undefined ? [first] : [first, last]) {
      const index = /^\d+$/.test(end) ? Number(end) : undefined;
      if (index === undefined)
        return { count: 0, problem: `cannot convert string to integer for index: ${JSON.stringify(end)}` };
      if (index >= below) return { count: 0, problem: `too large index: ${JSON.stringify(end)}` };
      if (previous !== undefined && index <= previous)
        return { count: 0, problem: `non-increasing order, previous: ${previous}, current: ${index}` };
      previous = index;
      ends.push(index);
    }
    count += (ends.at(-1) ?? 0) - (ends[0] ?? 0) + 1;
  }
  return { count };
}
