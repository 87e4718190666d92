// An application goes in stages: hooks, resources by wave, hooks again.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { textAt } from '../../../src/core/json.ts';
import { timestamp } from '../../../src/core/time.ts';
import { type Controlled, configMap, hookJob, openControlled } from '../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled();
});
afterEach(() => place.close());

const isGone = async (): Promise<boolean> => (await place.find('Application', 'web', 'argocd')) === undefined;
const remove = (query = '?cascade=true'): Promise<unknown> => place.ask('DELETE', `/api/v1/applications/web${query}`);

async function deploy(files: Readonly<Record<string, string>>): Promise<void> {
  await place.repository.commit(files);
  await place.create();
  await place.sync();
  await place.settled();
}

/** The Pods that Jobs have begun, in their order. */
async function begun(): Promise<string[]> {
  const { items } = await place.cluster.list({ group: '', version: 'v1', kind: 'Event' });
  return items
    .filter((event) => textAt(event, 'reason') === 'SuccessfulCreate')
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map((event) => textAt(event, 'involvedObject', 'name'));
}

describe('hooks of a deletion', () => {
  const helm = (name: string, hook: string): string =>
    hookJob(name, 'x').replace(/argocd.argoproj.io\/hook: x/, `helm.sh/hook: ${hook}`);

  test.each([
    ['Argo CD', hookJob('before', 'PreDelete'), hookJob('after', 'PostDelete')],
    ['Helm', helm('before', 'pre-delete'), helm('after', 'post-delete')],
  ])('of %s run before and after the resources', async (_whose, before, after) => {
    await deploy({ 'm.yaml': configMap('c') + before + after });
    expect(await begun()).toEqual([]);
    expect((await place.app()).metadata.finalizers).toEqual([
      'pre-delete-finalizer.argocd.argoproj.io',
      'pre-delete-finalizer.argocd.argoproj.io/cleanup',
      'post-delete-finalizer.argocd.argoproj.io',
      'post-delete-finalizer.argocd.argoproj.io/cleanup',
    ]);
    await remove();
    await place.until('the end of the application', isGone);
    expect(await begun()).toEqual(['before', 'after']);
    expect(await place.find('ConfigMap', 'c')).toBeUndefined();
  });

  test('run wave by wave, and go when their policy says so', async () => {
    const gone = ', argocd.argoproj.io/hook-delete-policy: HookSucceeded';
    const second = hookJob('second', 'PostDelete', `${gone}, argocd.argoproj.io/sync-wave: "2"`);
    const first = hookJob('first', 'PostDelete', `${gone}, argocd.argoproj.io/sync-wave: "1"`);
    await deploy({ 'm.yaml': configMap('c') + second + first });
    await remove();
    await place.until('the end of the application', isGone);
    expect(await begun()).toEqual(['first', 'second']);
    expect(await place.find('Job', 'first')).toBeUndefined();
  });

  test('run once, though they go by themselves when they have ended', async () => {
    const brief = (name: string, wave: number): string =>
      hookJob(name, 'PostDelete', `, argocd.argoproj.io/sync-wave: "${wave}"`).replace(
        'spec: {template',
        'spec: {ttlSecondsAfterFinished: 0, template',
      );
    await deploy({ 'm.yaml': configMap('c') + brief('first', 1) + brief('second', 2) });
    await remove();
    await place.until('the end of the application', isGone);
    expect(await begun()).toEqual(['first', 'second']);
    await place.until('the end of the hooks', async () => (await place.find('Job', 'second')) === undefined);
  });

  test('hold the deletion when they fail, with a condition', async () => {
    const failing = hookJob('before', 'PreDelete').replace(
      'spec: {template: {',
      'spec: {backoffLimit: 0, template: {metadata: {annotations: {hawser.dev/fault: crash}}, ',
    );
    await deploy({ 'm.yaml': configMap('c') + failing });
    await remove();
    await place.until('the condition', async () =>
      ((await place.app()).status?.conditions ?? []).some(({ message }) =>
        message.startsWith('PreDelete hook(s) failed: default/before'),
      ),
    );
    await place.settled();
    expect(await place.find('ConfigMap', 'c')).toBeDefined();
    // The events of the hook itself do not start the next try.
    expect(await begun()).toEqual(['before']);
  });

  test('do not run when what was deployed stays', async () => {
    await deploy({ 'm.yaml': configMap('c') + hookJob('after', 'PostDelete') });
    await remove('?cascade=false');
    await place.until('the end of the application', isGone);
    expect(await begun()).toEqual([]);
    expect(await place.find('ConfigMap', 'c')).toBeDefined();
  });

  test('leave the application free again when Git has none any more', async () => {
    await deploy({ 'm.yaml': configMap('c') + hookJob('after', 'PostDelete') });
    await place.commit({ 'm.yaml': configMap('c') });
    expect((await place.app()).metadata.finalizers ?? []).toEqual([]);
  });
});

test('one that hangs is let go, with what it deployed, when it is deleted again without it', async () => {
  await deploy({ 'm.yaml': configMap('guarded', 'Delete=confirm') });
  await remove();
  await place.settled();
  expect(await isGone()).toBe(false);
  expect(await remove('?cascade=false')).toEqual({});
  await place.until('the end of the application', isGone);
  expect(await place.find('ConfigMap', 'guarded')).toBeDefined();
});

test('the finalizers of others stay when the cluster is unknown', async () => {
  await deploy({ 'm.yaml': configMap('c') });
  const app = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' };
  const body = {
    metadata: { finalizers: ['example.com/mine'] },
    spec: { destination: { server: 'https://nowhere.example' } },
  };
  await place.cluster.patch(app, { type: 'merge', body });
  await remove();
  const finalizers = async (): Promise<unknown> =>
    (await place.find('Application', 'web', 'argocd'))?.metadata.finalizers ?? [];
  await place.until('its own finalizer to go', async () => String(await finalizers()) === 'example.com/mine');
  await place.cluster.patch(app, { type: 'merge', body: { metadata: { finalizers: null } } });
  await place.until('the end of the application', isGone);
});

test('Delete=confirm holds everything until it is approved', async () => {
  await deploy({ 'm.yaml': configMap('guarded', 'Delete=confirm') + configMap('other') });
  await remove();
  await place.settled();
  expect(await place.find('ConfigMap', 'guarded')).toBeDefined();
  expect(await place.find('ConfigMap', 'other')).toBeDefined();
  const app = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application', namespace: 'argocd', name: 'web' };
  const annotations = { 'argocd.argoproj.io/deletion-approved': timestamp(place.clock.now() + 1000) };
  await place.cluster.patch(app, { type: 'merge', body: { metadata: { annotations } } });
  await place.until('the end of the application', isGone);
  expect(await place.find('ConfigMap', 'guarded')).toBeUndefined();
});

test('a hook of a sync that has only a generateName goes too', async () => {
  const generated = hookJob('x', 'PreSync').replace('name: x', 'generateName: migrate-');
  await deploy({ 'm.yaml': configMap('c') + generated });
  expect((await place.cluster.list({ group: 'batch', version: 'v1', kind: 'Job' })).items).toHaveLength(1);
  await remove();
  await place.until('the end of the application', isGone);
  expect((await place.cluster.list({ group: 'batch', version: 'v1', kind: 'Job' })).items).toEqual([]);
});

test('hooks of groups before the last let go of their finalizer, and go when their policy says so', async () => {
  const once = hookJob('once', 'PreSync', ', argocd.argoproj.io/hook-delete-policy: HookSucceeded');
  await deploy({ 'm.yaml': configMap('c') + once + hookJob('stays', 'PreSync') });
  await place.until('the end of the hook', async () => (await place.find('Job', 'once')) === undefined);
  expect((await place.find('Job', 'stays'))?.metadata.finalizers ?? []).toEqual([]);
});
