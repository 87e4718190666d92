// Endpoints and EndpointSlices: of Pods of many sorts, and of Endpoints that somebody writes himself.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { at, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

const CORE = '/api/v1/namespaces/default';
const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

const service = (spec: JsonObject, name = 'web'): Promise<unknown> =>
  cluster.call('POST', `${CORE}/services`, { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });

const pod = (name: string, containerPort: number, spec: JsonObject = {}): Promise<unknown> =>
  cluster.call('POST', `${CORE}/pods`, {
    metadata: { name, labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ name: 'http', containerPort }] }], ...spec },
  });

const slicesOf = async (name = 'web'): Promise<readonly JsonObject[]> =>
  (await cluster.items(SLICES))
    .filter((slice) => at(slice, 'metadata', 'labels', 'kubernetes.io/service-name') === name)
    .sort((a, b) => listAt(b, 'endpoints').length - listAt(a, 'endpoints').length);

const namesIn = (slice: JsonObject | undefined): string[] =>
  listAt(slice, 'endpoints').map((endpoint) => textAt(endpoint, 'targetRef', 'name'));

const sorted = (names: readonly string[]): string[] => [...names].sort();

test('Pods whose ports differ are in slices and subsets of their own', async () => {
  for (const [name, port] of [
    ['a', 8080],
    ['b', 8080],
    ['c', 9090],
  ] as const)
    await pod(name, port);
  const ports = [
    { name: 'x', port: 80, targetPort: 'http' },
    { name: 'y', port: 81, targetPort: 7000 },
  ];
  await service({ selector: { app: 'web' }, ports });
  await cluster.pass(5000);
  const slices = await slicesOf();
  expect(
    slices.map((slice) => [sorted(namesIn(slice)), listAt(slice, 'ports').map((port) => at(port, 'port'))]),
  ).toEqual([
    [
      ['a', 'b'],
      [8080, 7000],
    ],
    [['c'], [9090, 7000]],
  ]);
  const { body } = await cluster.call('GET', `${CORE}/endpoints/web`);
  const subsets = listAt(body, 'subsets').map(
    (subset) =>
      [
        sorted(listAt(subset, 'addresses').map((address) => textAt(address, 'targetRef', 'name'))),
        listAt(subset, 'ports').map((port) => at(port, 'port')),
      ] as const,
  );
  const byPort = subsets.sort(([, [a]], [, [b]]) => Number(a) - Number(b));
  expect(byPort).toEqual([
    [['a', 'b', 'c'], [7000]],
    [['a', 'b'], [8080]],
    [['c'], [9090]],
  ]);
});

test('more than a hundred are in several slices; one that comes fills a gap, and nobody moves', async () => {
  for (let count = 0; count < 130; count += 1) await pod(`p-${String(count).padStart(3, '0')}`, 80);
  await service({ selector: { app: 'web' } });
  await cluster.pass(5000);
  const [first, second] = await slicesOf();
  expect([first, second].map((slice) => namesIn(slice).length)).toEqual([100, 30]);
  const [gone = '', ...staying] = namesIn(first);
  await cluster.call('DELETE', `${CORE}/pods/${gone}?gracePeriodSeconds=0`);
  await cluster.pass(5000);
  await pod('new', 80);
  await cluster.pass(5000);
  const [one, two] = await slicesOf();
  expect(namesIn(one)).toEqual([...staying, 'new']);
  expect(namesIn(two)).toEqual(namesIn(second));
});

test('a slice that somebody empties or removes comes back; an ExternalName leaves what there was', async () => {
  await pod('a', 80);
  await service({ selector: { app: 'web' } });
  await cluster.pass(5000);
  const [slice] = await slicesOf();
  await cluster.call('PATCH', `${SLICES}/${textAt(slice, 'metadata', 'name')}`, { endpoints: [] });
  await cluster.pass(1000);
  expect((await slicesOf()).map(namesIn)).toEqual([['a']]);
  await cluster.call('DELETE', `${SLICES}/${textAt(slice, 'metadata', 'name')}`);
  await cluster.call('DELETE', `${CORE}/endpoints/web`);
  await cluster.pass(1000);
  expect((await slicesOf()).map(namesIn)).toEqual([['a']]);
  expect((await cluster.call('GET', `${CORE}/endpoints/web`)).status).toBe(200);
  const spec = { type: 'ExternalName', externalName: 'a.b', clusterIP: null, clusterIPs: null };
  await cluster.call('PATCH', `${CORE}/services/web`, { spec: { ...spec, ports: null } });
  await cluster.pass(1000);
  expect((await slicesOf()).map((one) => listAt(one, 'ports').length)).toEqual([1]);
});

test.each([
  ['PreferSameZone', { forZones: [{ name: 'a' }] }],
  ['PreferSameNode', { forZones: [{ name: 'a' }], forNodes: [{ name: 'node-1' }] }],
  [undefined, undefined],
])('traffic distribution %s hints at %j', async (trafficDistribution, hints) => {
  await cluster.call('PATCH', '/api/v1/nodes/node-1', { metadata: { labels: { 'topology.kubernetes.io/zone': 'a' } } });
  await pod('a', 80);
  await service({ selector: { app: 'web' }, ...(trafficDistribution ? { trafficDistribution } : {}) });
  await cluster.pass(5000);
  const [slice] = await slicesOf();
  expect(at(listAt(slice, 'endpoints')[0], 'hints')).toEqual(hints);
});

test('Endpoints of a Service without a selector are mirrored, each family of addresses by itself', async () => {
  const subsets = [
    {
      addresses: [{ ip: '1.2.3.4' }, { ip: 'fd00::1' }],
      notReadyAddresses: [{ ip: '1.2.3.5' }],
      ports: [{ port: 80 }],
    },
  ];
  const body = { metadata: { name: 'web', labels: { x: 'y' }, annotations: { a: 'b' } }, subsets };
  await cluster.call('POST', `${CORE}/endpoints`, body);
  await cluster.pass(1000);
  expect(await slicesOf()).toEqual([]);
  await service({});
  await cluster.pass(1000);
  const seen = (await slicesOf()).map(({ metadata, ...slice }) => [slice, at(metadata, 'annotations', 'a')]);
  const head = { ports: [{ name: '', port: 80, protocol: 'TCP' }] };
  expect(seen).toEqual([
    [
      {
        ...head,
        addressType: 'IPv4',
        endpoints: [
          { addresses: ['1.2.3.4'], conditions: { ready: true } },
          { addresses: ['1.2.3.5'], conditions: { ready: false } },
        ],
      },
      'b',
    ],
    [{ ...head, addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'], conditions: { ready: true } }] }, 'b'],
  ]);
  const label = (value: string | null): JsonObject => ({
    metadata: { labels: { 'endpointslice.kubernetes.io/skip-mirror': value } },
  });
  await cluster.call('PATCH', `${CORE}/endpoints/web`, label('true'));
  await cluster.pass(1000);
  expect(await slicesOf()).toEqual([]);
  await cluster.call('PATCH', `${CORE}/endpoints/web`, label(null));
  await cluster.pass(1000);
  expect((await slicesOf()).length).toBe(2);
  await cluster.call('PATCH', `${CORE}/services/web`, { spec: { selector: { app: 'none' } } });
  await cluster.pass(1000);
  expect((await slicesOf()).map(namesIn)).toEqual([[]]);
});
