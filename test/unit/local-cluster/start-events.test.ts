// What controllers, the scheduler and the kubelet tell of what goes well, and that it is never too much.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type JsonObject, numberAt, textAt } from '../../../src/core/json.ts';
import { createCorrelator } from '../../../src/local-cluster/events/correlate.ts';
import { groupKey, recordsOf, sourceKey, wordsKey } from '../../../src/local-cluster/events/records.ts';
import { memoryJournal } from '../../../src/local-cluster/store/memory-journal.ts';
import { createStore } from '../../../src/local-cluster/store/store.ts';
import type { KubeObject } from '../../../src/objects/object.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const CORE = '/api/v1/namespaces/default';
const APPS = '/apis/apps/v1/namespaces/default';
const BATCH = '/apis/batch/v1/namespaces/default';
const HOUR = 3_600_000;

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

async function make(path: string, name: string, spec: JsonObject, more: JsonObject = {}): Promise<JsonObject> {
  const { status, body } = await cluster.call('POST', path, { metadata: { name }, spec, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const events = (): Promise<readonly JsonObject[]> => cluster.items(`${CORE}/events`);

/** Those of a kind, in their order: reason and words. */
async function told(kind: string): Promise<string[]> {
  const ofKind = (await events()).filter((event) => textAt(event, 'involvedObject', 'kind') === kind);
  const time = (event: JsonObject): string => textAt(event, 'metadata', 'name').split('.').at(-1) ?? '';
  const sorted = [...ofKind].sort((a, b) => time(a).localeCompare(time(b)));
  return sorted.map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`);
}

const container = (name = 'c', image = 'nginx:1.27'): JsonObject => ({ name, image });
const workload = (replicas: number): JsonObject => ({
  replicas,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container()] } },
});

describe('a Pod', () => {
  test('is assigned, its images are pulled, its containers are created and started, and stopped in the end', async () => {
    const init = { initContainers: [container('i', 'busybox:1')], containers: [container(), container('d')] };
    await make(`${CORE}/pods`, 'p', init);
    await cluster.pass(5000);
    await cluster.call('DELETE', `${CORE}/pods/p`);
    await cluster.pass(5000);
    const pulled = (image: string): RegExp =>
      new RegExp(
        `^Pulled: Successfully pulled image "${image}" in \\d+ms \\(\\d+ms including waiting\\)\\. Image size: \\d+ bytes\\.$`,
      );
    expect(await told('Pod')).toEqual([
      'Scheduled: Successfully assigned default/p to node-1',
      'Pulling: Pulling image "busybox:1"',
      expect.stringMatching(pulled('busybox:1')),
      'Created: Container created',
      'Started: Container started',
      'Pulling: Pulling image "nginx:1.27"',
      expect.stringMatching(pulled('nginx:1.27')),
      'Created: Container created',
      'Started: Container started',
      'Pulled: Container image "nginx:1.27" already present on machine and can be accessed by the pod',
      'Created: Container created',
      'Started: Container started',
      'Killing: Stopping container c',
      'Killing: Stopping container d',
    ]);
  });

  test('has events as the scheduler and a kubelet write them', async () => {
    const pod = await make(`${CORE}/pods`, 'p', { containers: [container()] });
    await cluster.pass(5000);
    const [bound, started] = ['Scheduled', 'Started'].map(async (reason) =>
      (await events()).find((event) => textAt(event, 'reason') === reason),
    );
    const uid = textAt(pod, 'metadata', 'uid');
    const about = { kind: 'Pod', namespace: 'default', name: 'p', uid, apiVersion: 'v1' };
    expect(await bound).toMatchObject({
      involvedObject: about,
      type: 'Normal',
      action: 'Binding',
      eventTime: expect.stringMatching(/^2026-01-01T00:00:0\d\.\d{6}Z$/),
      firstTimestamp: null,
      lastTimestamp: null,
      source: {},
      reportingComponent: 'default-scheduler',
      reportingInstance: 'default-scheduler-local',
    });
    const kubelet = (await started) ?? {};
    expect(kubelet).toMatchObject({
      metadata: { name: expect.stringMatching(/^p\.[0-9a-f]{16}$/), namespace: 'default' },
      involvedObject: { ...about, fieldPath: 'spec.containers{c}' },
      count: 1,
      source: { component: 'kubelet', host: 'node-1' },
      reportingComponent: 'kubelet',
      reportingInstance: 'node-1',
      eventTime: null,
    });
    expect(kubelet['firstTimestamp']).toBe(kubelet['lastTimestamp']);
    const path = `${CORE}/events/${textAt(kubelet, 'metadata', 'name')}`;
    const { body: written } = await cluster.call('PUT', path, { apiVersion: 'v1', kind: 'Event', ...kubelet });
    expect(written, 'it is stored as the API would have stored it').toMatchObject(kubelet);
  });

  test('that ends again and again counts on', async () => {
    const metadata = { name: 'p', annotations: { 'hawser.dev/fault': 'crash:after=1s' } };
    await make(`${CORE}/pods`, 'p', { containers: [container()] }, { metadata });
    await cluster.pass(10 * 60_000);
    const started = (await events()).filter((event) => textAt(event, 'reason') === 'Started');
    const counts = started.map((event) => numberAt(event, 'count') ?? 0);
    expect(counts).toHaveLength(1);
    expect(counts[0]).toBeGreaterThan(4);
  });

  test('whose node has the image need not pull it, unless it is always pulled', async () => {
    await make(`${CORE}/pods`, 'p', { containers: [container()] });
    await cluster.pass(5000);
    const always = { ...container('a'), imagePullPolicy: 'Always' };
    await make(`${CORE}/pods`, 'q', { containers: [container(), always] });
    await cluster.pass(5000);
    const ofSecond = (await events())
      .filter((event) => textAt(event, 'involvedObject', 'name') === 'q')
      .map((event) => `${textAt(event, 'involvedObject', 'fieldPath')} ${textAt(event, 'reason')}`);
    expect(ofSecond.filter((one) => one.endsWith('Pulling'))).toEqual(['spec.containers{a} Pulling']);
  });
});

describe('a controller', () => {
  test('of Deployments tells how replicas move, one of ReplicaSets which Pods come and go', async () => {
    await make(`${APPS}/deployments`, 'web', workload(2));
    await cluster.pass(5000);
    await cluster.call('PATCH', `${APPS}/deployments/web`, { spec: { replicas: 1 } });
    await cluster.pass(5000);
    const [set] = await cluster.items(`${APPS}/replicasets`);
    const name = textAt(set, 'metadata', 'name');
    expect(await told('Deployment')).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${name} from 0 to 2`,
      `ScalingReplicaSet: Scaled down replica set ${name} from 2 to 1`,
    ]);
    expect(await told('ReplicaSet')).toEqual([
      expect.stringMatching(`^SuccessfulCreate: Created pod: ${name}-`),
      expect.stringMatching(`^SuccessfulCreate: Created pod: ${name}-`),
      expect.stringMatching(`^SuccessfulDelete: Deleted pod: ${name}-`),
    ]);
    const sources = (await events()).map((event) => textAt(event, 'source', 'component'));
    expect(new Set(sources)).toEqual(new Set(['deployment-controller', 'replicaset-controller', 'kubelet', '']));
  });

  test('of StatefulSets names members and claims', async () => {
    const claim = {
      metadata: { name: 'www' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    };
    await make(`${APPS}/statefulsets`, 'db', { ...workload(1), serviceName: 'db', volumeClaimTemplates: [claim] });
    await cluster.pass(5000);
    expect(await told('StatefulSet')).toEqual([
      'SuccessfulCreate: Create Claim www-db-0 Pod db-0 in StatefulSet db success',
      'SuccessfulCreate: Create Pod db-0 in StatefulSet db successful',
    ]);
    expect(await told('PersistentVolumeClaim')).toEqual([
      expect.stringMatching(/^ProvisioningSucceeded: Successfully provisioned volume pvc-/),
    ]);
  });

  test.each([
    [
      'DaemonSet',
      `${APPS}/daemonsets`,
      { ...workload(0), replicas: undefined },
      [/^SuccessfulCreate: Created pod: w-/],
    ],
    [
      'Job',
      `${BATCH}/jobs`,
      { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [container()] } } },
      [
        /^Suspended: Job suspended/,
        /^SuccessfulCreate: Created pod: w-/,
        /^Resumed: Job resumed/,
        /^Completed: Job completed$/,
      ],
    ],
  ])('of a %s', async (kind, path, { replicas: _none, ...spec }: JsonObject, expected) => {
    await make(path, 'w', spec);
    await cluster.pass(5000);
    if (kind === 'Job') await cluster.call('PATCH', `${path}/w`, { spec: { suspend: false } });
    await cluster.pass(5000);
    const all = await told(kind);
    expect(all).toEqual(expected.map((words) => expect.stringMatching(words)));
  });

  test('of CronJobs tells of each Job that it makes, sees ended and clears away', async () => {
    const template = { spec: { restartPolicy: 'Never', containers: [container()] } };
    const spec = { schedule: '* * * * *', successfulJobsHistoryLimit: 1, jobTemplate: { spec: { template } } };
    await make(`${BATCH}/cronjobs`, 'tick', spec);
    // What reads schedules is loaded when it is first needed.
    await vi.waitFor(async () => {
      await cluster.pass(60_000);
      expect(await cluster.items(`${BATCH}/jobs`)).not.toEqual([]);
    });
    await cluster.pass(120_000);
    const all = await told('CronJob');
    const [, first = ''] = /tick-(\d+)/.exec(all[0] ?? '') ?? [];
    for (const one of [
      `SuccessfulCreate: Created job tick-${first}`,
      `SawCompletedJob: Saw completed job: tick-${first}, condition: Complete`,
      `SuccessfulDelete: Deleted job tick-${first}`,
    ])
      expect(all).toContain(one);
  });

  test('that has nothing to do any more tells nothing; an hour later all is forgotten', async () => {
    await make(`${APPS}/deployments`, 'web', workload(3));
    await cluster.pass(60_000);
    const count = (await events()).length;
    expect(count).toBe(1 + 3 + 3 * 5 - 2);
    expect(await cluster.pass(HOUR / 2)).toBe(0);
    expect(await cluster.pass(HOUR)).toBe(count);
    expect(await events()).toEqual([]);
  });

  test('of many Pods tells of the first ones, and then of all others in one', async () => {
    await make(`${APPS}/deployments`, 'web', workload(60));
    await cluster.pass(30_000);
    const created = (await told('ReplicaSet')).filter((one) => one.startsWith('SuccessfulCreate'));
    expect(created.length).toBeLessThanOrEqual(25);
    expect(created.filter((one) => !one.includes('(combined from similar events): '))).toHaveLength(9);
  });
});

test('in a namespace that goes nothing is told, and nothing stays', async () => {
  await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'other' } });
  await cluster.call('POST', '/apis/apps/v1/namespaces/other/deployments', {
    metadata: { name: 'web' },
    spec: workload(2),
  });
  await cluster.pass(5000);
  expect((await cluster.items('/api/v1/namespaces/other/events')).length).toBeGreaterThan(8);
  await cluster.call('DELETE', '/api/v1/namespaces/other');
  await cluster.pass(10_000);
  expect((await cluster.call('GET', '/api/v1/namespaces/other')).status).toBe(404);
  expect(await cluster.items('/api/v1/namespaces/other/events')).toEqual([]);
});

test('a load balancer and a cordoned node say what happens to them', async () => {
  await make(`${CORE}/services`, 'lb', { type: 'LoadBalancer', ports: [{ port: 80 }] });
  await cluster.call('PATCH', '/api/v1/nodes/node-1', { spec: { unschedulable: true } });
  await cluster.pass(5000);
  expect(await told('Service')).toEqual([
    'EnsuringLoadBalancer: Ensuring load balancer',
    'EnsuredLoadBalancer: Ensured load balancer',
  ]);
  expect(await told('Node')).toEqual(['NodeNotSchedulable: Node node-1 status is now: NodeNotSchedulable']);
});

test('who floods is heard a while, then once in five minutes', () => {
  const correlator = createCorrelator();
  const take = (now: number): boolean => correlator.take({ source: 's', group: 'g', message: 'm' }, now) !== undefined;
  expect(Array.from({ length: 100 }, () => take(0)).filter(Boolean)).toHaveLength(25);
  expect([take(299_999), take(300_000), take(300_001), take(1_200_000)]).toEqual([false, true, false, true]);
  expect(correlator.take({ source: 't', group: 'g', message: 'm' }, 0)).toBe('m');
});

test('of more than so many the oldest go, and what is told again is found until then', async () => {
  const store = createStore(memoryJournal, { revision: 0, entries: [] });
  const records = recordsOf(store);
  const event = (index: number): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `e${index}`, namespace: 'default' },
    involvedObject: { kind: 'Pod', name: `p${index}`, uid: `u${index}` },
    reason: 'Started',
    message: 'm',
    reportingComponent: 'kubelet',
  });
  const key = (index: number): string => groupKey(sourceKey('kubelet', '', `u${index}`), '', 'Started');
  for (let index = 0; index < 4; index += 1) {
    await store.commit({ resource: '/events', namespace: 'default', name: `e${index}`, object: event(index) });
    records.put(event(index));
  }
  expect(records.oldestBeyond(4)).toBeUndefined();
  expect(records.find(key(0))?.metadata.name).toBe('e0');
  expect(records.oldestBeyond(3)?.metadata.name).toBe('e0');
  expect(records.find(key(0))).toBeUndefined();
  await store.commit({ resource: '/events', namespace: 'default', name: 'e1', object: undefined });
  expect(records.find(wordsKey(key(1), 'm'))).toBeUndefined();
  expect(records.oldestBeyond(2), 'one that is gone does not count').toBeUndefined();
  expect(records.oldestBeyond(1)?.metadata.name).toBe('e2');
});
