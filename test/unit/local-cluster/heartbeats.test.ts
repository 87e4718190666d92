// Nodes say that they are alive by Leases that nobody has to write.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAt, textAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';
import { scriptedClock } from '../../support/scripted-clock.ts';

const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
let kube: KubeCalls;

beforeAll(async () => {
  kube = await openKubeCalls(scriptedClock(Date.parse('2026-01-02T03:04:05Z')));
  await kube.call('POST', '/api/v1/nodes', { metadata: { name: 'n' } });
});
afterAll(() => kube.close());

test('a node has a Lease that is young, until it has one of its own', async () => {
  const { status, body } = await kube.call('GET', `${LEASES}/n`);
  expect([status, body['spec']]).toEqual([
    200,
    { holderIdentity: 'n', leaseDurationSeconds: 40, renewTime: '2026-01-02T03:04:05.000000Z' },
  ]);
  expect((await kube.call('GET', `${LEASES}/none`)).message).toBe('leases.coordination.k8s.io "none" not found');
  await kube.call('POST', LEASES, { metadata: { name: 'm' } });
  const names = async (): Promise<string[]> =>
    listAt((await kube.call('GET', LEASES)).body, 'items').map(
      (item) => `${textAt(item, 'metadata', 'name')} ${textAt(item, 'spec', 'holderIdentity')}`,
    );
  expect(await names()).toEqual(['m ', 'n n']);
  await kube.call('POST', LEASES, { metadata: { name: 'n' }, spec: { holderIdentity: 'kubelet' } });
  expect(await names()).toEqual(['m ', 'n kubelet']);
});
