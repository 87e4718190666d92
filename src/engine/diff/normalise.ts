// What is not Git's to say, and what the API server reads in another form than it is written in.

import { isObject, type Json, objectAt } from '../../core/json.ts';
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

/** An object without what only the cluster writes: creation time, managed fields, the last-applied text. */
export function withoutClusterFields(object: KubeObject): KubeObject {
  const { creationTimestamp: _created, managedFields: _managed, ...metadata } = object.metadata;
  if (metadata.annotations?.[LAST_APPLIED_ANNOTATION] === undefined) return { ...object, metadata };
  const { [LAST_APPLIED_ANNOTATION]: _text, ...annotations } = metadata.annotations;
  return { ...object, metadata: { ...metadata, annotations } };
}

/** A Secret's stringData is write-only: the server folds it into data. Other kinds are passed on. */
export function foldSecret(object: KubeObject): KubeObject {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || !isObject(object['stringData'])) return object;
  const { stringData, ...rest } = object;
  const data: Record<string, Json | undefined> = { ...objectAt(object, 'data') };
  for (const [key, value] of Object.entries(stringData)) {
    data[key] = typeof value === 'string' ? Buffer.from(value).toString('base64') : (value ?? '');
  }
  const { apiVersion, kind, metadata } = object;
  return { ...rest, data, apiVersion, kind, metadata };
}
