// What a change of an object means: which application it belongs to, whether it can matter, and what it requests.

import { textAt } from '../core/json.ts';
import { ownerApplication } from '../engine/resource/tracking.ts';
import { PAUSE_ANNOTATIONS } from '../model/pause.ts';
import { REFRESH_ANNOTATION } from '../model/refresh.ts';
import type { KubeObject } from '../objects/object.ts';
import { APPROVED_ANNOTATION } from './applications.ts';
import type { LiveState } from './ports.ts';

/** Whether a change requests an operation, a refresh, a deletion or a confirmation. */
export function isRequest(before: KubeObject, after: KubeObject): boolean {
  const asks = (object: KubeObject): string =>
    JSON.stringify([
      object['operation'] ?? null,
      object.metadata.annotations?.[REFRESH_ANNOTATION] ?? null,
      object.metadata.deletionTimestamp ?? null,
      object.metadata.annotations?.[APPROVED_ANNOTATION] ?? null,
      textAt(object, 'status', 'operationState', 'phase') === 'Terminating',
    ]);
  return asks(before) !== asks(after);
}

/** Whether the application was paused, resumed, or paused for another time. */
export function changesPause(before: KubeObject, after: KubeObject): boolean {
  const { until, reason } = PAUSE_ANNOTATIONS;
  return [until, reason].some((name) => before.metadata.annotations?.[name] !== after.metadata.annotations?.[name]);
}

/** What the tracking annotations of an object, and of what owns it, call their applications. */
export function instancesOf(object: KubeObject, live: Pick<LiveState, 'get'>, depth = 5): Set<string> {
  const instances = new Set<string>();
  const owner = ownerApplication(object);
  if (owner !== undefined) instances.add(owner);
  if (depth === 0) return instances;
  for (const reference of object.metadata.ownerReferences ?? []) {
    const group = reference.apiVersion.includes('/') ? reference.apiVersion.split('/')[0] : '';
    const parent = live.get({
      group: group ?? '',
      kind: reference.kind,
      namespace: object.metadata.namespace ?? '',
      name: reference.name,
    });
    if (parent) for (const instance of instancesOf(parent, live, depth - 1)) instances.add(instance);
  }
  return instances;
}

/** Whether a change can matter: a new resource version alone does not. */
export function differs(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  if (!before || !after) return true;
  return contentOf(before) !== contentOf(after);
}

function contentOf(object: KubeObject): string {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata;
  return JSON.stringify({ ...object, metadata });
}
