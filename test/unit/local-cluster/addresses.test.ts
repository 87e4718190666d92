// Addresses and ports are found without a look at all objects, given to one at a time, and given again.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import { freeAddress } from '../../../src/local-cluster/addresses.ts';
import { memoryJournal } from '../../../src/local-cluster/store/memory-journal.ts';
import { createStore } from '../../../src/local-cluster/store/store.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const RANGE = { resource: '/services', prefix: '10.96', first: 10, size: 15 } as const;

test('each is given once, and again when it is free; none is left in the end', async () => {
  const store = createStore(memoryJournal, { revision: 0, entries: [] });
  const put = (name: string, clusterIP: string | undefined): Promise<unknown> =>
    store.commit({
      resource: '/services',
      namespace: 'a',
      name,
      object:
        clusterIP === undefined
          ? undefined
          : { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'a', name }, spec: { clusterIP } },
    });
  const given: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    const address = freeAddress(store, RANGE) ?? '';
    given.push(address);
    await put(`s${index}`, address);
  }
  expect(given).toEqual(['10.96.0.11', '10.96.0.12', '10.96.0.13', '10.96.0.14', '10.96.0.15']);
  expect(freeAddress(store, RANGE)).toBeUndefined();
  await put('s1', undefined);
  expect(store.isHeld('/services', '10.96.0.12')).toBe(false);
  expect(freeAddress(store, RANGE)).toBe('10.96.0.12');
});

test('50,000 are found quickly, the last as fast as the first', async () => {
  const store = createStore(memoryJournal, { revision: 0, entries: [] });
  const range = { resource: '/pods', prefix: '10.244', first: 2, size: 64_000 };
  const begun = process.cpuUsage();
  const writes: Promise<unknown>[] = [];
  for (let index = 0; index < 50_000; index += 1) {
    const podIP = freeAddress(store, range) ?? '';
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'a', name: `p${index}` },
      status: { podIP },
    };
    writes.push(store.commit({ resource: '/pods', namespace: 'a', name: `p${index}`, object }));
  }
  await Promise.all(writes);
  // What others do on the machine meanwhile does not count.
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5000);
});

describe('a Service', () => {
  let cluster: ControlledCluster;
  beforeEach(async () => {
    cluster = await openControlledCluster();
  });
  afterEach(() => cluster.close());
  const SERVICES = '/api/v1/namespaces/default/services';
  const service = (
    name: string,
    ports: readonly JsonObject[],
    type = 'NodePort',
  ): Promise<{ status: number; body: JsonObject }> =>
    cluster.call('POST', SERVICES, { metadata: { name }, spec: { type, ports: [...ports] } });

  test('has ports and an address of its own; what is taken is refused', async () => {
    const made = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        service(name, [
          { name: 'x', port: 1 },
          { name: 'y', port: 2 },
        ]),
      ),
    );
    const ports = made.flatMap(({ body }) => listAt(body, 'spec', 'ports').map((port) => numberAt(port, 'nodePort')));
    expect(new Set(ports).size).toBe(6);
    expect(new Set(made.map(({ body }) => textAt(body, 'spec', 'clusterIP'))).size).toBe(3);
    const [taken = 0] = ports;
    expect((await service('d', [{ port: 1, nodePort: taken }])).body).toMatchObject({
      code: 422,
      message: `Service "d" is invalid: spec.ports[0].nodePort: Invalid value: ${taken}: provided port is already allocated`,
    });
    await cluster.call('DELETE', `${SERVICES}/a`);
    expect((await service('d', [{ port: 1, nodePort: taken }])).status).toBe(201);
  });
});
