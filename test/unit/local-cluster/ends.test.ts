// How namespaces and objects with owners end: what is told meanwhile, and what stays.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

const MAPS = '/api/v1/namespaces/default/configmaps';
const CORE = { apiVersion: 'v1', kind: 'ConfigMap' } as const;

async function map(name: string, metadata: JsonObject = {}, path = MAPS): Promise<JsonObject> {
  const { body } = await cluster.call('POST', path, { metadata: { name, ...metadata } });
  return { ...CORE, name, uid: textAt(body, 'metadata', 'uid') };
}

const maps = async (): Promise<string[]> =>
  (await cluster.items(MAPS))
    .map((item) => textAt(item, 'metadata', 'name'))
    .filter((name) => name !== 'kube-root-ca.crt');

const wordsFor = async (name: string): Promise<string[]> =>
  (await cluster.items('/api/v1/namespaces/default/events'))
    .filter((event) => textAt(event, 'involvedObject', 'name') === name)
    .map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`);

test('a namespace tells what holds it, and has no finalizer of its own once it is empty', async () => {
  const path = '/api/v1/namespaces/held';
  await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'held', finalizers: ['a.b/c'] } });
  const inside = `${path}/configmaps`;
  await map('one', { finalizers: ['e.com/x', 'e.com/y'] }, inside);
  await map('two', { finalizers: ['e.com/x'] }, inside);
  await cluster.call('DELETE', path);
  await cluster.pass(10_000);
  const conditions = async (): Promise<string[]> =>
    listAt((await cluster.call('GET', path)).body, 'status', 'conditions').map(
      (one) => `${textAt(one, 'status')} ${textAt(one, 'reason')}: ${textAt(one, 'message')}`,
    );
  const known = [
    'False ResourcesDiscovered: All resources successfully discovered',
    'False ParsedGroupVersions: All legacy kube types successfully parsed',
    'False ContentDeleted: All content successfully deleted, may be waiting on finalization',
  ];
  expect(await conditions()).toEqual([
    ...known,
    'True SomeResourcesRemain: Some resources are remaining: configmaps. has 2 resource instances',
    'True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: e.com/x in 2 resource instances, e.com/y in 1 resource instances',
  ]);
  for (const name of ['one', 'two'])
    await cluster.call('PATCH', `${inside}/${name}`, { metadata: { finalizers: null } });
  await cluster.pass(5000);
  expect(await conditions()).toEqual([
    ...known,
    'False ContentRemoved: All content successfully removed',
    'False ContentHasNoFinalizers: All content-preserving finalizers finished',
  ]);
  expect(objectAt((await cluster.call('GET', path)).body, 'spec')).toEqual({});
  await cluster.call('PATCH', path, { metadata: { finalizers: null } });
  await cluster.pass(1000);
  expect((await cluster.call('GET', path)).status).toBe(404);
});

describe('a dependent', () => {
  test('of two owners stays with the one that is left when the other goes in the foreground', async () => {
    const [going, staying] = [await map('going'), await map('staying')];
    await map('both', { ownerReferences: [{ ...going, blockOwnerDeletion: true }, staying] });
    await cluster.call('DELETE', `${MAPS}/going?propagationPolicy=Foreground`);
    await cluster.pass(1000);
    expect(await maps()).toEqual(['both', 'staying']);
    const { body } = await cluster.call('GET', `${MAPS}/both`);
    expect(listAt(body, 'metadata', 'ownerReferences')).toEqual([staying]);
  });

  test('of a kind or version that nobody knows stays, also when the uid is gone', async () => {
    const owner = await map('owner');
    await map('foreign', { ownerReferences: [{ ...owner, apiVersion: 'example.com/v1', kind: 'Foo' }] });
    await map('newer', { ownerReferences: [{ ...owner, apiVersion: 'v2' }] });
    await map('own', { ownerReferences: [owner] });
    await cluster.call('DELETE', `${MAPS}/owner`);
    await cluster.pass(1000);
    expect(await maps()).toEqual(['foreign', 'newer']);
  });

  test('of an owner in another namespace goes, and says why; one that is in no namespace stays', async () => {
    await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'other' } });
    const far = await map('far', {}, '/api/v1/namespaces/other/configmaps');
    await map('near', { ownerReferences: [far] });
    const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
    await cluster.call('POST', roles, { metadata: { name: 'wide', ownerReferences: [far] }, rules: [] });
    await cluster.pass(1000);
    expect(await maps()).toEqual([]);
    const told = (namespace: string): string =>
      `OwnerRefInvalidNamespace: ownerRef [v1/ConfigMap, namespace: ${namespace}, name: far, uid: ${textAt(far, 'uid')}] does not exist in namespace "${namespace}"`;
    expect(await wordsFor('near')).toEqual([told('default')]);
    expect(await wordsFor('wide')).toEqual([told('')]);
    await cluster.call('DELETE', '/api/v1/namespaces/other/configmaps/far');
    await cluster.pass(1000);
    expect((await cluster.call('GET', `${roles}/wide`)).status).toBe(200);
  });

  test('that owns itself never goes in the foreground', async () => {
    const self = await map('self');
    await cluster.call('PATCH', `${MAPS}/self`, {
      metadata: { ownerReferences: [{ ...self, blockOwnerDeletion: true }] },
    });
    await cluster.call('DELETE', `${MAPS}/self?propagationPolicy=Foreground`);
    await cluster.pass(1000);
    expect(await maps()).toEqual(['self']);
  });
});

describe('a PodDisruptionBudget', () => {
  const BUDGETS = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
  const status = async (name: string): Promise<JsonObject> =>
    objectAt((await cluster.call('GET', `${BUDGETS}/${name}`)).body, 'status');
  const budget = (name: string, spec: JsonObject): Promise<unknown> =>
    cluster.call('POST', BUDGETS, { metadata: { name }, spec: { selector: { matchLabels: { app: name } }, ...spec } });
  const template = (app: string): JsonObject => ({
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
  });

  test('cannot count a share of Pods whose owner has no scale', async () => {
    await cluster.call('POST', '/apis/apps/v1/namespaces/default/daemonsets', {
      metadata: { name: 'ds' },
      spec: template('ds'),
    });
    await budget('ds', { maxUnavailable: 1 });
    await cluster.pass(5000);
    const message = 'daemonsets.apps does not implement the scale subresource';
    expect(await status('ds')).toMatchObject({
      conditions: [{ status: 'False', reason: 'SyncFailed', message }],
      disruptionsAllowed: 0,
      expectedPods: 0,
    });
    expect(await wordsFor('ds')).toContain(
      `CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: ${message}`,
    );
  });

  test('without a number expects nothing; one of Pods that nobody owns says so', async () => {
    await cluster.call('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'bare', labels: { app: 'bare' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    await budget('bare', { maxUnavailable: 1 });
    await budget('none', { selector: { matchLabels: { app: 'bare' } } });
    await cluster.pass(5000);
    expect(await status('none')).toMatchObject({ currentHealthy: 1, desiredHealthy: 0, expectedPods: 0 });
    expect((await wordsFor('bare')).join()).toContain(
      'UnmanagedPods: Pods selected by this PodDisruptionBudget (selector: &LabelSelector{MatchLabels:map[string]string{app: bare,},MatchExpressions:[]LabelSelectorRequirement{},}) were found to be unmanaged.',
    );
  });

  test('cannot count a share of Pods whose owner is gone, or is of no kind', async () => {
    const bare = (name: string, owner: JsonObject): Promise<unknown> =>
      cluster.call('POST', '/api/v1/namespaces/default/pods', {
        metadata: {
          name,
          labels: { app: name },
          finalizers: ['x.y/z'],
          ownerReferences: [{ name: 'gone', uid: '1-2', controller: true, ...owner }],
        },
        spec: { containers: [{ name: 'c', image: 'nginx' }] },
      });
    await bare('lone', { apiVersion: 'apps/v1', kind: 'StatefulSet' });
    await bare('odd', { apiVersion: 'example.com/v1', kind: 'Foo' });
    await budget('lone', { maxUnavailable: 1 });
    await budget('odd', { minAvailable: '50%' });
    await cluster.pass(5000);
    const why = async (name: string): Promise<string> => textAt(await status(name), 'conditions', 0, 'message');
    expect(await why('lone')).toBe('found no controllers for pod "lone"');
    expect(await why('odd')).toBe('no matches for kind "Foo" in version "example.com/v1"');
  });

  test('expects also the Pods that are over, or going', async () => {
    const pod = (name: string, spec: JsonObject): Promise<unknown> =>
      cluster.call('POST', '/api/v1/namespaces/default/pods', {
        metadata: { name, labels: { app: 'three' }, finalizers: ['x.y/z'] },
        spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
      });
    for (const [name, spec] of Object.entries({ runs: {}, goes: {}, done: { restartPolicy: 'Never' } }))
      await pod(name, spec);
    await budget('three', { minAvailable: 1 });
    await cluster.pass(5000);
    await cluster.call('DELETE', '/api/v1/namespaces/default/pods/goes');
    await cluster.pass(5000);
    expect(await status('three')).toMatchObject({ currentHealthy: 1, expectedPods: 3, disruptionsAllowed: 0 });
  });

  test('that is not alone is told of at the Pod', async () => {
    await cluster.call('POST', '/api/v1/namespaces/default/pods', {
      metadata: { name: 'both', labels: { app: 'both' } },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    });
    await budget('both', { minAvailable: 1 });
    await budget('too', { selector: { matchLabels: { app: 'both' } }, minAvailable: 0 });
    await cluster.pass(5000);
    expect(await wordsFor('both')).toContain(
      'MultiplePodDisruptionBudgets: Pod "default"/"both" matches multiple PodDisruptionBudgets.  Chose "both" arbitrarily.',
    );
  });
});
