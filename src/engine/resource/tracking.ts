// Which application an object belongs to: an annotation that names the application and the object itself, so that a
// copy of the annotation on another object does not count.

import { TRACKING_ANNOTATION, trackingId } from '../../model/tracking.ts';
import { annotationsOf, type KubeObject, keyOf, type ObjectKey, withAnnotations } from '../../objects/object.ts';

export interface Tracking {
  /** The application (`instanceName`). */
  readonly instance: string;
  readonly key: ObjectKey;
}

/** What an object's tracking annotation says, undefined when it has none that can be read. */
function trackingOf(object: KubeObject): Tracking | undefined {
  const id = annotationsOf(object)[TRACKING_ANNOTATION];
  const match = id === undefined ? null : /^([^:]+):([^/:]*)\/([^:/]+):([^/:]*)\/(.+)$/.exec(id);
  if (!match) return undefined;
  const [, instance = '', group = '', kind = '', namespace = '', name = ''] = match;
  return { instance, key: { group, kind, namespace, name } };
}

/** Whether the annotation is about the object that carries it. */
function isSelfReferenced(object: KubeObject): boolean {
  const tracking = trackingOf(object);
  if (!tracking) return false;
  const own = keyOf(object);
  const { key } = tracking;
  const sameNamespace = own.namespace === '' || own.namespace === key.namespace;
  return own.group === key.group && own.kind === key.kind && own.name === key.name && sameNamespace;
}

/** The instance name of the application that a live object belongs to; undefined where there is none. */
export function ownerApplication(object: KubeObject): string | undefined {
  return isSelfReferenced(object) ? trackingOf(object)?.instance : undefined;
}

/** Custom resource definitions are never stamped: they may be shared by everything that uses them. */
export function track(object: KubeObject, instance: string, destinationNamespace: string): KubeObject {
  if (object.kind === 'CustomResourceDefinition') return object;
  const key = keyOf(object);
  const id = trackingId(instance, { ...key, namespace: key.namespace || destinationNamespace });
  return withAnnotations(object, { [TRACKING_ANNOTATION]: id });
}
