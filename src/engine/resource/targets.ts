// What Git says, made comparable: every object in its namespace, stamped with its application, each key once.

import { type KubeObject, keyOf, keyText } from '../../objects/object.ts';
import { track } from './tracking.ts';

/** Whether a kind lives in namespaces; undefined when the cluster does not know it. */
export type ScopeOf = (group: string, kind: string) => boolean | undefined;

export interface TargetContext {
  /** What the tracking annotation calls the application. */
  readonly instance: string;
  readonly namespace: string;
  readonly scopeOf: ScopeOf;
}

export interface Targets {
  readonly objects: readonly KubeObject[];
  /** Sentences for RepeatedResourceWarning. */
  readonly repeated: readonly string[];
}

export function prepareTargets(manifests: readonly KubeObject[], context: TargetContext): Targets {
  const byKey = new Map<string, { object: KubeObject; times: number }>();
  manifests.forEach((manifest, index) => {
    const object = track(placed(manifest, context), context.instance, context.namespace);
    const key = manifest.metadata.name ? keyText(keyOf(object)) : `${keyText(keyOf(object))}#${index}`;
    const times = (byKey.get(key)?.times ?? 0) + 1;
    byKey.delete(key);
    byKey.set(key, { object, times });
  });
  const entries = [...byKey.entries()];
  return {
    objects: entries.map(([, entry]) => entry.object),
    repeated: entries
      .filter(([, entry]) => entry.times > 1)
      .map(([key, entry]) => `Resource ${key} appeared ${entry.times} times among application resources.`),
  };
}

/** An object in the namespace that it gets: its own, the destination's, or none. */
export function placed(object: KubeObject, { namespace, scopeOf }: Omit<TargetContext, 'instance'>): KubeObject {
  const { namespace: own, ...metadata } = object.metadata;
  const namespaced = scopeOf(keyOf(object).group, object.kind) ?? true;
  if (!namespaced) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, namespace: own || namespace } };
}
