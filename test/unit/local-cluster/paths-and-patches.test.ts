// Paths that are only read, patches that cannot be applied, and what an apply may own.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const JOBS = '/apis/batch/v1/namespaces/default/jobs';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';

const patch = (path: string, type: string, body: JsonObject): Promise<KubeAnswer> =>
  kube.call('PATCH', path, body, { headers: { 'content-type': `application/${type}` } });

const apply = (path: string, manager: string, body: JsonObject): Promise<KubeAnswer> =>
  patch(`${path}?fieldManager=${manager}`, 'apply-patch+yaml', body);

const READ_ONLY = ['/api', '/apis', '/apis/apps', '/apis/apps/v1', '/api/v1', '/version', '/openapi/v2', '/openapi/v3'];

/** Told to whoever asks in whatever way. */
const TOLD = ['/apis', '/apis/apps', '/openapi/v2', '/openapi/v3', '/openapi/v3/api/v1'];

test.each([...READ_ONLY, '/openapi/v3/api/v1'])('%s is only read', async (path) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expect((await kube.call(method, path, {})).status).toBe(TOLD.includes(path) ? 200 : 405);
  }
  expect((await kube.call('GET', path)).status).toBe(200);
});

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';

test.each([
  ['POST', `${AUTHORIZATION}/localsubjectaccessreviews`, 404],
  ['POST', `${AUTHORIZATION}/namespaces/default/localsubjectaccessreviews`, 422],
  ['GET', `${AUTHORIZATION}/namespaces/default/localsubjectaccessreviews`, 405],
  ['POST', `${AUTHORIZATION}/selfsubjectaccessreviews/name`, 404],
  ['GET', `${AUTHORIZATION}/selfsubjectaccessreviews/name`, 404],
  ['GET', `${AUTHORIZATION}/selfsubjectaccessreviews`, 405],
  ['POST', '/apis/authentication.k8s.io/v1/namespaces/default/tokenreviews', 404],
])('%s %s: %i', async (method, path, status) => {
  expect((await kube.call(method, path, {})).status).toBe(status);
});

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

test('an item of a patch without its key is named as the API server names it', async () => {
  const spec = { selector: { matchLabels: { a: 'b' } }, template };
  expect((await kube.call('POST', DEPLOYMENTS, { metadata: { name: 'keyed' }, spec })).status).toBe(201);
  const change = { spec: { template: { spec: { containers: [{ image: 'x', tty: true }] } } } };
  expect(await patch(`${DEPLOYMENTS}/keyed`, 'strategic-merge-patch+json', change)).toMatchObject({
    status: 500,
    message: 'map: map[image:x tty:true] does not contain declared merge key: name',
  });
});

test('what the server writes as zero belongs to who made the object', async () => {
  const spec = { selector: { matchLabels: { a: 'b' } }, template, strategy: { type: 'Recreate' } };
  const { body } = await kube.call('POST', `${DEPLOYMENTS}?fieldManager=me`, { metadata: { name: 'zeros' }, spec });
  const fields = ['metadata', 'managedFields', 0, 'fieldsV1', 'f:spec', 'f:template', 'f:spec'] as const;
  expect(at(body, ...fields, 'f:containers', 'k:{"name":"c"}', 'f:resources')).toEqual({});
  const again = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'zeros', resourceVersion: '' }, spec };
  const put = await kube.call('PUT', `${DEPLOYMENTS}/zeros?fieldManager=me`, again);
  expect(at(put.body, 'metadata', 'managedFields')).toEqual(at(body, 'metadata', 'managedFields'));
});

test.each([
  ['takes over what nobody has changed since', {}, 200, ''],
  [
    'is told what another has changed since',
    { replicas: 5 },
    409,
    'Apply failed with 1 conflict: conflict with "other" using apps/v1: .spec.replicas',
  ],
])('kubectl, going over to the server, %s', async (_what, change, status, message) => {
  const name = `over-${status}`;
  const wanted = { replicas: 2, selector: { matchLabels: { a: 'b' } }, template };
  const configuration = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec: wanted };
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(configuration) };
  const made = { ...configuration, metadata: { name, annotations } };
  await kube.call('POST', `${DEPLOYMENTS}?fieldManager=kubectl-client-side-apply`, made);
  await patch(`${DEPLOYMENTS}/${name}?fieldManager=other`, 'merge-patch+json', { spec: change });
  const next = { ...configuration, spec: { ...wanted, replicas: 3 } };
  expect(await apply(`${DEPLOYMENTS}/${name}`, 'kubectl', next)).toMatchObject({ status, message });
});

test('a Job that was applied by the client is applied by the server', async () => {
  const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } };
  const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'moved' }, spec };
  const made = await kube.call('POST', `${JOBS}?fieldManager=kubectl-client-side-apply`, job);
  const entries = [at(made.body, 'metadata', 'managedFields', 0)].map((entry) => ({
    ...(typeof entry === 'object' ? entry : {}),
    manager: 'kubectl',
    operation: 'Apply',
  }));
  // As kubectl migrates: what the client's apply owned becomes the server's.
  const moved = [{ op: 'replace', path: '/metadata/managedFields', value: entries }];
  const migrated = await kube.call('PATCH', `${JOBS}/moved`, JSON.stringify(moved), {
    headers: { 'content-type': 'application/json-patch+json' },
  });
  expect(migrated.status).toBe(200);
  const applied = await apply(`${JOBS}/moved`, 'kubectl', job);
  expect(applied).toMatchObject({ status: 200, message: '' });
  expect(at(applied.body, 'spec', 'template')).toEqual(at(made.body, 'spec', 'template'));
});

test.each([
  [
    'validatingwebhookconfigurations',
    {
      webhooks: [
        {
          name: 'a.example.com',
          clientConfig: { service: { name: 'a', namespace: 'default' } },
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
        },
      ],
    },
    'this cluster calls webhooks by url alone: nothing answers behind a Service',
  ],
])('who writes %s is told what they do not do here', async (plural, body, warning) => {
  const made = await kube.call('POST', `/apis/admissionregistration.k8s.io/v1/${plural}`, {
    metadata: { name: 'a' },
    ...body,
  });
  expect(made).toMatchObject({ status: 201, warning: `299 - "${warning}"` });
});
