// POST …/serviceaccounts/NAME/token: a token with an end, for some readers, bound to an object when that is asked.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { groupOf, type KubeObject, versionOf } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import { newUid } from '../identity.ts';
import { checkAddress } from '../object-meta.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse, warningHeader } from '../response.ts';
import { ApiError, type Cause, conflict, invalid, invalidValue, notFound } from '../status.ts';
import { warned } from '../verbs/answer.ts';
import { readPart } from '../verbs/incoming.ts';
import { storedObject } from '../verbs/read.ts';
import { writeSettings } from '../verbs/settings.ts';
import { ISSUER, signClaims, signingKey } from './account-token.ts';

const REQUEST = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } as const;
const HOUR_S = 3600;
const SHORTEST_S = 600;
const LONGEST_S = 2 ** 32;

export async function createToken(call: ResourceRequest): Promise<KubeResponse> {
  const settings = writeSettings(call, 'CreateOptions');
  const { object, warnings } = readPart(call, REQUEST, settings);
  return warned(call, warnings, async () => jsonResponse(tokenFor(call, object), 201, warningHeader(warnings)));
}

function tokenFor(call: ResourceRequest, request: KubeObject): JsonObject {
  const { api, path } = call;
  const account = storedObject(call);
  checkAddress({ ...path, name: '' }, request);
  const spec = objectAt(request, 'spec');
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : HOUR_S;
  const wrong = durationCauses(seconds);
  if (wrong.length > 0) throw invalid(REQUEST, '', wrong);
  const { name = path.name } = request.metadata;
  const message = 'must match the service account name if specified';
  if (name !== path.name) throw invalid(REQUEST, path.name, [invalidValue('metadata.name', name, message)]);
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
    metadata: {
      name: path.name,
      namespace: path.namespace,
      uid: newUid(api.random),
      creationTimestamp: timestamp(api.wallClock.now()),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec['boundObjectRef'] ?? null },
    status: { token: signClaims(claims, key), expirationTimestamp: timestamp((now + seconds) * 1000) },
  };
  return answer;
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
    const [version, group] = [versionOf(textAt(reference, 'apiVersion')), groupOf(textAt(reference, 'apiVersion'))];
    const message = `cannot bind token to object of type ${group}/${version}, Kind=${kind}`;
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
