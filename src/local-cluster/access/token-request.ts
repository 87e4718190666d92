// POST …/serviceaccounts/NAME/token: a token with an end, for some readers, bound to an object when that is asked.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import type { ResourceRequest } from '../api.ts';
import { readBody } from '../body.ts';
import { newUid } from '../identity.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse } from '../response.ts';
import { ApiError, type Cause, conflict, invalid, invalidValue, notFound } from '../status.ts';
import { storedObject } from '../verbs/read.ts';
import { ISSUER, signClaims, signingKey } from './account-token.ts';

const REQUEST = { group: 'authentication.k8s.io', kind: 'TokenRequest' } as const;
const HOUR_S = 3600;
const SHORTEST_S = 600;
const LONGEST_S = 2 ** 32;

export async function createToken(call: ResourceRequest): Promise<KubeResponse> {
  const { api, path } = call;
  const account = storedObject(call);
  const spec = objectAt(readBody(call.request), 'spec');
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : HOUR_S;
  const causes = durationCauses(seconds);
  if (causes.length > 0) throw invalid(REQUEST, '', causes);
  const asked = listAt(spec, 'audiences').map(String);
  const audiences = asked.length === 0 ? [ISSUER] : asked;
  const key = signingKey(api.store);
  if (key === '')
    throw new ApiError(503, 'ServiceUnavailable', { message: 'the cluster has no port yet: nobody can use a token' });
  const now = Math.floor(api.wallClock.now() / 1000);
  const claims: JsonObject = {
    aud: audiences,
    exp: now + seconds,
    iat: now,
    iss: ISSUER,
    jti: newUid(api.random),
    'kubernetes.io': {
      namespace: path.namespace,
      serviceaccount: { name: path.name, uid: account.metadata.uid ?? '' },
      ...boundObject(call, spec['boundObjectRef']),
    },
    nbf: now,
    sub: `system:serviceaccount:${path.namespace}:${path.name}`,
  };
  const answer: JsonObject = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: path.name, namespace: path.namespace, creationTimestamp: timestamp(api.wallClock.now()) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec['boundObjectRef'] ?? null },
    status: { token: signClaims(claims, key), expirationTimestamp: timestamp((now + seconds) * 1000) },
  };
  return jsonResponse(answer, 201);
}

function durationCauses(seconds: number): Cause[] {
  const field = 'spec.expirationSeconds';
  if (seconds < SHORTEST_S) return [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')];
  if (seconds > LONGEST_S) return [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')];
  return [];
}

const BOUND: Readonly<Record<string, { readonly plural: string; readonly namespaced: boolean }>> = {
  Pod: { plural: 'pods', namespaced: true },
  Secret: { plural: 'secrets', namespaced: true },
  Node: { plural: 'nodes', namespaced: false },
};

/** The object that the token ends with, as the token names it. */
function boundObject({ api, path }: ResourceRequest, reference: unknown): JsonObject {
  if (!isObject(reference)) return {};
  const kind = textAt(reference, 'kind');
  const known = BOUND[kind];
  if (!known) {
    const message = `cannot bind token for serviceaccount to object of type v1, Kind=${kind}`;
    throw new ApiError(400, 'BadRequest', { message });
  }
  const name = textAt(reference, 'name');
  const object = api.store.get(`/${known.plural}`, known.namespaced ? path.namespace : '', name);
  if (!object) throw notFound({ group: '', plural: known.plural, kind }, name);
  const { uid = '' } = object.metadata;
  const asked = textAt(reference, 'uid');
  if (asked !== '' && asked !== uid) {
    const why = `the UID in the bound object reference (${asked}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', plural: known.plural, kind }, name, why);
  }
  return { [kind.toLowerCase()]: { name, uid } };
}
