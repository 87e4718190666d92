// How many replicas each ReplicaSet of a Deployment has: when the Deployment is scaled, and while a rollout moves them.

import { objectAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, withAnnotations } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofDeployment } from '../events/tell.ts';
import {
  availableOf,
  budgetOf,
  DESIRED,
  isRecreate,
  MAX,
  oldestFirst,
  replicasOf,
  surge,
  total,
  unavailable,
  wantedOf,
} from './deployment-numbers.ts';
import { replicasOfNew, SETS } from './deployment-set.ts';
import type { Sets } from './deployment-status.ts';
import type { ReconcilerClient } from './reconciler.ts';

const isActive = (set: KubeObject): boolean => replicasOf(set) > 0;

/** Whether the Deployment's size is another than its sets know. */
export function isScaled(deployment: KubeObject, sets: readonly KubeObject[]): boolean {
  const wanted = String(wantedOf(deployment));
  return sets.some((set) => isActive(set) && (annotationsOf(set)[DESIRED] ?? wanted) !== wanted);
}

/** Gives a set so many replicas; true when something was written. A set that keeps its size is not told of a new one. */
export async function scaleSet(client: ReconcilerClient, deployment: KubeObject, change: Change): Promise<boolean> {
  return change.to === replicasOf(change.set) ? false : resize(client, deployment, change);
}

interface Change {
  readonly set: KubeObject;
  readonly to: number;
}

/** Writes a size down, and the one of the Deployment that it was worked out from; true when something was written. */
async function resize(client: ReconcilerClient, deployment: KubeObject, { set, to }: Change): Promise<boolean> {
  const from = replicasOf(set);
  const budget = budgetOf(deployment);
  const isKnown = Object.entries(budget).every(([name, value]) => annotationsOf(set)[name] === value);
  if (from === to && isKnown) return false;
  const scaled = from === to ? set : { ...set, spec: { ...objectAt(set, 'spec'), replicas: to } };
  await client.update(SETS, set, withAnnotations(scaled, budget));
  if (from !== to) recordEvent(client, deployment, ofDeployment.scaled(set.metadata.name ?? '', from, to));
  return true;
}

/**
 * The size of the Deployment is that of its only active set; while there are several, each gets its share. True when something was
 * written.
 */
export async function spread(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old }: Sets,
): Promise<boolean> {
  const resizeAll = async (sets: readonly KubeObject[], sizeOf: (set: KubeObject) => number): Promise<boolean> =>
    (await Promise.all(sets.map((set) => resize(client, deployment, { set, to: sizeOf(set) })))).some(Boolean);
  const active = [...(current ? [current] : []), ...old].filter(isActive);
  if (active.length <= 1) {
    const only = active[0] ?? current ?? oldestFirst(old).at(-1);
    return only ? scaleSet(client, deployment, { set: only, to: wantedOf(deployment) }) : false;
  }
  if (current && isSaturated(deployment, current)) return resizeAll(old.filter(isActive), () => 0);
  if (isRecreate(deployment)) return false;
  const shares = sharesOf(deployment, active);
  return resizeAll(active, (set) => shares.get(set) ?? 0);
}

const isSaturated = (deployment: KubeObject, set: KubeObject): boolean =>
  replicasOf(set) === wantedOf(deployment) &&
  annotationsOf(set)[DESIRED] === String(wantedOf(deployment)) &&
  availableOf(set) === wantedOf(deployment);

function sharesOf(deployment: KubeObject, active: readonly KubeObject[]): Map<KubeObject, number> {
  const wanted = wantedOf(deployment);
  const most = wanted > 0 ? wanted + surge(deployment) : 0;
  const more = most - total(active, replicasOf);
  const byAge = more > 0 ? oldestFirst(active).toReversed() : oldestFirst(active);
  const biggestFirst = byAge.sort((a, b) => replicasOf(b) - replicasOf(a));
  const shares = new Map<KubeObject, number>();
  let given = 0;
  for (const set of biggestFirst) {
    const part = wanted === 0 ? -replicasOf(set) : fractionOf(deployment, set);
    const rest = more - given;
    const share = more > 0 ? Math.min(part, rest) : Math.max(part, rest);
    const change = more === 0 || rest === 0 ? 0 : share;
    shares.set(set, replicasOf(set) + change);
    given += change;
  }
  const [first] = biggestFirst;
  if (first) shares.set(first, Math.max(0, (shares.get(first) ?? 0) + more - given));
  return shares;
}

function fractionOf(deployment: KubeObject, set: KubeObject): number {
  const most = Number(annotationsOf(set)[MAX] ?? '0') || wantedOf(deployment);
  return Math.round((replicasOf(set) * (wantedOf(deployment) + surge(deployment))) / most) - replicasOf(set);
}

/** Moves replicas one step to the new set; true when something was written. */
export async function roll(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old }: { readonly current: KubeObject; readonly old: readonly KubeObject[] },
): Promise<boolean> {
  const wanted = wantedOf(deployment);
  const to = replicasOf(current) > wanted ? wanted : replicasOfNew(deployment, current, old);
  if (to !== replicasOf(current)) return scaleSet(client, deployment, { set: current, to });
  return shrinkOld(client, deployment, { current, old });
}

/** Replicas that never got available go first; then as many as are not needed for what has to be available. */
async function shrinkOld(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old }: { readonly current: KubeObject; readonly old: readonly KubeObject[] },
): Promise<boolean> {
  const least = wantedOf(deployment) - unavailable(deployment);
  const sets = oldestFirst(old).filter(isActive);
  const sizes = new Map(sets.map((set) => [set, replicasOf(set)]));
  let spare = total([current, ...sets], replicasOf) - least - (replicasOf(current) - availableOf(current));
  if (sets.length === 0 || spare <= 0) return false;
  for (const set of sets) {
    const broken = Math.min(spare, replicasOf(set) - availableOf(set));
    if (broken <= 0) continue;
    sizes.set(set, replicasOf(set) - broken);
    spare -= broken;
  }
  let idle = total([current, ...old], availableOf) - least;
  for (const set of sets) {
    if (idle <= 0) break;
    const size = sizes.get(set) ?? 0;
    const less = Math.min(size, idle);
    sizes.set(set, size - less);
    idle -= less;
  }
  const changes = sets.map((set) => ({ set, to: sizes.get(set) ?? 0 })).filter(({ set, to }) => to !== replicasOf(set));
  for (const change of changes) await scaleSet(client, deployment, change);
  return changes.length > 0;
}
