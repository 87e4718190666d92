// How a sync ends that does not go well, and what it says: as Argo CD 3.5.1 was seen to.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Controlled, configMap, hookJob, openControlled } from '../../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const refused = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: NOT_A_NAME}\n---\n';
const failing = (name: string, hook: string): string =>
  hookJob(name, hook).replace(
    'spec: {template: {',
    'spec: {backoffLimit: 0, template: {metadata: {annotations: {hawser.dev/fault: crash}}, ',
  );
const later = configMap('later').replace(
  'metadata: {',
  'metadata: {annotations: {argocd.argoproj.io/sync-wave: "1"}, ',
);

const NOT_APPLIED = 'one or more objects failed to apply, reason: ConfigMap "NOT_A_NAME" is invalid: metadata.name';
const UNSUCCESSFUL =
  'one or more synchronization tasks completed unsuccessfully, reason: ConfigMap "NOT_A_NAME" is invalid: metadata.name';

describe('an object that the cluster refuses', () => {
  test.each([
    ['alone', refused, NOT_APPLIED],
    ['before a later wave', refused + later, NOT_APPLIED],
    ['after a hook', hookJob('pre', 'PreSync') + refused, NOT_APPLIED],
    ['beside one that goes through', configMap('c') + refused, UNSUCCESSFUL],
    ['with a hook for that', refused + hookJob('rescue', 'SyncFail'), UNSUCCESSFUL],
  ])('%s', async (_what, manifests, message) => {
    await place.repository.commit({ 'm.yaml': manifests });
    await place.create();
    const state = await place.sync();
    expect(state.phase).toBe('Failed');
    expect(state.message).toContain(message);
    expect(await place.find('ConfigMap', 'later')).toBeUndefined();
  });
});

test('a hook that fails says why in its own result, which was applied', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') + failing('pre', 'PreSync') });
  await place.create();
  const { phase, message, syncResult } = await place.sync();
  expect([phase, message]).toEqual(['Failed', 'one or more synchronization tasks completed unsuccessfully']);
  expect(syncResult?.resources).toMatchObject([
    { name: 'pre', status: 'Synced', hookPhase: 'Failed', message: 'Job has reached the specified backoff limit' },
  ]);
});

test('a revision that Git does not have is no other one', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.create();
  const reference = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'Application',
    namespace: 'argocd',
    name: 'web',
  };
  const operation = { sync: { revision: 'nowhere' } };
  await place.cluster.patch(reference, { type: 'merge', body: { operation } });
  await place.until('the end', async () => (await place.app()).status?.operationState?.finishedAt !== undefined);
  const { status } = await place.app();
  expect(status?.operationState).toMatchObject({ phase: 'Error', syncResult: { revision: 'nowhere' } });
  expect(status?.operationState?.message).toContain("unable to resolve 'nowhere' to a commit SHA");
  expect(status?.history).toBeUndefined();
  expect(await place.find('ConfigMap', 'c')).toBeUndefined();
});

test('the application tells the images of its hooks, and not how they are: that is read from the tree', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') + hookJob('pre', 'PreSync') });
  await place.create();
  await place.sync();
  await place.settled();
  const stored = await place.find('Application', 'web', 'argocd');
  expect(stored).toMatchObject({ status: { summary: { images: ['busybox'] } } });
  expect(JSON.stringify(stored?.['status'])).not.toContain('"health":{"status":"Healthy","message"');
  const hook = (await place.app()).status?.resources?.find(({ name }) => name === 'pre');
  expect(hook).toMatchObject({ hook: true, requiresPruning: true, health: { status: 'Healthy' } });
});
