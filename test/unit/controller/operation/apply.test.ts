// How one object is brought to what Git says.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Controlled, configMap, hookJob, openControlled } from '../../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const deployment = (app: string, options = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web${options === '' ? '' : `, annotations: {argocd.argoproj.io/sync-options: '${options}'}`}}
spec:
  selector: {matchLabels: {app: ${app}}}
  template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: c, image: nginx}]}}
`;
const binding = (role: string): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role}}\n`;

describe('what cannot be changed in place', () => {
  test.each([
    ['by --force', '', { strategy: { hook: { force: true } } }],
    ['by --replace --force', '', { strategy: { hook: { force: true } }, syncOptions: { items: ['Replace=true'] } }],
    ['by its own options', 'Force=true,Replace=true', {}],
    ['by Force=true alone', 'Force=true', {}],
  ])('is made anew %s', async (_how, options, request) => {
    await place.repository.commit({ 'm.yaml': deployment('one') });
    await place.create();
    await place.sync();
    const { metadata } = (await place.find('Deployment', 'web')) ?? {};
    await place.commit({ 'm.yaml': deployment('two', options) });
    expect(await place.sync(request)).toMatchObject({ phase: 'Succeeded' });
    const after = await place.find('Deployment', 'web');
    expect(after).toMatchObject({ spec: { selector: { matchLabels: { app: 'two' } } } });
    expect(after?.metadata.uid).not.toBe(metadata?.uid);
  });

  test('is refused by force and server-side apply together, as by kubectl', async () => {
    await place.repository.commit({ 'm.yaml': deployment('one') });
    await place.create();
    const request = { strategy: { hook: { force: true } }, syncOptions: { items: ['ServerSideApply=true'] } };
    const { phase, message } = await place.sync(request);
    expect(phase).toBe('Failed');
    expect(message).toContain('--force cannot be used with --server-side');
  });

  test('fails without force, and stays', async () => {
    await place.repository.commit({ 'm.yaml': deployment('one') });
    await place.create();
    await place.sync();
    await place.commit({ 'm.yaml': deployment('two') });
    expect(await place.sync()).toMatchObject({ phase: 'Failed' });
    expect(await place.find('Deployment', 'web')).toMatchObject({
      spec: { selector: { matchLabels: { app: 'one' } } },
    });
  });

  test('is kept when the new object would be refused', async () => {
    await place.repository.commit({ 'm.yaml': deployment('one') });
    await place.create();
    await place.sync();
    await place.commit({
      'm.yaml': deployment('two')
        .replace('app: two}}}', 'app: two}}}')
        .replace('labels: {app: two}', 'labels: {app: else}'),
    });
    expect(await place.sync({ strategy: { hook: { force: true } } })).toMatchObject({ phase: 'Failed' });
    expect(await place.find('Deployment', 'web')).toMatchObject({
      spec: { selector: { matchLabels: { app: 'one' } } },
    });
  });

  test('a binding of another role is made anew', async () => {
    await place.repository.commit({ 'm.yaml': binding('one') });
    await place.create();
    await place.sync();
    await place.commit({ 'm.yaml': binding('two') });
    expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
    expect(await place.find('RoleBinding', 'b')).toMatchObject({ roleRef: { name: 'two' } });
  });

  test('a hook Job of another template is made anew by its policy', async () => {
    await place.repository.commit({ 'm.yaml': hookJob('migrate', 'PreSync') });
    await place.create();
    await place.sync();
    await place.commit({ 'm.yaml': hookJob('migrate', 'PreSync').replace('busybox', 'busybox:2') });
    expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
  });
});

describe('a field that the type does not have', () => {
  const typo = deployment('one').replace('  selector:', '  replica: 3\n  selector:');

  test('is refused, not dropped', async () => {
    await place.repository.commit({ 'm.yaml': typo });
    await place.create();
    const { phase, message } = await place.sync();
    expect(phase).toBe('Failed');
    expect(message).toContain('unknown field "spec.replica"');
  });

  test('is dropped where validation is off', async () => {
    await place.repository.commit({ 'm.yaml': typo });
    await place.create({ syncPolicy: { syncOptions: ['Validate=false'] } });
    expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
  });
});

describe('server-side apply', () => {
  const request = { syncOptions: { items: ['ServerSideApply=true'] } };

  test('removes what Git no longer has, though it was applied on the client before', async () => {
    await place.repository.commit({ 'm.yaml': configMap('c', '', 'keep: "1", gone: "2"') });
    await place.create();
    await place.sync();
    await place.commit({ 'm.yaml': configMap('c', '', 'keep: "1"') });
    expect(await place.sync(request)).toMatchObject({ phase: 'Succeeded' });
    expect((await place.find('ConfigMap', 'c'))?.['data']).toEqual({ keep: '1' });
    expect((await place.find('ConfigMap', 'c'))?.metadata.annotations).not.toHaveProperty([
      'kubectl.kubernetes.io/last-applied-configuration',
    ]);
  });

  test('is needed where Git drops what was applied on the client before', async () => {
    await place.repository.commit({ 'm.yaml': configMap('c', '', 'keep: "1", gone: "2"') });
    await place.create({ syncPolicy: { syncOptions: request.syncOptions.items } });
    await place.sync({ syncOptions: { items: ['Validate=false'] } });
    await place.commit({ 'm.yaml': configMap('c', '', 'keep: "1"') });
    expect((await place.app()).status?.sync?.status).toBe('OutOfSync');
    await place.sync();
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('Synced');
  });

  test('keeps what another manager owns', async () => {
    await place.repository.commit({ 'm.yaml': configMap('c', '', 'keep: "1", gone: "2"') });
    await place.create();
    await place.sync(request);
    const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'c' };
    const patch = { type: 'merge', body: { data: { theirs: '3' } } } as const;
    await place.cluster.patch(reference, patch, { fieldManager: 'somebody' });
    await place.commit({ 'm.yaml': configMap('c', '', 'keep: "1"') });
    await place.sync(request);
    expect((await place.find('ConfigMap', 'c'))?.['data']).toEqual({ keep: '1', theirs: '3' });
  });

  test('takes what is too large for an annotation; the resource alone may ask for it, or refuse it', async () => {
    const large = `f: ${'x'.repeat(300_000)}`;
    await place.repository.commit({ 'm.yaml': configMap('c', 'ServerSideApply=true', large) });
    await place.create();
    expect(await place.sync()).toMatchObject({ phase: 'Succeeded' });
    await place.commit({ 'm.yaml': configMap('c', 'ServerSideApply=false', large.slice(0, -1)) });
    expect(await place.sync(request)).toMatchObject({ phase: 'Failed' });
  });
});

test('a sync begins without the end of the one before', async () => {
  await place.repository.commit({ 'm.yaml': configMap('c') });
  await place.create();
  await place.sync();
  await place.ask('POST', '/api/v1/applications/web/sync', { dryRun: true });
  const stored = await place.find('Application', 'web', 'argocd');
  expect(stored?.['status']).not.toMatchObject({
    operationState: { operation: { sync: { prune: false } }, finishedAt: expect.anything() },
  });
});
