import type { KubeObject } from '../../objects/object.ts';
import { podSecurityWarnings } from '../admission/pod-security.ts';
import type { ResourceRequest } from '../api.ts';
import { CRD_STORAGE } from '../kinds.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';
import { definitionWarnings } from '../validation/definition.ts';
import { unservedWarnings } from '../validation/unserved.ts';
import { objectWarnings } from '../warnings/objects.ts';

/** What was written, in the version that was asked for, with all that there is to warn of in it. */
export function answerWrite(
  { api, kind, path }: ResourceRequest,
  object: KubeObject,
  { status = 200 }: { readonly status?: number } = {},
): KubeResponse {
  const unchecked = kind.storage === CRD_STORAGE ? definitionWarnings(object) : [];
  const unserved = unservedWarnings(kind.storage, object);
  const ofKind = path.subresource === '' ? objectWarnings(kind.storage, object, status === 201) : [];
  const told = [...ofKind, ...podSecurityWarnings(api.store, kind, object), ...unchecked, ...unserved];
  return jsonResponse(inServedVersion(kind, object), status, warningHeader(told));
}
