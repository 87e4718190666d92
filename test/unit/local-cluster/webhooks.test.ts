// Webhooks of admission: who is asked what, what is made of the answers, and in which words a failure is told.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { openWebhookServer, patchOf, type WebhookReply, type WebhookServer } from '../../support/webhook-server.ts';

let server: WebhookServer;
let kube: KubeCalls;
beforeAll(async () => {
  server = await openWebhookServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
  server.replies.clear();
  server.asked.length = 0;
});
afterEach(() => kube.close());

const GROUP = '/apis/admissionregistration.k8s.io/v1';
const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const FAILED = 'Internal error occurred: failed calling webhook "w0.example.com": ';

const about = (resource: string, more: JsonObject = {}): JsonObject => ({
  rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: [resource], ...more }],
});

type Plural = 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations';

async function store(plural: Plural, ...webhooks: readonly JsonObject[]): Promise<void> {
  const made = await kube.call('POST', `${GROUP}/${plural}`, {
    metadata: { name: 'w' },
    webhooks: webhooks.map((webhook, index) => ({
      name: `w${index}.example.com`,
      clientConfig: server.clientConfig(`/${index}`),
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      timeoutSeconds: 1,
      ...about('configmaps'),
      ...webhook,
    })),
  });
  expect(made).toMatchObject({ status: 201, message: '', warning: '' });
}

const mutating = (...webhooks: readonly JsonObject[]): Promise<void> =>
  store('mutatingwebhookconfigurations', ...webhooks);
const validating = (...webhooks: readonly JsonObject[]): Promise<void> =>
  store('validatingwebhookconfigurations', ...webhooks);

async function validatingIgnored(): Promise<void> {
  await kube.call(
    'PATCH',
    `${GROUP}/validatingwebhookconfigurations/w`,
    [{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }] as never,
    { headers: { 'content-type': 'application/json-patch+json' } },
  );
}

const map = (name = 'x', more: JsonObject = {}): Promise<KubeAnswer> =>
  kube.call('POST', MAPS, { metadata: { name }, data: { a: 'b' }, ...more });
const adding = (key: string): WebhookReply => ({
  response: patchOf([{ op: 'add', path: `/data/${key}`, value: '1' }]),
});
const keys = (value: unknown): string => Object.keys((at(value, 'data') as JsonObject | undefined) ?? {}).join('');

describe('a webhook hears', () => {
  test('of a new object before it has what only its storing gives, and after', async () => {
    await mutating({});
    await validating({});
    await kube.call('POST', `${MAPS}?fieldManager=me`, { metadata: { generateName: 'g-' } });
    const [early, late] = server.asked.map(({ request }) => request);
    expect(early).toMatchObject({
      kind: { group: '', version: 'v1', kind: 'ConfigMap' },
      resource: { group: '', version: 'v1', resource: 'configmaps' },
      namespace: 'default',
      operation: 'CREATE',
      userInfo: { username: 'kubernetes-admin' },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'me' },
    });
    expect([early?.['name'], Object.keys(at(early, 'object', 'metadata') ?? {}).sort()]).toEqual([
      undefined,
      ['generateName', 'managedFields', 'namespace'],
    ]);
    expect(late?.['name']).toMatch(/^g-.{5}$/);
    expect(at(late, 'object', 'metadata', 'uid')).toMatch(/^.{36}$/);
  });

  test('of changes and deletes, with what was there', async () => {
    await map();
    await mutating({});
    await kube.call('PATCH', `${MAPS}/x`, { data: { a: 'c' } }, MERGE);
    await kube.call('DELETE', `${MAPS}/x?propagationPolicy=Background`);
    const [update, gone] = server.asked.map(({ request }) => request);
    expect(update).toMatchObject({
      operation: 'UPDATE',
      object: { data: { a: 'c' } },
      oldObject: { data: { a: 'b' } },
    });
    expect(gone).toMatchObject({
      operation: 'DELETE',
      name: 'x',
      object: null,
      oldObject: { data: { a: 'c' } },
      options: { kind: 'DeleteOptions', propagationPolicy: 'Background' },
    });
    expect((await kube.call('GET', `${MAPS}/x`)).status).toBe(404);
  });

  test.each<readonly [what: string, webhook: JsonObject, calls: number]>([
    ['another resource', about('secrets'), 0],
    ['another operation', about('configmaps', { operations: ['DELETE'] }), 0],
    ['the whole of another scope', about('*', { scope: 'Cluster' }), 0],
    ['its subresources', about('configmaps/*'), 1],
    ['labels that it has not', { objectSelector: { matchLabels: { a: 'b' } } }, 0],
    ['a namespace with other labels', { namespaceSelector: { matchLabels: { a: 'b' } } }, 0],
    ['its namespace', { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } }, 1],
    ['a condition that holds', { matchConditions: [{ name: 'a', expression: 'object.data.a == "b"' }] }, 1],
    ['a condition that does not', { matchConditions: [{ name: 'a', expression: 'request.dryRun' }] }, 0],
    [
      'a condition that fails, and may',
      { failurePolicy: 'Ignore', matchConditions: [{ name: 'a', expression: 'object.b.c == 1' }] },
      0,
    ],
  ])('of an object only what its rules say: %s', async (_what, webhook, calls) => {
    await validating(webhook);
    expect(await map()).toMatchObject({ status: 201, message: '' });
    expect(server.asked).toHaveLength(calls);
  });

  test('nothing of what configures admission', async () => {
    await validating(about('*/*'));
    await mutating(about('*/*'));
    await kube.call('POST', `${GROUP}/validatingadmissionpolicybindings`, {
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions: ['Deny'] },
    });
    await kube.call('DELETE', `${GROUP}/mutatingwebhookconfigurations/w`);
    expect(server.asked).toEqual([]);
  });

  test('of its condition, when that cannot be told', async () => {
    await validating({ matchConditions: [{ name: 'a', expression: 'object.foo.bar == 1' }] });
    expect(await map()).toMatchObject({
      status: 403,
      message: `configmaps "x" is forbidden: expression 'object.foo.bar == 1' resulted in error: no such key: foo`,
    });
  });
});

describe('what a webhook denies', () => {
  test.each<readonly [status: JsonObject, code: number, reason: string, words: string]>([
    [{}, 400, '', ' without explanation'],
    [{ message: 'no way' }, 400, '', ': no way'],
    [{ reason: 'because' }, 400, 'because', ': because'],
    [{ message: 'm', code: 418, reason: 'Teapot' }, 418, 'Teapot', ': m'],
    [{ message: 'm', code: 200 }, 400, '', ': m'],
  ])('is told with its own status: %j', async (status, code, reason, words) => {
    await validating({});
    server.replies.set('/0', { response: { allowed: false, status, warnings: ['w', 'w', 'a\nb'] } });
    const answer = await map();
    expect([answer.status, textAt(answer.body, 'reason'), answer.message, answer.warning]).toEqual([
      code,
      reason,
      `admission webhook "w0.example.com" denied the request${words}`,
      '299 - "w"',
    ]);
    expect((await kube.call('GET', `${MAPS}/x`)).status).toBe(404);
  });

  test('stays: a delete too', async () => {
    await map();
    await validating(about('configmaps', { operations: ['DELETE'] }));
    server.replies.set('/0', { response: { allowed: false } });
    expect((await kube.call('DELETE', `${MAPS}/x`)).status).toBe(400);
    expect((await kube.call('DELETE', MAPS)).status).toBe(400);
    expect((await kube.call('GET', `${MAPS}/x`)).status).toBe(200);
  });
});

describe('what a webhook changes', () => {
  test('is read like what is sent: filled in, validated, owned by nobody', async () => {
    await mutating({ ...about('services') });
    server.replies.set('/0', { response: patchOf([{ op: 'replace', path: '/spec/type', value: 'NodePort' }]) });
    const made = await kube.call('POST', '/api/v1/namespaces/default/services', {
      metadata: { name: 's' },
      spec: { ports: [{ port: 80 }] },
    });
    expect(made.body).toMatchObject({ spec: { type: 'NodePort', externalTrafficPolicy: 'Cluster' } });
    expect(at(made.body, 'spec', 'ports', 0, 'nodePort')).toBeGreaterThan(30_000);
    expect(at(made.body, 'metadata', 'managedFields', 0, 'fieldsV1', 'f:spec', 'f:externalTrafficPolicy')).toBe(
      undefined,
    );
    server.replies.set('/0', { response: patchOf([{ op: 'replace', path: '/spec/type', value: 'nope' }]) });
    const wrong = await kube.call('PATCH', '/api/v1/namespaces/default/services/s', { metadata: {} }, MERGE);
    expect([wrong.status, wrong.message]).toEqual([
      422,
      'Service "s" is invalid: spec.type: Unsupported value: "nope": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ]);
  });

  test('gives a Pod another container, which has all that containers get', async () => {
    await mutating(about('pods'));
    server.replies.set('/0', {
      response: patchOf([{ op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'i' } }]),
    });
    const made = await kube.call('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const mounts = listAt(made.body, 'spec', 'containers').map((one) => listAt(one, 'volumeMounts'));
    expect(mounts[1]).toEqual(mounts[0]);
    expect(mounts[1]).toHaveLength(1);
    expect(made.body).toMatchObject({ status: { phase: 'Pending', qosClass: 'BestEffort' } });
    expect(at(server.asked[0]?.request, 'object', 'status')).toBeUndefined();
  });

  test('is seen by those after it, and by those before that ask for it', async () => {
    const again = { reinvocationPolicy: 'IfNeeded' };
    await mutating(again, {}, again);
    for (const [path, key] of ['p', 'q', 'r'].entries()) server.replies.set(`/${path}`, adding(key));
    expect(keys((await map()).body)).toBe('apqr');
    const seen = server.asked.map(({ path, request }) => `${path}${keys(request['object'])}`);
    expect(seen).toEqual(['/0a', '/1ap', '/2apq', '/0apqr']);
  });

  test.each<readonly [what: string, operation: JsonObject, code: number, words: string]>([
    ['a name', { op: 'replace', path: '/metadata/name', value: 'other' }, 201, ''],
    [
      'a namespace',
      { op: 'replace', path: '/metadata/namespace', value: 'other' },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a version',
      { op: 'replace', path: '/apiVersion', value: 'v2' },
      500,
      'Internal error occurred: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'what is not there',
      { op: 'remove', path: '/data/zz' },
      500,
      "Internal error occurred: error in remove for path: '/data/zz': Unable to remove nonexistent key: zz: missing value",
    ],
    [
      'what it tests in vain',
      { op: 'test', path: '/data/a', value: 'z' },
      500,
      'Internal error occurred: testing value /data/a failed: test failed',
    ],
    [
      'a value of another type',
      { op: 'add', path: '/data/c', value: 5 },
      500,
      'Internal error occurred: json: cannot unmarshal number into Go struct field ConfigMap.data of type string',
    ],
    ['a field that nobody knows', { op: 'add', path: '/foo', value: 5 }, 201, ''],
  ])('may be %s', async (_what, operation, code, words) => {
    await mutating({ failurePolicy: 'Ignore' });
    server.replies.set('/0', { response: patchOf([operation]) });
    const answer = await map();
    expect([answer.status, answer.message]).toEqual([code, words]);
  });
});

describe('a webhook that does not answer as it should', () => {
  const CALL = 'failed to call webhook: ';
  const INVALID = 'received invalid webhook response: ';
  const TYPE =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  const text = (value: string, code = 200): WebhookReply => ({ code, text: value });

  test.each<readonly [reply: WebhookReply, words: string]>([
    [text('', 200), `${CALL}0-length response with status code: 200 and content type: application/json`],
    [text('oops', 500), `${CALL}an error on the server ("unknown") has prevented the request from succeeding`],
    [text('{"kind":"Status","message":"my words"}', 500), `${CALL}my words`],
    [text('x', 404), `${CALL}the server could not find the requested resource`],
    [text('x', 418), `${CALL}the server responded with the status code 418 but did not return more information`],
    [
      text('hello'),
      `${CALL}couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type ${TYPE}`,
    ],
    [text('{"a"'), `${CALL}couldn't get version/kind; json parse error: unexpected end of JSON input`],
    [text('{}'), `${INVALID}webhook response was absent`],
    [
      text('{"kind":"Foo"}'),
      `${CALL}no kind "Foo" is registered for version "admission.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"`,
    ],
    [
      { response: { allowed: 'yes' } },
      `${CALL}json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool`,
    ],
    [{ response: patchOf([]) }, `${INVALID}validating webhook may not return response.patch`],
    [{ response: { patchType: 'JSONPatch' } }, `${INVALID}validating webhook may not return response.patchType`],
  ])('fails the request, or lets it pass where it may: %j', async (reply, words) => {
    await validating({});
    server.replies.set('/0', reply);
    const answer = await map();
    expect([answer.status, answer.message]).toEqual([500, `${FAILED}${words}`]);
    expect(answer.body).toMatchObject({ reason: 'InternalError' });
    await validatingIgnored();
    expect((await map()).status).toBe(201);
  });

  test('is not waited for longer than it may take, and not followed to what cannot be reached', async () => {
    await validating({});
    const { url } = server.clientConfig('/0') as { url: string };
    server.replies.set('/0', { response: {}, delay: 3000 });
    expect((await map()).message).toBe(`${FAILED}${CALL}Post "${url}?timeout=1s": context deadline exceeded`);
    server.replies.set('/0', { code: 307, text: '', headers: { location: 'https://127.0.0.1:1/' } });
    expect((await map()).message).toBe(
      `${FAILED}${CALL}Post "https://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused`,
    );
  });

  test.each<readonly [location: string, words: string]>([
    ['http://127.0.0.1:1/', 'unsupported protocol scheme "http"'],
    ['https://[::zz', 'failed to parse Location header "https://[::zz": Invalid URL'],
  ])('is not asked where nobody can be asked: %s', async (location, words) => {
    await validating({});
    server.replies.set('/0', { code: 307, text: '', headers: { location } });
    const { message } = await map();
    expect(message).toContain(`${FAILED}${CALL}Post "http`);
    expect(message).toContain(words);
    await validatingIgnored();
    expect((await map()).status).toBe(201);
  });

  test('is not listened to for ever', async () => {
    await validating({ timeoutSeconds: 10 });
    server.replies.set('/0', { code: 200, text: 'x'.repeat(40_000_000) });
    expect((await map()).message).toMatch(/: the answer is longer than 32 MiB$/);
  });

  test('is not trusted without its authority', async () => {
    const { url } = server.clientConfig('/0') as { url: string };
    await validating({ clientConfig: { url } });
    expect((await map()).message).toBe(
      `${FAILED}${CALL}Post "${url}?timeout=1s": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    );
  });

  test('may speak the older version, which asks for less', async () => {
    await mutating({ admissionReviewVersions: ['v1beta1'] });
    const { patch } = patchOf([{ op: 'add', path: '/data/k', value: 'v' }]);
    server.replies.set('/0', text(JSON.stringify({ response: { allowed: true, patch } })));
    expect((await map()).body).toMatchObject({ data: { a: 'b', k: 'v' } });
  });
});

test('who changes an object meanwhile is not overwritten', async () => {
  await map();
  await validating({});
  server.replies.set('/0', { response: {}, delay: 50 });
  const changes = ['p', 'q'].map((key) => kube.call('PATCH', `${MAPS}/x`, { data: { [key]: '1' } }, MERGE));
  expect((await Promise.all(changes)).map(({ status }) => status)).toEqual([200, 200]);
  expect(
    keys((await kube.call('GET', `${MAPS}/x`)).body)
      .split('')
      .sort()
      .join(''),
  ).toBe('apq');
});

describe('while a webhook is asked, others may write the same object:', () => {
  const APPLY = { headers: { 'content-type': 'application/apply-patch+yaml' } };

  test('many changes are all made', async () => {
    await map();
    await validating({});
    server.replies.set('/0', { response: {}, delay: 5 });
    const changes = [...'cdefghijkl'].map((key) => kube.call('PATCH', `${MAPS}/x`, { data: { [key]: '1' } }, MERGE));
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(keys((await kube.call('GET', `${MAPS}/x`)).body)).toHaveLength(11);
  });

  test('of two who apply what was not there, the second changes it', async () => {
    await validating({});
    server.replies.set('/0', { response: {}, delay: 50 });
    const applied = ['p', 'q'].map((key) =>
      kube.call(
        'PATCH',
        `${MAPS}/x?fieldManager=${key}`,
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' }, data: { [key]: '1' } },
        APPLY,
      ),
    );
    expect((await Promise.all(applied)).map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(keys((await kube.call('GET', `${MAPS}/x`)).body)).toHaveLength(2);
  });

  test('who begins again is warned once', async () => {
    await map();
    await validating({});
    server.replies.set('/0', { response: {}, delay: 50 });
    const changes = ['p', 'q'].map((key) =>
      kube.call('PATCH', `${MAPS}/x?fieldValidation=Warn`, { foo: 1, data: { [key]: '1' } }, MERGE),
    );
    const warning = '299 - "unknown field \\"foo\\""';
    expect((await Promise.all(changes)).map((answer) => answer.warning)).toEqual([warning, warning]);
  });
});

describe('webhooks are asked', () => {
  test('about each object of a collection, however many there are, until one may not go', async () => {
    for (let index = 0; index < 210; index += 1) await map(`m${String(index).padStart(3, '0')}`);
    await map('z-last');
    const going = about('configmaps', { operations: ['DELETE'] });
    await validating({ ...going, objectSelector: { matchLabels: { stay: 'true' } } }, going);
    server.replies.set('/0', { response: { allowed: false } });
    await kube.call('PATCH', `${MAPS}/m205`, { metadata: { labels: { stay: 'true' } } }, MERGE);
    server.asked.length = 0;
    expect((await kube.call('DELETE', MAPS)).status).toBe(400);
    const left = await kube.call('GET', MAPS);
    expect(listAt(left.body, 'items').map((one) => textAt(one, 'metadata', 'name'))).toEqual([
      'm205',
      'm206',
      'm207',
      'm208',
      'm209',
      'z-last',
    ]);
    expect(server.asked.filter(({ path }) => path === '/1')).toHaveLength(206);
  });

  test('once about what has an address that is looked for', async () => {
    await validating(about('services'));
    const made = await kube.call('POST', '/api/v1/namespaces/default/services', {
      metadata: { name: 's' },
      spec: { ports: [{ port: 80 }] },
    });
    expect(server.asked.map(({ request }) => at(request, 'object', 'spec', 'clusterIP'))).toEqual([
      at(made.body, 'spec', 'clusterIP'),
    ]);
  });

  test('about parts of objects as about what they are', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await kube.call('POST', '/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'd' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    });
    await kube.call('POST', pods, { metadata: { name: 'p' }, spec: template.spec });
    await mutating(about('*/*', { resources: ['*/scale', '*/binding', '*/eviction'] }));
    server.replies.set('/0', { response: patchOf([{ op: 'add', path: '/spec/replicas', value: 5 }]) });
    const scaled = await kube.call(
      'PATCH',
      '/apis/apps/v1/namespaces/default/deployments/d/scale',
      { spec: { replicas: 2 } },
      MERGE,
    );
    expect(scaled.body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
    server.replies.set('/0', { response: {} });
    const target = { metadata: { name: 'p' }, target: { name: 'n' } };
    expect((await kube.call('POST', `${pods}/p/binding`, target)).status).toBe(201);
    server.replies.set('/0', { response: { allowed: false, status: { message: 'stay', code: 429 } } });
    const evicted = await kube.call('POST', `${pods}/p/eviction`, { metadata: { name: 'p' } });
    expect([evicted.status, evicted.message]).toEqual([
      429,
      'admission webhook "w0.example.com" denied the request: stay',
    ]);
    expect((await kube.call('GET', `${pods}/p`)).body).toMatchObject({ spec: { nodeName: 'n' } });
    const told = server.asked.map(({ request }) => [
      textAt(request, 'kind', 'group'),
      textAt(request, 'kind', 'kind'),
      textAt(request, 'resource', 'resource'),
      textAt(request, 'subResource'),
      textAt(request, 'object', 'kind'),
    ]);
    expect(told).toEqual([
      ['autoscaling', 'Scale', 'deployments', 'scale', 'Scale'],
      ['', 'Binding', 'pods', 'binding', 'Binding'],
      ['policy', 'Eviction', 'pods', 'eviction', 'Eviction'],
    ]);
  });
});

describe('controllers that a webhook refuses', () => {
  const SETS = '/apis/apps/v1/namespaces/default/replicasets';
  const until = (answers: () => Promise<boolean>): Promise<void> =>
    vi.waitFor(async () => expect(await answers()).toBe(true), 5000);
  const set: JsonObject = {
    metadata: { name: 's' },
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  };

  test('let go of what an owner leaves behind as soon as they may', async () => {
    await kube.startControllers();
    const owner = await map('owner');
    const ownerReferences = [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: at(owner.body, 'metadata', 'uid') ?? '' },
    ];
    await map('owned', { metadata: { name: 'owned', ownerReferences } });
    await validating(about('configmaps', { operations: ['UPDATE'] }));
    server.replies.set('/0', { response: { allowed: false } });
    await kube.call('DELETE', `${MAPS}/owner?propagationPolicy=Orphan`);
    await until(async () => server.asked.length > 0);
    await kube.call('DELETE', `${GROUP}/validatingwebhookconfigurations/w`);
    await until(async () => (await kube.call('GET', `${MAPS}/owner`)).status === 404);
    expect(at((await kube.call('GET', `${MAPS}/owned`)).body, 'metadata', 'ownerReferences')).toBeUndefined();
  });

  test('are not held up by one that waits', async () => {
    await kube.startControllers();
    await kube.call('POST', '/api/v1/namespaces', { metadata: { name: 'slow' } });
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'slow' } };
    await validating({ ...about('pods', { operations: ['CREATE'] }), namespaceSelector, timeoutSeconds: 10 });
    server.replies.set('/0', { response: {}, delay: 4000 });
    await kube.call('POST', SETS.replace('default', 'slow'), set);
    await until(async () => server.asked.length > 0);
    await kube.call('POST', SETS, set);
    const pods = async (): Promise<number> =>
      listAt((await kube.call('GET', '/api/v1/namespaces/default/pods')).body, 'items').length;
    await vi.waitFor(async () => expect(await pods()).toBe(1), 2000);
  });

  test('tell why there are no Pods', async () => {
    await kube.startControllers();
    await validating(about('pods', { operations: ['CREATE'] }));
    server.replies.set('/0', { response: { allowed: false, status: { message: 'no way' } } });
    await kube.call('POST', SETS, set);
    const refused = 'admission webhook "w0.example.com" denied the request: no way';
    await until(
      async () => at((await kube.call('GET', `${SETS}/s`)).body, 'status', 'conditions', 0, 'message') === refused,
    );
    const events = await kube.call('GET', '/api/v1/namespaces/default/events');
    expect(listAt(events.body, 'items').map((one) => textAt(one, 'message'))).toEqual([`Error creating: ${refused}`]);
  });
});
