// Simulated controllers: what guards, scales and extends a cluster, and who takes over what.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import type { Clock } from '../../../src/core/time.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import type { Cluster } from '../../../src/objects/cluster.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

const FASTER = 20;
const start = Date.now();
const clock: Clock = {
  now: () => start + (Date.now() - start) * FASTER,
  sleep: (milliseconds, signal) => systemClock.sleep(milliseconds / FASTER, signal),
};

let folder: string;
let local: LocalCluster;
let cluster: Cluster;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hawser-controllers-'));
  local = await openLocalCluster({ folder, clock, random: Math.random });
  cluster = createKubeCluster(local.handle, { userAgent: 'test' });
  local.start();
});
afterEach(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

const make = (apiVersion: string, kind: string, spec: object, name = 'web'): Promise<KubeObject> =>
  cluster.create({ apiVersion, kind, metadata: { name, namespace: 'default' }, spec: { ...spec } });

const workload = (resources: object = {}) => ({
  selector: { matchLabels: { app: 'web' } },
  template: {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 80 }], resources }] },
  },
});

async function find(group: string, kind: string, name = 'web'): Promise<KubeObject | undefined> {
  const type = await cluster.type(group, kind);
  return type && cluster.get({ ...type, name, ...(type.namespaced ? { namespace: 'default' } : {}) });
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await systemClock.sleep(5);
  }
}

/** The reason of a condition, once it is there. */
async function reasonOf(group: string, kind: string, type: string, name = 'web'): Promise<string> {
  const seen = listAt(await find(group, kind, name), 'status', 'conditions').find(
    (entry) => textAt(entry, 'type') === type,
  );
  return textAt(seen, 'reason');
}

const comesTo = (reason: string, ...where: Parameters<typeof reasonOf>): Promise<void> =>
  until(reason, async () => (await reasonOf(...where)) === reason);

describe('a PodDisruptionBudget', () => {
  test.each([
    [{ minAvailable: 1 }, { desiredHealthy: 1, disruptionsAllowed: 2 }],
    [{ minAvailable: '50%' }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 1 }, { desiredHealthy: 2, disruptionsAllowed: 1 }],
  ])('of %j counts the Pods that it guards', async (limit, counts) => {
    await make('apps/v1', 'Deployment', { ...workload(), replicas: 3 });
    await make('policy/v1', 'PodDisruptionBudget', { ...limit, selector: { matchLabels: { app: 'web' } } });
    await comesTo('SufficientPods', 'policy', 'PodDisruptionBudget', 'DisruptionAllowed');
    await until(
      'three Pods',
      async () => at(await find('policy', 'PodDisruptionBudget'), 'status', 'currentHealthy') === 3,
    );
    expect((await find('policy', 'PodDisruptionBudget'))?.['status']).toMatchObject({ expectedPods: 3, ...counts });
  });
});

test('an APIService is available when its Service has somebody who answers', async () => {
  const name = 'v1.metrics.example.com';
  await cluster.create({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: {
      group: 'metrics.example.com',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { name: 'web', namespace: 'default' },
    },
  });
  await comesTo('ServiceNotFound', 'apiregistration.k8s.io', 'APIService', 'Available', name);
  await make('v1', 'Service', { selector: { app: 'web' }, ports: [{ port: 80 }] });
  await comesTo('MissingEndpoints', 'apiregistration.k8s.io', 'APIService', 'Available', name);
  await make('apps/v1', 'Deployment', workload());
  await comesTo('Passed', 'apiregistration.k8s.io', 'APIService', 'Available', name);
});

describe('a workload that is made again', () => {
  test.each([
    ['Deployment', 'apps', 'ReplicaSet'],
    ['ReplicaSet', '', 'Pod'],
    ['StatefulSet', '', 'Pod'],
    ['DaemonSet', '', 'Pod'],
  ])('of kind %s takes over what an orphaning deletion left', async (kind, group, owned) => {
    const spec = kind === 'StatefulSet' ? { ...workload(), serviceName: 'web' } : workload();
    await make('apps/v1', kind, spec);
    const list = async (): Promise<readonly KubeObject[]> =>
      (await cluster.list({ group, version: 'v1', kind: owned }, { namespace: 'default' })).items;
    await until(`a ${owned}`, async () => (await list()).length === 1);
    const [before] = await list();
    await cluster.delete(
      { group: 'apps', version: 'v1', kind, namespace: 'default', name: 'web' },
      { propagation: 'Orphan' },
    );
    await until('the end of the first', async () => (await find('apps', kind)) === undefined);
    const again = await make('apps/v1', kind, spec);
    await until('the adoption', async () =>
      (await list()).some(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === again.metadata.uid)),
    );
    expect((await list()).map(({ metadata }) => metadata.uid)).toEqual([before?.metadata.uid]);
  });
});

test('a StatefulSet may mount what only its claims name', async () => {
  const { template, ...rest } = workload();
  const [container] = template.spec.containers;
  const spec = { containers: [{ ...container, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] };
  await make('apps/v1', 'StatefulSet', {
    ...rest,
    serviceName: 'web',
    template: { ...template, spec },
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  });
  await until('its Pod', async () => textAt(await find('', 'Pod', 'web-0'), 'status', 'phase') === 'Running');
});

test('a Job tells by events what it does', async () => {
  const { template } = workload();
  await make('batch/v1', 'Job', { template: { spec: { ...template.spec, restartPolicy: 'Never' } } });
  const reasons = async (): Promise<string[]> =>
    (await cluster.list({ group: '', version: 'v1', kind: 'Event' })).items
      .filter((event) => textAt(event, 'involvedObject', 'kind') === 'Job')
      .map((event) => textAt(event, 'reason'));
  await until('the events', async () => (await reasons()).length === 2);
  expect((await reasons()).sort()).toEqual(['Completed', 'SuccessfulCreate']);
});

test('a Deployment whose Pods are refused says why, and goes on when they may come', async () => {
  await make('v1', 'ResourceQuota', { hard: { pods: '1' } }, 'q');
  await make('apps/v1', 'Deployment', { replicas: 3, ...workload() });
  const failure = async (): Promise<unknown> =>
    listAt(await find('apps', 'Deployment'), 'status', 'conditions').find(
      (entry) => textAt(entry, 'type') === 'ReplicaFailure',
    );
  await expect.poll(failure).toMatchObject({
    status: 'True',
    reason: 'FailedCreate',
    message: expect.stringMatching(
      /^pods "web-.*" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1$/,
    ),
  });
  const events = (await cluster.list({ group: '', version: 'v1', kind: 'Event' })).items;
  expect(events.filter((event) => event['reason'] === 'FailedCreate').length).toBeGreaterThan(0);
  await expect.poll(async () => at(await find('apps', 'Deployment'), 'status', 'availableReplicas')).toBe(1);
  await cluster.delete({ group: '', version: 'v1', kind: 'ResourceQuota', namespace: 'default', name: 'q' });
  await expect
    .poll(async () => at(await find('apps', 'Deployment'), 'status', 'availableReplicas'), { timeout: 5000 })
    .toBe(3);
  expect(await failure()).toBeUndefined();
});

test('each namespace has the certificate of the API, also when that is made later', async () => {
  const root = async () => objectAt(await find('', 'ConfigMap', 'kube-root-ca.crt'), 'data');
  await expect.poll(root).toEqual({ 'ca.crt': '' });
  await cluster.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'hawser-api-certificate', namespace: 'kube-system' },
    stringData: { 'tls.crt': 'CERTIFICATE' },
  });
  await expect.poll(root).toEqual({ 'ca.crt': 'CERTIFICATE' });
});

test('a ReplicationController keeps the Pods that its labels choose', async () => {
  const { template } = workload();
  await cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'loose', namespace: 'default', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  });
  await make('v1', 'ReplicationController', { replicas: 3, template });
  const status = async () => objectAt(await find('', 'ReplicationController'), 'status');
  await expect
    .poll(status, { timeout: 5000 })
    .toEqual({ replicas: 3, fullyLabeledReplicas: 3, readyReplicas: 3, availableReplicas: 3, observedGeneration: 1 });
  expect((await find('', 'Pod', 'loose'))?.metadata.ownerReferences).toMatchObject([{ kind: 'ReplicationController' }]);
  const events = (await cluster.list({ group: '', version: 'v1', kind: 'Event' })).items;
  const sources = events.filter(({ reason }) => reason === 'SuccessfulCreate').map((event) => at(event, 'source'));
  expect(sources).toEqual([{ component: 'replication-controller' }, { component: 'replication-controller' }]);
  const type = { group: '', version: 'v1', kind: 'ReplicationController', namespace: 'default', name: 'web' };
  await cluster.patch(type, { type: 'merge', body: { spec: { replicas: 1 } } });
  await expect.poll(status, { timeout: 5000 }).toMatchObject({ replicas: 1, observedGeneration: 2 });
  // Unless it is told otherwise, it leaves its Pods behind.
  await cluster.delete(type);
  await expect.poll(() => find('', 'ReplicationController'), { timeout: 5000 }).toBeUndefined();
  const { items } = await cluster.list({ group: '', version: 'v1', kind: 'Pod' });
  expect(items.map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
});

describe('a Secret that asks for the token of a ServiceAccount', () => {
  const NAME = 'kubernetes.io/service-account.name';
  const UID = 'kubernetes.io/service-account.uid';
  const ask = (annotations: Readonly<Record<string, string>>): Promise<KubeObject> =>
    cluster.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'asks', namespace: 'default', annotations },
      type: 'kubernetes.io/service-account-token',
    });
  const data = async (): Promise<string[]> => Object.keys(objectAt(await find('', 'Secret', 'asks'), 'data')).sort();

  beforeEach(async () => {
    const metadata = { name: 'hawser-api-token', namespace: 'kube-system' };
    await cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { token: 'key' } });
  });

  test.each([false, true])('gets it, whether it names the uid (%s)', async (hasUid) => {
    const account = await cluster.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'bot', namespace: 'default' },
    });
    await ask({ [NAME]: 'bot', ...(hasUid ? { [UID]: account.metadata.uid ?? '' } : {}) });
    await expect.poll(data).toEqual(['ca.crt', 'namespace', 'token']);
    const secret = { group: '', version: 'v1', kind: 'Secret', namespace: 'default', name: 'asks' };
    await cluster.patch(secret, { type: 'merge', body: { data: { token: null } } });
    await expect.poll(data).toEqual(['ca.crt', 'namespace', 'token']);
    await cluster.delete({ ...secret, kind: 'ServiceAccount', name: 'bot' });
    await expect.poll(() => find('', 'Secret', 'asks')).toBeUndefined();
  });

  test.each([
    ['nobody', {}],
    ['an account of another uid', { [UID]: 'another' }],
  ])('goes, where it is of %s', async (_of, annotations) => {
    if (UID in annotations)
      await cluster.create({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'bot', namespace: 'default' },
      });
    await ask({ [NAME]: 'bot', ...annotations });
    await expect.poll(() => find('', 'Secret', 'asks')).toBeUndefined();
  });
});
