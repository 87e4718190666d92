// Volumes that somebody makes: where their Pods may be.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JsonObject, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const CORE = '/api/v1/namespaces/default';
const VOLUMES = '/api/v1/persistentvolumes';
const CLAIMS = `${CORE}/persistentvolumeclaims`;
const HOST = 'kubernetes.io/hostname';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
  for (const name of ['node-2', 'node-3'])
    await cluster.call('POST', '/api/v1/nodes', { metadata: { name, labels: { [HOST]: name } } });
});
afterEach(() => cluster.close());

const own = { storageClassName: 'own', accessModes: ['ReadWriteOnce'] };

async function storageClass(volumeBindingMode: string): Promise<void> {
  await cluster.call('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'own' },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode,
  });
}

async function volumeOn(node: string): Promise<void> {
  const term = { matchExpressions: [{ key: HOST, operator: 'In', values: [node] }] };
  await cluster.call('POST', VOLUMES, {
    metadata: { name: 'v' },
    spec: {
      ...own,
      capacity: { storage: '1Gi' },
      local: { path: '/x' },
      nodeAffinity: { required: { nodeSelectorTerms: [term] } },
    },
  });
}

async function claim(): Promise<void> {
  const spec = { ...own, resources: { requests: { storage: '1Gi' } } };
  await cluster.call('POST', CLAIMS, { metadata: { name: 'c' }, spec });
  await cluster.pass(1000);
}

async function pod(name: string, more: JsonObject = {}): Promise<JsonObject> {
  const volumes = [{ name: 'd', persistentVolumeClaim: { claimName: 'c' } }];
  const spec = { volumes, containers: [{ name: 'c', image: 'nginx' }], ...more };
  await cluster.call('POST', `${CORE}/pods`, { metadata: { name }, spec });
  await cluster.pass(3000);
  return (await cluster.call('GET', `${CORE}/pods/${name}`)).body;
}

const refusal = (one: JsonObject): string => textAt(one, 'status', 'conditions', 0, 'message');

test.each(['Immediate', 'WaitForFirstConsumer'])('Pods go where their volume is: %s', async (mode) => {
  await storageClass(mode);
  await volumeOn('node-3');
  await claim();
  expect([await pod('a'), await pod('b')].map((one) => textAt(one, 'spec', 'nodeName'))).toEqual(['node-3', 'node-3']);
});

test('a volume that no node reaches keeps its Pods off all of them', async () => {
  await storageClass('Immediate');
  await volumeOn('node-9');
  await claim();
  expect(refusal(await pod('a'))).toMatch(
    /^0\/3 nodes are available: 3 node\(s\) didn't match PersistentVolume's node affinity\. no new claims/,
  );
});

test('of a class without a provisioner nobody makes volumes', async () => {
  await storageClass('WaitForFirstConsumer');
  await claim();
  expect(refusal(await pod('a'))).toMatch(
    /^0\/3 nodes are available: 3 node\(s\) didn't find available persistent volumes to bind\. no new claims/,
  );
  await volumeOn('node-2');
  await cluster.pass(3000);
  const { body } = await cluster.call('GET', `${CORE}/pods/a`);
  expect(textAt(body, 'spec', 'nodeName')).toBe('node-2');
});

test('a claim tells which provisioner outside of the cluster made its volume', async () => {
  await cluster.call('POST', '/apis/storage.k8s.io/v1/storageclasses', {
    metadata: { name: 'own' },
    provisioner: 'example.com/disks',
  });
  await claim();
  expect((await cluster.call('GET', `${CLAIMS}/c`)).body).toMatchObject({
    metadata: {
      annotations: {
        'volume.beta.kubernetes.io/storage-provisioner': 'example.com/disks',
        'volume.kubernetes.io/storage-provisioner': 'example.com/disks',
      },
    },
    status: { phase: 'Bound' },
  });
});
