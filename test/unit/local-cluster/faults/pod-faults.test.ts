// Faults of Pods: what a client sees of each, minute by minute of a scripted clock.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../../../src/core/json.ts';
import { type KubeCalls, openScriptedCluster } from '../../../support/kube-calls.ts';
import type { ScriptedClock } from '../../../support/scripted-clock.ts';

let clock: ScriptedClock;
let cluster: KubeCalls;
beforeEach(async () => {
  ({ clock, cluster } = await openScriptedCluster());
  await clock.advance(10);
});
afterEach(() => cluster.close());

const PODS = '/api/v1/namespaces/default/pods';

async function create(path: string, body: JsonObject): Promise<JsonObject> {
  const answer = await cluster.call('POST', path, body);
  expect(answer.message).toBe('');
  return answer.body;
}

const pod = (fault: string, spec: JsonObject = {}): JsonObject => ({
  metadata: { name: 'p', ...(fault === '' ? {} : { annotations: { 'hawser.dev/fault': fault } }) },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }], ...spec },
});

const read = async (name = 'p'): Promise<JsonObject> => (await cluster.call('GET', `${PODS}/${name}`)).body;
const container = async (field = 'containerStatuses'): Promise<Json> => listAt(await read(), 'status', field)[0] ?? {};
const waiting = async (): Promise<string> => textAt(await container(), 'state', 'waiting', 'reason');

async function events(): Promise<string[]> {
  const { body } = await cluster.call('GET', '/api/v1/namespaces/default/events');
  return listAt(body, 'items').map(
    (one) =>
      `${textAt(one, 'type')} ${textAt(one, 'reason')} ${textAt(one, 'message')} ×${numberAt(one, 'count') ?? 0}`,
  );
}

const warnings = async (): Promise<string[]> => (await events()).filter((told) => told.startsWith('Warning '));

const revision = async (): Promise<number> =>
  Number(textAt((await cluster.call('GET', '/api/v1/namespaces')).body, 'metadata', 'resourceVersion'));

describe('crash', () => {
  test('ends in a loop whose pauses grow, with exit code, restarts and the log of the run before', async () => {
    const made = await create(PODS, pod('crash:exit=2,after=10s'));
    await clock.advance(2000);
    expect(await container()).toMatchObject({ ready: true, restartCount: 0 });
    await clock.advance(22_000);
    const uid = textAt(made, 'metadata', 'uid');
    expect(await container()).toMatchObject({
      restartCount: 1,
      state: {
        waiting: {
          reason: 'CrashLoopBackOff',
          message: `back-off 10s restarting failed container=c pod=p_default(${uid})`,
        },
      },
      lastState: { terminated: { exitCode: 2, reason: 'Error' } },
    });
    await clock.advance(10_000);
    expect(at(await container(), 'state', 'running')).toBeDefined();
    expect(await container()).toMatchObject({ restartCount: 2, ready: true });
    await clock.advance(10_000);
    expect(textAt(await container(), 'state', 'waiting', 'message')).toContain('back-off 20s');
    const log = await cluster.call('GET', `${PODS}/p/log?previous=true`);
    expect(log.text).toContain('exit code 2');
    expect(await events()).toContain(
      `Warning BackOff Back-off restarting failed container c in pod p_default(${uid}) ×2`,
    );
  });

  test('stops after so many times', async () => {
    await create(PODS, pod('crash:times=2'));
    await clock.advance(60_000);
    expect(await container()).toMatchObject({ ready: true, restartCount: 2, state: { running: {} } });
  });

  test('is about one container where one is named', async () => {
    const containers = [
      { name: 'a', image: 'nginx' },
      { name: 'b', image: 'nginx' },
    ];
    await create(PODS, pod('crash:container=b', { containers }));
    await clock.advance(5000);
    const [a, b] = listAt(await read(), 'status', 'containerStatuses');
    expect([at(a, 'ready'), at(b, 'ready')]).toEqual([true, false]);
    const ready = listAt(await read(), 'status', 'conditions').find((one) => textAt(one, 'type') === 'Ready');
    expect(textAt(ready, 'message')).toBe('containers with unready status: [b]');
  });

  test('writes little in an hour', async () => {
    await create(PODS, pod('crash'));
    await clock.advance(10_000);
    const before = await revision();
    await clock.advance(3_600_000);
    expect((await revision()) - before).toBeLessThan(120);
  });

  test('begins on a Pod that runs when the annotation comes, and ends when it goes', async () => {
    await create(PODS, pod(''));
    await clock.advance(60_000);
    expect(await container()).toMatchObject({ ready: true, restartCount: 0 });
    const patch = (value: string | null): Promise<unknown> =>
      cluster.call(
        'PATCH',
        `${PODS}/p`,
        { metadata: { annotations: { 'hawser.dev/fault': value } } },
        { headers: { 'content-type': 'application/merge-patch+json' } },
      );
    await patch('crash');
    await clock.advance(5000);
    expect(await waiting()).toBe('CrashLoopBackOff');
    expect(numberAt(await container(), 'restartCount')).toBe(1);
    await patch(null);
    await clock.advance(1000);
    expect(await container()).toMatchObject({ ready: true, restartCount: 1 });
  });
});

test('oom is killed with 137', async () => {
  await create(PODS, pod('oom'));
  await clock.advance(3000);
  expect(at(await container(), 'lastState', 'terminated')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  expect(await waiting()).toBe('CrashLoopBackOff');
});

test('liveness tells Unhealthy and Killing, and restarts', async () => {
  const livenessProbe = { httpGet: { path: '/live', port: 80 } };
  await create(PODS, pod('liveness:after=2s', { containers: [{ name: 'c', image: 'nginx', livenessProbe }] }));
  await clock.advance(3500);
  expect(await container()).toMatchObject({ restartCount: 1, state: { running: {} } });
  const told = await events();
  expect(told).toContain('Warning Unhealthy Liveness probe failed: HTTP probe failed with statuscode: 503 ×1');
  expect(told).toContain('Normal Killing Container c failed liveness probe, will be restarted ×1');
});

describe('never-ready', () => {
  const readinessProbe = { tcpSocket: { port: 80 } };
  const containers = [{ name: 'c', image: 'nginx', readinessProbe }];

  test('runs, is not ready, and says that the probe failed, more and more rarely', async () => {
    await create(PODS, pod('never-ready', { containers }));
    await clock.advance(1000);
    expect(await container()).toMatchObject({ ready: false, state: { running: {} } });
    await clock.advance(3_600_000);
    const [told = ''] = await warnings();
    expect(told).toMatch(
      /^Warning Unhealthy Readiness probe failed: dial tcp 10\.244\.0\.\d+:80: connect: connection refused ×1\d$/,
    );
  });

  test('may be ready first', async () => {
    await create(PODS, pod('never-ready:after=5s', { containers }));
    await clock.advance(3000);
    expect(await container()).toMatchObject({ ready: true });
    await clock.advance(4000);
    expect(await container()).toMatchObject({ ready: false, restartCount: 0 });
  });
});

describe('an image that cannot be pulled', () => {
  test('goes from ErrImagePull to ImagePullBackOff and tells both', async () => {
    await create(PODS, pod('never-pull'));
    await clock.advance(2000);
    const failure =
      'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:1": failed to resolve reference "docker.io/library/nginx:1": docker.io/library/nginx:1: not found';
    expect(at(await container(), 'state', 'waiting')).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "nginx:1": ErrImagePull: ${failure}`,
    });
    expect(textAt(await read(), 'status', 'phase')).toBe('Pending');
    expect(await events()).toEqual(
      expect.arrayContaining([
        'Normal Pulling Pulling image "nginx:1" ×1',
        `Warning Failed Failed to pull image "nginx:1": ${failure} ×1`,
        'Warning Failed Error: ErrImagePull ×1',
        'Normal BackOff Back-off pulling image "nginx:1" ×1',
        'Warning Failed Error: ImagePullBackOff ×1',
      ]),
    );
  });

  test.each([
    ['registry.invalid/app:1', 'lookup registry.invalid: no such host'],
    [`hub.registry.invalid:5000/a/b@sha256:${'a'.repeat(64)}`, 'lookup hub.registry.invalid:5000'],
  ])('%s needs no annotation', async (image, why) => {
    await create(PODS, pod('', { containers: [{ name: 'c', image }] }));
    await clock.advance(2000);
    expect(textAt(await container(), 'state', 'waiting', 'message')).toContain(why);
  });

  test.each(['nginx:::1', 'NGINX', 'a//b', 'nginx:', 'http://nginx'])('%s is no name of an image', async (image) => {
    await create(PODS, pod('', { containers: [{ name: 'c', image }] }));
    await clock.advance(2000);
    expect(await waiting()).toBe('InvalidImageName');
  });

  test.each(['nginx', 'a/b/c:1.2', 'localhost:5000/x', 'ghcr.io/Org/app'.toLowerCase(), `x@sha256:${'0'.repeat(64)}`])(
    '%s is one',
    async (image) => {
      await create(PODS, pod('', { containers: [{ name: 'c', image }] }));
      await clock.advance(2000);
      expect(await container()).toMatchObject({ ready: true });
    },
  );

  test('may be there later', async () => {
    await create(PODS, pod('never-pull:reason=denied,times=2'));
    await clock.advance(2000);
    expect(textAt(await container(), 'state', 'waiting', 'message')).toContain('pull access denied');
    await clock.advance(32_000);
    expect(await container()).toMatchObject({ ready: true, restartCount: 0 });
  });
});

test('slow starts later', async () => {
  await create(PODS, pod('slow:by=30s'));
  await clock.advance(29_000);
  expect(await waiting()).toBe('ContainerCreating');
  await clock.advance(3000);
  expect(await container()).toMatchObject({ ready: true });
});

describe('init containers', () => {
  const initContainers = [
    { name: 'one', image: 'busybox' },
    { name: 'two', image: 'busybox' },
  ];

  test('run one after the other', async () => {
    await create(PODS, pod('', { initContainers }));
    await clock.advance(3000);
    const init = listAt(await read(), 'status', 'initContainerStatuses');
    expect(init.map((one) => textAt(one, 'state', 'terminated', 'reason'))).toEqual(['Completed', 'Completed']);
    expect(await container()).toMatchObject({ ready: true });
  });

  test('that fail keep the others from starting', async () => {
    await create(PODS, pod('init-crash:container=two,exit=3', { initContainers }));
    await clock.advance(5000);
    const [one, two] = listAt(await read(), 'status', 'initContainerStatuses');
    expect(textAt(one, 'state', 'terminated', 'reason')).toBe('Completed');
    expect(textAt(two, 'state', 'waiting', 'reason')).toBe('CrashLoopBackOff');
    expect(numberAt(two, 'lastState', 'terminated', 'exitCode')).toBe(3);
    expect(await waiting()).toBe('PodInitializing');
    const conditions = listAt(await read(), 'status', 'conditions');
    expect(conditions.find((entry) => textAt(entry, 'type') === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [two]',
    });
  });

  test('that fail end a Pod that is never restarted', async () => {
    await create(PODS, pod('init-crash', { initContainers, restartPolicy: 'Never' }));
    await clock.advance(5000);
    expect(textAt(await read(), 'status', 'phase')).toBe('Failed');
  });

  test('that are restarted always run beside the others', async () => {
    const sidecar = { name: 'proxy', image: 'envoy', restartPolicy: 'Always' };
    await create(PODS, pod('', { initContainers: [sidecar] }));
    await clock.advance(3000);
    expect(await container('initContainerStatuses')).toMatchObject({ ready: true, state: { running: {} } });
    expect(await container()).toMatchObject({ ready: true });
  });
});

describe('what is really missing', () => {
  const env = (valueFrom: JsonObject): JsonObject => ({
    containers: [{ name: 'c', image: 'nginx', env: [{ name: 'A', valueFrom }] }],
  });
  const withFrom = (envFrom: JsonObject): JsonObject => ({
    containers: [{ name: 'c', image: 'nginx', envFrom: [envFrom] }],
  });

  test.each([
    [env({ configMapKeyRef: { name: 'cm', key: 'k' } }), 'configmap "cm" not found'],
    [env({ secretKeyRef: { name: 's', key: 'k' } }), 'secret "s" not found'],
    [env({ secretKeyRef: { name: 'full', key: 'k' } }), "couldn't find key k in Secret default/full"],
    [withFrom({ configMapRef: { name: 'cm' } }), 'configmap "cm" not found'],
    [withFrom({ secretRef: { name: 's' } }), 'secret "s" not found'],
  ])('is a config error: %j', async (spec, message) => {
    await create('/api/v1/namespaces/default/secrets', { metadata: { name: 'full' }, stringData: { other: 'x' } });
    await create(PODS, pod('', spec));
    await clock.advance(2000);
    expect(at(await container(), 'state', 'waiting')).toEqual({ reason: 'CreateContainerConfigError', message });
    expect(await warnings()).toEqual([`Warning Failed Error: ${message} ×1`]);
  });

  test('is waited for, and the Pod runs when it comes', async () => {
    await create(PODS, pod('', withFrom({ configMapRef: { name: 'cm' } })));
    await clock.advance(60_000);
    expect(await waiting()).toBe('CreateContainerConfigError');
    await create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'cm' } });
    await clock.advance(100);
    expect(await container()).toMatchObject({
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: '2026-01-01T00:01:00Z' } },
    });
  });

  test.each([
    [env({ configMapKeyRef: { name: 'cm', key: 'k', optional: true } })],
    [withFrom({ secretRef: { name: 's', optional: true } })],
  ])('does not matter where it is optional: %j', async (spec) => {
    await create(PODS, pod('', spec));
    await clock.advance(2000);
    expect(await container()).toMatchObject({ ready: true });
  });

  test('does not matter to a container that runs', async () => {
    await create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'cm' } });
    await create(PODS, pod('', withFrom({ configMapRef: { name: 'cm' } })));
    await clock.advance(2000);
    await cluster.call('DELETE', '/api/v1/namespaces/default/configmaps/cm');
    await clock.advance(60_000);
    expect(await container()).toMatchObject({ ready: true });
  });

  const mount = (volume: JsonObject): JsonObject => ({
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', ...volume }],
  });

  test.each([
    [{ configMap: { name: 'cm' } }, 'configmap "cm" not found'],
    [{ secret: { secretName: 's' } }, 'secret "s" not found'],
    [{ secret: { secretName: 'full', items: [{ key: 'k', path: 'k' }] } }, 'references non-existent secret key: k'],
    [{ projected: { sources: [{ secret: { name: 's' } }] } }, 'secret "s" not found'],
  ])('is a volume that cannot be mounted: %j', async (volume, message) => {
    await create('/api/v1/namespaces/default/secrets', { metadata: { name: 'full' }, stringData: { other: 'x' } });
    await create(PODS, pod('', mount(volume)));
    await clock.advance(5000);
    expect(await waiting()).toBe('ContainerCreating');
    expect(await warnings()).toEqual([`Warning FailedMount MountVolume.SetUp failed for volume "v" : ${message} ×1`]);
    const name = textAt(volume, 'configMap', 'name') || 's';
    const path = objectAt(volume, 'configMap')['name'] === undefined ? 'secrets' : 'configmaps';
    if (message.endsWith('key: k')) return;
    await create(`/api/v1/namespaces/default/${path}`, { metadata: { name } });
    await clock.advance(100);
    expect(await container()).toMatchObject({ ready: true });
  });

  test('is a claim that is not there, or not bound', async () => {
    await create(PODS, pod('', mount({ persistentVolumeClaim: { claimName: 'data' } })));
    await clock.advance(5000);
    expect((await warnings())[0]).toMatch(/^Warning FailedScheduling .*persistentvolumeclaim "data" not found\. /);
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await create('/api/v1/namespaces/default/persistentvolumeclaims', {
      metadata: { name: 'data', annotations: { 'hawser.dev/fault': 'pending:for=20s' } },
      spec: claim,
    });
    await clock.advance(10_000);
    expect((await events()).join('\n')).toMatch(/unbound immediate PersistentVolumeClaims/);
    expect((await events()).join('\n')).toMatch(/Warning ProvisioningFailed /);
    await clock.advance(13_000);
    expect(await container()).toMatchObject({ ready: true });
  });
});

test('mount lasts as long as it says', async () => {
  const spec = {
    containers: [{ name: 'c', image: 'nginx', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', emptyDir: {} }],
  };
  await create(PODS, pod('mount:for=20s', spec));
  await clock.advance(15_000);
  expect(await waiting()).toBe('ContainerCreating');
  expect((await warnings())[0]).toMatch(
    /^Warning FailedMount MountVolume.SetUp failed for volume "v" : .*deadline exceeded/,
  );
  await clock.advance(7000);
  expect(await container()).toMatchObject({ ready: true });
});

test('unschedulable stays Pending, and is scheduled when its time is over', async () => {
  await create(PODS, pod('unschedulable:for=30s'));
  await clock.advance(10_000);
  expect(textAt(await read(), 'spec', 'nodeName')).toBe('');
  expect((await warnings())[0]).toMatch(/^Warning FailedScheduling 0\/1 nodes are available: 1 Insufficient cpu\./);
  await clock.advance(25_000);
  expect(await container()).toMatchObject({ ready: true });
});

describe('over Pods of one owner', () => {
  const template = (fault: string, more: JsonObject = {}): JsonObject => ({
    metadata: { labels: { app: 'x' }, annotations: { 'hawser.dev/fault': fault } },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...more },
  });
  const list = async (): Promise<readonly Json[]> => listAt((await cluster.call('GET', PODS)).body, 'items');

  test('evict puts out one, and its set makes another', async () => {
    await create('/apis/apps/v1/namespaces/default/replicasets', {
      metadata: { name: 'set' },
      spec: { replicas: 2, selector: { matchLabels: { app: 'x' } }, template: template('evict:after=1s') },
    });
    await clock.advance(60_000);
    const pods = await list();
    expect(pods.map((one) => textAt(one, 'status', 'phase')).sort()).toEqual(['Failed', 'Running', 'Running']);
    const evicted = pods.find((one) => textAt(one, 'status', 'phase') === 'Failed');
    expect(textAt(evicted, 'status', 'reason')).toBe('Evicted');
    expect((await events()).join('\n')).toMatch(/Warning Evicted The node was low on resource: memory/);
  });

  test.each([
    ['on the Job', { annotations: { 'hawser.dev/fault': 'fail:times=2' } }, {}, 'Never'],
    ['on its template', {}, { annotations: { 'hawser.dev/fault': 'fail:times=2' } }, 'Never'],
    ['in place', {}, { annotations: { 'hawser.dev/fault': 'fail:times=2' } }, 'OnFailure'],
  ])('fail %s fails so many times, then succeeds', async (_where, jobMeta, podMeta, restartPolicy) => {
    await create('/apis/batch/v1/namespaces/default/jobs', {
      metadata: { name: 'job', ...jobMeta },
      spec: { template: { metadata: podMeta, spec: { containers: [{ name: 'c', image: 'x' }], restartPolicy } } },
    });
    await clock.advance(60_000);
    const job = (await cluster.call('GET', '/apis/batch/v1/namespaces/default/jobs/job')).body;
    expect(objectAt(job, 'status')).toMatchObject({ succeeded: 1 });
    expect(at(job, 'status', 'failed')).toBe(restartPolicy === 'Never' ? 2 : undefined);
  });

  test('a Job that fails more often than it may fails', async () => {
    await create('/apis/batch/v1/namespaces/default/jobs', {
      metadata: { name: 'job', annotations: { 'hawser.dev/fault': 'fail:times=9,exit=7' } },
      spec: {
        backoffLimit: 2,
        template: { spec: { containers: [{ name: 'c', image: 'x' }], restartPolicy: 'Never' } },
      },
    });
    await clock.advance(60_000);
    const job = (await cluster.call('GET', '/apis/batch/v1/namespaces/default/jobs/job')).body;
    expect(listAt(job, 'status', 'conditions').map((one) => textAt(one, 'type'))).toContain('Failed');
    const [first] = await list();
    expect(numberAt(first, 'status', 'containerStatuses', 0, 'state', 'terminated', 'exitCode')).toBe(7);
  });
});
