// The scale subresource: replicas apart from the rest of the object.

import { isObject, type Json, type JsonObject, numberAt, objectAt, textAt, withAt } from '../../core/json.ts';
import { hasPath } from '../../objects/field-set.ts';
import { readManagedFields } from '../../objects/managed-fields.ts';
import { isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { mediaType } from '../body.ts';
import { checkAddress, checkNamed, unnamed } from '../object-meta.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';
import { scaleOf } from '../scale-object.ts';
import { scalePaths } from '../scale-paths.ts';
import { badRequest, conflict, internalError, invalid, invalidValue, MODIFIED } from '../status.ts';
import { tabled } from '../tables/table.ts';
import { warned } from './answer.ts';
import { applyConflict, laidOver, readApplied } from './apply.ts';
import { asPart, readPart } from './incoming.ts';
import { checkPatchType, judgePatch } from './patch.ts';
import { readConfiguration } from './patch-body.ts';
import { patchedObject } from './patched.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';
import { checkVersion } from './update.ts';
import { checkVersionOfStore } from './versions.ts';

export async function getScale(call: ResourceRequest): Promise<KubeResponse> {
  await call.api.store.settled();
  checkVersionOfStore(call.request.query);
  return tabled(call, jsonResponse(scaleOf(call.kind, inServedVersion(call.kind, storedObject(call)))));
}

const SCALE = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;

export async function updateScale(call: ResourceRequest): Promise<KubeResponse> {
  const settings = writeSettings(call, 'UpdateOptions');
  const { object, warnings } = readPart(call, SCALE, settings);
  checkNamed(call.path, object);
  const before = inServedVersion(call.kind, storedObject(call));
  const scale = await warned(call, warnings, () => store(call, before, object));
  return jsonResponse(scale, 200, warningHeader(warnings));
}

export async function patchScale(call: ResourceRequest): Promise<KubeResponse> {
  const type = mediaType(call.request);
  checkPatchType(call.kind, type);
  if (type === 'application/apply-patch+yaml') return applyScale(call);
  const settings = writeSettings(call, 'PatchOptions');
  const before = inServedVersion(call.kind, storedObject(call));
  const part = asPart(call, SCALE);
  const scale = scaleOf(call.kind, before, 0);
  // A patch is about the present object, whatever its version.
  const { resourceVersion: _seen, ...metadata } = scale.metadata;
  const patched = patchedObject(part, { ...scale, metadata });
  const warnings = judgePatch(part, patched, settings.validation);
  const made = await warned(call, warnings, () => store(call, before, patched.object));
  return jsonResponse(made, 200, warningHeader(warnings));
}

async function applyScale(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path } = call;
  const settings: WriteSettings = { ...writeSettings(call, 'PatchOptions'), operation: 'Apply', subresource: 'scale' };
  if (kind.custom) throw internalError(noApply(call));
  const live = storedObject(call);
  const part = asPart({ ...call, path: { ...path, subresource: '' } }, SCALE);
  const { applied, fault } = readApplied(part, readConfiguration(call.request));
  const { metadata, ...scale } = applied;
  const replicas = numberAt(scale, 'spec', 'replicas');
  checkReplicas(call, replicas ?? 0);
  const { apiVersion, kind: name } = inServedVersion(kind, live);
  const spec = replicas === undefined ? {} : { spec: { replicas } };
  const { before, object, conflicts } = laidOver(
    call,
    { apiVersion, kind: name, metadata, ...spec },
    { live, settings },
  );
  if (conflicts.length > 0) throw applyConflict(conflicts.map((one) => ({ ...one, manager: ofScale(one.manager) })));
  if (fault) throw fault;
  const stored = await updateInStore(api, kind, { before: before ?? live, after: object, settings });
  return jsonResponse(scaleOf(call.kind, stored));
}

/** Who wrote the object itself is told as if he had written its scale. */
const ofScale = (manager: string): string => manager.replace(/ using \S+$/, ' using autoscaling/v1');

/** A custom resource is in no version of the group of scales; who owns its replicas tells when that is seen. */
function noApply(call: ResourceRequest): string {
  const { name, namespace } = call.path;
  const live = storedObject(call);
  const isOwned = readManagedFields(live).some(({ fields }) => hasPath(fields, scalePaths(call.kind).replicas));
  const when = isOwned
    ? `failed to convert new object (${namespace}/${name}; autoscaling/v1, Kind=Scale)`
    : 'failed to create manager for existing fields: failed to convert live object (/; autoscaling/v1, Kind=Scale)';
  return `${when} to proper version: request to convert CR to an invalid group/version: autoscaling/v1`;
}

async function store(call: ResourceRequest, before: KubeObject, body: Json | undefined): Promise<JsonObject> {
  const { api, kind, path } = call;
  if (!isObject(body)) throw badRequest('the body of the request is no Scale');
  const metadata = objectAt(body, 'metadata');
  const [apiVersion, name] = [textAt(body, 'apiVersion'), textAt(body, 'kind')];
  const isScale = [apiVersion, name].every((word) => word === '' || ['autoscaling/v1', 'Scale'].includes(word));
  if (kind.custom && !isScale)
    throw badRequest('no kind is registered for the type v1.Scale in scheme "pkg/runtime/scheme.go:111"');
  if (textAt(metadata, 'name') === '') throw unnamed(path);
  checkAddress(path, { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { ...metadata } });
  const version = textAt(body, 'metadata', 'resourceVersion');
  checkVersion(version);
  checkUid(call, before, textAt(body, 'metadata', 'uid'));
  if (version !== '' && version !== before.metadata.resourceVersion) throw conflict(kind, path.name, MODIFIED);
  const replicas = numberAt(body, 'spec', 'replicas') ?? 0;
  checkReplicas(call, replicas);
  const after = withAt(before, scalePaths(call.kind).replicas, replicas);
  const settings = { ...writeSettings(call, 'UpdateOptions'), subresource: 'scale' };
  if (!isKubeObject(after)) throw badRequest('the object cannot be scaled');
  return scaleOf(call.kind, await updateInStore(api, kind, { before, after, settings }));
}

/** A scale of another object than the one that is there. */
function checkUid({ kind, path }: ResourceRequest, { metadata }: KubeObject, uid: string): void {
  if (uid === '' || uid === metadata.uid) return;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ''}`;
  throw conflict({ ...kind, plural: `${kind.plural}/scale` }, path.name, why);
}

function checkReplicas({ kind, path }: ResourceRequest, replicas: number): void {
  if (replicas >= 0 || kind.custom) return;
  const cause = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, path.name, [cause]);
}
