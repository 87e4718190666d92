// The four patches.

import { HawserError } from '../../core/errors.ts';
import { goText } from '../../core/go-text.ts';
import { isList, isObject, type Json, type JsonObject } from '../../core/json.ts';
import { goKind } from '../../objects/go-types.ts';
import { jsonPatch } from '../../objects/json-patch.ts';
import { mergePatch } from '../../objects/merge-patch.ts';
import type { KubeObject } from '../../objects/object.ts';
import { strategicMerge } from '../../objects/strategic-merge.ts';
import type { ResourceRequest } from '../api.ts';
import { asObject } from '../as-object.ts';
import { fromJson, fromYaml, mediaType, sourceOf } from '../body.ts';
import { type Decoded, decode, type FieldValidation } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { checkAddress } from '../object-meta.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { ApiError, badRequest, internalError, invalid, invalidValue, unsupportedMediaType } from '../status.ts';
import { faultsOfPatch, judge } from '../strictness.ts';
import { readOr } from '../unrecognized.ts';
import { answerWrite } from './answer.ts';
import { applyPatch } from './apply.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
  'application/strategic-merge-patch+json',
] as const;

export async function patchObject(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const settings = writeSettings(call, 'PatchOptions');
  const type = mediaType(call.request);
  checkPatchType(kind, type);
  if (type === 'application/apply-patch+yaml') return applyPatch(call, patchBody(call), settings);
  const types = api.types();
  const before = inServedVersion(kind, storedObject(call));
  const patch = patchBody(call);
  const patched = (): Json => {
    if (type === 'application/json-patch+json') {
      if (!isList(patch)) throw badRequest('error decoding patch: a JSON patch is a list');
      return jsonPatch(before, patch);
    }
    if (!isObject(patch)) throw badRequest('error decoding patch: a merge patch is an object');
    if (type === 'application/merge-patch+json') return mergePatch(before, patch);
    return strategicMerge(before, patch, types.ofKind(kind.group, kind.version, kind.kind));
  };
  const after = asObject(kind, refusing(patched, type));
  const { uid } = after.metadata;
  if (uid !== undefined && uid !== before.metadata.uid) {
    // Two checks find it, each tells it.
    const cause = invalidValue('metadata.uid', uid, 'field is immutable');
    throw invalid(kind, call.path.name, [cause, cause]);
  }
  checkAddress(call.path, after);
  const { unknown } = readPatched(() => decode(types, kind, after));
  for (const text of judgePatch(call, { patch, after, unknown, validation: settings.validation })) call.warn?.(text);
  return answerWrite(call, await updateInStore(api, kind, { before, after, settings }));
}

/** Faults of a patch and of what it makes: refused as a fault of the patch. */
function judgePatch(
  { request, kind }: ResourceRequest,
  { patch, after, unknown, validation }: Patched,
): readonly string[] {
  if (validation === 'Ignore') return [];
  const source = sourceOf(request);
  const type = mediaType(request);
  const own = source ? faultsOfPatch(source.text, type === 'application/json-patch+json') : [];
  const faults = [...own, ...unknown.map((path) => `unknown field "${path}"`)];
  return judge(faults, validation, (text) => {
    const isStrategic = type === 'application/strategic-merge-patch+json' && !kind.custom;
    const value = isStrategic ? goText(patch) : unknown.length > 0 ? JSON.stringify(after) : (source?.text ?? '');
    return invalid({ group: '', kind: '' }, '', [invalidValue('patch', value, text)]);
  });
}

interface Patched {
  readonly patch: Json;
  readonly after: KubeObject;
  readonly unknown: readonly string[];
  readonly validation: FieldValidation;
}

/** Custom resources take no strategic merge. */
export function checkPatchType(kind: Kind, type: string): void {
  const accepted: readonly string[] = kind.custom ? PATCH_TYPES.slice(0, 3) : PATCH_TYPES;
  if (!PATCH_TYPES.some((patchType) => patchType === type)) {
    throw new ApiError(415, 'UnsupportedMediaType', { message: '415: Unsupported Media Type', details: {} });
  }
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
}

function patchBody(call: ResourceRequest): Json {
  const type = mediaType(call.request);
  const { body = '' } = call.request;
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return type === 'application/apply-patch+yaml' ? applyBody(text) : fromJson(text);
}

function applyBody(text: string): JsonObject {
  const body = readOr(
    () => fromYaml(text),
    (why) => badRequest(`error decoding YAML: error converting YAML to JSON: ${why}`),
  );
  if (body === null || isObject(body)) return body ?? {};
  const why = `json: cannot unmarshal ${goKind(body)} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
}

/** What a patch makes must be readable; when it is not, the patch is what is wrong. */
function readPatched(read: () => Decoded): Decoded {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.code !== 400) throw thrown;
    throw new ApiError(422, 'Invalid', { message: thrown.message, details: {} });
  }
}

/** A patch that cannot be applied is the client's mistake. */
function refusing(apply: () => Json, type: string): Json {
  try {
    return apply();
  } catch (thrown) {
    if (!(thrown instanceof HawserError)) throw thrown;
    if (type === 'application/strategic-merge-patch+json') throw internalError(thrown.message);
    throw new ApiError(422, 'Invalid', {
      message: `the server rejected our request due to an error in our request`,
      details: {},
    });
  }
}
