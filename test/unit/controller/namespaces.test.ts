// Two applications of one name, in two namespaces, do not disturb each other.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { textAt } from '../../../src/core/json.ts';
import { APPLICATION_TYPE } from '../../../src/model/application-key.ts';
import { annotationsOf, type KubeObject } from '../../../src/objects/object.ts';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

let place: Controlled;
beforeEach(async () => {
  place = await openControlled({ namespaces: ['argocd', 'team'] });
  for (const name of ['team', 'blue', 'green'])
    await place.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await permit(['/^te/']);
  await place.repository.commit({ 'm.yaml': configMap('settings', '', 'colour: blue') });
  await create('argocd', 'blue');
  await create('team', 'green');
});
afterEach(() => place.close());

async function permit(sourceNamespaces: readonly string[]): Promise<void> {
  const project = { ...APPLICATION_TYPE, kind: 'AppProject', namespace: 'argocd', name: 'default' };
  await place.cluster.patch(project, { type: 'merge', body: { spec: { sourceNamespaces } } });
}

async function create(namespace: string, destination: string): Promise<void> {
  await place.put({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'web', namespace, finalizers: ['resources-finalizer.argocd.argoproj.io'] },
    spec: {
      project: 'default',
      source: { repoURL: place.repository.url, path: '.' },
      destination: { server: 'https://kubernetes.default.svc', namespace: destination },
      syncPolicy: { automated: { selfHeal: true } },
    },
  });
  await place.settled(`${namespace}/web`);
}

const map = (namespace: string): Promise<KubeObject | undefined> => place.find('ConfigMap', 'settings', namespace);
const trackingId = async (namespace: string): Promise<string | undefined> => {
  const object = await map(namespace);
  return object && annotationsOf(object)['argocd.argoproj.io/tracking-id'];
};

async function application(namespace: string): Promise<KubeObject> {
  const object = await place.cluster.get({ ...APPLICATION_TYPE, namespace, name: 'web' });
  if (!object) throw new Error(`no application in ${namespace}`);
  return object;
}

test('each is synced, and tracks what it deployed by its full name', async () => {
  expect(await trackingId('blue')).toBe('web:/ConfigMap:blue/settings');
  expect(await trackingId('green')).toBe('team_web:/ConfigMap:green/settings');
  for (const [namespace, destination] of [
    ['argocd', 'blue'],
    ['team', 'green'],
  ] as const) {
    expect((await application(namespace))['status']).toMatchObject({
      sync: { status: 'Synced' },
      resources: [{ kind: 'ConfigMap', namespace: destination, name: 'settings', status: 'Synced' }],
    });
  }
});

test('drift of one is healed, and the other is left alone', async () => {
  const before = await application('argocd');
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'green', name: 'settings' };
  await place.cluster.patch(reference, { type: 'merge', body: { data: { colour: 'red' } } });
  await place.until('the healing', async () => textAt(await map('green'), 'data', 'colour') === 'blue');
  await place.settled('team/web');
  await place.settled('argocd/web');
  expect(await application('argocd')).toEqual(before);
});

test('one goes with what it deployed, and the other stays', async () => {
  await place.cluster.delete({ ...APPLICATION_TYPE, namespace: 'team', name: 'web' });
  await place.until('the end of the application', async () => {
    const reference = { ...APPLICATION_TYPE, namespace: 'team', name: 'web' };
    return (await place.cluster.get(reference)) === undefined;
  });
  expect(await map('green')).toBeUndefined();
  expect(await map('blue')).toBeDefined();
  expect((await application('argocd'))['status']).toMatchObject({ sync: { status: 'Synced' } });
});

test('an application in a namespace that is not one of them is left alone', async () => {
  await create('blue', 'green');
  expect((await application('blue'))['status']).toBeUndefined();
});

test('one of a namespace that its project does not permit is not compared', async () => {
  await permit(['other-*']);
  const refresh = { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } } };
  await place.cluster.patch({ ...APPLICATION_TYPE, namespace: 'team', name: 'web' }, { type: 'merge', body: refresh });
  await place.until('the condition', async () => /not permitted/.test(JSON.stringify(await application('team'))));
  expect((await application('team'))['status']).toMatchObject({
    sync: { status: 'Unknown' },
    conditions: [
      {
        type: 'InvalidSpecError',
        message: "application 'web' in namespace 'team' is not permitted to use project 'default'",
      },
    ],
  });
});
