// Conditions: when one turns, its time of transition does too.

import { type JsonObject, listAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { ReconcilerClient } from './reconciler.ts';

export interface NewCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Some kinds also tell when the condition was last looked at. */
  readonly withUpdateTime?: boolean;
}

export function conditionOf(object: KubeObject, type: string): JsonObject | undefined {
  for (const condition of listAt(object, 'status', 'conditions')) {
    if (textAt(condition, 'type') === type && typeof condition === 'object')
      return { ...(isRecord(condition) ? condition : {}) };
  }
  return undefined;
}

/** The condition as it is to be written: the times of an unchanged one stay. */
export function condition(client: ReconcilerClient, object: KubeObject, next: NewCondition): JsonObject {
  const old = conditionOf(object, next.type);
  const now = client.time();
  const turned = textAt(old, 'status') !== next.status;
  const same = !turned && textAt(old, 'reason') === next.reason && textAt(old, 'message') === next.message;
  const update = next.withUpdateTime ? { lastUpdateTime: same ? textAt(old, 'lastUpdateTime') : now } : {};
  return {
    type: next.type,
    status: next.status,
    ...update,
    lastTransitionTime: turned ? now : textAt(old, 'lastTransitionTime'),
    reason: next.reason,
    message: next.message,
  };
}

/**
 * The conditions with one that was set: one of the same status and reason stays as it is, another one goes to the end, which is where
 * Deployments have what changed last.
 */
export function withCondition(
  conditions: readonly JsonObject[],
  next: NewCondition,
  { now, force = false }: { readonly now: string; readonly force?: boolean },
): readonly JsonObject[] {
  const old = conditions.find((entry) => textAt(entry, 'type') === next.type);
  const hasTurned = textAt(old, 'status') !== next.status;
  if (old && !force && !hasTurned && textAt(old, 'reason') === next.reason) return conditions;
  const { type, status, reason, message } = next;
  const lastTransitionTime = old && !hasTurned ? textAt(old, 'lastTransitionTime') : now;
  const others = withoutCondition(conditions, type);
  return [...others, { type, status, lastUpdateTime: now, lastTransitionTime, reason, message }];
}

export const withoutCondition = (conditions: readonly JsonObject[], type: string): readonly JsonObject[] =>
  conditions.filter((entry) => textAt(entry, 'type') !== type);

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
