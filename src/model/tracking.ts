import type { ObjectKey } from '../objects/object.ts';

/** Names the application that an object belongs to. */
export const TRACKING_ANNOTATION = 'argocd.argoproj.io/tracking-id';

/** `<instance>:<group>/<kind>:<namespace>/<name>`; for what is in no namespace, the namespace is the destination's. */
export function trackingId(instance: string, { group, kind, namespace, name }: ObjectKey): string {
  return `${instance}:${group}/${kind}:${namespace}/${name}`;
}
