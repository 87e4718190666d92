// Which verb answers at which subresource.

import { type JsonObject, objectAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { ResourceRequest } from '../api.ts';
import { readBody } from '../body.ts';
import { randomSuffix } from '../identity.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse } from '../response.ts';
import { evict } from './delete.ts';
import { podLog } from './log.ts';
import { patchObject } from './patch.ts';
import { getObject, storedObject } from './read.ts';
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
};

/** The verb at a subresource that the kind has; undefined when it has none, or no such verb. */
export function subresourceVerb(call: ResourceRequest): Verb | undefined {
  const { kind, path, request } = call;
  const isServed = kind.subresources.some(({ name }) => name === path.subresource);
  return isServed ? SUBRESOURCES[path.subresource]?.[request.method] : undefined;
}

const HOUR_S = 3600;

/** A token that looks like one; it is never checked. */
async function createToken(call: ResourceRequest): Promise<KubeResponse> {
  storedObject(call);
  const body = readBody(call.request);
  const spec = objectAt(body, 'spec');
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : HOUR_S;
  const { api, path } = call;
  const audiences = spec['audiences'] ?? ['https://kubernetes.default.svc.cluster.local'];
  const token: JsonObject = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: path.name, namespace: path.namespace, creationTimestamp: timestamp(api.clock.now()) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec['boundObjectRef'] ?? null },
    status: {
      token: `simulated.${randomSuffix(api.random, 40)}`,
      expirationTimestamp: timestamp(api.clock.now() + seconds * 1000),
    },
  };
  return jsonResponse(token, 201);
}
