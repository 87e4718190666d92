// Which verb answers at which subresource.

import { createToken } from '../access/token-request.ts';
import type { ResourceRequest } from '../api.ts';
import type { KubeResponse } from '../request.ts';
import { bindPod } from './bind.ts';
import { evict } from './evict.ts';
import { podLog } from './log.ts';
import { refuseConnection } from './not-simulated.ts';
import { patchObject } from './patch.ts';
import { getObject } from './read.ts';
import { getScale, patchScale, updateScale } from './scale.ts';
import { updateObject } from './update.ts';

export type Verb = (call: ResourceRequest) => Promise<KubeResponse>;
type Methods = Readonly<Record<string, Verb>>;

const WHOLE: Methods = { GET: getObject, PUT: updateObject, PATCH: patchObject };

const SUBRESOURCES: Readonly<Record<string, Methods>> = {
  status: WHOLE,
  finalize: { PUT: updateObject },
  approval: WHOLE,
  ephemeralcontainers: WHOLE,
  resize: WHOLE,
  scale: { GET: getScale, PUT: updateScale, PATCH: patchScale },
  log: { GET: podLog },
  eviction: { POST: evict },
  token: { POST: createToken },
  binding: { POST: bindPod },
};

const STREAMS = ['GET', 'POST'];
const CONNECTIONS: Readonly<Record<string, readonly string[]>> = {
  exec: STREAMS,
  attach: STREAMS,
  portforward: STREAMS,
  proxy: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
};

/** The verb at a subresource that the kind has; undefined when it has none, or no such verb. */
export function subresourceVerb(call: ResourceRequest): Verb | undefined {
  const { kind, path, request } = call;
  // What follows a proxy is a path of what is behind it.
  const name = path.subresource.startsWith('proxy/') ? 'proxy' : path.subresource;
  if (!kind.subresources.some((entry) => entry.name === name)) return undefined;
  const methods = CONNECTIONS[name];
  if (!methods) return SUBRESOURCES[name]?.[request.method];
  return methods.includes(request.method) ? refuseConnection : undefined;
}
