// Who may do what in the local cluster: tokens, roles, bindings, acting for others, and rights that are given away.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, objectAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { type KubeCaller, type KubeCalls, OWNER_TOKEN, openKubeCalls } from '../../support/kube-calls.ts';

let now: number;
let kube: KubeCalls;
beforeEach(async () => {
  now = Date.parse('2026-03-01T10:00:00Z');
  kube = await openKubeCalls(clock);
});
afterEach(() => kube.close());

const clock: Clock = { now: () => now, sleep: systemClock.sleep };

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES = `${RBAC}/namespaces/default/roles`;
const BINDINGS = `${RBAC}/namespaces/default/rolebindings`;
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

const bearer = (token: string): KubeCaller => ({ authorization: `Bearer ${token}` });
const as = (user: string, ...groups: string[]): KubeCaller => ({
  headers: { 'impersonate-user': user, ...(groups.length > 0 ? { 'impersonate-group': groups.join(', ') } : {}) },
});

const rule = (resources: string, verbs: string, more: JsonObject = {}): JsonObject => ({
  apiGroups: [''],
  resources: resources.split(' '),
  verbs: verbs.split(' '),
  ...more,
});

/** Gives a user rights in the namespace default. */
async function grant(user: string, ...rules: JsonObject[]): Promise<void> {
  const name = `${user}-role`;
  expect(await kube.call('POST', ROLES, { metadata: { name }, rules })).toMatchObject({ status: 201 });
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  expect(await kube.call('POST', BINDINGS, { metadata: { name }, roleRef, subjects })).toMatchObject({ status: 201 });
}

async function bindCluster(user: string, role: string): Promise<void> {
  const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role };
  const body = { metadata: { name: `${user}-${role}` }, roleRef, subjects };
  expect(await kube.call('POST', `${RBAC}/clusterrolebindings`, body)).toMatchObject({ status: 201 });
}

describe('rules', () => {
  const cases: readonly (readonly [string, JsonObject, string, string, number])[] = [
    ['a verb', rule('configmaps', 'get'), 'GET', `${CONFIG_MAPS}/a`, 404],
    ['another verb', rule('configmaps', 'get'), 'GET', CONFIG_MAPS, 403],
    ['a list', rule('configmaps', 'list'), 'GET', CONFIG_MAPS, 200],
    ['any verb', rule('configmaps', '*'), 'DELETE', `${CONFIG_MAPS}/a`, 404],
    ['another resource', rule('secrets', '*'), 'GET', CONFIG_MAPS, 403],
    ['any resource', rule('*', 'list'), 'GET', CONFIG_MAPS, 200],
    ['another group', rule('configmaps', 'list', { apiGroups: ['apps'] }), 'GET', CONFIG_MAPS, 403],
    ['any group', rule('configmaps', 'list', { apiGroups: ['*'] }), 'GET', CONFIG_MAPS, 200],
    ['a name', rule('configmaps', 'get', { resourceNames: ['a'] }), 'GET', `${CONFIG_MAPS}/a`, 404],
    ['another name', rule('configmaps', 'get', { resourceNames: ['a'] }), 'GET', `${CONFIG_MAPS}/b`, 403],
    [
      'a list by a name',
      rule('configmaps', 'list', { resourceNames: ['a'] }),
      'GET',
      `${CONFIG_MAPS}?fieldSelector=metadata.name%3Da`,
      200,
    ],
    ['a list of all by a name', rule('configmaps', 'list', { resourceNames: ['a'] }), 'GET', CONFIG_MAPS, 403],
    ['deletecollection is no delete', rule('configmaps', 'delete'), 'DELETE', CONFIG_MAPS, 403],
    ['deletecollection', rule('configmaps', 'deletecollection'), 'DELETE', CONFIG_MAPS, 200],
    ['a subresource is not the resource', rule('pods', '*'), 'GET', '/api/v1/namespaces/default/pods/a/log', 403],
    ['a subresource', rule('pods/log', 'get'), 'GET', '/api/v1/namespaces/default/pods/a/log', 404],
    ['a subresource of any', rule('*/log', 'get'), 'GET', '/api/v1/namespaces/default/pods/a/log', 404],
    ['another namespace', rule('configmaps', 'list'), 'GET', '/api/v1/namespaces/kube-public/configmaps', 403],
    ['all namespaces', rule('configmaps', 'list'), 'GET', '/api/v1/configmaps', 403],
    ['its own namespace', rule('namespaces', 'get'), 'GET', '/api/v1/namespaces/default', 200],
    ['another namespace itself', rule('namespaces', 'get'), 'GET', '/api/v1/namespaces/kube-public', 403],
  ];

  test.each(cases)('%s', async (_title, granted, method, path, status) => {
    await grant('ada', granted);
    expect((await kube.call(method, path, undefined, as('ada'))).status).toBe(status);
  });

  test('groups, any group of a user', async () => {
    await grant('ada', rule('configmaps', 'list'));
    const subjects = [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'ops' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ada-role' };
    await kube.call('POST', BINDINGS, { metadata: { name: 'ops' }, roleRef, subjects });
    expect((await kube.call('GET', CONFIG_MAPS, undefined, as('eve', 'dev', 'ops'))).status).toBe(200);
    expect((await kube.call('GET', CONFIG_MAPS, undefined, as('eve', 'dev'))).status).toBe(403);
  });

  test('a binding to a role that is not there says so', async () => {
    await grant('ada', rule('configmaps', 'list'));
    await kube.call('DELETE', `${ROLES}/ada-role`);
    expect(await kube.call('GET', CONFIG_MAPS, undefined, as('ada'))).toMatchObject({
      status: 403,
      message:
        'configmaps is forbidden: User "ada" cannot list resource "configmaps" in API group "" in the namespace "default": RBAC: role.rbac.authorization.k8s.io "ada-role" not found',
    });
  });

  test('an apply that makes an object needs the right to create', async () => {
    await grant('ada', rule('configmaps', 'patch'));
    const headers = { ...as('ada').headers, 'content-type': 'application/apply-patch+yaml' };
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    const path = `${CONFIG_MAPS}/a?fieldManager=ada`;
    expect(await kube.call('PATCH', path, body, { headers })).toMatchObject({
      status: 403,
      message: expect.stringContaining('cannot create resource "configmaps"'),
    });
    await kube.call('POST', CONFIG_MAPS, { metadata: { name: 'a' } });
    expect((await kube.call('PATCH', path, body, { headers })).status).toBe(200);
  });

  test('an apply to a namespace that is there does not', async () => {
    const rules = [rule('namespaces', 'patch')];
    await kube.call('POST', `${RBAC}/clusterroles`, { metadata: { name: 'labeller' }, rules });
    await bindCluster('ada', 'labeller');
    const caller = { headers: { ...as('ada').headers, 'content-type': 'application/apply-patch+yaml' } };
    const apply = (name: string) => {
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { a: 'b' } } };
      return kube.call('PATCH', `/api/v1/namespaces/${name}?fieldManager=ada`, object, caller);
    };
    expect((await apply('default')).status).toBe(200);
    expect((await apply('other')).status).toBe(403);
  });

  test('a read of one object is no watch, whatever its query says', async () => {
    await grant('ada', rule('configmaps', 'get'));
    await grant('eve', rule('configmaps', 'watch'));
    const read = (user: string) => kube.call('GET', `${CONFIG_MAPS}/a?watch=true`, undefined, as(user));
    expect((await read('ada')).status).toBe(404);
    expect((await read('eve')).status).toBe(403);
  });

  test('paths that are no resources', async () => {
    const url = `${RBAC}/clusterroles`;
    await kube.call('POST', url, {
      metadata: { name: 'm' },
      rules: [{ nonResourceURLs: ['/metrics/*'], verbs: ['get'] }],
    });
    await bindCluster('ada', 'm');
    expect((await kube.call('GET', '/metrics/a', undefined, as('ada'))).status).toBe(404);
    expect(await kube.call('GET', '/logs/', undefined, as('ada'))).toMatchObject({
      status: 403,
      message: 'forbidden: User "ada" cannot get path "/logs/"',
    });
  });
});

describe('the roles that every cluster has', () => {
  const can = async (user: string, verb: string, resource: string, group = ''): Promise<unknown> => {
    const spec = { user, resourceAttributes: { namespace: 'default', verb, resource, group } };
    const { body } = await kube.call('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', { spec });
    return at(body, 'status', 'allowed');
  };

  test.each([
    ['view', 'list', 'pods', '', true],
    ['view', 'list', 'secrets', '', false],
    ['view', 'create', 'pods', '', false],
    ['edit', 'create', 'deployments', 'apps', true],
    ['edit', 'list', 'secrets', '', true],
    ['edit', 'create', 'roles', 'rbac.authorization.k8s.io', false],
    ['admin', 'create', 'roles', 'rbac.authorization.k8s.io', true],
    ['admin', 'create', 'namespaces', '', false],
    ['cluster-admin', 'create', 'namespaces', '', true],
  ])('%s: %s %s', async (role, verb, resource, group, allowed) => {
    await bindCluster('ada', role);
    expect(await can('ada', verb, resource, group)).toBe(allowed);
  });

  test('a role with the label of another is gathered by it', async () => {
    kube.start();
    const metadata = { name: 'apps', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } };
    const rules = [rule('applications', 'list', { apiGroups: ['argoproj.io'] })];
    await kube.call('POST', `${RBAC}/clusterroles`, { metadata, rules });
    await bindCluster('ada', 'view');
    await expect.poll(() => can('ada', 'list', 'applications', 'argoproj.io'), { timeout: 8000 }).toBe(true);
    expect(await can('ada', 'list', 'pods')).toBe(true);
  });
});

describe('tokens', () => {
  test('the owner, an account, nobody, and who lies', async () => {
    const account = await kube.tokenOf('default', 'robot');
    const [head = '', , signature = ''] = account.split('.');
    const forged = [head, Buffer.from('{"sub":"system:admin"}').toString('base64url'), signature].join('.');
    const statuses = await Promise.all(
      [
        bearer(OWNER_TOKEN),
        bearer(account),
        { authorization: '' },
        { authorization: 'Basic YTpi' },
        bearer('wrong'),
        bearer(forged),
      ].map(async (caller) => (await kube.call('GET', CONFIG_MAPS, undefined, caller)).status),
    );
    expect(statuses).toEqual([200, 403, 403, 403, 401, 401]);
  });

  test('a token ends by its time, with its account, and with what it is bound to', async () => {
    const ends = async (token: string): Promise<number> =>
      (await kube.call('GET', '/api', undefined, bearer(token))).status;
    const token = await kube.tokenOf('default', 'robot');
    expect(await ends(token)).toBe(200);
    await kube.call('POST', '/api/v1/namespaces/default/secrets', { metadata: { name: 's' } });
    const spec = { boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: 's' } };
    const path = '/api/v1/namespaces/default/serviceaccounts/robot/token';
    const bound = String(at((await kube.call('POST', path, { spec })).body, 'status', 'token'));
    expect(await ends(bound)).toBe(200);
    await kube.call('DELETE', '/api/v1/namespaces/default/secrets/s');
    expect(await ends(bound)).toBe(401);
    now += 3_599_000;
    expect(await ends(token)).toBe(200);
    now += 1000;
    expect(await ends(token)).toBe(401);
    const later = await kube.tokenOf('default', 'robot');
    await kube.call('DELETE', '/api/v1/namespaces/default/serviceaccounts/robot');
    await kube.call('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } });
    expect(await ends(later)).toBe(401);
  });

  test('a token for other readers lets nobody in', async () => {
    await kube.tokenOf('default', 'robot');
    const path = '/api/v1/namespaces/default/serviceaccounts/robot/token';
    const token = String(
      at((await kube.call('POST', path, { spec: { audiences: ['vault'] } })).body, 'status', 'token'),
    );
    expect((await kube.call('GET', '/api', undefined, bearer(token))).status).toBe(401);
    const reviews = '/apis/authentication.k8s.io/v1/tokenreviews';
    const review = await kube.call('POST', reviews, { spec: { token, audiences: ['vault'] } });
    expect(objectAt(review.body, 'status')).toMatchObject({ authenticated: true, audiences: ['vault'] });
  });

  test.each([
    [{ expirationSeconds: 60 }, 422, 'may not specify a duration less than 10 minutes'],
    [{ expirationSeconds: 2 ** 33 }, 422, 'may not specify a duration larger than 2^32 seconds'],
    [{ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'none' } }, 404, 'pods "none" not found'],
    [{ boundObjectRef: { kind: 'Deployment', apiVersion: 'apps/v1', name: 'none' } }, 400, 'cannot bind token'],
  ])('refuses to make one of %j', async (spec, status, text) => {
    await kube.tokenOf('default', 'robot');
    const answer = await kube.call('POST', '/api/v1/namespaces/default/serviceaccounts/robot/token', { spec });
    expect(answer).toMatchObject({ status, message: expect.stringContaining(text) });
  });
});

describe('acting for others', () => {
  test('needs the right, for the user and each group', async () => {
    const token = await kube.tokenOf('default', 'robot');
    const answer = await kube.call('GET', '/api', undefined, { ...bearer(token), ...as('ada', 'ops') });
    expect(answer).toMatchObject({
      status: 403,
      message:
        'users "ada" is forbidden: User "system:serviceaccount:default:robot" cannot impersonate resource "users" in API group "" at the cluster scope',
    });
  });

  test('a group without a user is refused', async () => {
    const headers = { 'impersonate-group': 'system:masters' };
    expect((await kube.call('GET', CONFIG_MAPS, undefined, { headers })).status).toBe(400);
  });

  test('an extra whose key is no percent-encoding stands for itself', async () => {
    const headers = { 'impersonate-user': 'ada', 'impersonate-extra-%zz': 'x' };
    const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { body } = await kube.call('POST', reviews, {}, { headers });
    expect(at(body, 'status', 'userInfo', 'extra')).toEqual({ '%zz': ['x'] });
  });

  test('a service account brings its groups', async () => {
    const reviews = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const { body } = await kube.call('POST', reviews, {}, as('system:serviceaccount:default:robot'));
    expect(at(body, 'status', 'userInfo', 'groups')).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:default',
      'system:authenticated',
    ]);
  });
});

describe('rights that are given away', () => {
  const writes = rule('roles rolebindings', 'create update patch', { apiGroups: ['rbac.authorization.k8s.io'] });

  test('only those that one has', async () => {
    await grant('ada', writes, rule('pods', 'get list'));
    const make = (rules: JsonObject[]) => kube.call('POST', ROLES, { metadata: { name: 'r' }, rules }, as('ada'));
    expect(await make([rule('pods secrets', 'get')])).toMatchObject({
      status: 403,
      message:
        'roles.rbac.authorization.k8s.io "r" is forbidden: user "ada" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}',
    });
    expect((await make([rule('pods', 'get')])).status).toBe(201);
    const patch = { headers: { ...as('ada').headers, 'content-type': 'application/merge-patch+json' } };
    expect((await kube.call('PATCH', `${ROLES}/r`, { rules: [rule('*', '*')] }, patch)).status).toBe(403);
    expect((await kube.call('PATCH', `${ROLES}/r`, { metadata: { labels: { a: 'b' } } }, patch)).status).toBe(200);
  });

  test('a label that makes a role part of another gives its rights away', async () => {
    const roles = rule('clusterroles', 'update patch', { apiGroups: ['rbac.authorization.k8s.io'] });
    await kube.call('POST', `${RBAC}/clusterroles`, { metadata: { name: 'writer' }, rules: [roles] });
    await bindCluster('ada', 'writer');
    const patch = { headers: { ...as('ada').headers, 'content-type': 'application/merge-patch+json' } };
    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' };
    const labelled = await kube.call('PATCH', `${RBAC}/clusterroles/cluster-admin`, { metadata: { labels } }, patch);
    expect(labelled).toMatchObject({ status: 403, message: expect.stringContaining('not currently held') });
    const alone = await kube.call('PATCH', `${RBAC}/clusterroles/view`, { aggregationRule: null }, patch);
    expect(alone.status).toBe(403);
  });

  test('not by a path in a namespace to what belongs to none', async () => {
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ada' }];
    const body = { metadata: { name: 'ada' }, roleRef, subjects };
    await kube.call('POST', BINDINGS, body);
    const path = `${RBAC}/namespaces/default/clusterrolebindings`;
    expect((await kube.call('POST', path, body, as('ada'))).status).toBe(404);
    expect((await kube.call('GET', '/api/v1/namespaces/default/nodes', undefined, as('ada'))).status).toBe(404);
    expect((await kube.call('GET', '/api/v1/secrets', undefined, as('ada'))).status).toBe(403);
  });

  test('by a binding as well', async () => {
    await grant('ada', writes);
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ada' }];
    const bind = (name: string) => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name };
      return kube.call('POST', BINDINGS, { metadata: { name }, roleRef, subjects }, as('ada'));
    };
    expect((await bind('cluster-admin')).status).toBe(403);
    expect(await bind('none')).toMatchObject({ status: 404, message: expect.stringContaining('"none" not found') });
    await grant(
      'eve',
      writes,
      rule('clusterroles', 'bind', { apiGroups: ['rbac.authorization.k8s.io'], resourceNames: ['view'] }),
    );
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' };
    expect((await kube.call('POST', BINDINGS, { metadata: { name: 'v' }, roleRef, subjects }, as('eve'))).status).toBe(
      201,
    );
  });
});

test.each([
  ['?resourceVersion=abc', 400],
  ['?resourceVersion=1.5', 400],
  ['?watch=true&resourceVersion=abc', 500],
  ['/a?resourceVersion=abc', 500],
])('a version that is no number is refused: %s', async (query, status) => {
  expect(await kube.call('GET', `${CONFIG_MAPS}${query}`)).toMatchObject({
    status,
    message: expect.stringContaining('strconv.ParseUint: parsing'),
  });
});
