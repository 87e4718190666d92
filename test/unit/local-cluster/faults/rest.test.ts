// Every fault of Pods, with every way to restart: it comes to rest, and a cluster that is opened again goes on where it was.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type JsonObject, listAt, numberAt, textAt } from '../../../../src/core/json.ts';
import { FAULTS, isFaultName, rowOf } from '../../../../src/local-cluster/faults/table.ts';
import { type LocalCluster, openLocalCluster } from '../../../../src/local-cluster/open.ts';
import { isStream } from '../../../../src/local-cluster/request.ts';
import { type ScriptedClock, scriptedClock } from '../../../support/scripted-clock.ts';

let cluster: LocalCluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
  const request = { method, path, query: new URLSearchParams(), headers: {}, ...(body ? { body } : {}) };
  const answer = await cluster?.handle(request);
  return !answer || isStream(answer.body) || typeof answer.body === 'string' ? {} : answer.body;
}

async function open(clock: ScriptedClock, folder?: string): Promise<void> {
  cluster = await openLocalCluster({ clock, random: Math.random, ...(folder === undefined ? {} : { folder }) });
  cluster.start();
  while (listAt(await call('GET', '/api/v1/nodes'), 'items').length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const PODS = '/api/v1/namespaces/default/pods';
const revision = async (): Promise<number> =>
  Number(textAt(await call('GET', '/api/v1/namespaces'), 'metadata', 'resourceVersion'));

const POD_FAULTS = Object.keys(FAULTS)
  .filter(isFaultName)
  .filter((name) => rowOf(name).on.includes('Pod'));
const POLICIES = ['Always', 'OnFailure', 'Never'] as const;

describe.each(POD_FAULTS)('%s', (fault) => {
  test.each(POLICIES)('comes to rest where containers are restarted %s', async (restartPolicy) => {
    const clock = scriptedClock();
    await open(clock);
    const spec = {
      restartPolicy,
      initContainers: [{ name: 'init', image: 'busybox' }],
      containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
      volumes: [{ name: 'v', emptyDir: {} }],
    };
    const metadata = { name: 'p', annotations: { 'hawser.dev/fault': fault } };
    await call('POST', PODS, { metadata, spec });
    await clock.advance(600_000);
    const before = await revision();
    await clock.advance(3_600_000);
    expect((await revision()) - before).toBeLessThan(100);
    await call('DELETE', `${PODS}/p`);
    await clock.advance(60_000);
    expect(textAt(await call('GET', `${PODS}/p`), 'reason')).toBe('NotFound');
  });
});

test('a Job with Pods side by side fails exactly so many times', async () => {
  const clock = scriptedClock();
  await open(clock);
  await call('POST', '/apis/batch/v1/namespaces/default/jobs', {
    metadata: { name: 'job', annotations: { 'hawser.dev/fault': 'fail:times=4' } },
    spec: {
      parallelism: 3,
      completions: 5,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] } },
    },
  });
  await clock.advance(120_000);
  const job = await call('GET', '/apis/batch/v1/namespaces/default/jobs/job');
  expect(job['status']).toMatchObject({ succeeded: 5, failed: 4 });
});

describe('a cluster that is opened again', () => {
  async function twice(
    spec: JsonObject,
    fault: string,
    look: (pod: JsonObject) => unknown,
  ): Promise<[unknown, unknown]> {
    const folder = await mkdtemp(join(tmpdir(), 'hawser-faults-'));
    const clock = scriptedClock();
    await open(clock, folder);
    await call('POST', PODS, { metadata: { name: 'p', annotations: { 'hawser.dev/fault': fault } }, spec });
    // A folder writes to a disk, for which a scripted clock does not wait.
    for (let round = 0; round < 60; round += 1) {
      await clock.advance(2000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const first = look(await call('GET', `${PODS}/p`));
    await cluster?.close();
    await open(clock, folder);
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(1000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const second = look(await call('GET', `${PODS}/p`));
    await cluster?.close();
    cluster = undefined;
    await rm(folder, { recursive: true, force: true });
    return [first, second];
  }
  const plain = { containers: [{ name: 'c', image: 'nginx' }] };
  const waiting = (pod: JsonObject): string =>
    textAt(pod, 'status', 'containerStatuses', 0, 'state', 'waiting', 'reason');

  test('counts restarts on', async () => {
    const [first, second] = await twice(plain, 'crash', (pod) =>
      numberAt(pod, 'status', 'containerStatuses', 0, 'restartCount'),
    );
    expect(first).toBeGreaterThan(2);
    expect(second).toBeGreaterThanOrEqual(Number(first));
    expect(second).toBeLessThanOrEqual(Number(first) + 1);
  });

  test.each([
    [plain, 'never-pull', 'ImagePullBackOff'],
    [
      { containers: [{ name: 'c', image: 'nginx', envFrom: [{ secretRef: { name: 's' } }] }] },
      'slow:by=1s',
      'CreateContainerConfigError',
    ],
    [plain, 'mount', 'ContainerCreating'],
  ])('has %j with %s as it was', async (spec, fault, reason) => {
    expect(await twice(spec, fault, waiting)).toEqual([reason, reason]);
  });

  test('does not start what is ready anew', async () => {
    const started = (pod: JsonObject): string =>
      textAt(pod, 'status', 'containerStatuses', 0, 'state', 'running', 'startedAt');
    const [first, second] = await twice(plain, 'slow:by=1s', started);
    expect(first).not.toBe('');
    expect(second).toBe(first);
  });
});
