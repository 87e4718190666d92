// How a custom kind comes alive: which status is written after how long, and which objects are made for it.

import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Reconciler, ReconcilerClient } from '../controllers/reconciler.ts';

export interface Simulation {
  readonly group: string;
  readonly kind: string;
  /** Milliseconds from a change of the object to its status. */
  readonly after: number;
  /** The status until then, and as long as something is missing; absent: none. */
  before?(object: KubeObject): JsonObject;
  /** What is missing for it to become well, if anything: looked for again and again. */
  missing?(object: KubeObject, client: ReconcilerClient): string | undefined;
  /** Makes or brings up to date what belongs to it. */
  make?(object: KubeObject, client: ReconcilerClient): Promise<void>;
  /** The storage of what it makes and watches. */
  readonly owns?: string;
  status(object: KubeObject, client: ReconcilerClient): JsonObject;
}

/** Runs a controller until the cluster stops. */
export type RunReconciler = (reconciler: Reconciler) => Promise<void>;

export const generationOf = ({ metadata }: KubeObject): number => metadata.generation ?? 1;

/** A condition without its time: that is filled in when it is written, and stays while the condition does. */
export function bareCondition(
  type: string,
  reason: string,
  message = '',
  status: 'True' | 'False' | 'Unknown' = 'True',
): JsonObject {
  return { type, status, ...(reason === '' ? {} : { reason }), ...(message === '' ? {} : { message }) };
}

/** The status as it is written: conditions have the time at which they turned. */
export function withTimes(status: JsonObject, old: unknown, time: string): JsonObject {
  const before = objectAt(old);
  const entries = Object.entries(status).flatMap(([key, value]): [string, Json][] =>
    value === undefined ? [] : [[key, timed(key, value, { old: before[key], time })]],
  );
  return Object.fromEntries(entries);
}

interface Before {
  readonly old: Json | undefined;
  readonly time: string;
}

function timed(key: string, value: Json, { old, time }: Before): Json {
  if (Array.isArray(value)) {
    return value.map((entry: Json, index): Json => {
      if (!isObject(entry)) return entry;
      const before =
        key === 'conditions'
          ? listAt(old).find((one) => textAt(one, 'type') === textAt(entry, 'type'))
          : listAt(old)[index];
      return key === 'conditions' ? withTurn(entry, before, time) : withTimes(entry, before, time);
    });
  }
  return isObject(value) ? withTimes(value, old, time) : value;
}

function withTurn(condition: JsonObject, before: Json | undefined, time: string): JsonObject {
  const { status, lastTransitionTime } = condition;
  if (lastTransitionTime !== undefined) return condition;
  const told = textAt(before, 'lastTransitionTime');
  const hasTurned = told === '' || textAt(before, 'status') !== status;
  return { ...condition, lastTransitionTime: hasTurned ? time : told };
}
