// Room by force: the node where the least important Pods have to go for a Pod of a higher priority.

import { objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { refusals } from './filters.ts';
import { createLoads, type Loads, priorityOf } from './load.ts';
import type { Reason, Situation } from './situation.ts';

export interface Budget {
  guards(pod: KubeObject): boolean;
  /** How many of its Pods may go now. */
  readonly allowed: number;
}

export interface Preemption {
  readonly node: KubeObject;
  readonly victims: readonly KubeObject[];
}

/** Why a Pod may not push others away at all. */
export function ineligible(pod: KubeObject, { loads }: Situation): string | undefined {
  if (textAt(pod, 'spec', 'preemptionPolicy') === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = textAt(pod, 'status', 'nominatedNodeName');
  const isGoing = [...loads.of(nominated).pods.values()].some(
    (other) => isTerminating(other) && priorityOf(other) < priorityOf(pod),
  );
  return isGoing ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

/** The best of the nodes where it would help that others go; or why it helps on none of the candidates. */
export function preemptionFor(
  pod: KubeObject,
  situation: Situation,
  { candidates, budgets }: { readonly candidates: readonly KubeObject[]; readonly budgets: readonly Budget[] },
): Preemption | readonly string[] {
  const all = candidates.map((node) => victimsOn(pod, node, { situation, budgets }));
  const [best] = all.filter(isChoice).sort((a, b) => compare(costOf(a), costOf(b)));
  return best ?? all.flatMap((one) => (isChoice(one) ? [] : one));
}

interface Choice extends Preemption {
  /** How many of them a budget would have kept. */
  readonly violations: number;
}

const isChoice = (one: Choice | readonly string[]): one is Choice => 'victims' in one;

function victimsOn(
  pod: KubeObject,
  node: KubeObject,
  { situation, budgets }: { readonly situation: Situation; readonly budgets: readonly Budget[] },
): Choice | readonly string[] {
  const name = node.metadata.name ?? '';
  const { priorities } = situation.loads.of(name);
  if (![...priorities.keys()].some((priority) => priority < priorityOf(pod)))
    return ['No preemption victims found for incoming pod'];
  const trial = createLoads([...situation.loads.of(name).pods.values()]);
  const obstacles = (): readonly Reason[] =>
    refusals(pod, node, { ...situation, loads: withTrial(situation.loads, name, trial) });
  const lower = [...trial.of(name).pods.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  for (const other of lower) trial.remove(other.metadata.uid ?? '');
  const left = obstacles();
  if (left.length > 0) return left.map(({ text }) => text);
  const { violating, others } = byBudget(lower.sort(importantFirst), budgets);
  const stays = (other: KubeObject): boolean => {
    trial.put(other);
    if (obstacles().length === 0) return true;
    trial.remove(other.metadata.uid ?? '');
    return false;
  };
  // Those that a budget keeps are spared first.
  const violated = violating.filter((other) => !stays(other));
  return { node, victims: [...violated, ...others.filter((other) => !stays(other))], violations: violated.length };
}

/** Loads as they are, but for one node. */
const withTrial = (loads: Loads, node: string, trial: Loads): Situation['loads'] => ({
  ...loads,
  of: (name) => (name === node ? trial : loads).of(name),
});

/** Of each budget so many Pods may go as it allows; what goes beyond that violates it. */
function byBudget(
  pods: readonly KubeObject[],
  budgets: readonly Budget[],
): { readonly violating: readonly KubeObject[]; readonly others: readonly KubeObject[] } {
  const left = new Map(budgets.map((budget) => [budget, budget.allowed]));
  const isViolating = (pod: KubeObject): boolean => {
    const guarding = budgets.filter((budget) => budget.guards(pod));
    for (const budget of guarding) left.set(budget, (left.get(budget) ?? 0) - 1);
    return guarding.some((budget) => (left.get(budget) ?? 0) < 0);
  };
  const violating = pods.filter(isViolating);
  return { violating, others: pods.filter((pod) => !violating.includes(pod)) };
}

const startOf = (pod: KubeObject): number => Date.parse(textAt(pod, 'status', 'startTime')) || 0;

const importantFirst = (a: KubeObject, b: KubeObject): number =>
  priorityOf(b) - priorityOf(a) || startOf(a) - startOf(b);

/** The lower, the better. */
function costOf({ victims, violations }: Choice): readonly number[] {
  const priorities = victims.map(priorityOf);
  const highest = Math.max(...priorities);
  const oldest = Math.min(...victims.filter((pod) => priorityOf(pod) === highest).map(startOf));
  const sum = priorities.reduce((total, priority) => total + priority + 2 ** 31, 0);
  return [violations, highest, sum, victims.length, -oldest];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, position) => value !== b[position]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** What runs, and what is promised to Pods that are not less important: they count as if they were there. */
export function withPromised(loads: Loads, pod: KubeObject, promised: Iterable<KubeObject>): Loads {
  const others = [...promised].filter(
    (other) => other.metadata.uid !== pod.metadata.uid && priorityOf(other) >= priorityOf(pod),
  );
  if (others.length === 0) return loads;
  const changed = new Map<string, Loads>();
  for (const other of others) {
    const node = textAt(other, 'status', 'nominatedNodeName');
    const there = changed.get(node) ?? createLoads([...loads.of(node).pods.values()]);
    changed.set(node, there);
    there.put({ ...other, spec: { ...objectAt(other, 'spec'), nodeName: node } });
  }
  return { ...loads, of: (name) => (changed.get(name) ?? loads).of(name) };
}
