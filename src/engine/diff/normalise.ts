// What is taken out of both sides before they are compared, because it is not Git's to say.

import { at, isList, isObject, type Json, type JsonObject, objectAt, sameJson, withAt } from '../../core/json.ts';
import { annotationsOf, isKubeObject, type KubeObject } from '../../objects/object.ts';

export const LAST_APPLIED_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` last wrote; without it nothing counts as removed. */
export function lastApplied(live: KubeObject): KubeObject | undefined {
  try {
    const parsed: unknown = JSON.parse(annotationsOf(live)[LAST_APPLIED_ANNOTATION] ?? 'null');
    return isKubeObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** An object without what only the cluster writes: status, creation time, managed fields, the last-applied text. */
export function withoutClusterFields(object: KubeObject): KubeObject {
  const { status: _status, metadata: own, ...rest } = object;
  const { creationTimestamp: _created, managedFields: _managed, ...metadata } = own;
  return withoutLastApplied(foldSecret({ ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata }));
}

function withoutLastApplied(object: KubeObject): KubeObject {
  const { [LAST_APPLIED_ANNOTATION]: _text, ...annotations } = object.metadata.annotations ?? {};
  const { annotations: _before, ...metadata } = object.metadata;
  return { ...object, metadata: Object.keys(annotations).length > 0 ? { ...metadata, annotations } : metadata };
}

/** A Secret's stringData is write-only: the server folds it into data. */
function foldSecret(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return object;
  const { stringData, ...rest } = object;
  const data: Record<string, Json | undefined> = { ...objectAt(object, 'data') };
  for (const [key, value] of Object.entries(data)) data[key] = value ?? '';
  for (const [key, value] of Object.entries(isObject(stringData) ? stringData : {})) {
    data[key] = typeof value === 'string' ? Buffer.from(value).toString('base64') : value;
  }
  const folded = Object.keys(data).length > 0 ? { ...rest, data } : rest;
  return { ...folded, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}

/** Whether two states mean the same to Kubernetes: what its types leave out when empty is no difference. */
export function sameState(a: Json | undefined, b: Json | undefined): boolean {
  return sameJson(compact(a), compact(b));
}

function compact(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.length === 0 ? undefined : value.map((item) => compact(item) ?? null);
  if (!isObject(value)) return value === null || value === '' || value === false ? undefined : value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, compact(item)] as const)
    .filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** A copy without the value at a JSON pointer; a pointer to nothing changes nothing. */
export function withoutPointer(root: JsonObject, pointer: string): JsonObject {
  const path = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return removed(root, path);
}

function removed(root: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || root[key] === undefined) return root;
  if (rest.length === 0) return withAt(root, [key], undefined);
  const child = root[key];
  if (isObject(child)) return { ...root, [key]: removed(child, rest) };
  if (!isList(child)) return root;
  return { ...root, [key]: removedFromList(child, rest) };
}

function removedFromList(items: readonly Json[], [step, ...rest]: readonly string[]): readonly Json[] {
  const index = Number(step);
  const item = at(items, index);
  if (item === undefined) return items;
  if (rest.length === 0) return items.filter((_, position) => position !== index);
  return items.map((other, position) => (position === index && isObject(other) ? removed(other, rest) : other));
}
