// Whoever waits for an application gets an answer, whatever it is busy with.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Controlled, configMap, hookJob, openControlled } from '../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const hanging = hookJob('slow', 'PreSync').replace(
  'spec: {template: {',
  'spec: {template: {metadata: {annotations: {hawser.dev/fault: hang}}, ',
);
const broken = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_A_Name}\n';
const phase = async (): Promise<string> => (await place.app()).status?.operationState?.phase ?? '';

test('a refresh is answered while an operation runs', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') + hanging });
  await place.create();
  await place.ask('POST', '/api/v1/applications/web/sync', {});
  await place.until('the operation', async () => (await phase()) === 'Running');
  const head = await place.repository.commit({ 'm.yaml': configMap('c', '', 'a: b') + hanging });
  const seen = await place.ask('GET', '/api/v1/applications/web?refresh=normal');
  expect(seen).toMatchObject({ status: { sync: { revision: head }, operationState: { phase: 'Running' } } });
});

test('an operation that waits for its next try is not waited for, and a refresh is answered meanwhile', async () => {
  await place.repository.commit({ 'm.yaml': broken });
  await place.create();
  const retryStrategy = { limit: 3, backoff: { duration: '1h', maxDuration: '1h' } };
  await place.ask('POST', '/api/v1/applications/web/sync', { retryStrategy });
  await place.settled();
  expect((await place.app()).status?.operationState).toMatchObject({ phase: 'Running', retryCount: 1 });
  await place.ask('GET', '/api/v1/applications/web?refresh=normal');
});

test('an application with nulls in its specification is compared once, and that is it', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.put({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: place.repository.url, path: '.', helm: null, directory: { jsonnet: null } },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'default', name: null },
      syncPolicy: null,
    },
  });
  await place.settled();
  expect((await place.app()).status?.sync?.status).toBe('OutOfSync');
  expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
});

test('healing that brings nothing is not waited for', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c', '', 'a: b') });
  await place.create({ syncPolicy: { automated: { selfHeal: true } } });
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c' };
  for (let times = 0; times < 3; times += 1) {
    await place.settled();
    await place.cluster.patch(reference, { type: 'merge', body: { data: { a: `drift ${times}` } } });
    await place.ask('GET', '/api/v1/applications/web?refresh=normal');
  }
  await place.settled();
  expect((await place.app()).status?.operationState?.operation?.initiatedBy).toEqual({ automated: true });
});

test('a terminated operation ends', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') + hanging });
  await place.create();
  await place.ask('POST', '/api/v1/applications/web/sync', {});
  await place.until('the operation', async () => (await phase()) === 'Running');
  await place.ask('DELETE', '/api/v1/applications/web/operation');
  await place.until('its end', async () => (await phase()) === 'Failed');
  expect((await place.app()).status?.operationState?.message).toBe('Operation terminated');
});
