import type { KubeObject } from '../../objects/object.ts';
import { podSecurityWarnings } from '../admission/pod-security.ts';
import type { ResourceRequest } from '../api.ts';
import { CRD_STORAGE } from '../kinds.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';
import { definitionWarnings } from '../validation/definition.ts';
import { deprecationWarnings } from '../validation/deprecations.ts';
import { unservedWarnings } from '../validation/unserved.ts';

interface Written {
  readonly status?: number;
  readonly warnings?: readonly string[];
}

/** What was written, in the version that was asked for, with all that there is to warn of. */
export function answerWrite(
  { api, kind, path }: ResourceRequest,
  object: KubeObject,
  { status = 200, warnings = [] }: Written = {},
): KubeResponse {
  const unchecked = kind.storage === CRD_STORAGE ? definitionWarnings(object) : [];
  const unserved = unservedWarnings(kind.storage, object);
  const deprecated = path.subresource === '' ? deprecationWarnings(kind.storage, object) : [];
  const told = [...warnings, ...deprecated, ...podSecurityWarnings(api.store, kind, object), ...unchecked, ...unserved];
  return jsonResponse(inServedVersion(kind, object), status, warningHeader(told));
}
