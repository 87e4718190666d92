// The order in which a namespace is emptied, and what its controllers make of it.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const PATH = '/api/v1/namespaces/shop';
const APPS = '/apis/apps/v1/namespaces/shop';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
  await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
});
afterEach(() => cluster.close());

const namesIn = async (path: string): Promise<readonly string[]> =>
  (await cluster.items(path)).map((object) => textAt(object, 'metadata', 'name'));
const reasonsOf = (object: JsonObject | undefined): readonly string[] =>
  listAt(object, 'status', 'conditions').map((condition) => textAt(condition, 'reason'));

test('as long as there are Pods all that they may need stays, and nobody makes new ones or complains', async () => {
  const labels = { app: 'web' };
  const containers = [{ name: 'c', image: 'nginx:1' }];
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: 2, selector: { matchLabels: labels }, template };
  await cluster.call('POST', `${APPS}/deployments`, { metadata: { name: 'web' }, spec });
  await cluster.call('POST', `/apis/batch/v1/namespaces/shop/jobs`, {
    metadata: { name: 'job' },
    spec: { template: { spec: { containers, restartPolicy: 'Never', activeDeadlineSeconds: 600 } } },
  });
  const finalizers = ['example.com/hold'];
  await cluster.call('POST', `${PATH}/pods`, { metadata: { name: 'held', finalizers }, spec: { containers } });
  await cluster.call('POST', `${PATH}/configmaps`, { metadata: { name: 'needed' } });
  await cluster.pass(400);
  await cluster.call('DELETE', PATH);
  await cluster.pass(10_000);
  expect(await namesIn(`${PATH}/pods`)).toEqual(['held']);
  expect(await namesIn(`${PATH}/configmaps`)).toContain('needed');
  const [deployment] = await cluster.items(`${APPS}/deployments`);
  expect(reasonsOf(deployment)).not.toContain('FailedCreate');
  const [pod] = await cluster.items(`${PATH}/pods`);
  expect(pod).toMatchObject({ status: { phase: 'Failed' }, metadata: { deletionGracePeriodSeconds: 0 } });
  expect(await cluster.pass(60_000)).toBe(0);
  await cluster.call('PATCH', `${PATH}/pods/held`, { metadata: { finalizers: null } });
  await cluster.pass(5000);
  expect((await cluster.call('GET', PATH)).status).toBe(404);
});
