// The objects of one resource: by namespace and name, in that order, and by who controls them. With many of them nobody may
// look at all to find a few.

import type { KubeObject } from '../../objects/object.ts';

export interface StoredObjects {
  get(key: string): KubeObject | undefined;
  /** Undefined takes it away. */
  put(key: string, object: KubeObject | undefined): void;
  /** Sorted by namespace and name. */
  list(namespace?: string): KubeObject[];
  /** Those that an object controls, by its uid; '' finds those that none does. Sorted as ever. */
  controlledBy(uid: string): KubeObject[];
  /** Whether one of them holds it. */
  isHeld(value: string): boolean;
  values(): Iterable<KubeObject>;
}

/** `heldBy` tells what an object holds so that no other may. */
export function createStoredObjects(heldBy?: (object: KubeObject) => readonly string[]): StoredObjects {
  const objects = new Map<string, KubeObject>();
  const controlled = new Map<string, Set<string>>();
  const held = new Map<string, number>();
  /** Made when it is first asked for. */
  let order: string[] | undefined;

  function reindex(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void {
    const [old, next] = [before && controllerOf(before), after && controllerOf(after)];
    if (old === next) return;
    if (old !== undefined) {
      const keys = controlled.get(old);
      keys?.delete(key);
      if (keys?.size === 0) controlled.delete(old);
    }
    if (next === undefined) return;
    const keys = controlled.get(next);
    if (keys) keys.add(key);
    else controlled.set(next, new Set([key]));
  }

  function hold(object: KubeObject | undefined, change: 1 | -1): void {
    if (!object || !heldBy) return;
    for (const value of heldBy(object)) {
      const count = (held.get(value) ?? 0) + change;
      if (count > 0) held.set(value, count);
      else held.delete(value);
    }
  }

  const sorted = (): readonly string[] => {
    order ??= [...objects.keys()].sort();
    return order;
  };

  return {
    get: (key) => objects.get(key),
    put: (key, object) => {
      const before = objects.get(key);
      reindex(key, before, object);
      hold(before, -1);
      hold(object, 1);
      if (object) objects.set(key, object);
      else objects.delete(key);
      if (!order || (before !== undefined) === (object !== undefined)) return;
      const index = firstFrom(order, key);
      if (object) order.splice(index, 0, key);
      else order.splice(index, 1);
    },
    list: (namespace) => {
      const keys = sorted();
      const prefix = namespace === undefined ? '' : `${namespace}/`;
      const matches: KubeObject[] = [];
      for (let index = prefix === '' ? 0 : firstFrom(keys, prefix); index < keys.length; index += 1) {
        const key = keys[index] ?? '';
        if (!key.startsWith(prefix)) break;
        const object = objects.get(key);
        if (object) matches.push(object);
      }
      return matches;
    },
    controlledBy: (uid) => [...(controlled.get(uid) ?? [])].sort().flatMap((key) => objects.get(key) ?? []),
    isHeld: (value) => held.has(value),
    values: () => objects.values(),
  };
}

const controllerOf = ({ metadata }: KubeObject): string =>
  metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '';

/** Where the first key stands that is not before this one. */
function firstFrom(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
