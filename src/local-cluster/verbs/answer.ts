import type { KubeObject } from '../../objects/object.ts';
import { podSecurityWarnings } from '../admission/pod-security.ts';
import type { ResourceRequest } from '../api.ts';
import { CRD_STORAGE } from '../kinds.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';
import { isStale } from '../stale.ts';
import { definitionWarnings } from '../validation/definition.ts';
import { unservedWarnings } from '../validation/unserved.ts';
import { objectWarnings } from '../warnings/objects.ts';

interface Written {
  readonly status?: number;
  readonly warnings?: readonly string[];
  /** What a changed object was. */
  readonly before?: KubeObject;
}

/** What was written, in the version that was asked for, with all that there is to warn of. */
export function answerWrite(
  { api, kind, path }: ResourceRequest,
  object: KubeObject,
  { status = 200, warnings = [], before }: Written = {},
): KubeResponse {
  const unchecked = kind.storage === CRD_STORAGE ? definitionWarnings(object, before) : [];
  const unserved = unservedWarnings(kind.storage, object);
  const ofKind = path.subresource === '' ? objectWarnings(kind.storage, object, before) : [];
  const told = [...warnings, ...ofKind, ...podSecurityWarnings(api.store, kind, object), ...unchecked, ...unserved];
  return jsonResponse(inServedVersion(kind, object), status, warningHeader(told));
}

/** What is written; a refusal too warns of what was read. */
export async function warned<T>(
  { warn }: ResourceRequest,
  warnings: readonly string[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    // Who begins again reads it again.
    if (!isStale(thrown)) for (const text of warnings) warn?.(text);
    throw thrown;
  }
}
