// A FlowSchema says whether the level that it speaks of is there.

import { expect, test } from 'vitest';
import { textAt } from '../../../src/core/json.ts';
import { openControlledCluster } from '../../support/controlled-cluster.ts';

const GROUP = '/apis/flowcontrol.apiserver.k8s.io/v1';

test('a FlowSchema dangles as long as its level is not there', async () => {
  const cluster = await openControlledCluster();
  const state = async (name: string): Promise<string> => {
    await cluster.pass(1000);
    const { body } = await cluster.call('GET', `${GROUP}/flowschemas/${name}`);
    return ['status', 'reason'].map((field) => textAt(body, 'status', 'conditions', 0, field)).join(' ');
  };
  for (const [name, level] of Object.entries({ first: 'workload-low', second: 'mine' }))
    await cluster.call('POST', `${GROUP}/flowschemas`, {
      metadata: { name },
      spec: { priorityLevelConfiguration: { name: level }, matchingPrecedence: 900 },
    });
  expect(await state('first')).toBe('False Found');
  expect(await state('second')).toBe('True NotFound');
  await cluster.call('POST', `${GROUP}/prioritylevelconfigurations`, {
    metadata: { name: 'mine' },
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
  });
  expect(await state('second')).toBe('False Found');
  await cluster.call('DELETE', `${GROUP}/prioritylevelconfigurations/mine`);
  expect(await state('second')).toBe('True NotFound');
  await cluster.close();
});
