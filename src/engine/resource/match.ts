import { isHook } from '../../model/manifest.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../../objects/object.ts';
import { ownerApplication } from './tracking.ts';

/** One resource as Git wants it and as the cluster has it; at least one side is there. */
export interface ResourcePair {
  readonly key: ObjectKey;
  readonly target: KubeObject | undefined;
  readonly live: KubeObject | undefined;
}

export interface Matched {
  readonly pairs: readonly ResourcePair[];
  /** Targets that are hooks, those of a deletion too, with what is left of them in the cluster. */
  readonly hooks: readonly ResourcePair[];
  /** Live objects that another application owns: sentences for SharedResourceWarning. */
  readonly shared: readonly string[];
}

export interface Owner {
  /** What the tracking annotation calls the application. */
  readonly instance: string;
  /** What a warning calls it. */
  readonly application?: string;
}

/**
 * Pairs targets with live objects by key. `live` holds what the application owns (nothing that another object owns)
 * and whatever has the key of a target.
 */
export function matchResources(
  targets: readonly KubeObject[],
  live: readonly KubeObject[],
  { instance, application = instance }: Owner,
): Matched {
  const remaining = new Map(live.map((object) => [keyText(keyOf(object)), object]));
  const pairs: ResourcePair[] = [];
  const hooks: ResourcePair[] = [];
  const shared: string[] = [];
  for (const target of targets) {
    const key = keyOf(target);
    const object = remaining.get(keyText(key));
    remaining.delete(keyText(key));
    if (isHook(target)) {
      hooks.push({ key, target, live: object });
      continue;
    }
    const owner = object ? ownerApplication(object) : undefined;
    if (owner !== undefined && owner !== instance) {
      shared.push(`${key.kind}/${key.name} is part of applications ${application} and ${owner}`);
    }
    pairs.push({ key, target, live: object });
  }
  for (const object of remaining.values()) {
    const pair = { key: keyOf(object), target: undefined, live: object };
    (isHook(object) ? hooks : pairs).push(pair);
  }
  return { pairs, hooks, shared };
}
