// The scale subresource: replicas apart from the rest of the object.

import { at, isObject, type Json, type JsonObject, numberAt, objectAt, textAt, withAt } from '../../core/json.ts';
import { jsonPatch } from '../../objects/json-patch.ts';
import { formatSelector } from '../../objects/label-selector.ts';
import { mergePatch } from '../../objects/merge-patch.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { fromJson, fromYaml, mediaType } from '../body.ts';
import { checkAddress, checkNamed } from '../object-meta.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';
import { scalePaths } from '../scale-paths.ts';
import { ApiError, badRequest, conflict, internalError, invalid, invalidValue, MODIFIED } from '../status.ts';
import { warned } from './answer.ts';
import { readPart } from './incoming.ts';
import { checkPatchType } from './patch.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

export async function getScale(call: ResourceRequest): Promise<KubeResponse> {
  await call.api.store.settled();
  return jsonResponse(scaleOf(call, inServedVersion(call.kind, storedObject(call))));
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

export async function updateScale(call: ResourceRequest): Promise<KubeResponse> {
  const settings = writeSettings(call, 'UpdateOptions');
  const { object, warnings } = readPart(call, SCALE, settings);
  const before = inServedVersion(call.kind, storedObject(call));
  checkNamed(call.path, object);
  const scale = await warned(call, warnings, () => store(call, before, object));
  return jsonResponse(scale, 200, warningHeader(warnings));
}

export async function patchScale(call: ResourceRequest): Promise<KubeResponse> {
  const before = inServedVersion(call.kind, storedObject(call));
  const { body = '' } = call.request;
  const type = mediaType(call.request);
  checkPatchType(call.kind, type);
  if (call.kind.custom && type === 'application/apply-patch+yaml') throw internalError(NO_APPLY);
  const text = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : undefined;
  const read = type === 'application/apply-patch+yaml' ? fromYaml : fromJson;
  const patch = text === undefined ? body : read(text);
  const scale = scaleOf(call, before);
  const patched =
    Array.isArray(patch) && type === 'application/json-patch+json'
      ? jsonPatch(withoutVersion(scale), patch)
      : mergePatch(withoutVersion(scale), isObject(patch) ? patch : {});
  return jsonResponse(await store(call, before, patched));
}

/** A custom resource is in no version of the group of scales. */
const NO_APPLY =
  'failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale) to proper version: request to convert CR to an invalid group/version: autoscaling/v1';

/** A patch is about the present object, whatever its version. */
function withoutVersion(scale: JsonObject): JsonObject {
  return withAt(scale, ['metadata', 'resourceVersion'], undefined);
}

async function store(call: ResourceRequest, before: KubeObject, body: Json | undefined): Promise<JsonObject> {
  const { api, kind, path } = call;
  if (!isObject(body)) throw badRequest('the body of the request is no Scale');
  const metadata = objectAt(body, 'metadata');
  const [apiVersion, name] = [textAt(body, 'apiVersion'), textAt(body, 'kind')];
  const isScale = [apiVersion, name].every((word) => word === '' || ['autoscaling/v1', 'Scale'].includes(word));
  if (kind.custom && !isScale)
    throw badRequest('no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"');
  if (textAt(metadata, 'name') === '')
    throw badRequest(`the name of the object (${path.name} based on URL) was undeterminable: name must be provided`);
  checkAddress(path, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { ...metadata } });
  const version = textAt(body, 'metadata', 'resourceVersion');
  if (version !== '' && version !== before.metadata.resourceVersion) throw conflict(kind, path.name, MODIFIED);
  const replicas = numberAt(body, 'spec', 'replicas') ?? 0;
  if (replicas < 0 && !kind.custom) {
    const cause = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, path.name, [cause]);
  }
  const after = withAt(before, scalePaths(call.kind).replicas, replicas);
  const settings = { ...writeSettings(call, 'UpdateOptions'), subresource: 'scale' };
  if (!isKubeObject(after)) throw badRequest('the object cannot be scaled');
  return scaleOf(call, await updateInStore(api, kind, { before, after, settings }));
}

function scaleOf(call: ResourceRequest, object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const paths = scalePaths(call.kind);
  const given = numberAt(object, ...paths.replicas);
  if (given === undefined && call.kind.custom) {
    const missing = `the spec replicas field ".${paths.replicas.join('.')}" does not exist`;
    throw new ApiError(500, 'InternalError', {
      message: `Internal error occurred: ${missing}`,
      details: { causes: [{ message: missing }] },
    });
  }
  const replicas = given ?? 0;
  const selector =
    paths.selector === undefined ? formatSelector(at(object, 'spec', 'selector')) : textAt(object, ...paths.selector);
  const metadata: JsonObject = { name, namespace, uid, resourceVersion, creationTimestamp };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata,
    spec: replicas === 0 ? {} : { replicas: replicas },
    status: { replicas: numberAt(object, ...paths.statusReplicas) ?? 0, ...(selector === '' ? {} : { selector }) },
  };
}
