// Faults that meet an object on its way into the store: it is refused, or held by a finalizer that nobody takes away.

import type { KubeObject } from '../../objects/object.ts';
import { faultNamed, faultsOf } from '../faults/of.ts';
import type { Kind } from '../kinds.ts';
import { isTerminating } from '../object-meta.ts';
import { ApiError } from '../status.ts';

const FINALIZER = 'hawser.dev/stuck';

/** The object as it may be stored; throws when it asks to be refused. */
export function admitFaults(kind: Kind, object: KubeObject): KubeObject {
  const faults = faultsOf(object);
  const refusal = faultNamed(faults, 'refuse');
  if (refusal && !isTerminating(object)) throw refused(kind, object, refusal.texts['message'] ?? '');
  const { finalizers = [], ...metadata } = object.metadata;
  const isStuck = faultNamed(faults, 'stuck') !== undefined;
  if (isStuck === finalizers.includes(FINALIZER)) return object;
  if (isStuck) return { ...object, metadata: { ...metadata, finalizers: [...finalizers, FINALIZER] } };
  const others = finalizers.filter((name) => name !== FINALIZER);
  return { ...object, metadata: others.length > 0 ? { ...metadata, finalizers: others } : metadata };
}

/** As the API tells the no of a webhook. */
function refused(kind: Kind, object: KubeObject, message: string): ApiError {
  return new ApiError(403, 'Forbidden', {
    message: `admission webhook "fault.hawser.dev" denied the request: ${message}`,
    details: {
      ...(object.metadata.name === undefined ? {} : { name: object.metadata.name }),
      ...(kind.group === '' ? {} : { group: kind.group }),
      kind: kind.plural,
    },
  });
}
