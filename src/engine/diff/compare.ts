// Whether a live object is what Git says, and what an apply would make of it.

import { sameJson } from '../../core/json.ts';
import { canonicalObject } from '../../objects/canonical.ts';
import { applyDefaults } from '../../objects/defaults/defaults.ts';
import { draftOf } from '../../objects/draft.ts';
import { groupOf, isKubeObject, type KubeObject } from '../../objects/object.ts';
import { fillDefaults } from '../../objects/structural.ts';
import { type IgnoreRules, withoutIgnored, withoutStatus } from './ignore.ts';
import type { KindTypes } from './kind-types.ts';
import { withoutClusterFields } from './normalise.ts';
import { predictApply, predictServerSideApply } from './predict.ts';

export interface CompareRules {
  readonly types: KindTypes;
  readonly ignore: IgnoreRules;
  /** Git is applied by the server: what was applied before is known by its managed fields. */
  readonly serverSide: boolean;
}

export interface Comparison {
  readonly modified: boolean;
  /** The live state in the form that is compared; undefined when there is none. */
  readonly normalizedLive: KubeObject | undefined;
  /** The live state after an apply, in the same form; undefined when the target is gone. */
  readonly predictedLive: KubeObject | undefined;
}

/** A missing live object is always modified; a missing target never is (it may need pruning, which is another question). */
export async function compareStates(
  target: KubeObject | undefined,
  live: KubeObject | undefined,
  rules: CompareRules,
): Promise<Comparison> {
  if (!live) {
    if (!target) return { modified: false, normalizedLive: undefined, predictedLive: undefined };
    const [predictedLive] = await comparable([target], target, rules);
    return { modified: true, normalizedLive: undefined, predictedLive };
  }
  if (!target) {
    const [normalizedLive] = await comparable([live], live, rules);
    return { modified: false, normalizedLive, predictedLive: undefined };
  }
  const predict = rules.serverSide ? predictServerSideApply : predictApply;
  const states = await comparable([live, predict(live, target, rules.types)], live, rules);
  const [normalizedLive, predictedLive] = states.map((state) => withDefaults(state, rules.types));
  return { modified: !sameJson(normalizedLive, predictedLive), normalizedLive, predictedLive };
}

/** The difference between a live object and what the cluster says that it is to become. */
export async function compareLive(
  live: KubeObject,
  predicted: KubeObject,
  rules: Omit<CompareRules, 'serverSide'>,
): Promise<Comparison> {
  const [normalizedLive, predictedLive] = await comparable([live, predicted], live, rules);
  return { modified: !sameJson(normalizedLive, predictedLive), normalizedLive, predictedLive };
}

/** States of one object in the form in which they are equal when they mean the same; `live` tells who owns which field. */
async function comparable(
  states: readonly KubeObject[],
  live: KubeObject,
  { types, ignore }: Omit<CompareRules, 'serverSide'>,
): Promise<readonly KubeObject[]> {
  const formOf = (state: KubeObject): KubeObject => asObject(canonicalObject(state, types.reading(state)), state);
  const forms = states.map((state) => formOf(withoutStatus(withoutClusterFields(state), ignore)));
  const remaining = await withoutIgnored(forms, live, ignore);
  const [first, second] = remaining;
  if (second !== undefined && sameJson(first, second)) return remaining;
  // What is ignored may leave something empty behind, on one side alone.
  return remaining.map((state, index) => (state === forms[index] ? state : formOf(state)));
}

/** With what an API server would fill in: a default that Git leaves out, or spells out, is no difference. */
function withDefaults(state: KubeObject, types: KindTypes): KubeObject {
  const filled = draftOf(state);
  const custom = types.defaulting(state);
  if (custom) fillDefaults(filled, custom);
  else applyDefaults(groupOf(state.apiVersion), state.kind, filled);
  return asObject(filled, state);
}

function asObject(form: unknown, otherwise: KubeObject): KubeObject {
  return isKubeObject(form) ? form : otherwise;
}
