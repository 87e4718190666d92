// How an object gets into the store: one way for a new one, one for a change, from a client, a patch or a simulated
// controller. The caller has awaited `ready`; everything from reading the old object to `commit` happens without a pause, so that no other
// write can come between.

import { type JsonObject, listAt, numberAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import { inStoredVersion } from '../objects/conversion.ts';
import { difference, fieldAt, hasPath } from '../objects/field-set.ts';
import { type Manager, readManagedFields, trackUpdate, withManagedFields } from '../objects/managed-fields.ts';
import { apiVersionOf, isKubeObject, type KubeObject, type ObjectMeta } from '../objects/object.ts';
import { typedFaults } from '../objects/typed-faults.ts';
import type { BuiltinTypes } from '../objects/types.ts';
import { withZeros } from '../objects/zeros.ts';
import { checkEscalation } from './access/escalation.ts';
import { checkRoom } from './admission/admit.ts';
import { admitFaults } from './admission/faults.ts';
import { changedByWebhooks, mutatedNew } from './admission/mutate.ts';
import { mutatedByPolicies } from './admission/policies.ts';
import { withWebhooks } from './admission/webhooks.ts';
import type { Api, WriteSettings } from './api.ts';
import { decode, typeOfKind } from './decode.ts';
import type { Kind } from './kinds.ts';
import { changedMeta, isTerminating, newMeta, sameContent, withMetadata, withOwnersOnce } from './object-meta.ts';
import { changeOfPart, changesPart } from './pod-parts.ts';
import { convertObject, convertWithStatus, prepareObject } from './prepare.ts';
import { scalePaths } from './scale-paths.ts';
import { checkSeen } from './seen.ts';
import { asStored } from './served.ts';
import { checkStill } from './stale.ts';
import { alreadyExists, forbidden } from './status.ts';
import { countsGeneration, metaWithStatus, sameWish, startsGeneration, untouchedBy, withStatusOf } from './strategy.ts';
import { validate } from './validation/validate.ts';
import { otherVersions } from './versions.ts';

/** Stores a new object and answers it as stored. */
export function createInStore(api: Api, kind: Kind, given: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const body = withOwnersOnce(given, settings);
  return withWebhooks(api, (one) => createNow(one, kind, body, settings));
}

async function createNow(api: Api, kind: Kind, body: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const types = api.types();
  const meta = newMeta(api, kind, body, settings);
  if (kind.custom && isTerminating(kind.custom.definition)) {
    const why = 'create not allowed while custom resource definition is terminating';
    throw forbidden(kind, meta.name ?? '', why);
  }
  const fresh: KubeObject = withStatusOf(kind, { ...body, metadata: meta }, undefined);
  let object = settings.isRead
    ? fresh
    : decode(types, kind, fresh, { isApplied: settings.operation === 'Apply' }).object;
  if (startsGeneration(kind)) object = { ...object, metadata: { ...object.metadata, generation: 1 } };
  object = asSent(types, kind, convertObject(kind, object));
  // Nobody owns what the cluster gives to an object: its addresses, a Job's selector, a Pod's token.
  const owned = withFieldOwners(api, kind, { before: undefined, after: object, settings });
  object = mutatedNew(api, kind, owned, settings);
  checkEscalation(api.store, kind, { user: settings.user, object, before: undefined });
  validate(kind, object, { before: undefined, type: typeOfKind(types, kind) });
  object = asWritten(types, kind, object);
  checkRoom(api, kind, { object, before: undefined, settings });
  const { name = '', namespace = '' } = object.metadata;
  const present = api.store.get(kind.storage, namespace, name);
  if (present) throw alreadyExists(kind, name, isTerminating(present));
  if (settings.dryRun) return object;
  const stored = asStored(kind, inStoredVersion(object));
  return (await api.store.commit({ resource: kind.storage, namespace, name, object: stored })) ?? object;
}

/** Stores a change of an object and answers what is stored then. */
export const updateInStore = (api: Api, kind: Kind, change: ObjectUpdate): Promise<KubeObject> =>
  withWebhooks(api, (one) => updateNow(one, kind, change));

async function updateNow(api: Api, kind: Kind, change: ObjectUpdate): Promise<KubeObject> {
  checkStill(api, kind, change.before);
  const { settings } = change;
  const types = api.types();
  const before = asWritten(types, kind, change.before);
  const given = withOwnersOnce(change.after, settings);
  checkSeen(kind, { before, given, settings });
  const ofStatus = settings.subresource === 'status';
  const converted = changedPart(types, kind, { before, after: given, settings });
  let after = converted;
  // Whoever writes owns what he sends, also what the cluster makes of it.
  const sent = asWritten(types, kind, converted);
  let { managedFields } = withFieldOwners(api, kind, {
    before,
    after: sent,
    settings,
    beside: untouchedBy(kind, settings.subresource).length > 0 ? { status: given['status'] } : undefined,
  }).metadata;
  const asked = { before, object: withMetadata(sent, { managedFields }), given, settings };
  const changed = changedByWebhooks(api, kind, asked);
  if (changed) {
    after = changedPart(types, kind, { before, after: changed, settings });
    managedFields = changed.metadata.managedFields;
  }
  after = prepareObject(kind, after, { api, before, settings });
  after = changeOfPart(kind, settings.subresource, { before, after });
  if (!ofStatus) after = admitFaults(kind, after);
  const owned = withMetadata(after, { managedFields });
  const mutated = mutatedByPolicies(api, { kind, operation: 'UPDATE', object: owned, before, settings });
  if (mutated !== owned) [after, managedFields] = [mutated, mutated.metadata.managedFields];
  const written = after === converted ? sent : asWritten(types, kind, after);
  checkEscalation(api.store, kind, { user: settings.user, object: written, before });
  validate(kind, after, { before, type: typeOfKind(types, kind), settings });
  after = written;
  if (!ofStatus && countsGeneration(kind) && !sameWish(kind, before, after)) {
    after = { ...after, metadata: { ...after.metadata, generation: (before.metadata.generation ?? 0) + 1 } };
  }
  after = withMetadata(after, { managedFields });
  checkRoom(api, kind, { object: after, before, settings });
  if (sameContent(before, after)) return before;
  return settings.dryRun ? after : putAway(api, kind, after, settings);
}

/** Stores what an object has become, and answers it; one that is to go, and that nothing holds, goes with it. */
async function putAway(api: Api, kind: Kind, after: KubeObject, settings: WriteSettings): Promise<KubeObject> {
  const { name = '', namespace = '' } = after.metadata;
  const going = after.metadata.deletionTimestamp !== undefined && (after.metadata.finalizers ?? []).length === 0;
  const gone = going && !isHeld(kind, after, settings);
  const object = gone ? undefined : asStored(kind, inStoredVersion(after));
  const stored = await api.store.commit({ resource: kind.storage, namespace, name, object });
  if (!gone) return stored ?? after;
  const resourceVersion = stored?.metadata.resourceVersion ?? '';
  return { ...after, metadata: { ...after.metadata, resourceVersion } };
}

/** What of a change counts where it is written, read by its type. */
function changedPart(types: BuiltinTypes, kind: Kind, change: ObjectUpdate): KubeObject {
  const { before, after: given, settings } = change;
  let after: KubeObject = { ...given, metadata: changedMeta(before, given) };
  // An apply says who owns which field, also when no manager does.
  if (settings.operation === 'Apply') after = withManagedFields(after, readManagedFields(given));
  const writesStatus = ['status', 'approval'].includes(settings.subresource);
  if (writesStatus) after = withStatusAlone(kind, before, after);
  else if (!changesPart(kind, settings.subresource)) after = withStatusOf(kind, after, before);
  return convertedAfter(types, kind, { ...change, after });
}

/** The object as it is kept; a status is written as it comes. */
function convertedAfter(types: BuiltinTypes, kind: Kind, { before, after, settings }: ObjectUpdate): KubeObject {
  if (settings.subresource === 'status') return convertWithStatus(kind, decodeStatus(types, kind, after, before));
  const read = settings.isRead
    ? after
    : decode(types, kind, after, { isApplied: settings.operation === 'Apply' }).object;
  return convertObject(kind, read);
}

/** Of a built-in object whose status is written, all else is as it is stored: it need not be read again. */
function decodeStatus(types: BuiltinTypes, kind: Kind, object: KubeObject, before: KubeObject): KubeObject {
  if (kind.custom) return decode(types, kind, object).object;
  const { apiVersion, status } = object;
  const [stored, sent] = splitMeta(object, before);
  const part = { apiVersion, kind: object.kind, metadata: sent, ...(status === undefined ? {} : { status }) };
  const decoded = decode(types, kind, part).object;
  const { status: _before, ...rest } = object;
  return {
    ...rest,
    metadata: { ...stored, ...decoded.metadata },
    ...(decoded['status'] === undefined ? {} : { status: decoded['status'] }),
  };
}

/** The metadata that are those of the stored object, and the others. */
function splitMeta({ metadata }: KubeObject, before: KubeObject): readonly [ObjectMeta, ObjectMeta] {
  const isStored = ([key, value]: [string, unknown]): boolean => value === before.metadata[key];
  const entries = Object.entries(metadata);
  const those = (wanted: boolean): ObjectMeta =>
    Object.fromEntries(entries.filter((entry) => isStored(entry) === wanted));
  return [those(true), those(false)];
}

/** A new object as who sent it owns it: also a list without items is one that he sent. */
function asSent(types: BuiltinTypes, kind: Kind, object: KubeObject): KubeObject {
  const written = kind.custom ? object : withZeros(object, typeOfKind(types, kind), true);
  return isKubeObject(written) ? written : object;
}

/** A built-in object as its types write it. */
function asWritten(types: BuiltinTypes, kind: Kind, object: KubeObject): KubeObject {
  const written = kind.custom ? object : withZeros(object, typeOfKind(types, kind));
  return isKubeObject(written) ? written : object;
}

interface ObjectUpdate {
  readonly before: KubeObject;
  readonly after: KubeObject;
  readonly settings: WriteSettings;
}

interface OwnedWrite extends Omit<ObjectUpdate, 'before'> {
  readonly before: KubeObject | undefined;
  /** What was sent and is not written. */
  readonly beside?: JsonObject | undefined;
}

/** The object with managedFields as this write leaves them; an apply has written them already. */
function withFieldOwners(api: Api, kind: Kind, { before, after, settings, beside }: OwnedWrite): KubeObject {
  if (settings.operation === 'Apply') return after;
  const isScaled = kind.custom !== undefined && settings.subresource === 'scale';
  // Who scales a custom resource is written down only where the replicas are somebody's.
  if (isScaled && !isOwned(after, scalePaths(kind).replicas)) return after;
  // A scale without replicas has no such field.
  const isNone = settings.subresource === 'scale' && numberAt(after, ...scalePaths(kind).replicas) === 0;
  if (isNone && (isScaled || numberAt(before ?? {}, ...scalePaths(kind).replicas) !== 0))
    return disowned(after, scalePaths(kind).replicas);
  const type = typeOfKind(api.types(), kind);
  // Of an object that its definition has outgrown nobody knows any more who owns what.
  if (kind.custom && typedFaults(after, type).length > 0) return withManagedFields(after, []);
  return trackUpdate({
    before,
    after,
    type,
    manager: managerOf(kind, settings),
    time: isScaled ? '' : timestamp(api.clock.now()),
    untouched: untouchedBy(kind, settings.subresource),
    others: otherVersions(api, kind),
    beside,
  });
}

const isOwned = (object: KubeObject, path: readonly string[]): boolean =>
  readManagedFields(object).some(({ fields }) => hasPath(fields, path));

function disowned(object: KubeObject, path: readonly string[]): KubeObject {
  const entries = readManagedFields(object);
  return withManagedFields(
    object,
    entries.map((entry) => ({ ...entry, fields: difference(entry.fields, fieldAt(path)) })),
  );
}

export function managerOf(kind: Kind, settings: WriteSettings): Manager {
  const { manager, operation, subresource } = settings;
  return { name: manager, operation, apiVersion: apiVersionOf(kind.group, kind.version), subresource };
}

/** The simulated kubelet removes a Pod that ends on its node; a namespace goes when it is emptied, or finalized. */
function isHeld(kind: Kind, object: KubeObject, { subresource }: WriteSettings): boolean {
  if (kind.storage === '/namespaces')
    return subresource !== 'finalize' || listAt(object, 'spec', 'finalizers').length > 0;
  return kind.storage === '/pods' && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0;
}

/** Custom resources take nothing but the status here, built-in kinds also labels and annotations. */
function withStatusAlone(kind: Kind, before: KubeObject, after: KubeObject): KubeObject {
  const { status: _old, ...rest } = before;
  const status = after['status'];
  const result: KubeObject = { ...rest, metadata: metaWithStatus(kind, before, after) };
  return status === undefined ? result : { ...result, status };
}
