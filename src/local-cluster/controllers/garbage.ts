// Garbage collection: what has lost all its owners goes; foreground and orphan deletions are carried out.

import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { createWorld, isGoing, type World } from './world.ts';

interface Stored {
  readonly resource: string;
  readonly object: KubeObject;
}

/** Sweeps after every change that may have left something behind, until the signal fires. */
export async function collectGarbage(api: Api, signal: AbortSignal): Promise<void> {
  const world = createWorld(api, 'garbage-collector');
  let dirty = true;
  let wake: () => void = () => undefined;
  const unsubscribe = api.store.subscribe((change) => {
    const { object } = change;
    const { before } = change;
    const owned = (of: typeof object): boolean => (of?.metadata.ownerReferences ?? []).length > 0;
    if (object && !isGoing(object) && !owned(object) && !owned(before)) return;
    dirty = true;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      if (dirty) {
        dirty = false;
        // A refused write leaves the object where it is: the next change tries again.
        await sweep(world).catch(() => undefined);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unsubscribe();
  }
}

async function sweep(world: World): Promise<void> {
  const owners = new Map<string, Stored>();
  const dependents = new Map<string, Stored[]>();
  for (const { resource, object } of world.api.store.all()) {
    owners.set(object.metadata.uid ?? '', { resource, object });
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = dependents.get(uid);
      if (known) known.push({ resource, object });
      else dependents.set(uid, [{ resource, object }]);
    }
  }
  const tasks: Promise<void>[] = [];
  for (const [uid, owned] of dependents) {
    const owner = owners.get(uid)?.object;
    const finalizers = owner?.metadata.finalizers ?? [];
    if (!owner) tasks.push(...owned.map((entry) => dropOwner(world, entry, owners)));
    else if (isGoing(owner) && finalizers.includes('orphan'))
      tasks.push(...owned.map((entry) => disown(world, entry, uid)));
    else if (isGoing(owner) && finalizers.includes('foregroundDeletion')) {
      tasks.push(...owned.filter(({ object }) => !isGoing(object)).map((entry) => takeAlong(world, entry)));
    }
  }
  for (const entry of owners.values()) {
    if (isGoing(entry.object)) tasks.push(finish(world, entry, dependents.get(entry.object.metadata.uid ?? '') ?? []));
  }
  await Promise.all(tasks);
}

/** An object goes when none of its owners is left. */
async function dropOwner(
  world: World,
  { resource, object }: Stored,
  owners: ReadonlyMap<string, Stored>,
): Promise<void> {
  if (isGoing(object)) return;
  const left = (object.metadata.ownerReferences ?? []).filter(({ uid }) => owners.has(uid));
  if (left.length === 0) await world.remove(resource, object);
}

async function disown(world: World, { resource, object }: Stored, uid: string): Promise<void> {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  const { ownerReferences: _before, ...metadata } = object.metadata;
  const kept = ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata;
  await world.update(resource, object, { ...object, metadata: kept });
}

async function takeAlong(world: World, { resource, object }: Stored): Promise<void> {
  await world.remove(resource, object, 'Foreground');
}

/** Takes the deletion's own finalizer away when its work is done. */
async function finish(world: World, { resource, object }: Stored, owned: readonly Stored[]): Promise<void> {
  const finalizers = object.metadata.finalizers ?? [];
  const blocked = owned.some((entry) =>
    (entry.object.metadata.ownerReferences ?? []).some(
      (owner) => owner.uid === object.metadata.uid && owner.blockOwnerDeletion === true,
    ),
  );
  const done = finalizers.filter(
    (name) => !(name === 'orphan' && owned.length === 0) && !(name === 'foregroundDeletion' && !blocked),
  );
  if (done.length === finalizers.length) return;
  await world.update(resource, object, { ...object, metadata: { ...object.metadata, finalizers: done } });
}
