// Policies of admission: what they are about, what they deny and in which words, and what may not be written into them.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCaller, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const merge = (path: string, change: JsonObject): Promise<KubeAnswer> => kube.call('PATCH', path, change, MERGE);
const map = (name: string, more: JsonObject = {}, caller: KubeCaller = {}): Promise<KubeAnswer> =>
  kube.call('POST', MAPS, { metadata: { name }, ...more }, caller);

const about = (resource: string, more: JsonObject = {}): JsonObject => ({
  resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: [resource], ...more }],
});

const policy = (name: string, spec: JsonObject): Promise<KubeAnswer> =>
  kube.call('POST', `${GROUP}/validatingadmissionpolicies`, {
    metadata: { name },
    spec: { matchConstraints: about('configmaps'), ...spec },
  });

/** A policy 'p' that is in force. */
async function inForce(spec: JsonObject, binding: JsonObject = {}): Promise<void> {
  expect(await policy('p', spec)).toMatchObject({ status: 201, message: '', warning: '' });
  const made = await kube.call('POST', `${GROUP}/validatingadmissionpolicybindings`, {
    metadata: { name: 'b' },
    spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
  });
  expect(made).toMatchObject({ status: 201, message: '' });
}

const DENIED = `configmaps "x" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: `;

describe('a policy in force', () => {
  test('denies in its own words, with the reason that it gives', async () => {
    await inForce({
      variables: [{ name: 'size', expression: 'size(object.data)' }],
      validations: [
        { expression: 'has(object.data)' },
        { expression: 'variables.size < 2', messageExpression: "'has ' + string(variables.size)", reason: 'Forbidden' },
        { expression: "object.metadata.name != 'no'", message: ' not this name ' },
      ],
    });
    const bare = await map('x');
    expect([bare.status, bare.message]).toEqual([422, `${DENIED}failed expression: has(object.data)`]);
    expect(bare.body).toMatchObject({
      reason: 'Invalid',
      details: { name: 'x', kind: 'configmaps', causes: [{ message: bare.message.replace(/^.*?forbidden: /, '') }] },
    });
    const many = await map('x', { data: { a: '1', b: '2' } });
    expect([many.status, many.body['reason'], many.message]).toEqual([403, 'Forbidden', `${DENIED}has 2`]);
    expect((await map('no', { data: { a: '1' } })).message).toMatch(/denied request: not this name$/);
    expect((await map('x', { data: { a: '1' } })).status).toBe(201);
    expect((await merge(`${MAPS}/x`, { data: { b: '2' } })).status).toBe(403);
    expect((await kube.call('DELETE', `${GROUP}/validatingadmissionpolicybindings/b`)).status).toBe(200);
    expect((await merge(`${MAPS}/x`, { data: { b: '2' } })).status).toBe(200);
  });

  test('is nothing before a binding names it', async () => {
    await policy('p', { validations: [{ expression: 'false' }] });
    expect((await map('x')).status).toBe(201);
  });

  test('sees a dry run, and lets nothing of it through', async () => {
    await inForce({ validations: [{ expression: '!request.dryRun' }] });
    expect((await kube.call('POST', `${MAPS}?dryRun=All`, { metadata: { name: 'x' } })).status).toBe(422);
    expect((await map('x')).status).toBe(201);
  });

  test('warns where it is to warn, and denies nothing', async () => {
    await inForce(
      { validations: [{ expression: 'false', message: 'better not' }] },
      { validationActions: ['Warn', 'Audit'] },
    );
    expect(await map('x')).toMatchObject({
      status: 201,
      warning: `299 - "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': better not"`,
    });
  });

  test('guards deletes, of a whole collection too', async () => {
    await map('x', { metadata: { name: 'x', labels: { keep: 'yes' } } });
    await map('other');
    await inForce({
      validations: [{ expression: "request.operation != 'DELETE' || !has(oldObject.metadata.labels)" }],
    });
    expect((await kube.call('DELETE', `${MAPS}/x`)).message).toContain(DENIED);
    expect((await kube.call('DELETE', MAPS)).status).toBe(422);
    expect((await kube.call('DELETE', `${MAPS}/other`)).status).toBe(200);
  });

  test('holds for what controllers make, too', async () => {
    await inForce({ matchConstraints: about('pods'), validations: [{ expression: 'false', message: 'no Pods' }] });
    await kube.startControllers();
    await kube.call('POST', DEPLOYMENTS, {
      metadata: { name: 'd' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });
    await expect
      .poll(async () =>
        listAt((await kube.call('GET', '/api/v1/namespaces/default/events')).body, 'items').map((one) =>
          textAt(one, 'message'),
        ),
      )
      .toContainEqual(expect.stringContaining('denied request: no Pods'));
  });

  test('sees who asks, and what he may', async () => {
    await inForce({
      validations: [
        {
          expression: "authorizer.group('').resource('pods').namespace('default').check('delete').allowed()",
          message: 'may not',
        },
        { expression: "request.userInfo.username == 'kubernetes-admin' && namespaceObject.metadata.name == 'default'" },
        { expression: "!authorizer.serviceAccount('default', 'robot').path('/x').check('get').allowed()" },
      ],
    });
    expect((await map('x')).message).toBe('');
    const token = await kube.tokenOf('default', 'robot');
    const rules = [{ verbs: ['create'], apiGroups: [''], resources: ['configmaps'] }];
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    await kube.call('POST', `${rbac}/roles`, { metadata: { name: 'r' }, rules });
    await kube.call('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'r' },
      roleRef: { kind: 'Role', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }],
    });
    expect((await map('x', {}, { authorization: `Bearer ${token}` })).message).toBe(`${DENIED}may not`);
  });
});

describe('a policy is about', () => {
  const DENY_ALL = { validations: [{ expression: 'false' }] };
  test.each<[matchConstraints: JsonObject, isAbout: boolean]>([
    [about('*'), true],
    [about('*/*'), true],
    [about('configmaps/*'), true],
    [about('configmaps/status'), false],
    [about('secrets'), false],
    [about('configmaps', { operations: ['UPDATE'] }), false],
    [about('configmaps', { apiGroups: ['apps'] }), false],
    [about('configmaps', { scope: 'Cluster' }), false],
    [about('configmaps', { resourceNames: ['y'] }), false],
    [{ ...about('*'), excludeResourceRules: about('configmaps')['resourceRules'] ?? [] }, false],
    [{ ...about('*'), objectSelector: { matchLabels: { a: 'b' } } }, false],
    [{ ...about('*'), namespaceSelector: { matchLabels: { a: 'b' } } }, false],
    [{ ...about('*'), namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } }, true],
  ])('%j: %s', async (matchConstraints, isAbout) => {
    await inForce({ ...DENY_ALL, matchConstraints });
    expect((await map('x')).status).toBe(isAbout ? 422 : 201);
  });

  test('what its conditions and its binding leave of it', async () => {
    await inForce(
      { ...DENY_ALL, matchConditions: [{ name: 'named', expression: "object.metadata.name == 'x'" }] },
      { matchResources: { objectSelector: { matchLabels: { a: 'b' } } } },
    );
    const labelled = (name: string): Promise<KubeAnswer> => map(name, { metadata: { name, labels: { a: 'b' } } });
    expect([(await map('x')).status, (await labelled('y')).status]).toEqual([201, 201]);
    expect((await kube.call('DELETE', `${MAPS}/x`)).status).toBe(200);
    expect((await labelled('x')).status).toBe(422);
  });

  test('a resource in whatever version it is asked for', async () => {
    const scaler = {
      resourceRules: [{ apiGroups: ['autoscaling'], apiVersions: ['v1'], operations: ['*'], resources: ['*'] }],
    };
    await inForce({ ...DENY_ALL, matchConstraints: scaler });
    const { status } = await kube.call('POST', '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers', {
      metadata: { name: 'h' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' }, maxReplicas: 2 },
    });
    expect(status).toBe(422);
  });

  test('never policies themselves', async () => {
    await inForce({ ...DENY_ALL, matchConstraints: about('*') });
    expect((await policy('another', DENY_ALL)).status).toBe(201);
    expect((await kube.call('DELETE', `${GROUP}/validatingadmissionpolicies/p`)).status).toBe(200);
  });
});

describe('a fault', () => {
  const FAULTY = { validations: [{ expression: 'object.spec.size == 1' }] };
  test('denies', async () => {
    await inForce(FAULTY);
    expect((await map('x')).message).toBe(
      `${DENIED}expression 'object.spec.size == 1' resulted in error: no such key: spec`,
    );
  });

  test('lets pass where failures are to be ignored', async () => {
    await inForce({ ...FAULTY, failurePolicy: 'Ignore' });
    expect((await map('x')).status).toBe(201);
  });

  test('of a variable counts where the variable is used', async () => {
    await inForce({
      variables: [{ name: 'size', expression: 'object.spec.size' }],
      validations: [{ expression: "object.metadata.name == 'fine' || variables.size == 1" }],
    });
    expect((await map('fine')).status).toBe(201);
    expect((await map('x')).status).toBe(422);
  });
});

describe('parameters', () => {
  const LIMIT = {
    paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
    matchConstraints: about('deployments'),
    validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }],
  };
  const deployment = (replicas: number): Promise<KubeAnswer> =>
    kube.call('POST', DEPLOYMENTS, {
      metadata: { name: 'd' },
      spec: {
        replicas,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      },
    });

  test('come from the object that the binding names', async () => {
    await inForce(LIMIT, { paramRef: { name: 'limit', parameterNotFoundAction: 'Deny' } });
    expect((await deployment(2)).message).toContain(
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
    );
    await map('limit', { data: { most: '3' } });
    expect((await deployment(4)).status).toBe(422);
    expect((await deployment(3)).status).toBe(201);
    const scaled = await merge(`${DEPLOYMENTS}/d`, { spec: { replicas: 4 } });
    expect(scaled.status).toBe(422);
  });

  test('that are not there may be none', async () => {
    await inForce(LIMIT, { paramRef: { name: 'limit', parameterNotFoundAction: 'Allow' } });
    expect((await deployment(9)).status).toBe(201);
  });

  test('are all those that a selector chooses', async () => {
    await inForce(LIMIT, {
      paramRef: { selector: { matchLabels: { limit: 'yes' } }, parameterNotFoundAction: 'Allow' },
    });
    for (const most of ['5', '2'])
      await map(`at-${most}`, { metadata: { name: `at-${most}`, labels: { limit: 'yes' } }, data: { most } });
    expect((await deployment(3)).status).toBe(422);
    expect((await deployment(2)).status).toBe(201);
  });
});

describe('what may not be written', () => {
  const SPEC = { validations: [{ expression: 'true' }] };
  test.each<[spec: JsonObject, causes: string]>([
    [
      { validations: [] },
      '[spec.validations: Required value: validations or auditAnnotations must contain at least one item, spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item]',
    ],
    [
      { validations: [{ expression: '1' }] },
      'spec.validations[0].expression: Invalid value: "1": must evaluate to bool but got int',
    ],
    [
      { validations: [{ expression: 'params.x' }] },
      "spec.validations[0].expression: Invalid value: \"params.x\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x\n | ^",
    ],
    [
      { validations: [{ expression: 'variables.x' }] },
      'spec.validations[0].expression: Invalid value: "variables.x": compilation failed: ERROR: <input>:1:10: undefined field \'x\'\n | variables.x\n | .........^',
    ],
    [
      { validations: [{ expression: 'true', messageExpression: '1' }] },
      'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int',
    ],
    [
      { validations: [{ expression: 'true', reason: 'Because' }] },
      'spec.validations[0].reason: Unsupported value: "Because": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
    [
      { validations: [{ expression: 'true', message: 'a\nb' }] },
      'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
    ],
    [
      { ...SPEC, variables: [{ name: 'in', expression: '1' }] },
      'spec.variables[0].name: Invalid value: "in": must be a valid CEL identifier',
    ],
    [
      { ...SPEC, matchConditions: [{ name: 'a', expression: '1' }] },
      'spec.matchConditions[0].expression: Invalid value: "1": must evaluate to bool but got int',
    ],
    [{ ...SPEC, paramKind: { kind: 'ConfigMap' } }, 'spec.paramKind.apiVersion: Required value'],
    [
      { ...SPEC, auditAnnotations: [{ key: 'k', valueExpression: '1' }] },
      'spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int',
    ],
    [{ ...SPEC, matchConstraints: {} }, 'spec.matchConstraints.resourceRules: Required value'],
  ])('into a policy: %j', async (spec, causes) => {
    const { message } = await policy('p', spec);
    expect(message).toBe(`ValidatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: ${causes}`);
  });

  test.each<[spec: JsonObject, causes: string]>([
    [{ validationActions: [] }, 'spec.validationActions: Required value: at least one validation action is required'],
    [{ validationActions: ['Deny', 'Deny'] }, 'spec.validationActions[1]: Duplicate value: "Deny"'],
    [
      { paramRef: {} },
      '[spec.paramRef: Required value: one of name or selector must be specified, spec.paramRef.parameterNotFoundAction: Required value]',
    ],
  ])('into a binding: %j', async (spec, causes) => {
    const { message } = await kube.call('POST', `${GROUP}/validatingadmissionpolicybindings`, {
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions: ['Deny'], ...spec },
    });
    expect(message).toBe(`ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io "b" is invalid: ${causes}`);
  });
});

test('a variable is no more than what is before it', async () => {
  const { message } = await policy('p', {
    variables: [
      { name: 'one', expression: '1' },
      { name: 'two', expression: 'variables.one + 1' },
      { name: 'wrong', expression: 'variables.later' },
      { name: 'later', expression: 'true' },
    ],
    validations: [{ expression: 'variables.two == 2' }],
  });
  expect(message).toContain(
    'spec.variables[2].expression: Invalid value: "variables.later": compilation failed: ERROR: <input>:1:10: undefined field \'later\'',
  );
  expect(at((await kube.call('GET', `${GROUP}/validatingadmissionpolicies/p`)).body, 'code')).toBe(404);
});

describe('a policy that mutates', () => {
  const mutation = (expression: string, more: JsonObject = {}): JsonObject => ({
    failurePolicy: 'Fail',
    reinvocationPolicy: 'IfNeeded',
    matchConstraints: about('*'),
    mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
    ...more,
  });
  const mutate = async (spec: JsonObject): Promise<void> => {
    const made = await kube.call('POST', `${GROUP}/mutatingadmissionpolicies`, { metadata: { name: 'm' }, spec });
    expect(made).toMatchObject({ status: 201, message: '' });
    await kube.call('POST', `${GROUP}/mutatingadmissionpolicybindings`, {
      metadata: { name: 'm' },
      spec: { policyName: 'm' },
    });
  };

  test('copies only so much into an object', async () => {
    const names = { plural: 'frees', kind: 'Free' };
    const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }];
    await kube.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      metadata: { name: 'frees.example.com' },
      spec: { group: 'example.com', scope: 'Namespaced', names, versions },
    });
    const copies = Array.from(
      { length: 40 },
      (_, index) => `JSONPatch{op: "copy", from: "/spec", path: "/spec/x${index}"}`,
    );
    await mutate(mutation(`[${copies.join()}]`, { matchConstraints: about('frees') }));
    const { status, message } = await kube.call('POST', '/apis/example.com/v1/namespaces/default/frees', {
      ...{ apiVersion: 'example.com/v1', kind: 'Free' },
      ...{ metadata: { name: 'f' }, spec: { a: 'b' } },
    });
    expect([status, message]).toEqual([403, expect.stringContaining('exceeding the limit 3145728')]);
  });

  test('can be deleted, whatever it breaks', async () => {
    await mutate(mutation('[JSONPatch{op: "add", path: "/nope", value: 1}]'));
    expect((await map('x')).status).toBe(500);
    expect((await kube.call('DELETE', `${GROUP}/mutatingadmissionpolicies/m`)).status).toBe(200);
    expect((await map('x')).status).toBe(201);
  });
});
