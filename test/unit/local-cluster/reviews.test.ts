// What is posted to be answered and not stored, and who asks in whose name: as a real API server answers.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, listAt, sameJson } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

const REVIEWS = '/apis/authorization.k8s.io/v1';
const RIGHT = { verb: 'get', resource: 'pods', namespace: 'default' };
let kube: KubeCalls;

beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const asked = (body: JsonObject, plural = 'subjectaccessreviews', headers = {}) =>
  kube.call('POST', `${REVIEWS}/${plural}`, body, { headers });
const withRight = (more: JsonObject): JsonObject => ({ user: 'bob', resourceAttributes: { ...RIGHT, ...more } });

const IN = "`operator` is 'In' or 'NotIn'";
const AT = 'spec.resourceAttributes';

describe('a question about access', () => {
  test.each<[JsonObject, number, string]>([
    [
      { spec: { user: 5 } },
      400,
      'json: cannot unmarshal number into Go struct field SubjectAccessReviewSpec.spec.user of type string',
    ],
    [{ kind: 'Pod', apiVersion: 'v1' }, 400, 'Pod in version "v1" cannot be handled as a SubjectAccessReview'],
    [{ metadata: { name: 'a' }, spec: withRight({}) }, 422, 'metadata: Invalid value: {"name":"a"}: must be empty'],
    [{ metadata: { namespace: 'a' }, spec: withRight({}) }, 201, ''],
    [
      { spec: withRight({ fieldSelector: {} }) },
      422,
      `${AT}.fieldSelector.requirements: Required value: when ${AT}.fieldSelector is specified, requirements or rawSelector is required`,
    ],
    [
      { spec: withRight({ fieldSelector: { requirements: [{ operator: 'In' }] } }) },
      422,
      `[${AT}.fieldSelector.requirements[0].values: Required value: must be specified when ${IN}, ${AT}.fieldSelector.requirements[0].key: Required value: must be specified]`,
    ],
    [
      { spec: withRight({ labelSelector: { requirements: [{ key: 'a', operator: 'Exists', values: ['x'] }] } }) },
      422,
      `${AT}.labelSelector.requirements[0].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
    ],
    [
      { spec: withRight({ labelSelector: { rawSelector: 'a=b', requirements: [{ key: 'a', operator: 'Exists' }] } }) },
      422,
      `${AT}.labelSelector.rawSelector: Invalid value: "a=b": may not specified at the same time as requirements`,
    ],
  ])('%j: %i %s', async (body, status, message) => {
    const answer = await asked(body);
    expect(answer.status).toBe(status);
    expect(answer.message).toContain(message);
  });

  test('warns of fields that it has not, and leaves them out', async () => {
    const answer = await asked({ spec: { ...withRight({}), foo: 1 } }, 'selfsubjectaccessreviews');
    expect(answer.warning).toBe('299 - "unknown field \\"spec.user\\"", 299 - "unknown field \\"spec.foo\\""');
    expect(answer.body['spec']).toEqual({ resourceAttributes: RIGHT });
  });
});

test('rules are told once, and as roles grant them', async () => {
  const { body } = await asked({ spec: { namespace: 'default' } }, 'selfsubjectrulesreviews');
  const all = { verbs: ['*'], nonResourceURLs: ['*'] };
  expect(listAt(body, 'status', 'nonResourceRules').filter((rule) => sameJson(rule, all))).toHaveLength(1);
});

describe('acting for others', () => {
  test.each([
    [
      { 'impersonate-group': 'g' },
      400,
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string{"g"}, Extra:map[string][]string(nil)} without impersonating a user name',
    ],
    [
      { 'impersonate-extra-x': 'u' },
      400,
      'requested &user.DefaultInfo{Name:"", UID:"", Groups:[]string(nil), Extra:map[string][]string{"x":[]string{"u"}}} without impersonating a user name',
    ],
    [{ 'impersonate-user': '' }, 200, ''],
  ])('%j: %i', async (headers, status, message) => {
    const answer = await kube.call('GET', '/api/v1/nodes', undefined, { headers });
    expect([answer.status, answer.message]).toEqual([status, message]);
  });

  test('only a name that an account can have is that of an account', async () => {
    const self = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const groups = async (user: string): Promise<unknown> => {
      const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
      const { body } = await kube.call('POST', path, self, { headers: { 'impersonate-user': user } });
      return at(body, 'status', 'userInfo', 'groups');
    };
    expect(await groups('system:serviceaccount:api:b')).toContain('system:serviceaccounts');
    expect(await groups('system:serviceaccount:Api:b')).toEqual(['system:authenticated']);
  });

  test.each([
    ['GET', '/api/v1/namespaces/a/pods/x/proxy/a/b', 'cannot get resource "pods/proxy" in'],
    ['OPTIONS', '/api/v1/namespaces/a/pods', 'cannot  resource "pods" in'],
    ['GET', '/livez/ping', 'cannot get path "/livez/ping"'],
  ])('%s %s', async (method, path, message) => {
    const answer = await kube.call(method, path, undefined, { headers: { 'impersonate-user': 'bob' } });
    expect([answer.status, answer.message]).toEqual([403, expect.stringContaining(message)]);
  });
});

describe('who gives rights away', () => {
  const RBAC = '/apis/rbac.authorization.k8s.io/v1';
  const rule = (verbs: string[], resources: string[]) => ({
    verbs,
    resources,
    apiGroups: ['rbac.authorization.k8s.io'],
  });
  const eve = { headers: { 'impersonate-user': 'eve' } };
  beforeAll(async () => {
    const all = ['roles', 'rolebindings', 'clusterroles'];
    await kube.call('POST', `${RBAC}/clusterroles`, { metadata: { name: 'eve' }, rules: [rule(['create'], all)] });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'eve' };
    await kube.call('POST', `${RBAC}/clusterrolebindings`, {
      metadata: { name: 'eve' },
      roleRef,
      subjects: [{ kind: 'User', name: 'eve' }],
    });
  });

  test.each<[string, JsonObject, number, string]>([
    [
      'clusterroles',
      { rules: [{ verbs: ['get', 'post'], nonResourceURLs: ['/z'] }] },
      403,
      'not currently held:\n{NonResourceURLs:["/z"], Verbs:["get"]}\n{NonResourceURLs:["/z"], Verbs:["post"]}',
    ],
    [
      'clusterroles',
      { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } },
      403,
      'must have cluster-admin privileges to use the aggregationRule',
    ],
    ['namespaces/default/roles', { rules: [{ verbs: ['get'], nonResourceURLs: ['/z'] }] }, 403, 'not currently held'],
    [
      'namespaces/default/rolebindings',
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ghost' } },
      404,
      'rolebindings.rbac.authorization.k8s.io "ghost" not found',
    ],
  ])('%s %j: %i %s', async (plural, body, status, message) => {
    const answer = await kube.call('POST', `${RBAC}/${plural}`, { metadata: { name: 'new' }, ...body }, eve);
    expect([answer.status, answer.message]).toEqual([status, expect.stringContaining(message)]);
  });
});
