// What a Pod can be asked for below its name: parts of it, a node, and what only a running one could answer.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, isObject, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { isStream } from '../../../src/local-cluster/request.ts';

let cluster: LocalCluster;
const PODS = '/api/v1/namespaces/default/pods';

async function send(
  method: string,
  path: string,
  body?: JsonObject,
): Promise<{ status: number; body: JsonObject; warning: string }> {
  const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
  const request = {
    method,
    path,
    query: new URLSearchParams(),
    headers: { 'content-type': type },
    ...(body ? { body } : {}),
  };
  const response = await cluster.handle(request);
  const answer = isObject(response.body) && !isStream(response.body) ? response.body : {};
  return { status: response.status, body: answer, warning: response.headers['warning'] ?? '' };
}

beforeAll(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  const spec = { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '10m' } } }] };
  const range = { metadata: { name: 'late' }, spec: { limits: [{ type: 'Pod', max: { cpu: '1' } }] } };
  expect((await send('POST', PODS, { metadata: { name: 'p' }, spec })).status).toBe(201);
  expect((await send('POST', '/api/v1/namespaces/default/limitranges', range)).status).toBe(201);
});

afterAll(() => cluster.close());

test('limits that came later do not stand in the way of a label', async () => {
  expect((await send('PATCH', `${PODS}/p`, { metadata: { labels: { a: 'b' } } })).status).toBe(200);
});

test('a container for a moment comes by its own path alone', async () => {
  const change = { spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] } };
  expect((await send('PATCH', `${PODS}/p`, change)).status).toBe(422);
  const { status, body } = await send('PATCH', `${PODS}/p/ephemeralcontainers`, { ...change, metadata: {} });
  expect([status, at(body, 'spec', 'ephemeralContainers', 0, 'name')]).toEqual([200, 'debug']);
  const other = await send('PATCH', `${PODS}/p/ephemeralcontainers`, {
    spec: { containers: [{ name: 'c', image: 'other' }] },
  });
  expect(at(other.body, 'spec', 'containers', 0, 'image')).toBe('i');
});

test('a resize changes resources and nothing else', async () => {
  const resources = { requests: { cpu: '100m' } };
  const change = { spec: { containers: [{ name: 'c', image: 'other', resources }] } };
  const { status, body } = await send('PATCH', `${PODS}/p/resize`, change);
  expect([status, at(body, 'spec', 'containers', 0)]).toMatchObject([200, { image: 'i', resources }]);
  expect(
    (await send('PATCH', `${PODS}/p`, { spec: { containers: [{ name: 'c', resources: { requests: { cpu: '1' } } }] } }))
      .status,
  ).toBe(422);
});

test.each(['ephemeralcontainers', 'resize'])('%s leaves the metadata alone', async (part) => {
  const before = await send('GET', `${PODS}/p`);
  const metadata = { labels: { sneaked: 'in' }, annotations: { sneaked: 'in' }, finalizers: ['a/b'] };
  const { status, body } = await send('PATCH', `${PODS}/p/${part}`, { metadata });
  expect(status).toBe(200);
  for (const field of Object.keys(metadata)) {
    expect(at(body, 'metadata', field)).toEqual(at(before.body, 'metadata', field));
  }
});

test.each([
  ['exec', 400, 'pod p does not have a host assigned'],
  ['attach?container=x', 400, 'container x is not valid for pod p'],
  ['portforward', 400, 'pod p does not have a host assigned'],
  ['proxy', 400, 'address not allowed'],
  ['log', 200, ''],
])('%s before there is a node: %i %s', async (part, status, message) => {
  const [name, container] = part.split('?container=');
  const query = new URLSearchParams(container === undefined ? {} : { container });
  const answer = await cluster.handle({ method: 'GET', path: `${PODS}/p/${name}`, query, headers: {} });
  expect([answer.status, textAt(answer.body, 'message')]).toEqual([status, message]);
});

test('a binding gives the node, once', async () => {
  const binding = {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'p' },
    target: { kind: 'Node', name: 'node-9' },
  };
  expect((await send('POST', `${PODS}/p/binding`, binding)).status).toBe(201);
  expect(at((await send('GET', `${PODS}/p`)).body, 'spec', 'nodeName')).toBe('node-9');
  expect((await send('POST', `${PODS}/p/binding`, binding)).status).toBe(409);
  expect((await send('POST', `${PODS}/p/binding`, { ...binding, target: {} })).status).toBe(500);
});

test.each(['exec', 'attach', 'portforward', 'proxy', 'proxy/metrics'])('%s is refused in a sentence', async (name) => {
  for (const method of ['GET', 'POST']) {
    const { status, body } = await send(method, `${PODS}/p/${name}`);
    expect([status, textAt(body, 'message')]).toEqual([501, expect.stringContaining('the pod "p" is simulated: ')]);
  }
});

test('kinds that have had their time say so', async () => {
  const { warning } = await send('GET', '/api/v1/namespaces/default/endpoints');
  expect(warning).toBe('299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"');
  expect((await send('GET', PODS)).warning).toBe('');
});

test('a binding and an eviction say in a condition what they have done, and own nothing', async () => {
  const condition = async (name: string): Promise<unknown> => {
    const { body } = await send('GET', `${PODS}/${name}`);
    const { lastTransitionTime, ...rest } = objectAt(listAt(body, 'status', 'conditions')[0]);
    expect(lastTransitionTime).toMatch(/Z$/);
    return [rest, listAt(body, 'metadata', 'managedFields').length];
  };
  const containers = [{ name: 'c', image: 'i', resources: { limits: { cpu: '10m' } } }];
  await send('POST', PODS, { metadata: { name: 'told' }, spec: { containers } });
  await send('POST', `${PODS}/told/binding`, { metadata: { name: 'told' }, target: { name: 'No_such' } });
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null };
  expect(await condition('told')).toEqual([scheduled, 1]);
  await send('POST', PODS, { metadata: { name: 'moved' }, spec: { nodeName: 'n', containers } });
  await send('POST', `${PODS}/moved/eviction`, { metadata: { name: 'moved' } });
  const why = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  expect(await condition('moved')).toEqual([
    { type: 'DisruptionTarget', status: 'True', lastProbeTime: null, ...why },
    1,
  ]);
});
