// What the Pods that are there mean for a new one: topology spread, affinity and anti-affinity, by domains of nodes.

import { isObject, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { matchesLabels, type Requirement, selectorRequirements } from '../../objects/label-selector.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { REQUIRED } from './load.ts';
import { matchesNode } from './node-match.ts';
import type { Reason, Situation } from './situation.ts';

type Choice = (pod: KubeObject) => boolean;

function podsOn({ loads }: Situation, nodes: readonly KubeObject[]): KubeObject[] {
  return nodes.flatMap((node) => [...loads.of(node.metadata.name ?? '').pods.values()]);
}

function sameDomain(nodes: readonly KubeObject[], key: string, value: string): readonly KubeObject[] {
  return nodes.filter((node) => labelsOf(node)[key] === value);
}

/** The first hard constraint that the node would break. */
export function spreadReason(pod: KubeObject, node: KubeObject, situation: Situation): Reason | undefined {
  const constraints = listAt(pod, 'spec', 'topologySpreadConstraints').filter(
    (constraint) => textAt(constraint, 'whenUnsatisfiable') !== 'ScheduleAnyway',
  );
  const text = "node(s) didn't match pod topology spread constraints";
  for (const constraint of constraints) {
    const key = textAt(constraint, 'topologyKey');
    const own = labelsOf(node)[key];
    if (own === undefined) return { text: `${text} (missing required label)`, resolvable: false };
    const eligible = situation.nodes.filter(
      (other) => labelsOf(other)[key] !== undefined && (ignoresAffinity(constraint) || matchesNode(pod, other)),
    );
    const chosen = spreadChoice(pod, constraint);
    const count = (value: string): number => podsOn(situation, sameDomain(eligible, key, value)).filter(chosen).length;
    const domains = [...new Set(eligible.map((other) => labelsOf(other)[key] ?? ''))];
    const isFew = domains.length < (numberAt(constraint, 'minDomains') ?? 1);
    const least = isFew ? 0 : Math.min(...domains.map(count));
    const skew = count(own) + (chosen(pod) ? 1 : 0) - least;
    if (skew > (numberAt(constraint, 'maxSkew') ?? 1)) return { text, resolvable: true };
  }
  return undefined;
}

const ignoresAffinity = (constraint: Json): boolean => textAt(constraint, 'nodeAffinityPolicy') === 'Ignore';

function spreadChoice(pod: KubeObject, constraint: Json): Choice {
  const selector = objectAt(constraint)['labelSelector'];
  if (!isObject(selector)) return () => false;
  const requirements = [...selectorRequirements(selector), ...ownLabels(pod, listAt(constraint, 'matchLabelKeys'))];
  return (other) =>
    other.metadata.namespace === pod.metadata.namespace &&
    !isTerminating(other) &&
    matchesLabels(requirements, labelsOf(other));
}

/** Labels that must be as the Pod's own are. */
function ownLabels(pod: KubeObject, keys: readonly Json[]): Requirement[] {
  const labels = labelsOf(pod);
  return keys.flatMap((key) => {
    const value = labels[String(key)];
    return value === undefined ? [] : [{ key: String(key), operator: 'in' as const, values: [value] }];
  });
}

/** The first of the rules between Pods that the node would break. */
export function neighbourReason(pod: KubeObject, node: KubeObject, situation: Situation): Reason | undefined {
  if (!termsOf(pod, 'podAffinity').every((term) => hasCompany(pod, term, { node, situation })))
    return { text: "node(s) didn't match pod affinity rules", resolvable: false };
  if (termsOf(pod, 'podAntiAffinity').some((term) => meets(pod, term, { node, situation })))
    return { text: "node(s) didn't match pod anti-affinity rules", resolvable: true };
  if (isShunned(pod, node, situation))
    return { text: "node(s) didn't satisfy existing pods anti-affinity rules", resolvable: true };
  return undefined;
}

const termsOf = (pod: KubeObject, field: 'podAffinity' | 'podAntiAffinity'): readonly Json[] =>
  listAt(pod, 'spec', 'affinity', field, REQUIRED);

interface Where {
  readonly node: KubeObject;
  readonly situation: Situation;
}

/** Whether a Pod that the term chooses is in the domain of the node. */
function meets(pod: KubeObject, term: Json, { node, situation }: Where): boolean {
  const key = textAt(term, 'topologyKey');
  const value = labelsOf(node)[key];
  if (value === undefined) return false;
  return podsOn(situation, sameDomain(situation.nodes, key, value)).some(termChoice(pod, term, situation));
}

/** The first of a group that wants to be together finds nobody, and may be anywhere. */
function hasCompany(pod: KubeObject, term: Json, { node, situation }: Where): boolean {
  if (labelsOf(node)[textAt(term, 'topologyKey')] === undefined) return false;
  if (meets(pod, term, { node, situation })) return true;
  const choice = termChoice(pod, term, situation);
  return choice(pod) && !podsOn(situation, situation.nodes).some(choice);
}

/** Whether a Pod that is there does not bear the new one in its domain. */
function isShunned(pod: KubeObject, node: KubeObject, situation: Situation): boolean {
  const labels = labelsOf(node);
  return situation.nodes.some((other) =>
    [...situation.loads.of(other.metadata.name ?? '').shunning].some((present) =>
      termsOf(present, 'podAntiAffinity').some((term) => {
        const key = textAt(term, 'topologyKey');
        const value = labels[key];
        return value !== undefined && labelsOf(other)[key] === value && termChoice(present, term, situation)(pod);
      }),
    ),
  );
}

/** The Pods that a term of some Pod is about. */
function termChoice(pod: KubeObject, term: Json, { namespaceLabels }: Situation): Choice {
  const selector = objectAt(term)['labelSelector'];
  if (!isObject(selector)) return () => false;
  const requirements = [...selectorRequirements(selector), ...ownLabels(pod, listAt(term, 'matchLabelKeys'))];
  const named = listAt(term, 'namespaces').map(String);
  const namespaces = objectAt(term)['namespaceSelector'];
  const own = named.length === 0 && !isObject(namespaces) ? [pod.metadata.namespace ?? ''] : named;
  const isIn = (namespace: string): boolean =>
    own.includes(namespace) ||
    (isObject(namespaces) && matchesLabels(selectorRequirements(namespaces), namespaceLabels(namespace)));
  return (other) =>
    !isTerminating(other) && isIn(other.metadata.namespace ?? '') && matchesLabels(requirements, labelsOf(other));
}
