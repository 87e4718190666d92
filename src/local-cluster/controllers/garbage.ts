// Garbage collection: what has lost all its owners goes; foreground and orphan deletions are carried out. Only what a change
// concerns is looked at, however much is stored.

import { sameJson } from '../../core/json.ts';
import { groupOf, type KubeObject, type OwnerReference, versionOf } from '../../objects/object.ts';
import type { Api } from '../api.ts';
import { recordEvent } from '../events/record.ts';
import { ofGarbage } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { createReconcilerClient, type ReconcilerClient } from './reconciler.ts';
import { retryDelay, sleepUntil } from './sleep.ts';

interface Stored {
  readonly resource: string;
  readonly object: KubeObject;
}

/** Who belongs to whom, by uid, as the store changes. */
interface Belongings {
  readonly stored: Map<string, Stored>;
  readonly dependents: Map<string, Map<string, Stored>>;
  /** Owners that have just gone, as they were: a kind may go together with its last object. */
  readonly departed: Map<string, KubeObject>;
}

/** Looks at what a change may have left behind, until the signal fires. */
export async function collectGarbage(api: Api, signal: AbortSignal): Promise<void> {
  const client = createReconcilerClient(api, 'garbage-collector');
  let wake: () => void = () => undefined;
  const belongings: Belongings = { stored: new Map(), dependents: new Map(), departed: new Map() };
  for (const entry of api.store.all()) keep(belongings, entry);
  const due = new Set(toLookAt(belongings));
  let dirty = true;
  let failures = 0;
  const unsubscribe = api.store.subscribe(({ resource, object, before }) => {
    if (before) forget(belongings, before);
    if (before && !object && belongings.dependents.has(uidOf(before))) belongings.departed.set(uidOf(before), before);
    if (object) keep(belongings, { resource, object });
    for (const uid of touchedBy(belongings, object, before)) {
      due.add(uid);
      dirty = true;
    }
    if (dirty) wake();
  });
  try {
    while (!signal.aborted) {
      if (dirty) {
        dirty = false;
        // Changes that come together are looked at together.
        await new Promise((resolve) => setImmediate(resolve));
        await sweep(client, belongings, due);
        failures = due.size > 0 ? failures + 1 : 0;
        continue;
      }
      const retries = due.size > 0 ? [['', client.now() + retryDelay(failures)] as const] : [];
      await sleepUntil(api, new Map(retries), { signal, onWake: (call) => (wake = call) });
      dirty = due.size > 0;
    }
  } finally {
    unsubscribe();
  }
}

const uidOf = ({ metadata }: KubeObject): string => metadata.uid ?? '';

const ownersOf = ({ metadata }: KubeObject): readonly string[] =>
  (metadata.ownerReferences ?? []).map(({ uid }) => uid);

function keep({ stored, dependents }: Belongings, entry: Stored): void {
  const uid = uidOf(entry.object);
  stored.set(uid, entry);
  for (const owner of ownersOf(entry.object)) {
    const owned = dependents.get(owner) ?? new Map<string, Stored>();
    dependents.set(owner, owned.set(uid, entry));
  }
}

function forget({ stored, dependents }: Belongings, object: KubeObject): void {
  const uid = uidOf(object);
  stored.delete(uid);
  for (const owner of ownersOf(object)) {
    const owned = dependents.get(owner);
    owned?.delete(uid);
    if (owned?.size === 0) dependents.delete(owner);
  }
}

/** Owners that are gone or going, of those that a change concerns; all of them when somebody changes hands. */
function touchedBy(
  belongings: Belongings,
  object: KubeObject | undefined,
  before: KubeObject | undefined,
): readonly string[] {
  const owners = object ? ownersOf(object) : [];
  const earlier = before ? ownersOf(before) : [];
  const isMisnamed = (uid: string): boolean =>
    object !== undefined && !isNamed(object, belongings.stored.get(uid)?.object);
  const misnamed = owners.filter(isMisnamed);
  if (object && before && !sameJson(owners, earlier)) return [...toLookAt(belongings), ...misnamed];
  const isGoing = object === undefined || isTerminating(object);
  const own = object ?? before;
  const concerned = [...(own && isGoing ? [uidOf(own)] : []), ...owners, ...earlier];
  return [...concerned.filter((uid) => isDue(belongings, uid)), ...misnamed];
}

const toLookAt = (belongings: Belongings): string[] =>
  [...belongings.stored.keys(), ...belongings.dependents.keys()].filter((uid) => isDue(belongings, uid));

function isDue({ stored, dependents }: Belongings, uid: string): boolean {
  const owner = stored.get(uid)?.object;
  return owner ? isTerminating(owner) : dependents.has(uid);
}

async function sweep(client: ReconcilerClient, belongings: Belongings, due: Set<string>): Promise<void> {
  const uids = [...due];
  due.clear();
  const settled = uids.map(async (uid) => {
    // A refused write leaves the object where it is: it is tried again.
    await settle(client, belongings, uid).catch(() => due.add(uid));
  });
  await Promise.all(settled);
}

async function settle(client: ReconcilerClient, belongings: Belongings, uid: string): Promise<void> {
  const owned = [...(belongings.dependents.get(uid)?.values() ?? [])];
  const owner = belongings.stored.get(uid);
  if (!owner) {
    await Promise.all(owned.map((entry) => dropOwner(client, entry, belongings)));
    belongings.departed.delete(uid);
    return;
  }
  const lost = owned.filter(({ object }) => !isNamed(object, owner.object));
  await Promise.all(lost.map((entry) => dropOwner(client, entry, belongings)));
  if (!isTerminating(owner.object)) return;
  const finalizers = owner.object.metadata.finalizers ?? [];
  const tasks = [finish(client, owner, waitedFor(owner, owned, belongings.stored))];
  if (finalizers.includes('orphan')) tasks.push(...owned.map((entry) => disown(client, entry, uid)));
  else if (finalizers.includes('foregroundDeletion')) {
    const going = owned.filter(({ object }) => !isTerminating(object));
    tasks.push(...going.map((entry) => takeAlong(client, entry, { uid, belongings })));
  }
  await Promise.all(tasks);
}

/** Dependents that hold up the end of an object: it may be its own, but those that wait for it, in a circle, do not. */
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
  const own = uidOf(object);
  return owned.filter((entry) => {
    const uid = uidOf(entry.object);
    return !isTerminating(entry.object) || uid === own || !above.has(uid);
  });
}

/** Whether an object means this owner: one of another name, kind or namespace is none, whatever its uid. */
function isNamed({ metadata }: KubeObject, owner: KubeObject | undefined): boolean {
  if (!owner) return false;
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
  belongings: Belongings,
): Promise<void> {
  if (isTerminating(object)) return;
  const before = object.metadata.ownerReferences ?? [];
  for (const owner of before) tellOfStranger(client, object, { owner, belongings });
  // As long as it is not known what an owner is, it is not known that there is none.
  if (!before.every((owner) => canBeFound(client, object, { owner, belongings }))) return;
  const remaining = before.filter((owner) => isThere(object, owner, belongings));
  if (remaining.length === 0) return client.remove(resource, object);
  if (remaining.length < before.length) await withOwners(client, { resource, object }, remaining);
}

const isThere = (object: KubeObject, { uid, name, kind }: OwnerReference, { stored }: Belongings): boolean => {
  const owner = stored.get(uid)?.object;
  return owner?.kind === kind && owner.metadata.name === name && isNamed(object, owner);
};

interface Reference {
  readonly owner: OwnerReference;
  readonly belongings: Belongings;
}

/** Whether there is a kind of that name, and where an object could have an owner of it. */
function canBeFound(client: ReconcilerClient, object: KubeObject, { owner, belongings }: Reference): boolean {
  const { uid, apiVersion, kind } = owner;
  const last = belongings.departed.get(uid);
  const isNamespaced =
    last?.apiVersion === apiVersion && last.kind === kind
      ? last.metadata.namespace !== undefined
      : client.api.kinds.ofKind(groupOf(apiVersion), versionOf(apiVersion), kind)?.namespaced;
  return isNamespaced === false || (isNamespaced === true && object.metadata.namespace !== undefined);
}

/** An owner in another namespace is none. */
function tellOfStranger(client: ReconcilerClient, object: KubeObject, { owner, belongings }: Reference): void {
  const namespace = belongings.stored.get(owner.uid)?.object.metadata.namespace;
  if (namespace === undefined || namespace === object.metadata.namespace) return;
  recordEvent(client, object, ofGarbage.stranger(owner, object.metadata.namespace ?? ''), { once: true });
}

async function withOwners(
  client: ReconcilerClient,
  { resource, object }: Stored,
  ownerReferences: readonly OwnerReference[],
): Promise<void> {
  await client.update(resource, object, { ...object, metadata: { ...object.metadata, ownerReferences } });
}

async function disown(client: ReconcilerClient, { resource, object }: Stored, uid: string): Promise<void> {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  const { ownerReferences: _before, ...metadata } = object.metadata;
  const remaining = ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata;
  await client.update(resource, object, { ...object, metadata: remaining });
}

/** What somebody else still owns stays with them. Only what has dependents of its own waits for them. */
async function takeAlong(
  client: ReconcilerClient,
  { resource, object }: Stored,
  { uid, belongings }: { readonly uid: string; readonly belongings: Belongings },
): Promise<void> {
  const others = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
  const staying = others.filter((owner) => isThere(object, owner, belongings) && !isWaiting(owner, belongings));
  if (staying.length > 0) return withOwners(client, { resource, object }, staying);
  const hasDependents = (belongings.dependents.get(object.metadata.uid ?? '')?.size ?? 0) > 0;
  await client.remove(resource, object, hasDependents ? 'Foreground' : 'Background');
}

const isWaiting = ({ uid }: OwnerReference, { stored }: Belongings): boolean => {
  const owner = stored.get(uid)?.object;
  return (
    owner !== undefined && isTerminating(owner) && (owner.metadata.finalizers ?? []).includes('foregroundDeletion')
  );
};

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
