// What a change of an object means: whose it is, whether it can matter, whether somebody asked for something by it.

import { ownerApplication } from '../engine/resource/tracking.ts';
import type { KubeObject } from '../objects/object.ts';
import { APPROVED_ANNOTATION, REFRESH_ANNOTATION } from './applications.ts';
import type { LiveState } from './ports.ts';

/** An operation, a refresh, a deletion or a confirmation that somebody asked for. */
export function isAskedFor(before: KubeObject, after: KubeObject): boolean {
  const asks = (object: KubeObject): string =>
    JSON.stringify([
      object['operation'] ?? null,
      object.metadata.annotations?.[REFRESH_ANNOTATION] ?? null,
      object.metadata.deletionTimestamp ?? null,
      object.metadata.annotations?.[APPROVED_ANNOTATION] ?? null,
      phaseOf(object),
    ]);
  return asks(before) !== asks(after);
}

function phaseOf(object: KubeObject): unknown {
  const status = object['status'];
  return typeof status === 'object' && status !== null && 'operationState' in status
    ? JSON.stringify(status.operationState).includes('"phase":"Terminating"')
    : false;
}

/** The applications that an object belongs to, by itself or by what owns it. */
export function ownersOf(object: KubeObject, live: Pick<LiveState, 'get'>, depth = 5): Set<string> {
  const found = new Set<string>();
  const owner = ownerApplication(object);
  if (owner !== undefined) found.add(owner);
  if (depth === 0) return found;
  for (const reference of object.metadata.ownerReferences ?? []) {
    const group = reference.apiVersion.includes('/') ? reference.apiVersion.split('/')[0] : '';
    const parent = live.get({
      group: group ?? '',
      kind: reference.kind,
      namespace: object.metadata.namespace ?? '',
      name: reference.name,
    });
    if (parent) for (const name of ownersOf(parent, live, depth - 1)) found.add(name);
  }
  return found;
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
