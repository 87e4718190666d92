// A CronJob runs at the times of its schedule, in its time zone.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, objectAt, textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import type { KubeObject } from '../../../src/objects/object.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

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
  for (let tries = 0; (await list()).length === 0 && tries < 300; tries += 1) await systemClock.sleep(10);
  return (await list()).map(
    ({ metadata }) => metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'] ?? '',
  );
}

test.each<[Readonly<Record<string, string>>, readonly string[]]>([
  [{ schedule: '30 13 * * *' }, ['2026-07-01T13:30:00Z']],
  [{ schedule: '30 15 * * *', timeZone: 'Europe/Berlin' }, ['2026-07-01T15:30:00+02:00']],
  [{ schedule: '30 13 * * *', timeZone: 'Atlantic/Reykjavik' }, ['2026-07-01T13:30:00Z']],
  [{ schedule: '30 13 * * *', timeZone: 'America/New_York' }, []],
])('%j', async (spec, times) => {
  expect(await runAfterTwoHours(spec)).toEqual(times);
});

const HOUR = 3_600_000;
const PATH = '/apis/batch/v1/namespaces/default';
const cronJob = (spec: JsonObject, fault = 'never-ready'): JsonObject => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'tick' },
  spec: {
    jobTemplate: {
      spec: {
        template: {
          metadata: { annotations: { 'hawser.dev/fault': fault } },
          spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] },
        },
      },
    },
    ...spec,
  },
});

describe('with a clock that is set', () => {
  let cluster: ControlledCluster;
  beforeEach(async () => {
    cluster = await openControlledCluster();
  });
  afterEach(() => cluster.close());

  const told = async (): Promise<readonly string[]> =>
    (await cluster.items('/api/v1/namespaces/default/events'))
      .filter((event) => textAt(event, 'involvedObject', 'kind') === 'CronJob')
      .map((event) => textAt(event, 'reason'))
      .sort();
  const jobs = async (): Promise<readonly string[]> =>
    (await cluster.items(`${PATH}/jobs`)).map((job) => textAt(job, 'metadata', 'name'));

  test('days that were passed over bring one Job, and a warning', async () => {
    await cluster.call('POST', `${PATH}/cronjobs`, cronJob({ schedule: '*/10 * * * *' }));
    await cluster.pass(1000);
    cluster.clock.advance(72 * HOUR);
    const writes = await cluster.pass(5000);
    expect(await jobs()).toHaveLength(1);
    expect(await told()).toEqual(['SuccessfulCreate', 'TooManyMissedTimes']);
    expect(writes).toBeLessThan(60);
    cluster.clock.advance(-48 * HOUR);
    expect(await cluster.pass(HOUR)).toBeLessThan(10);
    expect(await jobs()).toHaveLength(1);
  });

  test('a start that is later than it may be is left out', async () => {
    await cluster.call('POST', `${PATH}/cronjobs`, cronJob({ schedule: '@daily', startingDeadlineSeconds: 60 }));
    await cluster.pass(1000);
    cluster.clock.advance(30 * HOUR);
    await cluster.pass(5000);
    expect(await jobs()).toHaveLength(0);
  });

  test('another schedule begins with its next time', async () => {
    await cluster.call('POST', `${PATH}/cronjobs`, cronJob({ schedule: '@yearly' }));
    await cluster.pass(3 * HOUR);
    await cluster.call('PATCH', `${PATH}/cronjobs/tick`, { spec: { schedule: '@hourly' } });
    await cluster.pass(1000);
    expect(await jobs()).toHaveLength(0);
    await cluster.pass(HOUR);
    expect(await jobs()).toHaveLength(1);
  });

  test('a Job that is not its own holds nothing up, and one that is gone is told of', async () => {
    await cluster.call('POST', `${PATH}/cronjobs`, cronJob({ schedule: '@hourly', concurrencyPolicy: 'Forbid' }));
    const { body } = await cluster.call('GET', `${PATH}/cronjobs/tick`);
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'tick', uid: textAt(body, 'metadata', 'uid') };
    await cluster.call('POST', `${PATH}/jobs`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'by-hand', ownerReferences: [{ ...owner, controller: true }] },
      spec: { ...objectAt(body, 'spec', 'jobTemplate', 'spec') },
    });
    await cluster.pass(HOUR);
    expect(await told()).toEqual(['SuccessfulCreate', 'UnexpectedJob']);
    const [started = ''] = (await jobs()).filter((name) => name !== 'by-hand');
    await cluster.call('DELETE', `${PATH}/jobs/${started}`, { propagationPolicy: 'Background' });
    await cluster.pass(1000);
    expect(await told()).toEqual(['MissingJob', 'SuccessfulCreate', 'UnexpectedJob']);
  });
});
