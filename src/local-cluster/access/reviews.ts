// Questions about access: each is an object that is posted, answered and not stored.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { withZeros } from '../../objects/zeros.ts';
import type { ResourceRequest } from '../api.ts';
import { checkMediaType } from '../body.ts';
import { typeOfKind } from '../decode.ts';
import { allLate } from '../first-day/late.ts';
import { checkAddress } from '../object-meta.ts';
import type { KubeResponse } from '../request.ts';
import { jsonResponse, warningHeader } from '../response.ts';
import { badRequest, type Cause, invalid } from '../status.ts';
import { warned } from '../verbs/answer.ts';
import { decodeIncoming, readIncoming } from '../verbs/incoming.ts';
import { writeSettings } from '../verbs/settings.ts';
import { ISSUER } from './account-token.ts';
import type { Attributes } from './attributes.ts';
import { userOfToken } from './authenticate.ts';
import { attributeCauses, localCauses, metaCauses, userCauses } from './review-causes.ts';
import { decide, type Rule, rulesFor } from './rules.ts';
import type { User } from './user.ts';

/** These refusals name no kind. */
const NO_KIND = { group: 'authorization.k8s.io', kind: '' } as const;

type Answer = (call: ResourceRequest, body: JsonObject) => JsonObject | Promise<JsonObject>;

/** The status that answers a review's spec. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  selfsubjectaccessreviews: (call, body) =>
    access(call, call.user, checked(body, [...attributeCauses(body), ...metaCauses(body)])),
  subjectaccessreviews: (call, body) => {
    const spec = checked(body, [...attributeCauses(body), ...userCauses(body), ...metaCauses(body)]);
    return access(call, userOfSpec(spec), spec);
  },
  localsubjectaccessreviews: (call, body) => {
    const { namespace } = call.path;
    const causes = [...attributeCauses(body), ...userCauses(body), ...metaCauses(body, namespace)];
    const spec = checked(body, [...causes, ...localCauses(namespace, body)]);
    return access(call, userOfSpec(spec), spec);
  },
  selfsubjectrulesreviews: rulesReview,
  selfsubjectreviews: ({ user }) => ({ userInfo: userInfo(user) }),
  tokenreviews: tokenReview,
};

const GROUPS: ReadonlySet<string> = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

/** Whether a resource only answers questions: nothing of it is stored. */
export function isReview({ kind }: ResourceRequest): boolean {
  return GROUPS.has(kind.group) && kind.plural in ANSWERS;
}

export async function review(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind, path } = call;
  checkMediaType(call.request);
  const settings = writeSettings(call, 'CreateOptions');
  const { object, warnings } = decodeIncoming(call, readIncoming(call), settings);
  return warned(call, warnings, async () => {
    checkAddress({ ...path, name: '' }, object);
    const body = withZeros(object, typeOfKind(api.types(), kind));
    const status = (await ANSWERS[kind.plural]?.(call, body)) ?? {};
    const timed = kind.plural === 'selfsubjectreviews' ? { creationTimestamp: timestamp(api.wallClock.now()) } : {};
    const request = kind.plural === 'selfsubjectrulesreviews' ? {} : body['spec'];
    const spec = request === undefined ? {} : { spec: request };
    const apiVersion = `${kind.group}/${kind.version}`;
    const placed = path.namespace === '' ? timed : { namespace: path.namespace };
    const metadata = kind.plural === 'tokenreviews' ? object.metadata : placed;
    return jsonResponse({ kind: kind.kind, apiVersion, metadata, ...spec, status }, 201, warningHeader(warnings));
  });
}

function access({ api }: ResourceRequest, user: User, spec: JsonObject): JsonObject {
  const { allowed, reason } = decide(api.store, user, attributesOfSpec(spec));
  return { allowed, ...(reason === '' ? {} : { reason }) };
}

function attributesOfSpec(spec: JsonObject): Attributes {
  const path = spec['nonResourceAttributes'];
  if (isObject(path)) return { verb: textAt(path, 'verb'), path: textAt(path, 'path') };
  const field = (name: string): string => textAt(spec, 'resourceAttributes', name);
  return {
    verb: field('verb'),
    group: field('group'),
    resource: field('resource'),
    subresource: field('subresource'),
    namespace: field('namespace'),
    name: field('name'),
  };
}

function userOfSpec(spec: JsonObject): User {
  return { name: textAt(spec, 'user'), groups: listAt(spec, 'groups').map(String) };
}

function checked(body: JsonObject, causes: readonly Cause[]): JsonObject {
  if (causes.length > 0) throw invalid(NO_KIND, '', causes);
  return objectAt(body, 'spec');
}

async function rulesReview({ api, user }: ResourceRequest, body: JsonObject): Promise<JsonObject> {
  const namespace = textAt(body, 'spec', 'namespace');
  if (namespace === '') throw badRequest('no namespace on request');
  await allLate(api);
  const rules = rulesFor(api.store, user, namespace);
  const lists = (rule: Rule, fields: readonly (keyof Rule)[]): JsonObject =>
    Object.fromEntries(fields.filter((field) => rule[field].length > 0).map((field) => [field, [...rule[field]]]));
  return {
    resourceRules: rules
      .filter(({ resources }) => resources.length > 0)
      .map((rule) => lists(rule, ['verbs', 'apiGroups', 'resources', 'resourceNames'])),
    nonResourceRules: rules
      .filter(({ nonResourceURLs }) => nonResourceURLs.length > 0)
      .map((rule) => lists(rule, ['verbs', 'nonResourceURLs'])),
    incomplete: false,
  };
}

function tokenReview({ api }: ResourceRequest, body: JsonObject): JsonObject {
  const token = textAt(body, 'spec', 'token');
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const asked = listAt(body, 'spec', 'audiences').map(String);
  const user = userOfToken(api, token, asked.length === 0 ? [ISSUER] : asked);
  if (!user) return { user: {}, error: 'invalid bearer token' };
  return { authenticated: true, user: userInfo(user), audiences: asked.length === 0 ? [ISSUER] : asked };
}

function userInfo({ name, uid, groups, extra }: User): JsonObject {
  const lists = Object.entries(extra ?? {}).map(([key, values]) => [key, [...values]] as const);
  return {
    username: name,
    ...(uid === undefined ? {} : { uid }),
    groups: [...groups],
    ...(extra === undefined ? {} : { extra: Object.fromEntries(lists) }),
  };
}
