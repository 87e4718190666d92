// Label selectors: what they choose, and as the object that types like Deployment hold.

import { isList, isObject, type Json, listAt, objectAt, textAt } from '../core/json.ts';
import { compareText } from '../core/order.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

export function matchesLabels(requirements: readonly Requirement[], labels: Labels): boolean {
  return requirements.every((requirement) => meets(requirement, labels));
}

/** The requirements of a selector object with matchLabels and matchExpressions. */
export function selectorRequirements(selector: Json | undefined): Requirement[] {
  const equal = Object.entries(objectAt(selector, 'matchLabels')).map(
    ([key, value]): Requirement => ({ key, operator: 'in', values: [String(value)] }),
  );
  const expressions = listAt(selector, 'matchExpressions').map((expression): Requirement => {
    const values = objectAt(expression)['values'];
    return {
      key: textAt(expression, 'key'),
      operator: OPERATORS[textAt(expression, 'operator')] ?? 'exists',
      values: isList(values) ? values.map(String) : [],
    };
  });
  return [...equal, ...expressions];
}

const OPERATORS: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
};

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && values.includes(value);
    case 'notin':
      return value === undefined || !values.includes(value);
    default: {
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      const [bound = '0'] = values;
      return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
    }
  }
}

const WORDS = { in: 'in', notin: 'notin', exists: '', absent: '!', gt: '>', lt: '<' } as const;

/** A selector as text, also one of plain labels; '' for one that chooses everything. */
export function formatSelector(selector: Json | undefined): string {
  const fields = objectAt(selector);
  const isPlain = !('matchLabels' in fields) && !('matchExpressions' in fields);
  const labels = Object.entries(objectAt(isPlain ? fields : fields['matchLabels']));
  const expressions = selectorRequirements({ matchExpressions: isPlain ? [] : fields['matchExpressions'] });
  const texts = [
    ...labels.map(([key, value]) => ({ key, text: `${key}=${String(value)}` })),
    ...expressions.map((requirement) => ({ key: requirement.key, text: requirementText(requirement) })),
  ];
  return texts
    .sort((a, b) => compareText(a.key, b.key))
    .map(({ text }) => text)
    .join(',');
}

function requirementText({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key;
  if (operator === 'absent') return `!${key}`;
  return `${key} ${WORDS[operator]} (${[...values].sort().join(',')})`;
}

/** A selector as Go prints it. */
export function goSelector(selector: Json | undefined): string {
  if (!isObject(selector)) return 'nil';
  const labels = Object.entries(objectAt(selector, 'matchLabels')).map(([key, value]) => `${key}: ${String(value)},`);
  const expressions = listAt(selector, 'matchExpressions').map((one) => {
    const [key, operator] = [textAt(one, 'key'), textAt(one, 'operator')];
    const values = listAt(one, 'values').map(String).join(' ');
    return `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values}],},`;
  });
  return `&LabelSelector{MatchLabels:map[string]string{${labels.sort().join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
