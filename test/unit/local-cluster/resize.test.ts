// A Pod that runs is given other amounts of processor and memory.

import { expect, test } from 'vitest';
import { at, type JsonObject } from '../../../src/core/json.ts';
import { openControlledCluster } from '../../support/controlled-cluster.ts';

const PODS = '/api/v1/namespaces/default/pods';
const holding = (cpu: string): JsonObject => ({ requests: { cpu, memory: '64Mi' }, limits: { cpu: '1' } });
const spec = (cpu: string): JsonObject => ({ containers: [{ name: 'c', image: 'nginx', resources: holding(cpu) }] });

test('what it has follows what is asked for, and it goes on', async () => {
  const cluster = await openControlledCluster();
  await cluster.call('POST', PODS, { metadata: { name: 'p' }, spec: spec('100m') });
  await cluster.pass(10_000);
  const status = async (): Promise<unknown> =>
    at((await cluster.call('GET', `${PODS}/p`)).body, 'status', 'containerStatuses', 0);
  const has = (cpu: string): JsonObject => ({
    allocatedResources: { cpu, memory: '64Mi' },
    resources: holding(cpu),
    restartCount: 0,
    ready: true,
  });
  expect(await status()).toMatchObject(has('100m'));
  expect(await cluster.call('PATCH', `${PODS}/p/resize`, { spec: spec('300m') })).toMatchObject({ status: 200 });
  await cluster.pass(10_000);
  expect(await status()).toMatchObject(has('300m'));
  await cluster.close();
});
