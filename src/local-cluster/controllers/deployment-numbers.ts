// The numbers of a Deployment: how many replicas it wants, how many more it may have meanwhile, how many may be missing.

import { at, type Json, numberAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../objects/object.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
export const DESIRED = 'deployment.kubernetes.io/desired-replicas';
export const MAX = 'deployment.kubernetes.io/max-replicas';

export const replicasOf = (set: KubeObject): number => numberAt(set, 'spec', 'replicas') ?? 0;
export const revisionOf = (set: KubeObject): number => Number(annotationsOf(set)[REVISION] ?? '0');
export const availableOf = (set: KubeObject): number => numberAt(set, 'status', 'availableReplicas') ?? 0;

export function total(sets: readonly KubeObject[], of: (set: KubeObject) => number): number {
  return sets.reduce((sum, set) => sum + of(set), 0);
}

export function oldestFirst(sets: readonly KubeObject[]): KubeObject[] {
  return [...sets].sort(
    (a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '') ||
      (a.metadata.name ?? '').localeCompare(b.metadata.name ?? ''),
  );
}

export const wantedOf = (deployment: KubeObject): number => numberAt(deployment, 'spec', 'replicas') ?? 1;

export const isRecreate = (deployment: KubeObject): boolean =>
  textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';

/** How many replicas it may have beyond those it wants. */
export function surge(deployment: KubeObject): number {
  return isRecreate(deployment) ? 0 : portion(deployment, 'maxSurge', Math.ceil);
}

/** How many may be missing: at least one where no other may come before. */
export function unavailable(deployment: KubeObject): number {
  const wanted = wantedOf(deployment);
  if (isRecreate(deployment) || wanted === 0) return 0;
  const most = portion(deployment, 'maxUnavailable', Math.floor);
  return Math.min(wanted, most === 0 && surge(deployment) === 0 ? 1 : most);
}

/** A number, or a percentage of the replicas. */
function portion(
  deployment: KubeObject,
  field: 'maxSurge' | 'maxUnavailable',
  round: (value: number) => number,
): number {
  const value: Json | undefined = at(deployment, 'spec', 'strategy', 'rollingUpdate', field);
  if (typeof value === 'number') return value;
  const isShare = typeof value === 'string' && value.endsWith('%');
  return isShare ? round((Number(value.slice(0, -1)) * wantedOf(deployment)) / 100) : 0;
}

/** What a ReplicaSet remembers of the Deployment's size, by which it is scaled in proportion. */
export function budgetOf(deployment: KubeObject): Record<string, string> {
  const wanted = wantedOf(deployment);
  return { [DESIRED]: String(wanted), [MAX]: String(wanted + surge(deployment)) };
}
