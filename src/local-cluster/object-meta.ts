// What the cluster itself writes into metadata.

import {
  isObject,
  type Json,
  type JsonObject,
  MAX_LEVELS,
  nestsTooDeep,
  objectAt,
  sameJson,
  textAt,
} from '../core/json.ts';
import { omitUndefined } from '../core/omit-undefined.ts';
import { timestamp } from '../core/time.ts';
import { apiVersionOf, type KubeObject, type ObjectMeta } from '../objects/object.ts';
import type { Api } from './api.ts';
import { generatedName, newUid } from './identity.ts';
import type { Kind } from './kinds.ts';
import type { ResourcePath } from './route.ts';
import { badRequest, internalError, invalid, invalidValue } from './status.ts';

/** A body as an object of the kind that the path names; refuses another kind or namespace. */
export function asObject(kind: Kind, body: Json | undefined): KubeObject {
  if (!isObject(body)) throw badRequest('the body of the request is no object');
  if (nestsTooDeep(body)) throw badRequest(`the object is nested deeper than ${MAX_LEVELS} levels`);
  const apiVersion = apiVersionOf(kind.group, kind.version);
  const requested = {
    kind: typeMeta(body, 'kind') ?? kind.kind,
    apiVersion: typeMeta(body, 'apiVersion') ?? apiVersion,
  };
  if (kind.custom && requested.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${requested.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (kind.custom && requested.kind !== kind.kind) {
    const wrong = { group: kind.group, kind: requested.kind };
    throw invalid(wrong, textAt(body, 'metadata', 'name'), [
      invalidValue('kind', requested.kind, `must be ${kind.kind}`),
    ]);
  }
  if (requested.kind !== kind.kind || requested.apiVersion !== apiVersion) {
    throw badRequest(wrongKind(kind, requested.kind, requested.apiVersion));
  }
  const { metadata } = body;
  // In the order of the body: what is wrong with it is told in that order.
  return { ...body, apiVersion, kind: kind.kind, metadata: isObject(metadata) ? metadata : {} };
}

function typeMeta(body: JsonObject, field: 'kind' | 'apiVersion'): string | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const why = `json: cannot unmarshal ${type} into Go struct field .${field} of type string`;
  throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
}

function wrongKind(kind: Kind, kindName: string, apiVersion: string): string {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const expected = `${kind.group === '' ? 'core' : kind.group}.${kind.kind}`;
  return `${kindName} in version "${version}" cannot be handled as a ${kind.kind}: converting (${version}.${kindName}) to (${expected}): unknown conversion`;
}

/** Refuses a body whose name or namespace is another than the path's. */
export function checkAddress(path: ResourcePath, object: KubeObject): void {
  const { name, namespace } = object.metadata;
  if (namespace !== undefined && namespace !== '' && namespace !== path.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (path.name !== '' && name !== undefined && name !== '' && name !== path.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${path.name})`);
  }
}

/** Metadata of a new object: what a client may not choose is made here. */
export function newMeta(api: Api, kind: Kind, object: KubeObject): ObjectMeta {
  const { selfLink: _link, deletionTimestamp: _deleted, deletionGracePeriodSeconds: _grace, ...meta } = object.metadata;
  const { resourceVersion, ...kept } = meta;
  if (resourceVersion !== undefined && resourceVersion !== '') {
    throw internalError('resourceVersion should not be set on objects to be created');
  }
  const generated = kept.name === undefined || kept.name === '' ? kept.generateName : undefined;
  const name = generated === undefined || generated === '' ? kept.name : generatedName(generated, api.random);
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
  const { selfLink: _link, managedFields, ...given } = after.metadata;
  const { uid, creationTimestamp, generation, generateName, deletionTimestamp, deletionGracePeriodSeconds } =
    before.metadata;
  return {
    ...given,
    ...omitUndefined({
      name: before.metadata.name,
      namespace: before.metadata.namespace,
      resourceVersion: before.metadata.resourceVersion,
      managedFields: managedFields ?? before.metadata.managedFields,
      uid,
      creationTimestamp,
      generation,
      generateName,
      deletionTimestamp,
      deletionGracePeriodSeconds,
    }),
  };
}

/** Whether two versions of an object differ in more than their stamps. */
export function sameContent(a: KubeObject, b: KubeObject): boolean {
  return sameJson(a, { ...b, metadata: { ...b.metadata, resourceVersion: a.metadata.resourceVersion } });
}

/** Whether what an object wants has changed: all but its metadata and status. */
export function sameWish(a: KubeObject, b: KubeObject): boolean {
  const wish = ({ metadata: _meta, status: _status, ...rest }: KubeObject): JsonObject => rest;
  return sameJson(wish(a), wish(b));
}

export function isTerminating(object: KubeObject): boolean {
  return objectAt(object, 'metadata')['deletionTimestamp'] !== undefined;
}
