// What a cluster lists from its first day, though nobody has made it.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import { type KubeAnswer, openKubeCalls } from '../../support/kube-calls.ts';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

async function call(cluster: LocalCluster, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const answer = await cluster.handle({
    method,
    path,
    query: new URLSearchParams(),
    headers,
    ...(body ? { body } : {}),
  });
  return objectAt(answer.body);
}

const open = (folder?: string): Promise<LocalCluster> =>
  openLocalCluster({ clock: systemClock, random: Math.random, ...(folder === undefined ? {} : { folder }) });

test.each<[string, number, string]>([
  [`${RBAC}/clusterroles`, 70, 'system:auth-delegator'],
  [`${RBAC}/clusterrolebindings`, 50, 'system:controller:deployment-controller'],
  [`${RBAC}/roles`, 7, 'extension-apiserver-authentication-reader'],
  [`${RBAC}/rolebindings`, 7, 'system::leader-locking-kube-scheduler'],
  ['/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas', 11, 'system-node-high'],
  ['/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations', 8, 'workload-low'],
  ['/apis/apiregistration.k8s.io/v1/apiservices', 21, 'v1.apps'],
  ['/apis/networking.k8s.io/v1/servicecidrs', 1, 'kubernetes'],
])('%s: %i, with %s', async (path, count, name) => {
  const cluster = await open();
  const names = listAt(await call(cluster, 'GET', path), 'items').map((item) => textAt(item, 'metadata', 'name'));
  expect([names.length, names.includes(name)]).toEqual([count, true]);
  await cluster.close();
});

test('is written down only where it was changed, and is the same after each start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-first-day-'));
  const at = (name: string): string => `${RBAC}/clusterroles/${name}`;
  const first = await open(folder);
  const written = [...first.store.all()].length;
  const role = await call(first, 'GET', at('system:node'));
  expect([...first.store.all()]).toHaveLength(written);
  await call(first, 'PATCH', at('system:monitoring'), { metadata: { labels: { a: 'b' } } });
  await call(first, 'DELETE', at('system:heapster'));
  expect((await call(first, 'GET', at('system:heapster')))['code']).toBe(404);
  expect([...first.store.all()]).toHaveLength(written + 1);
  await first.close();
  const second = await open(folder);
  expect(second.warnings).toEqual([]);
  expect(await call(second, 'GET', at('system:node'))).toEqual(role);
  expect(textAt(await call(second, 'GET', at('system:monitoring')), 'metadata', 'labels', 'a')).toBe('b');
  await second.close();
});

test.each(['/api/v1/namespaces/default/services', '/api/v1/namespaces/default/endpoints'])(
  '%s/kubernetes comes back when it is taken away',
  async (path) => {
    const cluster = await open();
    cluster.start();
    const at = `${path}/kubernetes`;
    const spec = (await call(cluster, 'GET', at))['spec'];
    expect((await call(cluster, 'DELETE', at))['code']).toBeUndefined();
    await vi.waitFor(async () => expect((await call(cluster, 'GET', at))['code']).toBeUndefined(), 20_000);
    expect(objectAt((await call(cluster, 'GET', at))['spec'])['clusterIP']).toBe(objectAt(spec)['clusterIP']);
    await cluster.close();
  },
);

describe('what comes and goes with other objects', () => {
  const SERVICES = '/apis/apiregistration.k8s.io/v1/apiservices';
  const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const definition = (plural: string): JsonObject => ({
    metadata: { name: `${plural}.came.example` },
    spec: {
      group: 'came.example',
      scope: 'Cluster',
      names: { plural, kind: plural.toUpperCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  });
  const namesOf = ({ body }: KubeAnswer): string[] =>
    listAt(body, 'items').map((item) => textAt(item, 'metadata', 'name'));

  test('an APIService is there as long as a definition serves its version', async () => {
    const kube = await openKubeCalls(systemClock);
    const isThere = async (): Promise<boolean> => namesOf(await kube.call('GET', SERVICES)).includes('v1.came.example');
    await kube.call('POST', DEFINITIONS, definition('as'));
    expect(await isThere()).toBe(true);
    await kube.call('POST', DEFINITIONS, definition('bs'));
    await kube.call('DELETE', `${SERVICES}/v1.came.example`);
    expect(await isThere()).toBe(true);
    const spec = { versionPriority: 5 };
    const headers = { 'content-type': 'application/merge-patch+json' };
    await kube.call('PATCH', `${SERVICES}/v1.came.example`, { spec }, { headers });
    expect((await kube.call('GET', `${SERVICES}/v1.came.example`)).body).toMatchObject({
      metadata: { labels: { 'kube-aggregator.kubernetes.io/automanaged': 'true' } },
      spec: { group: 'came.example', version: 'v1', groupPriorityMinimum: 1000, versionPriority: 100 },
      status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] },
    });
    await kube.call('DELETE', `${DEFINITIONS}/as.came.example`);
    expect(await isThere()).toBe(true);
    await kube.call('DELETE', `${DEFINITIONS}/bs.came.example`);
    expect(await isThere()).toBe(false);
    await kube.close();
  });

  test('an IPAddress is there as long as a Service has it', async () => {
    const kube = await openKubeCalls(systemClock);
    const [addresses, services] = ['/apis/networking.k8s.io/v1/ipaddresses', '/api/v1/namespaces/default/services'];
    expect(namesOf(await kube.call('GET', addresses))).toEqual(['10.96.0.1']);
    const spec = { clusterIP: '10.96.7.7', ports: [{ port: 80 }] };
    expect((await kube.call('POST', services, { metadata: { name: 'a' }, spec })).status).toBe(201);
    expect((await kube.call('GET', `${addresses}/10.96.7.7`)).body).toMatchObject({
      metadata: { labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4' } },
      spec: { parentRef: { resource: 'services', namespace: 'default', name: 'a' } },
    });
    await kube.call('DELETE', `${services}/a`);
    expect(namesOf(await kube.call('GET', addresses))).toEqual(['10.96.0.1']);
    await kube.close();
  });
});
