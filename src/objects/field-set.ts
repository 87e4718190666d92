// Sets of fields, as managedFields writes them (FieldsV1): a tree whose edges are path elements ('f:spec',
// 'k:{"name":"web"}', 'v:"x"') and whose nodes say whether they are members themselves.

import { isObject, type Json, type JsonObject } from '../core/json.ts';

export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export const NO_FIELDS: FieldSet = { member: false, children: new Map() };
export const ONE_FIELD: FieldSet = { member: true, children: new Map() };

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

export function parseFieldsV1(value: Json | undefined): FieldSet {
  if (!isObject(value)) return NO_FIELDS;
  const entries = Object.entries(value);
  if (entries.length === 0) return ONE_FIELD;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of entries) if (key !== '.') children.set(key, parseFieldsV1(child));
  return { member: '.' in value, children };
}

export function formatFieldsV1(set: FieldSet): JsonObject {
  const fields: Record<string, Json> = {};
  if (set.member && set.children.size > 0) fields['.'] = {};
  for (const key of [...set.children.keys()].sort()) {
    const child = set.children.get(key);
    if (child) fields[key] = formatFieldsV1(child);
  }
  return fields;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  const children = new Map(a.children);
  for (const [key, child] of b.children) {
    const existing = children.get(key);
    children.set(key, existing ? union(existing, child) : child);
  }
  return { member: a.member || b.member, children };
}

/** The members of `a` that are not members of `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  const children = new Map<string, FieldSet>();
  for (const [key, child] of a.children) {
    const other = b.children.get(key);
    const rest = other ? difference(child, other) : child;
    if (!isEmptySet(rest)) children.set(key, rest);
  }
  return { member: a.member && !b.member, children };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [key, child] of a.children) {
    const other = b.children.get(key);
    const both = other ? intersection(child, other) : NO_FIELDS;
    if (!isEmptySet(both)) children.set(key, both);
  }
  return { member: a.member && b.member, children };
}

/** The set of one field. */
export const fieldAt = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>(
    (inner, field) => ({ member: false, children: new Map([[`f:${field}`, inner]]) }),
    ONE_FIELD,
  );

/** Whether a field is in the set. */
export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  const [field, ...rest] = path;
  if (field === undefined) return set.member;
  const child = set.children.get(`f:${field}`);
  return child !== undefined && hasPath(child, rest);
}

export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.member !== b.member || a.children.size !== b.children.size) return false;
  for (const [key, child] of a.children) {
    const other = b.children.get(key);
    if (!other || !sameSet(child, other)) return false;
  }
  return true;
}

/** The paths of all members, as the API prints them: '.spec.containers[name="web"].image'; near ones before deep ones. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const children = [...set.children].sort(([a], [b]) => (a < b ? -1 : 1));
  const near = children.filter(([, child]) => child.member).map(([key]) => `${prefix}${elementText(key)}`);
  return [...near, ...children.flatMap(([key, child]) => pathsOf(child, `${prefix}${elementText(key)}`))];
}

function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys: Json = JSON.parse(rest);
  const parts = isObject(keys) ? Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`) : [];
  return `[${parts.join(',')}]`;
}
