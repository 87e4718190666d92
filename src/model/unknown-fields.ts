// Fields that a document has and its type has not. A server takes the document and drops them without a word.

import { isList, isObject } from '../core/json.ts';
import { nearest } from '../core/nearest.ts';
import type { Shape } from '../core/shape.ts';
import { argoFields } from './argo-types.ts';

type Path = readonly (string | number)[];

export interface UnknownField {
  readonly path: Path;
  /** What there is in its place, the nearest name first. */
  readonly near: readonly string[];
}

const OBJECT = { apiVersion: 'string', kind: 'string', metadata: 'ObjectMeta', status: 'any' } as const;

/** What Argo CD's description leaves to Kubernetes, and documents as a whole. */
const TYPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Application: { ...OBJECT, spec: 'ApplicationSpec', operation: 'Operation' },
  AppProject: { ...OBJECT, spec: 'AppProjectSpec' },
  ApplicationSet: { ...OBJECT, spec: 'ApplicationSetSpec' },
  ObjectMeta: {
    name: 'string',
    generateName: 'string',
    namespace: 'string',
    selfLink: 'string',
    uid: 'string',
    resourceVersion: 'string',
    generation: 'integer',
    creationTimestamp: 'string',
    deletionTimestamp: 'string',
    deletionGracePeriodSeconds: 'integer',
    labels: '{}string',
    annotations: '{}string',
    ownerReferences: '[]OwnerReference',
    finalizers: '[]string',
    managedFields: 'any',
  },
  OwnerReference: {
    apiVersion: 'string',
    kind: 'string',
    name: 'string',
    uid: 'string',
    controller: 'boolean',
    blockOwnerDeletion: 'boolean',
  },
};

/** The type of each field by its name; undefined for what has none. */
function fieldTypes(type: string): ReadonlyMap<string, string> | undefined {
  const own = TYPES[type];
  if (own) return new Map(Object.entries(own));
  const fields = argoFields(type);
  return fields && new Map(Object.entries(fields).map(([name, field]) => [name, field.type]));
}

/** In a value of a type: 'Application', 'AppProjectSpec', … */
export function unknownFields(value: unknown, type: string, path: Path = []): UnknownField[] {
  if (type.startsWith('[]')) return inItems(value, path, (item, at) => unknownFields(item, type.slice(2), at));
  if (type.startsWith('{}')) return inValues(value, path, (item, at) => unknownFields(item, type.slice(2), at));
  const fields = fieldTypes(type);
  if (!fields) return [];
  return inValues(value, path, (item, at, name) => {
    const field = fields.get(name);
    return field === undefined ? [unknownField(at, name, [...fields.keys()])] : unknownFields(item, field, at);
  });
}

/** Where a JSON pointer, taken apart, leads from a value of a type, and in what is put there. */
export function unknownFieldsAt(pointer: readonly string[], value: unknown, type: string): UnknownField[] {
  let at = type;
  const path: (string | number)[] = [];
  for (const token of pointer) {
    const isInner = /^(\[\]|\{\})/.test(at);
    const fields = isInner ? undefined : fieldTypes(at);
    if (!isInner && !fields) return [];
    path.push(at.startsWith('[]') && /^\d+$/.test(token) ? Number(token) : token);
    const next = isInner ? at.slice(2) : fields?.get(token);
    if (next === undefined) return [unknownField(path, token, [...(fields?.keys() ?? [])])];
    at = next;
  }
  return unknownFields(value, at, path);
}

/** In a value that a shape describes. */
export function fieldsBeyond(value: unknown, shape: Shape<unknown>, path: Path = []): UnknownField[] {
  const { fields, item: inner } = shape;
  if (inner) return inItems(value, path, (item, at) => fieldsBeyond(item, inner, at));
  if (!fields) return [];
  return inValues(value, path, (item, at, name) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field ? fieldsBeyond(item, field, at) : [unknownField(at, name, Object.keys(fields))];
  });
}

/** Among the keys of a Secret. */
export const keysBeyond = (keys: readonly string[], valid: readonly string[], path: Path): UnknownField[] =>
  keys.filter((key) => !valid.includes(key)).map((key) => unknownField([...path, key], key, valid));

function inItems(value: unknown, path: Path, look: (item: unknown, at: Path) => UnknownField[]): UnknownField[] {
  return isList(value) ? value.flatMap((item, index) => look(item, [...path, index])) : [];
}

function inValues(
  value: unknown,
  path: Path,
  look: (item: unknown, at: Path, name: string) => UnknownField[],
): UnknownField[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => look(item, [...path, name], name));
}

/** A name in other capitals is another one: Kubernetes drops it, though Argo CD's own API reads it. */
function unknownField(path: Path, name: string, names: readonly string[]): UnknownField {
  const lower = name.toLowerCase();
  const same = names.filter((known) => known.toLowerCase() === lower);
  return { path, near: same.length > 0 ? same : nearest(name, names) };
}
