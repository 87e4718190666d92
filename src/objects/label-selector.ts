// Label selectors: as text ('app=web,tier in (a,b),!old') and as the object that types like Deployment hold.

import { HawserError } from '../core/errors.ts';
import { isList, type Json, listAt, objectAt, textAt } from '../core/json.ts';
import { compareText } from '../core/order.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  readonly values: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** The requirements of a selector's text; throws `invalid` when it cannot be read. */
export function parseLabelSelector(text: string): Requirement[] {
  const requirements: Requirement[] = [];
  for (const part of splitOutside(text)) {
    const requirement = parseRequirement(part.trim());
    if (!requirement) {
      const stray = /(?:==|=|!=)\s*([=!<>])/.exec(part)?.[1];
      const why = stray === undefined ? part.trim() : `found '${stray}', expected: identifier`;
      throw new HawserError('invalid', `unable to parse requirement: ${why}`);
    }
    requirements.push(requirement);
  }
  return requirements;
}

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

function parseRequirement(text: string): Requirement | undefined {
  const absent = /^!\s*(\S+)$/.exec(text);
  if (absent) return named(absent[1], 'absent', []);
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(text);
  if (set) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return named(set[1], set[2] === 'in' ? 'in' : 'notin', values);
  }
  const order = /^([^\s<>=!]+)\s*([<>])\s*(-?\d+)$/.exec(text);
  if (order) return named(order[1], order[2] === '>' ? 'gt' : 'lt', [order[3] ?? '0']);
  const equal = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/.exec(text);
  if (equal) return named(equal[1], equal[2] === '!=' ? 'notin' : 'in', [equal[3] ?? '']);
  return named(text, 'exists', []);
}

function named(key = '', operator: Requirement['operator'], values: readonly string[]): Requirement | undefined {
  return KEY.test(key) && values.every((value) => VALUE.test(value)) ? { key, operator, values } : undefined;
}

/** Parts between commas that stand outside of brackets. */
function splitOutside(text: string): string[] {
  if (text.trim() === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
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
