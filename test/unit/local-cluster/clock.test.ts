// The time of the cluster: its speed holds for everything that waits, survives a restart, and never runs backward.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';

const NOON = Date.parse('2026-07-01T12:00:00Z');
const DAY_MS = 24 * 3_600_000;

let open: LocalCluster | undefined;
afterEach(() => open?.close());

interface Machine extends Clock {
  move(milliseconds: number): void;
}

/** A clock that stands still unless it is moved; who sleeps on it wakes up all the same. */
function machineAt(start: number): Machine {
  let now = start;
  return { now: () => now, sleep: (_long, signal) => systemClock.sleep(1, signal), move: (long) => (now += long) };
}

async function openAt(clock: Clock, folder?: string): Promise<LocalCluster> {
  open = await openLocalCluster({ clock, random: Math.random, ...(folder === undefined ? {} : { folder }) });
  return open;
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hawser-clock-'));

async function call(cluster: LocalCluster, method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const request = { method, path, query: new URLSearchParams(), headers: {}, ...(body ? { body } : {}) };
  const answer = await cluster.handle(request);
  if (!isObject(answer.body) || answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const start = Date.now();
  while (!(await holds())) {
    if (Date.now() - start > 8000) throw new Error('it never came to that');
    await systemClock.sleep(5);
  }
}

test('is the time of the machine until something else is asked', async () => {
  const machine = machineAt(NOON);
  const { clock } = await openAt(machine);
  machine.move(1234);
  expect(clock.read()).toEqual({ now: NOON + 1234, speed: 1, paused: false, aheadMs: 0 });
});

test('runs by its speed, can be paused, moved forward and slowed down again, and stays ahead', async () => {
  const machine = machineAt(NOON);
  const { clock } = await openAt(machine);
  await clock.change({ speed: 20 });
  machine.move(1000);
  expect(clock.read().now).toBe(NOON + 20_000);
  await clock.change({ paused: true });
  machine.move(60_000);
  expect(clock.read().now).toBe(NOON + 20_000);
  await clock.change({ paused: false, advanceMs: DAY_MS });
  machine.move(1000);
  expect(clock.read().now).toBe(NOON + 40_000 + DAY_MS);
  await clock.change({ speed: 1 });
  machine.move(1000);
  expect(clock.read()).toMatchObject({ now: NOON + 41_000 + DAY_MS, speed: 1 });
});

test.each([
  { speed: 0 },
  { speed: -1 },
  { speed: 10_001 },
  { speed: Number.NaN },
  { advanceMs: -1 },
  { advanceMs: Number.NaN },
  { advanceMs: 8000 * 366 * DAY_MS },
])('refuses %j and stays as it was', async (change) => {
  const { clock } = await openAt(machineAt(NOON));
  await expect(clock.change(change)).rejects.toMatchObject({ code: 'usage' });
  expect(clock.read()).toMatchObject({ now: NOON, speed: 1 });
});

test('a clock that is turned back goes on from where it was', async () => {
  const machine = machineAt(NOON);
  const { clock } = await openAt(machine);
  machine.move(5000);
  expect(clock.read().now).toBe(NOON + 5000);
  machine.move(-DAY_MS);
  expect(clock.read().now).toBe(NOON + 5000);
  machine.move(1000);
  expect(clock.read().now).toBe(NOON + 6000);
  machine.move(-300);
  expect(clock.read().now).toBe(NOON + 6000);
});

test('its speed survives a restart, and the time goes on meanwhile', async () => {
  const folder = await newFolder();
  const machine = machineAt(NOON);
  const first = await openAt(machine, folder);
  await first.clock.change({ speed: 100 });
  machine.move(1000);
  await first.close();
  machine.move(1000);
  const second = await openAt(machine, folder);
  expect(second.clock.read()).toMatchObject({ now: NOON + 200_000, speed: 100 });
});

test.each([1, 100])('turned back between two runs at speed %d it still is not earlier', async (speed) => {
  const folder = await newFolder();
  const machine = machineAt(NOON);
  const first = await openAt(machine, folder);
  await first.clock.change({ speed });
  machine.move(10_000);
  await call(first, 'POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'mark' } });
  const before = first.clock.read().now;
  await first.close();
  machine.move(-DAY_MS);
  const second = await openAt(machine, folder);
  expect(second.clock.read().now).toBeGreaterThanOrEqual(before);
  machine.move(1000);
  const later = second.clock.read().now;
  expect(later).toBeGreaterThan(before);
  await second.close();
  const third = await openAt(machine, folder);
  expect(third.clock.read().now).toBeGreaterThanOrEqual(later);
});

test('an untouched clock that was turned back between two runs makes nothing older than what is there', async () => {
  const folder = await newFolder();
  const machine = machineAt(NOON);
  await (await openAt(machine, folder)).close();
  machine.move(-DAY_MS);
  expect((await openAt(machine, folder)).clock.read().now).toBeGreaterThanOrEqual(NOON);
});

const POD = { containers: [{ name: 'c', image: 'nginx:1' }] };
const DEPLOYMENT = {
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    minReadySeconds: 600,
    progressDeadlineSeconds: 3600,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: POD },
  },
};
const JOB_POD = { template: { spec: { ...POD, restartPolicy: 'Never' } } };
const JOBS = '/apis/batch/v1/namespaces/default/jobs';

async function availableOf(cluster: LocalCluster): Promise<readonly (number | undefined)[]> {
  const web = await call(cluster, 'GET', '/apis/apps/v1/namespaces/default/deployments/web');
  return ['readyReplicas', 'availableReplicas'].map((field) => numberAt(web, 'status', field));
}

test('a Deployment waits minReadySeconds of the cluster, no longer', async () => {
  const cluster = await openAt(systemClock);
  cluster.start();
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', DEPLOYMENT);
  await until(async () => (await availableOf(cluster))[0] === 2);
  expect(await availableOf(cluster)).toEqual([2, undefined]);
  await cluster.clock.change({ speed: 1000 });
  await until(async () => (await availableOf(cluster))[1] === 2);
});

test('nothing moves while it is paused, and who sleeps wakes up when it goes on', async () => {
  const cluster = await openAt(systemClock);
  cluster.start();
  await cluster.clock.change({ paused: true });
  await call(cluster, 'POST', JOBS, { metadata: { name: 'once' }, spec: JOB_POD });
  const ended = async (): Promise<boolean> =>
    numberAt(await call(cluster, 'GET', `${JOBS}/once`), 'status', 'succeeded') === 1;
  await systemClock.sleep(1500);
  expect(await ended()).toBe(false);
  await cluster.clock.change({ paused: false, speed: 50 });
  await until(ended);
});

test('CronJobs fire, Jobs end by their deadline and go by their TTL in the time of the cluster', async () => {
  const cluster = await openAt(systemClock);
  cluster.start();
  const suspended = { metadata: { name: 'tick' }, spec: { schedule: '0 * * * *', jobTemplate: { spec: JOB_POD } } };
  await call(cluster, 'POST', '/apis/batch/v1/namespaces/default/cronjobs', suspended);
  const endless = {
    template: { metadata: { annotations: { 'hawser.dev/fault': 'never-pull' } }, spec: JOB_POD.template.spec },
  };
  const spec = { ...endless, activeDeadlineSeconds: 1800, ttlSecondsAfterFinished: 86_400 };
  await call(cluster, 'POST', JOBS, { metadata: { name: 'late' }, spec });
  const names = async (): Promise<readonly string[]> =>
    listAt(await call(cluster, 'GET', JOBS), 'items').map((job) => textAt(job, 'metadata', 'name'));
  // It is told first that it is to fail, and of its end when its Pods are gone: from then on its time runs.
  const hasFailed = async (): Promise<boolean> =>
    listAt(await call(cluster, 'GET', `${JOBS}/late`), 'status', 'conditions').some(
      (entry) => textAt(entry, 'type') === 'Failed' && textAt(entry, 'reason') === 'DeadlineExceeded',
    );
  await until(async () => textAt(await call(cluster, 'GET', `${JOBS}/late`), 'status', 'startTime') !== '');
  await cluster.clock.change({ advanceMs: 3_600_000 });
  await until(async () => (await names()).some((name) => name.startsWith('tick-')));
  await until(hasFailed);
  await cluster.clock.change({ advanceMs: 86_400_000 });
  await until(async () => !(await names()).includes('late'));
});

test.each(['* * * * *', '0 3 * * 1'])(
  'after two years the CronJob %s has one Job, of the last time',
  async (schedule) => {
    const cluster = await openAt(systemClock);
    const cron = { metadata: { name: 'tick' }, spec: { schedule, jobTemplate: { spec: JOB_POD } } };
    await call(cluster, 'POST', '/apis/batch/v1/namespaces/default/cronjobs', cron);
    await cluster.clock.change({ advanceMs: 730 * DAY_MS });
    cluster.start();
    const times = async (): Promise<readonly string[]> =>
      listAt(await call(cluster, 'GET', JOBS), 'items').map((job) =>
        textAt(job, 'metadata', 'annotations', 'batch.kubernetes.io/cronjob-scheduled-timestamp'),
      );
    await until(async () => (await times()).length > 0);
    await systemClock.sleep(200);
    expect(await times()).toHaveLength(1);
    const distance = cluster.clock.read().now - Date.parse((await times())[0] ?? '');
    expect(distance).toBeLessThan(7 * DAY_MS);
  },
);

test('tokens keep the time of the machine', async () => {
  const cluster = await openAt(systemClock);
  await call(cluster, 'POST', '/api/v1/namespaces/kube-system/secrets', {
    metadata: { name: 'hawser-api-token' },
    stringData: { token: 'key' },
  });
  await call(cluster, 'POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'robot' } });
  await cluster.clock.change({ advanceMs: DAY_MS });
  const answer = await call(cluster, 'POST', '/api/v1/namespaces/default/serviceaccounts/robot/token', { spec: {} });
  const end = Date.parse(textAt(answer, 'status', 'expirationTimestamp'));
  expect(Math.abs(end - Date.now() - 3_600_000)).toBeLessThan(5000);
  const request = { method: 'GET', path: '/api/v1/namespaces', query: new URLSearchParams(), headers: {} };
  const token = textAt(answer, 'status', 'token');
  // Known, and without a right: 403. A token whose time was over would be 401.
  expect((await cluster.handle({ ...request, authorization: `Bearer ${token}` })).status).toBe(403);
});
