// Conditions of a Pod that others write: they stay, and where the Pod asks for them it is not ready without them.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const PODS = '/api/v1/namespaces/default/pods';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

async function condition(type: string): Promise<string> {
  const { body } = await cluster.call('GET', `${PODS}/p`);
  const one = listAt(body, 'status', 'conditions').find((entry) => textAt(entry, 'type') === type);
  return ['status', 'reason', 'message'].map((field) => textAt(one, field)).join('|');
}

async function set(status: string): Promise<void> {
  const type = 'example.com/lb';
  const { body } = await cluster.call('GET', `${PODS}/p`);
  const others = listAt(body, 'status', 'conditions').filter((entry) => textAt(entry, 'type') !== type);
  await cluster.call('PATCH', `${PODS}/p/status`, { status: { conditions: [...others, { type, status }] } });
  await cluster.pass(1000);
}

test('a Pod is ready when its readiness gates are open', async () => {
  await cluster.call('POST', PODS, {
    metadata: { name: 'p' },
    spec: { readinessGates: [{ conditionType: 'example.com/lb' }], containers: [{ name: 'c', image: 'nginx' }] },
  });
  await cluster.pass(5000);
  const gate = 'pod readiness gate "example.com/lb"';
  expect(await condition('ContainersReady')).toBe('True||');
  expect(await condition('Ready')).toBe(
    `False|ReadinessGatesNotReady|corresponding condition of ${gate} does not exist.`,
  );
  await set('False');
  expect(await condition('Ready')).toBe(`False|ReadinessGatesNotReady|the status of ${gate} is not "True", but False`);
  await set('True');
  expect(await condition('Ready')).toBe('True||');
  expect(await condition('example.com/lb')).toBe('True||');
});
