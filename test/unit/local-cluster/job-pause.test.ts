// A Job makes up for Pods that failed after ten seconds, and twice as late after each further failure.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

/** How many Pods there are, from five seconds on every ten. */
async function countsOf(spec: JsonObject, times: number): Promise<readonly number[]> {
  const template = {
    metadata: { annotations: { 'hawser.dev/fault': 'crash' } },
    spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
  };
  const job = { metadata: { name: 'job' }, spec: { template, ...spec } };
  await cluster.call('POST', '/apis/batch/v1/namespaces/default/jobs', job);
  await cluster.pass(5000);
  const counts: number[] = [];
  for (let time = 0; time < times; time += 1) {
    counts.push((await cluster.items('/api/v1/namespaces/default/pods')).length);
    await cluster.pass(10_000);
  }
  return counts;
}

test.each<[JsonObject, readonly number[]]>([
  [{}, [1, 2, 2, 3, 3, 3, 3, 4]],
  [{ parallelism: 3, completions: 3 }, [3, 3, 3, 3, 6]],
  [{ parallelism: 2, completions: 2, completionMode: 'Indexed', backoffLimitPerIndex: 3 }, [2, 4, 4, 6]],
])('%j', async (spec, counts) => {
  expect(await countsOf(spec, counts.length)).toEqual(counts);
});
