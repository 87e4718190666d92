import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';

const deployment = {
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx:1' }] } },
  },
};

async function call(cluster: LocalCluster, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const request = { method, path, query: new URLSearchParams(), headers: {}, ...(body ? { body } : {}) };
  const answer = await cluster.handle(request);
  if (!isObject(answer.body)) throw new Error('no object');
  return answer.body;
}

async function podPhase(cluster: LocalCluster): Promise<string> {
  const pods = await call(cluster, 'GET', '/api/v1/namespaces/default/pods');
  return textAt(listAt(pods, 'items')[0], 'status', 'phase');
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await holds()); await systemClock.sleep(5))
    if (Date.now() - start > 10_000) throw new Error('it never came to that');
}

test('a Pod that was due long ago runs at once when the folder is opened again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hawser-catch-up-'));
  let offset = 0;
  const clock: Clock = { now: () => Date.now() + offset, sleep: systemClock.sleep };
  const first = await openLocalCluster({ folder, clock, random: Math.random });
  first.start();
  await call(first, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  await until(async () => (await podPhase(first)) === 'Pending');
  await first.close();
  offset = 3_600_000;
  // Nothing that is waited for ever comes: what is due needs no waiting.
  const still: Clock = { now: clock.now, sleep: (ms, signal) => systemClock.sleep(ms > 0 ? 60_000 : 0, signal) };
  const second = await openLocalCluster({ folder, clock: still, random: Math.random });
  expect(second.warnings).toEqual([]);
  expect(await podPhase(second)).toBe('Pending');
  second.start();
  await until(async () => (await podPhase(second)) === 'Running');
  await second.close();
});
