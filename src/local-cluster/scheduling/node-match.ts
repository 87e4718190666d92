// Whether a node is one that a Pod may be on: its node selector, required affinity and tolerations.

import { isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, type Requirement } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';

const OPERATORS: Readonly<Record<string, Requirement['operator']>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
  Gt: 'gt',
  Lt: 'lt',
};

const requirementsIn = (term: Json, field: string): readonly Requirement[] =>
  listAt(term, field).map((entry) => ({
    key: textAt(entry, 'key'),
    operator: OPERATORS[textAt(entry, 'operator')] ?? 'exists',
    values: listAt(entry, 'values').map(String),
  }));

function matchesTerm(term: Json, node: KubeObject): boolean {
  const [expressions, fields] = [requirementsIn(term, 'matchExpressions'), requirementsIn(term, 'matchFields')];
  // An empty term matches nothing.
  if (expressions.length + fields.length === 0) return false;
  const own = { 'metadata.name': node.metadata.name ?? '' };
  return matchesLabels(expressions, labelsOf(node)) && matchesLabels(fields, own);
}

const affinityOf = (pod: KubeObject): Json => objectAt(pod, 'spec', 'affinity', 'nodeAffinity');

export function matchesNode(pod: KubeObject, node: KubeObject): boolean {
  const labels = labelsOf(node);
  const selector = Object.entries(objectAt(pod, 'spec', 'nodeSelector'));
  if (!selector.every(([key, value]) => labels[key] === value)) return false;
  const required = objectAt(affinityOf(pod))['requiredDuringSchedulingIgnoredDuringExecution'];
  return !isObject(required) || isWithin(required, node);
}

/** Whether a node is one of those that a node selector chooses. */
export const isWithin = (selector: Json, node: KubeObject): boolean =>
  listAt(selector, 'nodeSelectorTerms').some((term) => matchesTerm(term, node));

/** The nodes that a Pod names as the only ones for it; undefined where it leaves that open. */
export function namedNodes(pod: KubeObject): ReadonlySet<string> | undefined {
  const required = objectAt(affinityOf(pod))['requiredDuringSchedulingIgnoredDuringExecution'];
  const terms = listAt(required, 'nodeSelectorTerms').map(namesIn);
  if (terms.length === 0 || terms.some((names) => names === undefined)) return undefined;
  return new Set(terms.flatMap((names) => names ?? []));
}

function namesIn(term: Json): readonly string[] | undefined {
  const lists = requirementsIn(term, 'matchFields')
    .filter(({ key, operator }) => key === 'metadata.name' && operator === 'in')
    .map(({ values }) => values);
  const [first, ...others] = lists;
  return first?.filter((name) => others.every((names) => names.includes(name)));
}

/** The sum of the weights of the preferred terms that it matches. */
export function preferenceOf(pod: KubeObject, node: KubeObject): number {
  return listAt(affinityOf(pod), 'preferredDuringSchedulingIgnoredDuringExecution')
    .filter((entry) => matchesTerm(objectAt(entry, 'preference'), node))
    .reduce<number>((sum, entry) => sum + (numberAt(entry, 'weight') ?? 0), 0);
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

export const taintsOf = (node: KubeObject): readonly Taint[] =>
  listAt(node, 'spec', 'taints').map((taint) => ({
    key: textAt(taint, 'key'),
    value: textAt(taint, 'value'),
    effect: textAt(taint, 'effect'),
  }));

export const UNSCHEDULABLE: Taint = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' };

function tolerates(toleration: Json, taint: Taint): boolean {
  const [key, effect, operator] = ['key', 'effect', 'operator'].map((field) => textAt(toleration, field));
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  return operator === 'Exists' || (key !== '' && textAt(toleration, 'value') === taint.value);
}

export const tolerationsOf = (pod: KubeObject, taint: Taint): readonly Json[] =>
  listAt(pod, 'spec', 'tolerations').filter((toleration) => tolerates(toleration, taint));

/** The taints of some effects that a Pod does not bear. */
export function untolerated(pod: KubeObject, node: KubeObject, effects: readonly string[]): readonly Taint[] {
  return taintsOf(node).filter((taint) => effects.includes(taint.effect) && tolerationsOf(pod, taint).length === 0);
}
