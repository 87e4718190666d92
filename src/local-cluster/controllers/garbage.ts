// Garbage collection: what has lost all its owners goes; foreground and orphan deletions are carried out.

import { sameJson } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { EVENTS } from '../events/event.ts';
import { isTerminating } from '../object-meta.ts';
import { createReconcilerClient, type ReconcilerClient } from './reconciler.ts';

interface Stored {
  readonly resource: string;
  readonly object: KubeObject;
}

/** Sweeps after every change that may have left something behind, until the signal fires. */
export async function collectGarbage(api: Api, signal: AbortSignal): Promise<void> {
  const client = createReconcilerClient(api, 'garbage-collector');
  let dirty = true;
  let wake: () => void = () => undefined;
  const uids = new Set<string>();
  for (const { object } of api.store.all()) uids.add(object.metadata.uid ?? '');
  const unsubscribe = api.store.subscribe(({ resource, object, before }) => {
    if (before && before.metadata.uid !== object?.metadata.uid) uids.delete(before.metadata.uid ?? '');
    if (object) uids.add(object.metadata.uid ?? '');
    if (object && !isTerminating(object) && !hasLostOwner(object, before, uids)) return;
    // Nothing belongs to an event, and they go by the thousand.
    if (!object && resource === EVENTS) return;
    dirty = true;
    wake();
  });
  signal.addEventListener('abort', () => wake(), { once: true });
  try {
    while (!signal.aborted) {
      if (dirty) {
        dirty = false;
        // Changes that come together are looked at together.
        await new Promise((resolve) => setImmediate(resolve));
        // A refused write leaves the object where it is: the next change tries again.
        await sweep(client).catch(() => undefined);
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

/** Whether an owner is not there, or another than before. */
function hasLostOwner(object: KubeObject, before: KubeObject | undefined, uids: ReadonlySet<string>): boolean {
  const owners = object.metadata.ownerReferences ?? [];
  const earlier = before?.metadata.ownerReferences ?? [];
  if (owners.length === 0 && earlier.length === 0) return false;
  return owners.some(({ uid }) => !uids.has(uid)) || (before !== undefined && !sameJson(owners, earlier));
}

async function sweep(client: ReconcilerClient): Promise<void> {
  const owners = new Map<string, Stored>();
  const dependents = new Map<string, Stored[]>();
  for (const { resource, object } of client.api.store.all()) {
    owners.set(object.metadata.uid ?? '', { resource, object });
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const objects = dependents.get(uid);
      if (objects) objects.push({ resource, object });
      else dependents.set(uid, [{ resource, object }]);
    }
  }
  const tasks: Promise<void>[] = [];
  for (const [uid, owned] of dependents) {
    const owner = owners.get(uid)?.object;
    const finalizers = owner?.metadata.finalizers ?? [];
    const lost = owned.filter(({ object }) => !owner || !isNamed(object, owner));
    tasks.push(...lost.map((entry) => dropOwner(client, entry, owners)));
    if (!owner) continue;
    if (isTerminating(owner) && finalizers.includes('orphan'))
      tasks.push(...owned.map((entry) => disown(client, entry, uid)));
    else if (isTerminating(owner) && finalizers.includes('foregroundDeletion')) {
      tasks.push(...owned.filter(({ object }) => !isTerminating(object)).map((entry) => takeAlong(client, entry)));
    }
  }
  for (const entry of owners.values()) {
    if (isTerminating(entry.object))
      tasks.push(
        finish(client, entry, waitedFor(entry, dependents.get(entry.object.metadata.uid ?? '') ?? [], owners)),
      );
  }
  await Promise.all(tasks);
}

/** Dependents that hold up the end of an object; those that wait for it themselves, in a circle, do not. */
function waitedFor({ object }: Stored, owned: readonly Stored[], owners: ReadonlyMap<string, Stored>): Stored[] {
  const above = new Set<string>();
  const climb = (one: KubeObject | undefined): void => {
    for (const { uid } of one?.metadata.ownerReferences ?? []) {
      if (above.has(uid)) continue;
      above.add(uid);
      climb(owners.get(uid)?.object);
    }
  };
  if (owned.length > 0) climb(object);
  return owned.filter((entry) => !isTerminating(entry.object) || !above.has(entry.object.metadata.uid ?? ''));
}

/** Whether an object means this owner: one of another name, kind or namespace is none, whatever its uid. */
function isNamed({ metadata }: KubeObject, owner: KubeObject): boolean {
  const { name, uid, namespace } = owner.metadata;
  if (namespace !== undefined && namespace !== metadata.namespace) return false;
  return (metadata.ownerReferences ?? []).some(
    (one) => one.uid === uid && one.name === name && one.kind === owner.kind,
  );
}

/** An object goes when none of its owners is left; else it forgets those that are gone. */
async function dropOwner(
  client: ReconcilerClient,
  { resource, object }: Stored,
  owners: ReadonlyMap<string, Stored>,
): Promise<void> {
  if (isTerminating(object)) return;
  const before = object.metadata.ownerReferences ?? [];
  const remaining = before.filter(({ uid, name, kind }) => {
    const owner = owners.get(uid)?.object;
    return owner?.kind === kind && owner.metadata.name === name && isNamed(object, owner);
  });
  if (remaining.length === 0) return client.remove(resource, object);
  if (remaining.length === before.length) return;
  await client.update(resource, object, { ...object, metadata: { ...object.metadata, ownerReferences: remaining } });
}

async function disown(client: ReconcilerClient, { resource, object }: Stored, uid: string): Promise<void> {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  const { ownerReferences: _before, ...metadata } = object.metadata;
  const remaining = ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata;
  await client.update(resource, object, { ...object, metadata: remaining });
}

async function takeAlong(client: ReconcilerClient, { resource, object }: Stored): Promise<void> {
  await client.remove(resource, object, 'Foreground');
}

/** Takes the deletion's own finalizer away when its work is done. */
async function finish(client: ReconcilerClient, { resource, object }: Stored, owned: readonly Stored[]): Promise<void> {
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
  await client.update(resource, object, { ...object, metadata: { ...object.metadata, finalizers: done } });
}
