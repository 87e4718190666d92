import type { KubeObject } from '../../objects/object.ts';
import { podSecurityWarnings } from '../admission/pod-security.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, jsonResponse, warningHeader } from '../response.ts';

interface Written {
  readonly status?: number;
  readonly warnings?: readonly string[];
}

/** What was written, in the version that was asked for, with all that there is to warn of. */
export function answerWrite(
  { api, kind }: ResourceRequest,
  object: KubeObject,
  { status = 200, warnings = [] }: Written = {},
): KubeResponse {
  const told = [...warnings, ...podSecurityWarnings(api.store, kind, object)];
  return jsonResponse(inServedVersion(kind, object), status, warningHeader(told));
}
