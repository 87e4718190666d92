// A CronJob runs at the times of its schedule, in its time zone.

import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { Clock } from '../../../src/core/time.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

const JOB = { group: 'batch', version: 'v1', kind: 'Job' } as const;
const NOON = Date.parse('2026-07-01T12:00:00Z');

let local: LocalCluster | undefined;
afterEach(() => local?.close());

/** The Jobs that a schedule has brought two hours after noon (UTC), by the times that they are of. */
async function runAfterTwoHours(spec: Readonly<Record<string, string>>): Promise<readonly string[]> {
  let now = NOON;
  const clock: Clock = { now: () => now, sleep: systemClock.sleep };
  local = await openLocalCluster({ clock, random: Math.random });
  const cluster = createKubeCluster(local.handle);
  await cluster.create({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'default' },
    spec: {
      ...spec,
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } } },
      },
    },
  });
  now += 2 * 3_600_000;
  local.start();
  const list = async (): Promise<readonly KubeObject[]> => (await cluster.list(JOB)).items;
  for (let tries = 0; (await list()).length === 0 && tries < 100; tries += 1) await systemClock.sleep(10);
  return (await list()).map(
    ({ metadata }) => metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'] ?? '',
  );
}

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
  [{ schedule: '30 13 * * *' }, ['2026-07-01T13:30:00Z']],
  [{ schedule: '30 15 * * *', timeZone: 'Europe/Berlin' }, ['2026-07-01T13:30:00Z']],
  [{ schedule: '30 13 * * *', timeZone: 'America/New_York' }, []],
])('%j', async (spec, times) => {
  expect(await runAfterTwoHours(spec)).toEqual(times);
});
