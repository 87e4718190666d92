// Server-side apply: the applied fields are laid over the live object; what the manager applied before and applies no
// longer goes, unless another manager owns it; what another manager owns and this would change is a conflict.

import { type JsonObject, sameJson } from '../core/json.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  ONE_FIELD,
  pathsOf,
  sameSet,
  unfolded,
  union,
} from './field-set.ts';
import {
  type ManagedFieldsEntry,
  type Manager,
  ownable,
  readManagedFields,
  sameManager,
  trackUpdate,
  withManagedFields,
  withoutChanged,
  withoutParts,
} from './managed-fields.ts';
import { isKubeObject, type KubeObject } from './object.ts';
import { type ChangeIn, changeByVersion, checkVersions, inVersion, type OtherVersions } from './other-versions.ts';
import { fieldType, type TypeOf } from './schema.ts';
import { changedFields, compareTyped, fieldsOf, mergeTyped, pruneTyped } from './typed.ts';

export interface Application {
  /** Absent: the object is made by this apply. */
  readonly live: KubeObject | undefined;
  /** What is applied; without fields that this manager may not own. */
  readonly applied: KubeObject;
  readonly type: TypeOf;
  readonly manager: Manager;
  readonly force: boolean;
  readonly time: string;
  /** Parts that this kind of write does not touch. */
  readonly untouched?: readonly string[];
  /** What was applied before by other means: fields that still are as it says are taken over from whoever has them. */
  readonly takenOver?: KubeObject;
  /** How the server reads an object: an apply that says the same in other words changes nothing. */
  readonly read?: (object: KubeObject) => KubeObject;
  /** What is applied of the untouched parts. */
  readonly beside?: JsonObject | undefined;
  /** Where the kind has other versions. */
  readonly others?: OtherVersions | undefined;
}

export interface Conflict {
  /** 'conflict with "one"'. */
  readonly manager: string;
  /** '.spec.replicas'. */
  readonly path: string;
}

export interface Applied {
  readonly object: KubeObject;
  /** Not empty: nothing may be stored. */
  readonly conflicts: readonly Conflict[];
}

export function applyTyped(application: Application): Applied {
  const { live, applied, type, manager, force, time, read, beside } = application;
  const entries = live ? entriesOf(live, application) : [];
  const own = entries.find((entry) => sameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  if (live) checkVersions(live, entries, application.others);
  const fields = appliedFields(applied, type, application.untouched);
  const base = live ?? applied;
  const merged = mergeTyped(live && withManagedFields(live, []), withManagedFields(applied, []), type);
  const result = own ? pruned(asObject(merged, base), application, { own, others, fields }) : asObject(merged, base);
  const laidBeside = beside && live ? overlaid(live, beside, type) : undefined;
  const changeIn = changeByVersion({
    apiVersion: manager.apiVersion,
    type,
    others: application.others,
    before: live,
    after: result,
    beside: laidBeside,
    comparable: ownable,
    nothing: () => ({}),
  });
  const conflicts = force || !live ? [] : others.flatMap((entry) => conflictsWith(entry, changeIn, application));
  if (conflicts.length > 0) return { object: base, conflicts };
  const remaining = live ? withoutChanged(others, changeIn) : [];
  // Said in other words, it is the same to whoever reads it.
  const stored = live && read ? read(result) : result;
  const object = live && same(live, stored) ? live : stored;
  const isSaid = live !== undefined && same(live, result) && isThere(live, laidBeside);
  const entry: ManagedFieldsEntry = { ...manager, time: isSaid ? (own?.time ?? '') : time, fields };
  const isOwned = own !== undefined && sameOwner(own, entry) && sameFields(others, remaining);
  if (object === live && isOwned) return { object, conflicts: [] };
  return { object: withManagedFields(object, [...remaining, entry]), conflicts: [] };
}

/** Parts of an object with what is applied of them laid over. */
const overlaid = (live: KubeObject, parts: JsonObject, type: TypeOf): JsonObject =>
  Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, mergeTyped(live[name], part ?? null, fieldType(type, name))]),
  );

/** Whether nothing new is said of parts that are not written. */
const isThere = (live: KubeObject, parts: JsonObject = {}): boolean =>
  Object.entries(parts).every(([name, part]) => sameJson(live[name], part));

const sameOwner = (before: ManagedFieldsEntry, after: ManagedFieldsEntry): boolean =>
  before.apiVersion === after.apiVersion && sameSet(before.fields, after.fields);

interface Owners {
  readonly own: ManagedFieldsEntry;
  readonly others: readonly ManagedFieldsEntry[];
  readonly fields: FieldSet;
}

const PRUNE = 'failed to prune fields: ';
const ADD_BACK = 'failed add back owned items: failed to convert merged object at version';

/** Without what the manager applied before, now does not, and nobody else owns; in the version in which he applied it. */
function pruned(merged: KubeObject, { type, manager, others }: Application, owners: Owners): KubeObject {
  const { own, fields } = owners;
  const last = own.apiVersion === manager.apiVersion ? undefined : others?.(own.apiVersion);
  if (own.apiVersion !== manager.apiVersion && others && !last) return merged;
  const inLast = last
    ? inVersion(merged, last, `${PRUNE}failed to convert merged object to last applied version: `)
    : merged;
  const typeInLast = last?.type ?? type;
  let kept = ALWAYS_KEPT;
  for (const entry of [...owners.others, { apiVersion: manager.apiVersion, fields }]) {
    const { apiVersion } = entry;
    const other = apiVersion === own.apiVersion ? undefined : others?.(apiVersion);
    const there = other && inVersion(inLast, other, `${PRUNE}${ADD_BACK} ${apiVersion}: `);
    const all = there
      ? unfolded(entry.fields, fieldsOf(there, other.type), fieldsOf(inLast, typeInLast))
      : entry.fields;
    kept = union(kept, all);
  }
  const rest = asObject(pruneTyped(inLast, typeInLast, { before: own.fields, kept }), merged);
  return last ? (others?.(manager.apiVersion)?.convert(rest) ?? rest) : rest;
}

const sameFields = (before: readonly ManagedFieldsEntry[], after: readonly ManagedFieldsEntry[]): boolean =>
  before.length === after.length &&
  before.every(({ fields }, index) => sameSet(fields, after[index]?.fields ?? NO_FIELDS));

/** An object keeps its metadata, whoever gives up what in it. */
const ALWAYS_KEPT: FieldSet = { member: false, children: new Map([['f:metadata', ONE_FIELD]]) };

function same(live: KubeObject, next: KubeObject): boolean {
  return sameJson(withManagedFields(live, []), withManagedFields(next, []));
}

function appliedFields(applied: KubeObject, type: TypeOf, untouched: readonly string[] = []): FieldSet {
  const ownableFields = withoutParts(ownable(applied), untouched);
  const { metadata, ...rest } = ownableFields;
  const subject = metadata !== undefined && !sameJson(metadata, {}) ? ownableFields : rest;
  return Object.keys(subject).length === 0 ? NO_FIELDS : fieldsOf(subject, type);
}

/** What was there before anyone applied belongs to a manager of that name. */
function entriesOf(live: KubeObject, { type, manager, time, untouched = [] }: Application): ManagedFieldsEntry[] {
  const entries = readManagedFields(live).filter(({ fields }) => !isEmptySet(fields));
  if (entries.length > 0) return entries;
  const first: Manager = { ...manager, name: 'before-first-apply', operation: 'Update' };
  const after = withManagedFields(live, []);
  return readManagedFields(trackUpdate({ before: undefined, after, type, manager: first, time, untouched }));
}

function conflictsWith(entry: ManagedFieldsEntry, changeIn: ChangeIn, application: Application): Conflict[] {
  const { takenOver, live, type } = application;
  const change = changeIn(entry.apiVersion);
  const changed = change ? changedFields(change) : NO_FIELDS;
  const disputed = takenOver && live ? difference(changed, unchangedSince(takenOver, live, type)) : changed;
  return pathsOf(intersection(entry.fields, disputed)).map((path) => ({ manager: managerText(entry), path }));
}

/** The fields of what was applied that nobody has changed. */
const unchangedSince = (applied: KubeObject, live: KubeObject, type: TypeOf): FieldSet =>
  difference(appliedFields(applied, type), changedFields(compareTyped(ownable(applied), ownable(live), type)));

function managerText(entry: ManagedFieldsEntry): string {
  const within = entry.subresource === '' ? '' : ` with subresource "${entry.subresource}"`;
  const using = entry.operation === 'Apply' ? '' : ` using ${entry.apiVersion}`;
  return `conflict with "${entry.name}"${within}${using}`;
}

function asObject(value: unknown, otherwise: KubeObject): KubeObject {
  return isKubeObject(value) ? value : otherwise;
}
