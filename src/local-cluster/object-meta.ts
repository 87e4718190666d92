// What the cluster itself writes into metadata.

import { isObject, type Json, objectAt, sameJson, textAt } from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { timestamp } from '../core/time.ts';
import { areReadable } from '../objects/managed-fields.ts';
import type { KubeObject, ObjectMeta } from '../objects/object.ts';
import type { Api } from './api.ts';
import { generatedName, newUid } from './identity.ts';
import type { Kind } from './kinds.ts';
import type { ResourcePath } from './route.ts';
import { type ApiError, badRequest, internalError } from './status.ts';

/** Refuses what would replace an object and has no name, or another name or namespace than the path's. */
export function checkNamed(path: ResourcePath, object: KubeObject): void {
  checkAddress(path, object);
  if ((object.metadata.name ?? '') !== '') return;
  throw unnamed(path);
}

export const unnamed = ({ name }: Pick<ResourcePath, 'name'>): ApiError =>
  badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);

/** Refuses a body whose name or namespace is another than the path's. */
export function checkAddress(path: ResourcePath, object: KubeObject): void {
  const { name, namespace } = object.metadata;
  // What belongs to no namespace may name one in vain.
  if (path.namespace !== '' && namespace !== undefined && namespace !== '' && namespace !== path.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (path.name !== '' && name && name !== path.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
}

/** Metadata of a new object: what a client may not choose is made here. */
export function newMeta(
  api: Api,
  kind: Kind,
  object: KubeObject,
  { dryRun }: { readonly dryRun: boolean },
): ObjectMeta {
  const { selfLink: _link, deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, ...meta } = object.metadata;
  const { resourceVersion, managedFields, ...others } = meta;
  // What is no version is none. Only the store asks for it.
  if (!dryRun && Number(/^\d+$/.exec(resourceVersion ?? '')?.[0] ?? 0) > 0) {
    throw internalError('resourceVersion should not be set on objects to be created');
  }
  const kept = {
    ...others,
    ...(dryRun && resourceVersion !== undefined && resourceVersion !== '' ? { resourceVersion } : {}),
    ...(areReadable(managedFields) ? omitUndefined({ managedFields }) : {}),
  };
  const generated = kept.name === undefined || kept.name === '' ? kept.generateName : undefined;
  const isNamed = generated === undefined || generated === '';
  // A LimitRange that has no name is given one.
  const own = kept.name || (kind.storage === '/limitranges' ? newUid(api.random) : kept.name);
  const name = isNamed ? own : generatedName(generated, api.random);
  return {
    ...kept,
    ...omitUndefined({ name }),
    ...(kind.namespaced ? { namespace: kept.namespace ?? '' } : {}),
    uid: newUid(api.random),
    creationTimestamp: timestamp(api.clock.now()),
  };
}

/** Metadata of a changed object: what no client may change stays as it was. */
export function changedMeta(before: KubeObject, after: KubeObject): ObjectMeta {
  const { generation: _counted, managedFields, namespace: _namespace, ...given } = after.metadata;
  const { uid, creationTimestamp, generation, deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  return {
    ...given,
    ...omitUndefined({
      name: before.metadata.name,
      namespace: before.metadata.namespace,
      resourceVersion: before.metadata.resourceVersion,
      managedFields: areReadable(managedFields) ? managedFields : before.metadata.managedFields,
      uid: given.uid || uid,
      creationTimestamp,
      generation,
      // Another uid, and another end, are refused where they are validated.
      deletionTimestamp: deletionTimestamp ?? given.deletionTimestamp ?? undefined,
      deletionGracePeriodSeconds: given.deletionGracePeriodSeconds ?? deletionGracePeriodSeconds,
    }),
  };
}

/** Without owners that are named twice, of which who writes is warned. */
export function withOwnersOnce(object: KubeObject, { warn, isPatch = false }: OwnersRead): KubeObject {
  const owners = object.metadata.ownerReferences;
  if (owners === undefined || owners.length < 2) return object;
  const isTwice = (owner: Json, index: number): boolean => owners.findIndex((one) => sameJson(one, owner)) < index;
  const twice = new Set(owners.filter(isTwice).map((owner) => textAt(owner, 'uid')));
  if (twice.size === 0) return object;
  const when = isPatch ? ' after mutating admission happens' : '';
  const uids = [...twice].join(', ');
  warn?.(`.metadata.ownerReferences contains duplicate entries${when}; ${OWNERS_TWICE}: ${uids}`);
  return withMetadata(object, { ownerReferences: owners.filter((owner, index) => !isTwice(owner, index)) });
}

interface OwnersRead {
  readonly warn?: (text: string) => void;
  readonly isPatch?: boolean;
}

const OWNERS_TWICE =
  'API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed';

/** The object with other metadata; what is undefined goes. */
export function withMetadata(
  object: KubeObject,
  changes: { readonly [K in keyof ObjectMeta]: ObjectMeta[K] | undefined },
): KubeObject {
  return { ...object, metadata: omitUndefined({ ...object.metadata, ...changes }) };
}

/** Whether two versions of an object are the same but for their stamps, those of its managers too. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return sameJson(withoutStamps(a), withoutStamps(b));
}

function withoutStamps(object: KubeObject): KubeObject {
  const managedFields = object.metadata.managedFields?.map((entry) =>
    isObject(entry) ? { ...entry, time: '' } : entry,
  );
  return withMetadata(object, { resourceVersion: undefined, managedFields });
}

export function isTerminating(object: KubeObject): boolean {
  return objectAt(object, 'metadata')['deletionTimestamp'] !== undefined;
}

/** How a new object is called by what looks at it before its name is made. */
export function nameAskedFor(metadata: unknown): string {
  const [name, prefix] = [textAt(metadata, 'name'), textAt(metadata, 'generateName')];
  return prefix !== '' && name.length > 5 && prefix.startsWith(name.slice(0, -5)) ? prefix : name;
}

/** Fields of metadata in the order in which Go writes them. */
export const META_FIELDS = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];
