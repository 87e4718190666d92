import { at, isObject, type Json, type JsonObject, listAt, numberAt, textAt } from '../../core/json.ts';
import type { HealthStatus } from '../../model/application.ts';
import type { KubeObject } from '../../objects/object.ts';

/** What is known of one object's health. */
export interface ResourceHealth {
  readonly status: HealthStatus;
  readonly message?: string;
}

/** A rule for one kind; undefined leaves the object out of the aggregate. */
export type HealthCheck = (object: KubeObject) => ResourceHealth | undefined;

/** Absent and empty messages are the same. */
export function health(status: HealthStatus, message = ''): ResourceHealth {
  return message === '' ? { status } : { status, message };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export function conditionsOf(object: unknown): Condition[] {
  return parsedConditions(listAt(object, 'status', 'conditions'));
}

export function parsedConditions(items: readonly Json[]): Condition[] {
  return items.filter(isObject).map((item: JsonObject) => ({
    type: textAt(item, 'type'),
    status: textAt(item, 'status'),
    reason: textAt(item, 'reason'),
    message: textAt(item, 'message'),
  }));
}

/** A count of the status: what is absent is 0. */
export function count(object: unknown, field: string): number {
  return numberAt(object, 'status', field) ?? 0;
}

/** The wanted replicas, undefined when the spec leaves them to the default. */
export function replicasOf(object: unknown): number | undefined {
  return numberAt(object, 'spec', 'replicas');
}

/** Whether the status speaks of an older generation than the spec. */
export function isBehind(object: KubeObject): boolean {
  return (numberAt(object, 'metadata', 'generation') ?? 0) > count(object, 'observedGeneration');
}

export function isTrue(object: unknown, ...path: readonly string[]): boolean {
  return at(object, ...path) === true;
}
