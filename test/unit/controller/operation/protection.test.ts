// What protects data from a sync: it waits for a person, or does not touch it.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { timestamp } from '../../../../src/core/time.ts';
import { type Controlled, configMap, openControlled } from '../../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const approve = (): Promise<unknown> =>
  place.cluster.patch(
    { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' },
    {
      type: 'merge',
      body: { metadata: { annotations: { 'argocd.argoproj.io/deletion-approved': timestamp(place.clock.now()) } } },
    },
  );

describe('Prune=confirm', () => {
  test.each([
    ['of the resource', 'Prune=confirm', []],
    ['of the application', '', ['Prune=confirm']],
  ])('%s holds a prune until it is approved', async (_where, own, syncOptions) => {
    await place.repository.commit({ 'm.yaml': configMap('guarded', own) + configMap('other') });
    await place.create({ syncPolicy: { syncOptions } });
    await place.sync();
    await place.commit({ 'm.yaml': configMap('other') });
    await place.ask('POST', '/api/v1/applications/web/sync', { prune: true });
    await place.until('the wait for a person', async () =>
      /waiting for pruning confirmation of \/ConfigMap\/guarded/.test(
        (await place.app()).status?.operationState?.message ?? '',
      ),
    );
    // Nothing waits for an operation that waits for a person.
    await place.settled();
    expect(await place.find('ConfigMap', 'guarded')).toBeDefined();
    await approve();
    await place.until('the prune', async () => (await place.find('ConfigMap', 'guarded')) === undefined);
  });

  test('is no matter without prune', async () => {
    await place.repository.commit({ 'm.yaml': configMap('guarded', 'Prune=confirm') + configMap('other') });
    await place.create();
    await place.sync();
    await place.commit({ 'm.yaml': configMap('other') });
    expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
    expect(await place.find('ConfigMap', 'guarded')).toBeDefined();
  });
});

describe('a namespace that the application makes for itself', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {from: git}}\n';
  const spec = (managed: unknown) => ({
    destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
    syncPolicy: { syncOptions: ['CreateNamespace=true'], ...(managed ? { managedNamespaceMetadata: managed } : {}) },
  });

  test.each([
    ['with metadata', { labels: { team: 'sea' } }],
    ['without metadata', undefined],
  ])('%s is not pruned when Git drops it', async (_how, managed) => {
    await place.repository.commit({ 'm.yaml': `${namespace}${configMap('c')}` });
    await place.create(spec(managed));
    await place.sync();
    await place.commit({ 'm.yaml': configMap('c') });
    expect(await place.sync({ prune: true })).toMatchObject({ phase: 'Succeeded' });
    expect(await place.find('Namespace', 'shop')).toMatchObject({ metadata: { name: 'shop' } });
    expect((await place.find('Namespace', 'shop'))?.metadata.deletionTimestamp).toBeUndefined();
    expect(await place.find('ConfigMap', 'c', 'shop')).toBeDefined();
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('Synced');
  });

  test('that is to get other labels makes the application OutOfSync, until it has them', async () => {
    await place.repository.commit({ 'm.yaml': configMap('c') });
    await place.create(spec({ labels: { team: 'sea', old: 'yes' } }));
    await place.sync();
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('Synced');
    await place.ask('PUT', '/api/v1/applications/web/spec', {
      ...(await place.app()).spec,
      ...spec({ labels: { team: 'land' } }),
    });
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('OutOfSync');
    await place.sync();
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('Synced');
    const { labels = {} } = (await place.find('Namespace', 'shop'))?.metadata ?? {};
    expect(labels).toMatchObject({ team: 'land' });
    expect(labels).not.toHaveProperty('old');
  });

  test('has the labels that the application says, and keeps those of others', async () => {
    await place.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { other: 'yes' } } });
    await place.repository.commit({ 'm.yaml': configMap('c') });
    await place.create(spec({ labels: { team: 'sea' } }));
    await place.sync();
    expect((await place.find('Namespace', 'shop'))?.metadata.labels).toMatchObject({ team: 'sea', other: 'yes' });
  });
});

test('FailOnSharedResource=true leaves what another application owns', async () => {
  const tracking = { 'argocd.argoproj.io/tracking-id': 'other:/ConfigMap:default/c' };
  await place.put({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c', namespace: 'default', annotations: tracking },
  });
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.create({ syncPolicy: { syncOptions: ['FailOnSharedResource=true'] } });
  expect(await place.sync()).toMatchObject({
    phase: 'Failed',
    message: 'Shared resource found: ConfigMap/c is part of applications argocd/web and other',
  });
  expect((await place.find('ConfigMap', 'c'))?.metadata.annotations).toMatchObject(tracking);
});

test('RespectIgnoreDifferences=true leaves ignored fields as they are', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c', '', 'a: one, b: one') });
  await place.create({
    ignoreDifferences: [{ kind: 'ConfigMap', jsonPointers: ['/data/a'] }],
    syncPolicy: { syncOptions: ['RespectIgnoreDifferences=true'] },
  });
  await place.sync();
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c' };
  await place.cluster.patch(reference, { type: 'merge', body: { data: { a: 'theirs' } } });
  await place.commit({ 'm.yaml': configMap('c', '', 'a: two, b: two') });
  await place.sync();
  expect(await place.find('ConfigMap', 'c')).toMatchObject({ data: { a: 'theirs', b: 'two' } });
});

test('a namespace that the project does not permit is refused before anything is applied', async () => {
  const project = {
    group: 'argoproj.io',
    version: 'v1alpha1',
    kind: 'AppProject',
    namespace: 'argocd',
    name: 'default',
  };
  await place.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'secret' } });
  await place.cluster.patch(project, {
    type: 'merge',
    body: { spec: { destinations: [{ server: '*', namespace: 'default' }] } },
  });
  const stray = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray, namespace: secret}\n';
  await place.repository.commit({ 'm.yaml': `${configMap('c')}---\n${stray}` });
  await place.create();
  expect(await place.sync()).toMatchObject({
    phase: 'Failed',
    message: "one or more synchronization tasks are not valid: namespace secret is not permitted in project 'default'",
  });
  expect(await place.find('ConfigMap', 'c')).toBeUndefined();
});

test('what has no namespace, and needs one, is refused by name', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.create({ destination: { server: 'https://kubernetes.default.svc' } });
  expect(await place.sync()).toMatchObject({
    phase: 'Error',
    message: 'InvalidSpecError: Namespace for c /v1, Kind=ConfigMap is missing.',
  });
});
