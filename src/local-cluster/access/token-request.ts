// POST …/serviceaccounts/NAME/token: a token with an end, for some readers, bound to an object when that is asked.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { timestamp } from '../../core/time.ts';
import { groupOf, versionOf } from '../../objects/object.ts';
import { checkNamespace } from '../admission/admit.ts';
import type { ResourceRequest } from '../api.ts';
import { newUid } from '../identity.ts';
import { checkAddress } from '../object-meta.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse, warningHeader } from '../response.ts';
import { ApiError, type Cause, conflict, invalid, invalidValue, notFound } from '../status.ts';
import { readPart } from '../verbs/incoming.ts';
import { storedObject } from '../verbs/read.ts';
import { writeSettings } from '../verbs/settings.ts';
import { ISSUER, signClaims, signingKey } from './account-token.ts';

const REQUEST = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' } as const;
const HOUR_S = 3600;
const SHORTEST_S = 600;
const LONGEST_S = 2 ** 32;
const OTHER_NAME = 'must match the service account name if specified';

export async function createToken(call: ResourceRequest): Promise<KubeResponse> {
  const { api, path } = call;
  const { object, warnings } = readPart(call, REQUEST, writeSettings(call, 'CreateOptions'));
  checkAddress({ ...path, name: '' }, object);
  checkNamespace(call.api.store, call.kind, path);
  const account = storedObject(call);
  const spec = objectAt(object, 'spec');
  const { managedFields: _given, ...metadata } = object.metadata;
  const seconds = typeof spec['expirationSeconds'] === 'number' ? spec['expirationSeconds'] : HOUR_S;
  const causes = durationCauses(seconds);
  if (causes.length > 0) throw invalid(REQUEST, '', causes);
  if (![undefined, '', path.name].includes(metadata.name))
    throw invalid(REQUEST, path.name, [invalidValue('metadata.name', metadata.name, OTHER_NAME)]);
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
      ...omitUndefined({ ...metadata }),
      name: path.name,
      namespace: path.namespace,
      uid: newUid(api.random),
      creationTimestamp: timestamp(api.wallClock.now()),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec['boundObjectRef'] ?? null },
    status: { token: signClaims(claims, key), expirationTimestamp: timestamp((now + seconds) * 1000) },
  };
  return jsonResponse(answer, 201, warningHeader(warnings));
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
  const apiVersion = textAt(reference, 'apiVersion');
  const known = groupOf(apiVersion) === '' ? BOUND[kind] : undefined;
  if (!known) {
    const type = `${groupOf(apiVersion)}/${versionOf(apiVersion)}, Kind=${kind}`;
    const message = `cannot bind token to object of type ${type}`;
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
