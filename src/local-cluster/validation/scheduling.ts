// Where a Pod may be put: affinity, tolerations, spread.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required } from '../status.ts';
import { labelNameCauses, labelProblems, labelValueProblems } from './names.ts';
import { all, at, between, fields, items, known, labelSelector, optional, type Rule, rowOf, text } from './rules.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export const toleration: Rule = (value, path) => {
  const { key, operator, value: text, effect, tolerationSeconds } = objectAt(value);
  const [hasKey, hasSeconds] = [typeof key === 'string' && key !== '', tolerationSeconds !== undefined];
  const [field, forEffect] = [at(path, 'operator'), at(path, 'effect')];
  const causes: Cause[] = hasKey ? labelNameCauses(at(path, 'key'), String(key)) : [];
  if (!hasKey && operator !== 'Exists') {
    const message = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(field, operator ?? '', message));
  }
  if (hasSeconds && effect !== 'NoExecute') {
    causes.push(invalidValue(forEffect, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  if (operator === 'Exists' && typeof text === 'string' && text !== '')
    causes.push(invalidValue(field, value, "value must be empty when `operator` is 'Exists'"));
  else causes.push(...known(['Equal', 'Exists'])(operator, field));
  if (operator === undefined || operator === '' || operator === 'Equal')
    for (const problem of labelValueProblems(String(text ?? ''))) causes.push(invalidValue(field, text, problem));
  return [...causes, ...known(EFFECTS)(effect, forEffect)];
};

const NODE_POLICIES = ['Honor', 'Ignore'];

const spread: Rule = (value, path) => {
  const { labelSelector: chosen, matchLabelKeys } = objectAt(value);
  const keys = at(path, 'matchLabelKeys');
  const own = Object.keys(objectAt(chosen, 'matchLabels')).concat(
    listAt(chosen, 'matchExpressions').map((expression) => textAt(expression, 'key')),
  );
  const without = 'must not be specified when labelSelector is not set';
  return [
    ...fields({
      maxSkew: (skew, field) =>
        Number(skew ?? 0) > 0 ? [] : [invalidValue(field, skew ?? 0, 'must be greater than zero')],
      topologyKey,
      whenUnsatisfiable: known(['DoNotSchedule', 'ScheduleAnyway']),
    })(value, path),
    ...minDomains(value, path),
    ...fields({ nodeAffinityPolicy: known(NODE_POLICIES), nodeTaintsPolicy: known(NODE_POLICIES) })(value, path),
    ...(listAt(matchLabelKeys).length > 0 && !isObject(chosen) ? [forbiddenField(keys, without)] : []),
    ...items((key, field) => [
      ...labelNameCauses(field, String(key)),
      ...(own.includes(String(key))
        ? [invalidValue(field, key, 'exists in both matchLabelKeys and labelSelector')]
        : []),
    ])(matchLabelKeys, keys),
    ...optional(labelSelector)(chosen, at(path, 'labelSelector')),
  ];
};

const topologyKey: Rule = (value, path) =>
  value ? labelNameCauses(path, String(value)) : [required(path, 'can not be empty')];

function minDomains(value: Json | undefined, path: string): Cause[] {
  const { minDomains: least, whenUnsatisfiable } = objectAt(value);
  const field = at(path, 'minDomains');
  if (typeof least !== 'number') return [];
  const only = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${String(whenUnsatisfiable)}`;
  return [
    ...(least > 0 ? [] : [invalidValue(field, least, 'must be greater than zero')]),
    ...(whenUnsatisfiable === 'DoNotSchedule' ? [] : [invalidValue(field, least, only)]),
  ];
}

/** One of each kind of topology and rule. */
export const spreads: Rule = all(items(spread), (value, path) =>
  listAt(value).flatMap((constraint, index, list) => {
    const key = (one: Json): string => `{${textAt(one, 'topologyKey')}, ${textAt(one, 'whenUnsatisfiable')}}`;
    const earlier = list.slice(0, index).some((other) => key(other) === key(constraint));
    return earlier ? [duplicate(`${path}[${index}].{topologyKey, whenUnsatisfiable}`, key(constraint))] : [];
  }),
);

/** What holds a Pod back from being scheduled. */
export const schedulingGates: Rule = (value, path) =>
  listAt(value).flatMap((gate, index, list) => {
    const name = textAt(gate, 'name');
    const earlier = list.slice(0, index).some((other) => textAt(other, 'name') === name);
    const field = `${path}[${index}]`;
    return [...labelNameCauses(field, name), ...(earlier ? [duplicate(field, name)] : [])];
  });

const OPERATORS: Readonly<Record<string, readonly [number, number, string]>> = {
  In: [1, Number.POSITIVE_INFINITY, "must be specified when `operator` is 'In' or 'NotIn'"],
  NotIn: [1, Number.POSITIVE_INFINITY, "must be specified when `operator` is 'In' or 'NotIn'"],
  Exists: [0, 0, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  DoesNotExist: [0, 0, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
  Gt: [1, 1, "must be specified single value when `operator` is 'Lt' or 'Gt'"],
  Lt: [1, 1, "must be specified single value when `operator` is 'Lt' or 'Gt'"],
};

const nodeRequirement: Rule = (value, path) => {
  const operator = textAt(value, 'operator');
  const count = listAt(value, 'values').length;
  const rule = rowOf(OPERATORS, operator);
  const field = at(path, 'values');
  const [least = 0, most = 0, message = ''] = rule ?? [];
  const wrong = (): Cause[] => {
    if (count >= least && count <= most) return [];
    return [most === 0 ? forbiddenField(field, message) : required(field, message)];
  };
  return [
    ...(rule ? wrong() : [invalidValue(at(path, 'operator'), operator, 'not a valid selector operator')]),
    ...labelNameCauses(at(path, 'key'), textAt(value, 'key')),
  ];
};

const nodeField: Rule = (value, path) => {
  const { key, operator } = objectAt(value);
  const count = listAt(value, 'values').length;
  const causes: Cause[] = [];
  if (operator !== 'In' && operator !== 'NotIn')
    return [invalidValue(at(path, 'operator'), operator ?? '', 'not a valid selector operator')];
  if (count !== 1)
    causes.push(
      required(at(path, 'values'), "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
    );
  if (key !== 'metadata.name') causes.push(invalidValue(at(path, 'key'), key ?? '', 'not a valid field selector key'));
  return causes;
};

const nodeTerm: Rule = fields({ matchExpressions: items(nodeRequirement), matchFields: items(nodeField) });

/** A choice of nodes, which volumes make too. */
export const nodeSelector: Rule = fields({
  nodeSelectorTerms: (value, path) =>
    listAt(value).length === 0
      ? [required(path, 'must have at least one node selector term')]
      : items(nodeTerm)(value, path),
});

const weight: Rule = (value, path) => between(1, 100)(value ?? 0, path);

const podTerm: Rule = fields({
  labelSelector: optional(labelSelector),
  namespaceSelector: optional(labelSelector),
  namespaces: items(text(labelProblems)),
  topologyKey,
});

const podAffinity: Rule = fields({
  requiredDuringSchedulingIgnoredDuringExecution: items(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, podAffinityTerm: podTerm })),
});

export const affinity: Rule = fields({
  nodeAffinity: optional(
    fields({
      requiredDuringSchedulingIgnoredDuringExecution: optional(nodeSelector),
      preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, preference: nodeTerm })),
    }),
  ),
  podAffinity: optional(podAffinity),
  podAntiAffinity: optional(podAffinity),
});
