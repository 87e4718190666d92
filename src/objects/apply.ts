// Server-side apply: the applied fields are laid over the live object; what the manager applied before and applies no
// longer goes, unless another manager owns it; what another manager owns and this would change is a conflict.

import { sameJson } from '../core/json.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  ONE_FIELD,
  pathsOf,
  sameSet,
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
} from './managed-fields.ts';
import { isKubeObject, type KubeObject } from './object.ts';
import type { TypeOf } from './schema.ts';
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
  /** What was applied before by other means: its fields are taken over from whoever has them. */
  readonly takenOver?: KubeObject;
  /** How the server reads an object: an apply that says the same in other words changes nothing. */
  readonly read?: (object: KubeObject) => KubeObject;
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
  const { live, applied, type, manager, force, time, read, takenOver } = application;
  const entries = live ? entriesOf(live, application) : [];
  const own = entries.find((entry) => sameManager(entry, manager));
  const others = entries.filter((entry) => entry !== own);
  const fields = appliedFields(applied, type);
  const base = live ?? applied;
  const merged = mergeTyped(live && withManagedFields(live, []), withManagedFields(applied, []), type);
  const ownedFields = others.reduce((all, entry) => union(all, entry.fields), union(fields, ALWAYS_KEPT));
  const result = asObject(own ? pruneTyped(merged, type, { before: own.fields, kept: ownedFields }) : merged, base);
  const comparison = compareTyped(live ? ownable(live) : {}, ownable(result), type);
  const changed = changedFields(comparison);
  const disputed = takenOver ? difference(changed, appliedFields(takenOver, type)) : changed;
  const conflicts = force || !live ? [] : others.flatMap((entry) => conflictsWith(entry, disputed));
  if (conflicts.length > 0) return { object: base, conflicts };
  const lost = live ? union(changed, comparison.removed) : NO_FIELDS;
  const remaining = others.map((entry) => ({ ...entry, fields: difference(entry.fields, lost) }));
  // Said in other words, it is the same to whoever reads it.
  const stored = live && read ? read(result) : result;
  const object = live && same(live, stored) ? live : stored;
  const isSaid = live !== undefined && same(live, result);
  const entry: ManagedFieldsEntry = { ...manager, time: isSaid ? (own?.time ?? '') : time, fields };
  const isOwned = own !== undefined && sameSet(own.fields, fields) && sameFields(others, remaining);
  if (object === live && isOwned) return { object, conflicts: [] };
  return { object: withManagedFields(object, [...remaining, entry]), conflicts: [] };
}

const sameFields = (before: readonly ManagedFieldsEntry[], after: readonly ManagedFieldsEntry[]): boolean =>
  before.every(({ fields }, index) => sameSet(fields, after[index]?.fields ?? NO_FIELDS));

/** An object keeps its metadata, whoever gives up what in it. */
const ALWAYS_KEPT: FieldSet = { member: false, children: new Map([['f:metadata', ONE_FIELD]]) };

function same(live: KubeObject, next: KubeObject): boolean {
  return sameJson(withManagedFields(live, []), withManagedFields(next, []));
}

function appliedFields(applied: KubeObject, type: TypeOf): FieldSet {
  const ownableFields = ownable(applied);
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

function conflictsWith(entry: ManagedFieldsEntry, changed: FieldSet): Conflict[] {
  return pathsOf(intersection(entry.fields, changed)).map((path) => ({ manager: managerText(entry), path }));
}

function managerText(entry: ManagedFieldsEntry): string {
  const within = entry.subresource === '' ? '' : ` with subresource "${entry.subresource}"`;
  const using = entry.operation === 'Apply' ? '' : ` using ${entry.apiVersion}`;
  return `conflict with "${entry.name}"${within}${using}`;
}

function asObject(value: unknown, otherwise: KubeObject): KubeObject {
  return isKubeObject(value) ? value : otherwise;
}
