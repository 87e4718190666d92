// The four patches.

import { isList } from '../../core/json.ts';
import type { ResourceRequest, WriteSettings } from '../api.ts';
import { mediaType, sourceOf } from '../body.ts';
import type { FieldValidation } from '../decode.ts';
import type { Kind } from '../kinds.ts';
import { checkNamed } from '../object-meta.ts';
import { updateInStore } from '../registry.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion } from '../response.ts';
import { ApiError, unsupportedMediaType } from '../status.ts';
import { faultsOfPatch, judge } from '../strictness.ts';
import { answerWrite, warned } from './answer.ts';
import { applyPatch } from './apply.ts';
import { readConfiguration } from './patch-body.ts';
import { isStrategic, type Patched, patchedObject, refusedPatch } from './patched.ts';
import { storedObject } from './read.ts';
import { writeSettings } from './settings.ts';
import { checkVersion } from './update.ts';

const PATCH_TYPES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/apply-patch+yaml',
  'application/strategic-merge-patch+json',
] as const;

export async function patchObject(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const type = mediaType(call.request);
  checkPatchType(kind, type);
  const given = writeSettings(call, 'PatchOptions');
  if (type === 'application/apply-patch+yaml') return applyPatch(call, readConfiguration(call.request), given);
  const settings: WriteSettings = { ...given, isRead: true };
  const before = inServedVersion(kind, storedObject(call));
  const patched = patchedObject(call, before);
  const after = patched.object;
  const warnings = judgePatch(call, patched, settings.validation);
  const stored = await warned(call, warnings, async () => {
    checkNamed(call.path, after);
    checkVersion(after.metadata.resourceVersion ?? '');
    return updateInStore(api, kind, { before, after, settings });
  });
  return answerWrite(call, stored, { warnings, before });
}

/** Faults of a patch and of what it makes: refused as a fault of the patch, which is shown where it alone is at fault. */
export function judgePatch(
  { request }: ResourceRequest,
  patched: Patched,
  validation: FieldValidation,
): readonly string[] {
  if (validation === 'Ignore') return [];
  const source = sourceOf(request);
  const isOwnFault = patched.unknown.length === 0 && !isStrategic(mediaType(request));
  const refuse = isOwnFault ? (why: string) => refusedPatch(source?.text ?? '', why) : patched.refuse;
  const own = source ? faultsOfPatch(source.text, isList(patched.patch)) : [];
  return judge([...own, ...patched.unknown.map((path) => `unknown field "${path}"`)], validation, refuse);
}

/** Custom resources take no strategic merge. */
export function checkPatchType(kind: Kind, type: string): void {
  const accepted: readonly string[] = kind.custom ? PATCH_TYPES.slice(0, 3) : PATCH_TYPES;
  if (!kind.custom && !accepted.includes(type)) {
    throw new ApiError(415, 'UnsupportedMediaType', { message: '415: Unsupported Media Type', details: {} });
  }
  if (!accepted.includes(type)) throw unsupportedMediaType(accepted);
}
