// A controller reads, waits for something else, and writes: what others wrote meanwhile is not lost, and what went stays away.

import { beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import type { Api } from '../../../src/local-cluster/api.ts';
import { createReconcilerClient, type ReconcilerClient } from '../../../src/local-cluster/controllers/reconciler.ts';
import { prepareCluster } from '../../../src/local-cluster/first-day/first-day.ts';
import { createKinds } from '../../../src/local-cluster/kinds.ts';
import { memoryJournal } from '../../../src/local-cluster/store/memory-journal.ts';
import { createStore } from '../../../src/local-cluster/store/store.ts';
import type { KubeObject } from '../../../src/objects/object.ts';
import { loadBuiltinTypes } from '../../../src/objects/types.ts';

const JOBS = 'batch/jobs';
const MODIFIED = /the object has been modified/;

let client: ReconcilerClient;
let read: KubeObject;
beforeEach(async () => {
  const store = createStore(memoryJournal, { revision: 0, entries: [] });
  const types = await loadBuiltinTypes();
  const clock = { ...systemClock, speed: 1 };
  const api: Api = {
    store,
    kinds: createKinds(store),
    clock,
    wallClock: systemClock,
    random: Math.random,
    ready: async () => undefined,
    types: () => types,
  };
  await prepareCluster(api);
  client = createReconcilerClient(api, 'kube-controller-manager');
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } };
  read = await client.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'brief', namespace: 'default', finalizers: ['example.com/held'] },
    spec: { template },
  });
});

const current = (): KubeObject | undefined => client.get(JOBS, 'default', 'brief');

const WRITES: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['an update', () => client.update(JOBS, read, { ...read, metadata: { ...read.metadata, labels: { a: 'b' } } })],
  ['a status', () => client.updateStatus(JOBS, read, { active: 1 })],
  ['a deletion in the foreground', () => client.remove(JOBS, read, 'Foreground')],
  ['a deletion', () => client.remove(JOBS, read)],
];

test.each(WRITES)('%s of what somebody changed meanwhile is refused', async (_what, write) => {
  const { finalizers: _held, ...metadata } = read.metadata;
  await client.update(JOBS, read, { ...read, metadata: { ...metadata, annotations: { by: 'somebody' } } });
  const changed = current();
  expect(changed?.metadata.finalizers).toBeUndefined();
  await expect(write()).rejects.toThrow(MODIFIED);
  expect(current()).toBe(changed);
});

test.each(WRITES)('%s of what is gone does not bring it back', async (_what, write) => {
  await client.remove(JOBS, read);
  const ending = current();
  if (!ending) throw new Error('not held');
  const { finalizers: _held, ...metadata } = ending.metadata;
  await client.update(JOBS, ending, { ...ending, metadata });
  expect(current()).toBeUndefined();
  await expect(write()).rejects.toThrow(MODIFIED);
  expect(current()).toBeUndefined();
});
