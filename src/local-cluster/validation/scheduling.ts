// Where a Pod may be put: affinity, tolerations, spread.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { labelValueProblems } from '../../objects/label-names.ts';
import { type Cause, duplicate, forbiddenField, invalidValue, required, unsupported } from '../status.ts';
import { labelNameCauses, labelProblems, subdomainProblems } from './names.ts';
import { at, fields, items, known, labelSelector, optional, type Rule, rowOf, text, word } from './rules.ts';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const EQUAL = ['', 'Equal'];
const COMPARING = ['Lt', 'Gt'];

export const toleration: Rule = (value, path) => {
  const { tolerationSeconds } = objectAt(value);
  const [key, operator] = [textAt(value, 'key'), textAt(value, 'operator')];
  const [given, effect] = [textAt(value, 'value'), textAt(value, 'effect')];
  const [field, forEffect] = [at(path, 'operator'), at(path, 'effect')];
  const causes: Cause[] = key === '' ? [] : labelNameCauses(at(path, 'key'), key);
  if (key === '' && operator !== 'Exists') {
    const message = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    causes.push(invalidValue(field, operator, message));
  }
  if (typeof tolerationSeconds === 'number' && effect !== 'NoExecute')
    causes.push(invalidValue(forEffect, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (EQUAL.includes(operator))
    for (const problem of labelValueProblems(given)) causes.push(invalidValue(field, given, problem));
  else if (operator === 'Exists' && given !== '')
    causes.push(invalidValue(field, given, "value must be empty when `operator` is 'Exists'"));
  // The comparing ones are known, and not enabled.
  else if (operator !== 'Exists')
    causes.push(unsupported(field, operator, ['Equal', 'Exists', ...(COMPARING.includes(operator) ? COMPARING : [])]));
  return [...causes, ...known(EFFECTS)(effect, forEffect)];
};

const nodePolicy: Rule = optional(word(['Honor', 'Ignore']));

const WITHOUT_SELECTOR = 'must not be specified when labelSelector is not set';

/** Keys of labels whose values the Pod's own labels give; there has to be a selector for them to add to. */
const labelKeys =
  (selector: Json | undefined): Rule =>
  (value, path) => {
    const keys = listAt(value);
    if (keys.length > 0 && !isObject(selector)) return [forbiddenField(path, WITHOUT_SELECTOR)];
    return keys.flatMap((key, index) => labelNameCauses(`${path}[${index}]`, String(key)));
  };

/** The selector as it was written: the requirements that the Pod's labels added stand at its end. */
function writtenKeys(selector: Json | undefined, keys: readonly Json[]): { own: string[]; added: string[] } {
  const expressions = [...listAt(selector, 'matchExpressions')];
  const added: string[] = [];
  for (const key of keys.toReversed()) {
    const last = expressions.at(-1);
    if (textAt(last, 'key') !== key || textAt(last, 'operator') !== 'In') continue;
    expressions.pop();
    added.unshift(String(key));
  }
  const own = [
    ...Object.keys(objectAt(selector, 'matchLabels')),
    ...expressions.map((expression) => textAt(expression, 'key')),
  ];
  return { own, added };
}

/** A key whose requirement was added to the selector is not in it already. */
const addedOnce =
  (selector: Json | undefined): Rule =>
  (value, path) => {
    const keys = listAt(value);
    const { own, added } = writtenKeys(selector, keys);
    const message = 'exists in both matchLabelKeys and labelSelector';
    return keys.flatMap((key, index) => {
      const isTwice = own.includes(String(key)) || keys.slice(0, index).includes(key);
      return isTwice && added.includes(String(key)) ? [invalidValue(`${path}[${index}]`, key, message)] : [];
    });
  };

const topologyKey: Rule = (value, path) => (value ? [] : [required(path, 'can not be empty')]);

const spread: Rule = fields({
  maxSkew: (skew, field) =>
    Number(skew ?? 0) > 0 ? [] : [invalidValue(field, skew ?? 0, 'must be greater than zero')],
  topologyKey,
  whenUnsatisfiable: word(['DoNotSchedule', 'ScheduleAnyway']),
});

/** What is said of a spread after it was compared with the others. */
const spreadDetails: Rule = (value, path) => {
  const { labelSelector: chosen, matchLabelKeys } = objectAt(value);
  return [
    ...minDomains(value, path),
    ...fields({ nodeAffinityPolicy: nodePolicy, nodeTaintsPolicy: nodePolicy })(value, path),
    ...labelKeys(chosen)(matchLabelKeys, at(path, 'matchLabelKeys')),
    ...addedOnce(chosen)(matchLabelKeys, path),
    ...optional(labelSelector)(chosen, at(path, 'labelSelector')),
  ];
};

function minDomains(value: Json | undefined, path: string): Cause[] {
  const { minDomains: least, whenUnsatisfiable } = objectAt(value);
  const field = at(path, 'minDomains');
  if (typeof least !== 'number') return [];
  const only = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${String(whenUnsatisfiable ?? '')}`;
  return [
    ...(least > 0 ? [] : [invalidValue(field, least, 'must be greater than zero')]),
    ...(whenUnsatisfiable === 'DoNotSchedule' ? [] : [invalidValue(field, least, only)]),
  ];
}

/** One of each kind of topology and rule. */
export const spreads: Rule = (value, path) =>
  listAt(value).flatMap((constraint, index, list) => {
    const key = (one: Json): string => `{${textAt(one, 'topologyKey')}, ${textAt(one, 'whenUnsatisfiable')}}`;
    const isTwice = list.slice(index + 1).some((other) => key(other) === key(constraint));
    const field = `${path}[${index}]`;
    return [
      ...spread(constraint, field),
      ...(isTwice ? [duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, key(constraint))] : []),
      ...spreadDetails(constraint, field),
    ];
  });

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

const nodeRequirement: Rule = (value, path) => [...requirement(value, path), ...requirementValues(value, path)];

const requirementValues: Rule = (value, path) =>
  listAt(value, 'values').flatMap((one, index) => text(labelValueProblems)(one, `${path}.values[${index}]`));

const requirement: Rule = (value, path) => {
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
  const [key, operator] = [textAt(value, 'key'), textAt(value, 'operator')];
  const values = listAt(value, 'values');
  const one = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  return [
    ...(operator !== 'In' && operator !== 'NotIn'
      ? [invalidValue(at(path, 'operator'), operator, 'not a valid selector operator')]
      : values.length === 1
        ? []
        : [required(at(path, 'values'), one)]),
    ...(key === 'metadata.name'
      ? values.flatMap((given, index) =>
          subdomainProblems(String(given)).map((problem) => invalidValue(`${path}.values[${index}]`, given, problem)),
        )
      : [invalidValue(at(path, 'key'), key, 'not a valid field selector key')]),
  ];
};

const nodeTerm: Rule = fields({ matchExpressions: items(nodeRequirement), matchFields: items(nodeField) });
/** What nodes are better says nothing of the values of labels. */
const preference: Rule = fields({ matchExpressions: items(requirement), matchFields: items(nodeField) });

/** A choice of nodes, which volumes make too. */
export const nodeSelector: Rule = fields({
  nodeSelectorTerms: (value, path) =>
    listAt(value).length === 0
      ? [required(path, 'must have at least one node selector term')]
      : items(nodeTerm)(value, path),
});

const weight: Rule = (value, path) =>
  Number(value ?? 0) >= 1 && Number(value) <= 100 ? [] : [invalidValue(path, value ?? 0, 'must be in the range 1-100')];

const BOTH_KEYS = 'exists in both matchLabelKeys and mismatchLabelKeys';

/** Namespaces are told of by one name, without their place. */
const podTerm: Rule = (value, path) => {
  const { labelSelector: chosen, namespaces, matchLabelKeys, mismatchLabelKeys } = objectAt(value);
  const topology = textAt(value, 'topologyKey');
  const others = listAt(mismatchLabelKeys);
  return [
    ...fields({ labelSelector: optional(labelSelector), namespaceSelector: optional(labelSelector) })(value, path),
    ...listAt(namespaces).flatMap((name) =>
      labelProblems(String(name)).map((problem) => invalidValue(at(path, 'namespace'), name, problem)),
    ),
    ...labelKeys(chosen)(matchLabelKeys, at(path, 'matchLabelKeys')),
    ...labelKeys(chosen)(mismatchLabelKeys, at(path, 'mismatchLabelKeys')),
    ...listAt(matchLabelKeys).flatMap((key, index) =>
      others.includes(key) ? [invalidValue(at(path, `matchLabelKeys[${index}]`), key, BOTH_KEYS)] : [],
    ),
    ...addedOnce(chosen)(matchLabelKeys, path),
    ...(topology === '' ? [required(at(path, 'topologyKey'), 'can not be empty')] : []),
    ...labelNameCauses(at(path, 'topologyKey'), topology),
  ];
};

const podAffinity: Rule = fields({
  requiredDuringSchedulingIgnoredDuringExecution: items(podTerm),
  preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, podAffinityTerm: podTerm })),
});

export const affinity: Rule = fields({
  nodeAffinity: optional(
    fields({
      requiredDuringSchedulingIgnoredDuringExecution: optional(nodeSelector),
      preferredDuringSchedulingIgnoredDuringExecution: items(fields({ weight, preference })),
    }),
  ),
  podAffinity: optional(podAffinity),
  podAntiAffinity: optional(podAffinity),
});
