// How fast an autoscaler may move: recommendations are waited for in a window, steps are limited by policies.

import { at, type Json, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { NewCondition } from '../controllers/conditions.ts';

export interface Moment {
  readonly time: number;
  readonly replicas: number;
}

/** What is known of an autoscaler from before. */
export interface Past {
  /** What was recommended. */
  readonly recommended: readonly Moment[];
  /** How many replicas came (above 0) or went (below). */
  readonly scaled: readonly Moment[];
}

type Direction = 'scaleUp' | 'scaleDown';

interface Policy {
  readonly type: string;
  readonly value: number;
  readonly periodMs: number;
}

interface Rules {
  readonly windowMs: number;
  readonly select: string;
  readonly policies: readonly Policy[];
}

const DEFAULTS: Readonly<Record<Direction, Rules>> = {
  scaleUp: {
    windowMs: 0,
    select: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodMs: 15_000 },
      { type: 'Percent', value: 100, periodMs: 15_000 },
    ],
  },
  scaleDown: { windowMs: 300_000, select: 'Max', policies: [{ type: 'Percent', value: 100, periodMs: 15_000 }] },
};

function rulesOf(autoscaler: KubeObject, direction: Direction): Rules {
  const own = objectAt(autoscaler, 'spec', 'behavior', direction);
  const defaults = DEFAULTS[direction];
  const seconds = numberAt(own, 'stabilizationWindowSeconds');
  const policies = listAt(own, 'policies').map(policyOf);
  return {
    windowMs: seconds === undefined ? defaults.windowMs : seconds * 1000,
    select: textAt(own, 'selectPolicy') || defaults.select,
    policies: policies.length > 0 ? policies : defaults.policies,
  };
}

const policyOf = (policy: Json): Policy => ({
  type: textAt(policy, 'type'),
  value: numberAt(policy, 'value') ?? 0,
  periodMs: (numberAt(policy, 'periodSeconds') ?? 0) * 1000,
});

/** Without rules of its own an autoscaler takes the highest of what was recommended lately, and the bounds alone limit it. */
const hasRules = (autoscaler: KubeObject): boolean => at(autoscaler, 'spec', 'behavior') !== undefined;

/** How far back anything matters. */
export function memoryMs(autoscaler: KubeObject): number {
  const both = [rulesOf(autoscaler, 'scaleUp'), rulesOf(autoscaler, 'scaleDown')];
  return Math.max(...both.flatMap(({ windowMs, policies }) => [windowMs, ...policies.map(({ periodMs }) => periodMs)]));
}

export interface Move {
  readonly replicas: number;
  readonly able: Pick<NewCondition, 'reason' | 'message'>;
  readonly limited: Pick<NewCondition, 'status' | 'reason' | 'message'>;
}

interface Wish {
  readonly current: number;
  readonly desired: number;
  readonly now: number;
}

/** What becomes of a recommendation: held back by earlier ones, limited by policies and by the bounds. */
export function moveOf(autoscaler: KubeObject, past: Past, wish: Wish): Move {
  const { current, now } = wish;
  const [up, down] = [rulesOf(autoscaler, 'scaleUp'), rulesOf(autoscaler, 'scaleDown')];
  const within = (windowMs: number): number[] =>
    past.recommended.filter(({ time }) => time > now - windowMs).map(({ replicas }) => replicas);
  const least = Math.min(wish.desired, ...within(up.windowMs));
  const most = Math.max(wish.desired, ...within(down.windowMs));
  const stable = hasRules(autoscaler) ? Math.min(most, Math.max(least, current)) : most;
  const able = stable === wish.desired ? READY : stable > wish.desired ? HELD_DOWN : HELD_UP;
  return { able, ...limit(autoscaler, past, { ...wish, desired: stable }) };
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' } as const;
const HELD_UP = {
  reason: 'ScaleUpStabilized',
  message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
} as const;
const HELD_DOWN = {
  reason: 'ScaleDownStabilized',
  message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
} as const;

const WITHIN = {
  status: 'False',
  reason: 'DesiredWithinRange',
  message: 'the desired count is within the acceptable range',
} as const;
const limited = (reason: string, message: string): Move['limited'] => ({ status: 'True', reason, message });
const TOO_MANY = limited('TooManyReplicas', 'the desired replica count is more than the maximum replica count');
const TOO_FEW = limited('TooFewReplicas', 'the desired replica count is less than the minimum replica count');
const TOO_FAST = {
  up: limited('ScaleUpLimit', 'the desired replica count is increasing faster than the maximum scale rate'),
  down: limited('ScaleDownLimit', 'the desired replica count is decreasing faster than the maximum scale rate'),
} as const;

function limit(autoscaler: KubeObject, past: Past, { current, desired, now }: Wish): Omit<Move, 'able'> {
  const highest = numberAt(autoscaler, 'spec', 'maxReplicas') ?? current;
  const lowest = numberAt(autoscaler, 'spec', 'minReplicas') ?? 1;
  if (desired > current) {
    const rules = rulesOf(autoscaler, 'scaleUp');
    const rate = hasRules(autoscaler)
      ? Math.max(current, upTo(rules, past, { current, now }))
      : Math.max(2 * current, LEAST_STEP);
    const most = Math.min(highest, rate);
    if (desired > most) return { replicas: most, limited: highest > rate ? TOO_FAST.up : TOO_MANY };
  } else if (desired < current) {
    const rate = Math.min(current, downTo(rulesOf(autoscaler, 'scaleDown'), past, { current, now }));
    const least = Math.max(lowest, rate);
    if (desired < least) return { replicas: least, limited: lowest < rate ? TOO_FAST.down : TOO_FEW };
  }
  if (desired > highest) return { replicas: highest, limited: TOO_MANY };
  if (desired < lowest) return { replicas: lowest, limited: TOO_FEW };
  return { replicas: desired, limited: WITHIN };
}

/** Without rules of its own an autoscaler doubles, or comes to this. */
const LEAST_STEP = 4;

type Now = Pick<Wish, 'current' | 'now'>;

/** How many there were when a period began. */
function startOf({ periodMs }: Policy, { scaled }: Past, { current, now }: Now): number {
  const since = scaled.filter(({ time }) => time > now - periodMs);
  return current - since.reduce((sum, { replicas }) => sum + replicas, 0);
}

function upTo({ select, policies }: Rules, past: Past, now: Now): number {
  if (select === 'Disabled') return now.current;
  const ends = policies.map((policy) => {
    const start = startOf(policy, past, now);
    return policy.type === 'Pods' ? start + policy.value : Math.ceil((start * (100 + policy.value)) / 100);
  });
  return select === 'Min' ? Math.min(...ends) : Math.max(...ends);
}

function downTo({ select, policies }: Rules, past: Past, now: Now): number {
  if (select === 'Disabled') return now.current;
  const ends = policies.map((policy) => {
    const start = startOf(policy, past, now);
    return policy.type === 'Pods' ? start - policy.value : Math.floor((start * (100 - policy.value)) / 100);
  });
  return select === 'Min' ? Math.max(...ends) : Math.min(...ends);
}
