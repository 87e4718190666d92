// What was stored at an earlier revision: what there is now, with every change since taken back.

import type { KubeObject } from '../../objects/object.ts';
import type { Store, StoredChange } from './store.ts';

/** The objects of a resource at a revision, sorted by namespace and name; undefined where that is no longer known. */
export function storedAt(
  store: Store,
  revision: number,
  { resource, namespace }: { readonly resource: string; readonly namespace: string | undefined },
): KubeObject[] | undefined {
  const changes = store.since(revision)?.filter((change) => change.resource === resource);
  if (!changes) return undefined;
  const present = store.list(resource, namespace);
  const own = namespace === undefined ? changes : changes.filter((change) => change.namespace === namespace);
  if (own.length === 0) return present;
  const objects = new Map(present.map((object) => [keyOf(object.metadata), object]));
  for (const change of own.toReversed()) takeBack(objects, change);
  return [...objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

function takeBack(objects: Map<string, KubeObject>, change: StoredChange): void {
  if (change.before) objects.set(keyOf(change), change.before);
  else objects.delete(keyOf(change));
}

const keyOf = ({ namespace = '', name = '' }: { readonly namespace?: string; readonly name?: string }): string =>
  `${namespace}/${name}`;
