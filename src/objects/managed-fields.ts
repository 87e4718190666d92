// Who owns which field: the entries of metadata.managedFields, and how writes change them.

import { isObject, type Json, type JsonObject, objectAt, sameJson, textAt, withAt } from '../core/json.ts';
import { compareText } from '../core/order.ts';
import { difference, type FieldSet, formatFieldsV1, isEmptySet, NO_FIELDS, parseFieldsV1, union } from './field-set.ts';
import type { KubeObject } from './object.ts';
import { type ChangeIn, changeByVersion, checkVersions, type OtherVersions, VersionError } from './other-versions.ts';
import type { TypeOf } from './schema.ts';
import { changedFields, type FieldDifference } from './typed.ts';
import { withZeros } from './zeros.ts';

export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

export interface ManagedFieldsEntry extends Manager {
  /** '' when the entry never changed the object. */
  readonly time: string;
  readonly fields: FieldSet;
}

export function readManagedFields(object: KubeObject): ManagedFieldsEntry[] {
  return (object.metadata.managedFields ?? []).filter(isObject).map((entry) => ({
    name: textAt(entry, 'manager'),
    operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textAt(entry, 'apiVersion'),
    subresource: textAt(entry, 'subresource'),
    time: textAt(entry, 'time'),
    // An entry owns no object as a whole.
    fields: { ...parseFieldsV1(entry['fieldsV1']), member: false },
  }));
}

/** Whether what a client sends as managedFields can be read: else it counts for nothing. A list of one empty entry takes all away. */
export function areReadable(submitted: readonly Json[] | undefined): boolean {
  if (submitted === undefined) return false;
  return isReset(submitted) ? submitted.length < 2 : submitted.every(isReadable);
}

const isReadable = (entry: Json): boolean =>
  ['Apply', 'Update'].includes(textAt(entry, 'operation')) &&
  textAt(entry, 'apiVersion') !== '' &&
  textAt(entry, 'fieldsType') === 'FieldsV1' &&
  isTree(objectAt(entry)['fieldsV1'] ?? {});

const isTree = (fields: Json): boolean => isObject(fields) && Object.values(fields).every((one) => isTree(one ?? null));

export function withManagedFields(object: KubeObject, entries: readonly ManagedFieldsEntry[]): KubeObject {
  const { managedFields: _before, ...metadata } = object.metadata;
  const nonEmpty = entries.filter(({ fields }) => !isEmptySet(fields)).sort(compareEntries);
  if (nonEmpty.length === 0) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, managedFields: nonEmpty.map(writeEntry) } };
}

/** Applies before updates, then by time, then by name. */
function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareText(a.operation, b.operation) ||
    compareText(a.time, b.time) ||
    compareText(a.name, b.name) ||
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.subresource, b.subresource)
  );
}

function writeEntry(entry: ManagedFieldsEntry): JsonObject {
  return {
    ...(entry.name === '' ? {} : { manager: entry.name }),
    operation: entry.operation,
    apiVersion: entry.apiVersion,
    ...(entry.time === '' ? {} : { time: entry.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: formatFieldsV1(entry.fields),
    ...(entry.subresource === '' ? {} : { subresource: entry.subresource }),
  };
}

/** One manager applies once, in whatever version; its updates are told apart by it. */
export function sameManager(a: Manager, b: Manager): boolean {
  const version = a.operation === 'Apply' || a.apiVersion === b.apiVersion;
  return version && a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;
}

/** The object without what nobody owns: its identity and the server's stamps. */
export function ownable(object: KubeObject): JsonObject {
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  const {
    name: _name,
    namespace: _namespace,
    uid: _uid,
    creationTimestamp: _created,
    generation: _generation,
    managedFields: _managed,
    resourceVersion: _resourceVersion,
    selfLink: _link,
    ...metadata
  } = object.metadata;
  return { ...rest, metadata };
}

export interface Update {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  readonly type: TypeOf;
  readonly manager: Manager;
  readonly time: string;
  /** Parts that this kind of write does not touch, though they may differ. */
  readonly untouched: readonly string[];
  /** Where the kind has others. */
  readonly others?: OtherVersions | undefined;
  /** What was sent of the untouched parts. */
  readonly beside?: JsonObject | undefined;
}

/** The object with its entries as they are after an update. An object whose entries were taken away stays without. */
export function trackUpdate(update: Update): KubeObject {
  const { before, after } = update;
  const entries = readManagedFields(after);
  if (before && (entries.length === 0 || isReset(after.metadata.managedFields))) return withManagedFields(after, []);
  try {
    if (before) checkVersions(before, entries, update.others);
    return withManagedFields(after, updatedEntries(update, entries));
  } catch (thrown) {
    if (!(thrown instanceof VersionError)) throw thrown;
    // Who owns what is known no more where a version does not know a field.
    return withManagedFields(after, []);
  }
}

function updatedEntries(update: Update, entries: readonly ManagedFieldsEntry[]): readonly ManagedFieldsEntry[] {
  const { manager, time } = update;
  const changeIn = changesOf(update);
  const comparison = changeIn(manager.apiVersion) ?? NO_CHANGE;
  const changed = changedFields(comparison);
  const own = entries.find((entry) => sameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const rest = withoutChanged(others, changeIn);
  if (!hasMembers(changed) && !hasMembers(comparison.removed)) return own ? [...rest, own] : rest;
  const fields = difference(union(own?.fields ?? NO_FIELDS, changed), comparison.removed);
  // Who only takes fields away has taken none.
  return [...rest, { ...manager, time: hasMembers(changed) ? time : (own?.time ?? ''), fields }];
}

function changesOf({ before, after, type, manager, untouched, others, beside }: Update): ChangeIn {
  const touchable = (object: JsonObject): JsonObject => withoutParts(object, untouched);
  return changeByVersion({
    apiVersion: manager.apiVersion,
    type,
    others,
    before,
    after,
    beside,
    comparable: (object) => touchable(ownable(object)),
    // What every object of the type has nobody has set.
    nothing: (by) => touchable(withZeros({ metadata: {} }, by)),
  });
}

/** The object without some of its parts ('status', 'status.conditions'), nor what holds nothing but such a part. */
export const withoutParts = (object: JsonObject, parts: readonly string[]): JsonObject =>
  parts.reduce((rest: JsonObject, part) => {
    const [top = '', ...path] = part.split('.');
    const inner = withAt(objectAt(rest, top), path, undefined);
    return withAt(rest, [top], path.length === 0 || Object.keys(inner).length === 0 ? undefined : inner);
  }, object);

const NO_CHANGE: FieldDifference = { added: NO_FIELDS, modified: NO_FIELDS, removed: NO_FIELDS };

/** The entries without what a change takes from them, each in its version. */
export function withoutChanged(entries: readonly ManagedFieldsEntry[], changeIn: ChangeIn): ManagedFieldsEntry[] {
  return entries.flatMap((entry) => {
    const change = changeIn(entry.apiVersion);
    if (!change) return [];
    return [{ ...entry, fields: difference(entry.fields, union(changedFields(change), change.removed)) }];
  });
}

function hasMembers(set: FieldSet): boolean {
  return set.member || [...set.children.values()].some(hasMembers);
}

function isReset(submitted: readonly Json[] | undefined): boolean {
  return submitted?.every((entry) => sameJson(entry, {})) ?? false;
}
