// Questions about access. Who holds the token of this cluster may do everything; of anybody else nothing is known.

import { isObject, type Json, type JsonObject, objectAt, textAt } from '../core/json.ts';
import { timestamp } from '../core/time.ts';
import type { ResourceRequest } from './api.ts';
import { readBody } from './body.ts';
import type { KubeResponse } from './request.ts';
import { jsonResponse } from './response.ts';
import { badRequest, invalid, invalidValue } from './status.ts';

const USER = { username: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] } as const;
const ALLOWED = { allowed: true } as const;
/** These refusals name no kind. */
const NO_KIND = { group: 'authorization.k8s.io', kind: '' } as const;
const REFUSED = { allowed: false } as const;

const ANSWERS: Readonly<Record<string, (call: ResourceRequest, body: JsonObject) => JsonObject>> = {
  selfsubjectaccessreviews: ({ request }, body) => {
    const { resourceAttributes, nonResourceAttributes } = objectAt(body, 'spec');
    if ((resourceAttributes === undefined) === (nonResourceAttributes === undefined)) {
      const message = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
      throw invalid(NO_KIND, '', [invalidValue('spec.resourceAttributes', undefined, message)]);
    }
    return request.headers['impersonate-user'] === undefined ? ALLOWED : REFUSED;
  },
  localsubjectaccessreviews: (_call, body) => ofUser(body),
  subjectaccessreviews: (_call, body) => ofUser(body),
  selfsubjectrulesreviews: () => ({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }),
  selfsubjectreviews: ({ request }) => ({ userInfo: userOf(request.headers) }),
  tokenreviews: () => ({ user: {}, error: 'the token is not known' }),
};

/** Whether a resource only answers questions: nothing of it is stored. */
export function isReview({ kind }: ResourceRequest): boolean {
  return kind.group in REVIEW_GROUPS && kind.plural in ANSWERS;
}

const REVIEW_GROUPS = { 'authorization.k8s.io': true, 'authentication.k8s.io': true } as const;

export async function review(call: ResourceRequest): Promise<KubeResponse> {
  const { api, kind } = call;
  const body: Json | undefined = readBody(call.request);
  if (!isObject(body)) throw badRequest('the body of the request is no object');
  const status = ANSWERS[kind.plural]?.(call, body) ?? {};
  const timed = kind.plural === 'selfsubjectreviews' ? { creationTimestamp: timestamp(api.clock.now()) } : {};
  const request = kind.plural === 'selfsubjectrulesreviews' ? {} : body['spec'];
  const spec = request === undefined ? {} : { spec: request };
  const apiVersion = `${kind.group}/${kind.version}`;
  return jsonResponse({ kind: kind.kind, apiVersion, metadata: timed, ...spec, status }, 201);
}

function ofUser(body: JsonObject): JsonObject {
  const groups = objectAt(body, 'spec')['groups'];
  const user = textAt(body, 'spec', 'user');
  if (user === '' && groups === undefined) {
    const cause = invalidValue('spec.user', '', 'at least one of user or group must be specified');
    throw invalid(NO_KIND, '', [cause]);
  }
  return Array.isArray(groups) && groups.includes('system:masters') ? ALLOWED : REFUSED;
}

/** Who asks: the owner of the token, or whom he says he is. */
function userOf(headers: Readonly<Record<string, string>>): JsonObject {
  const username = headers['impersonate-user'];
  if (username === undefined) return USER;
  const groups = (headers['impersonate-group'] ?? '').split(', ').filter((group) => group !== '');
  return { username, groups: [...groups, 'system:authenticated'] };
}
