// What an apply of the target would make of a live object, on the client's side or on the server's.

import { isList, isObject, type Json, withAt } from '../../core/json.ts';
import { applyTyped } from '../../objects/apply.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import { UntypableError } from '../../objects/typed.ts';
import type { KindTypes } from './kind-types.ts';
import { mergeThreeWay } from './merge.ts';
import { foldSecret, lastApplied } from './normalise.ts';
import { takeOver } from './ownership.ts';

export const FIELD_MANAGER = 'argocd-controller';

/** Live, with what Git says over it and without what Git said the last time and says no more. */
export function predictApply(live: KubeObject, target: KubeObject, types: KindTypes): KubeObject {
  const last = lastApplied(live);
  const merged = mergeThreeWay({ live, target: forMerge(target), last: last && forMerge(last) }, types.merging(target));
  return isKubeObject(merged) ? merged : live;
}

/** The same by the fields that we are known to own, or take over with this apply; of what the server could not apply, as ever. */
export function predictServerSideApply(live: KubeObject, target: KubeObject, types: KindTypes): KubeObject {
  try {
    return predictOwned(live, target, types);
  } catch (thrown) {
    if (thrown instanceof UntypableError) return predictApply(live, target, types);
    throw thrown;
  }
}

function predictOwned(live: KubeObject, target: KubeObject, types: KindTypes): KubeObject {
  const managedFields = takeOver(live, FIELD_MANAGER);
  const { object } = applyTyped({
    live: managedFields ? { ...live, metadata: { ...live.metadata, managedFields } } : live,
    applied: forMerge(target),
    type: types.applying(target),
    manager: { name: FIELD_MANAGER, operation: 'Apply', apiVersion: target.apiVersion, subresource: '' },
    force: true,
    time: '',
  });
  return object;
}

/** Fields that the API server gives a value where they are empty, so that an empty one in Git asks for nothing. */
const ASSIGNED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Service: [
    ['spec', 'clusterIP'],
    ['spec', 'clusterIPs'],
    ['spec', 'ipFamilies'],
    ['spec', 'healthCheckNodePort'],
    ['spec', 'ports', 'nodePort'],
  ],
  PersistentVolumeClaim: [['spec', 'volumeName']],
  Pod: [
    ['spec', 'nodeName'],
    ['spec', 'serviceAccountName'],
  ],
  Namespace: [['spec', 'finalizers']],
};

function withoutUnassigned(object: KubeObject): KubeObject {
  const fields = object.apiVersion === 'v1' ? (ASSIGNED[object.kind] ?? []) : [];
  const remaining = fields.reduce<Json>((value, path) => withoutEmpty(value, path), object);
  return isKubeObject(remaining) ? remaining : object;
}

/** Without the field at a path, also in the items of a list, where it is empty. */
function withoutEmpty(value: Json, path: readonly string[]): Json {
  if (isList(value)) return value.map((item) => withoutEmpty(item, path));
  const [key, ...rest] = path;
  if (!isObject(value) || key === undefined || value[key] === undefined) return value;
  const child = value[key];
  if (rest.length > 0) return { ...value, [key]: withoutEmpty(child, rest) };
  const isEmpty = child === '' || child === 0 || (isList(child) && child.length === 0);
  return isEmpty ? withAt(value, [key], undefined) : value;
}

/**
 * A manifest without a namespace gets the destination's: that never shows as a difference. Annotations that were empty say
 * nothing of those that are there now.
 */
function forMerge(object: KubeObject): KubeObject {
  const { namespace: _namespace, annotations, ...rest } = object.metadata;
  const metadata = annotations && Object.keys(annotations).length > 0 ? { ...rest, annotations } : rest;
  return withoutUnassigned(foldSecret({ ...object, metadata }));
}
