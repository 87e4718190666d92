// Applications in several clusters: each is compared, healed and deleted in its own, and the clusters are not mixed up.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ClusterRegistry, createClusterRegistry } from '../../../src/controller/cluster-registry.ts';
import type { LiveState } from '../../../src/controller/ports.ts';
import { textAt } from '../../../src/core/json.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { annotationsOf, type KubeObject } from '../../../src/objects/object.ts';
import { type Controlled, configMap, openControlled } from '../../support/controlled.ts';

const NEAR = 'https://kubernetes.default.svc';
const FAR = 'https://far.example';
const NO_CLUSTER = createKubeCluster(() => Promise.reject(new Error('no cluster')));
const EMPTY: LiveState = {
  ready: () => Promise.resolve(),
  get: () => undefined,
  ofKind: () => [],
  ofApplication: () => [],
  ownedBy: () => [],
  topLevelIn: () => [],
  claimsIn: () => [],
  put: () => undefined,
};
const SETTINGS = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };

describe('an application in a second cluster', () => {
  let place: Controlled;
  beforeEach(async () => {
    place = await openControlled({ clusters: { [FAR]: 'far' } });
    await place.repository.commit({ 'm.yaml': configMap('settings', '', 'colour: blue') });
  });
  afterEach(() => place.close());

  const inFar = async (): Promise<KubeObject | undefined> => place.others.get(FAR)?.get(SETTINGS);
  const inNear = (): Promise<KubeObject | undefined> => place.find('ConfigMap', 'settings');

  test.each([
    ['by its server', { server: FAR, namespace: 'default' }],
    ['by its name', { name: 'far', namespace: 'default' }],
  ])('that is named %s is deployed there, and only there', async (_how, destination) => {
    await place.create({ destination });
    await place.sync();
    await place.settled();
    expect((await place.app()).status?.sync?.status).toBe('Synced');
    expect(await inFar()).toBeDefined();
    expect(await inNear()).toBeUndefined();
  });

  test('is healed there, before any poll', async () => {
    await place.create({
      destination: { server: FAR, namespace: 'default' },
      syncPolicy: { automated: { selfHeal: true } },
    });
    const begun = place.clock.now();
    await place.others.get(FAR)?.patch(SETTINGS, { type: 'merge', body: { data: { colour: 'red' } } });
    await place.until('the healing', async () => textAt(await inFar(), 'data', 'colour') === 'blue');
    expect(place.clock.now() - begun).toBeLessThan(60_000);
  });

  test('has its tree there, and its resources are read and deleted there', async () => {
    await place.create({ destination: { server: FAR, namespace: 'default' } });
    await place.sync();
    await place.settled();
    expect(await place.ask('GET', '/api/v1/applications/web/resource-tree')).toMatchObject({
      nodes: [{ kind: 'ConfigMap', name: 'settings', uid: (await inFar())?.metadata.uid }],
    });
    const query = 'resourceName=settings&namespace=default&version=v1&kind=ConfigMap';
    await place.ask('DELETE', `/api/v1/applications/web/resource?${query}`);
    await place.until('the end of the resource', async () => (await inFar()) === undefined);
    await place.until('the drift', async () => (await place.app()).status?.sync?.status === 'OutOfSync');
  });

  test('goes with what it deployed', async () => {
    await place.create({ destination: { server: FAR, namespace: 'default' } });
    await place.sync();
    await place.ask('DELETE', '/api/v1/applications/web?cascade=true');
    await place.until('the end of the resource', async () => (await inFar()) === undefined);
    await place.until('its own end', async () => (await place.find('Application', 'web', 'argocd')) === undefined);
  });

  test('does not own what carries its name in another cluster', async () => {
    await place.create({ destination: { server: FAR, namespace: 'default' } });
    await place.sync();
    await place.settled();
    const before = await place.app();
    const deployed = await inFar();
    const annotations = deployed ? annotationsOf(deployed) : {};
    const metadata = { name: 'settings', namespace: 'default', annotations };
    await place.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const extra = { name: 'extra', namespace: 'default' };
    const id = { 'argocd.argoproj.io/tracking-id': 'web:/ConfigMap:default/extra' };
    await place.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...extra, annotations: id } });
    await place.clock.sleep(1000);
    await place.settled();
    expect(await place.app()).toEqual(before);
    await place.ask('GET', '/api/v1/applications/web?refresh=normal');
    expect((await place.app()).status?.resources?.map(({ name }) => name)).toEqual(['settings']);
    await place.ask('DELETE', '/api/v1/applications/web?cascade=true');
    await place.until('the end of the resource', async () => (await inFar()) === undefined);
    expect(await inNear()).toBeDefined();
  });

  test('is not changed by what comes from a cluster that was unregistered', async () => {
    await place.create({ destination: { server: FAR, namespace: 'default' } });
    await place.sync();
    await place.settled();
    place.unregister(FAR);
    await place.others.get(FAR)?.patch(SETTINGS, { type: 'merge', body: { data: { colour: 'red' } } });
    await place.ask('GET', '/api/v1/applications/web?refresh=normal');
    expect((await place.app()).status?.conditions).toMatchObject([
      {
        type: 'InvalidSpecError',
        message: `error getting cluster by server "${FAR}": rpc error: code = NotFound desc = cluster "${FAR}" not found`,
      },
    ]);
  });

  test('is refused when its server and its name are given', async () => {
    const destination = { server: FAR, name: 'far', namespace: 'default' };
    await expect(place.create({ destination })).rejects.toThrow(
      `application destination can't have both name and server defined: far ${FAR}`,
    );
  });
});

describe('the registry of clusters', () => {
  const opened: string[] = [];
  const stopped: string[] = [];
  beforeEach(() => {
    opened.length = 0;
    stopped.length = 0;
  });

  const registry = (): ClusterRegistry<LiveState> => createClusterRegistry(({ server }) => liveOf(server));

  function liveOf(server: string): LiveState & { stop(): void } {
    opened.push(server);
    return { ...EMPTY, stop: () => void stopped.push(server) };
  }

  test('opens the live state of a cluster with the first use of it, once, and closes what is open', () => {
    const clusters = registry();
    clusters.register({ server: NEAR, name: 'near', namespaces: [], cluster: NO_CLUSTER });
    clusters.register({ server: FAR, name: 'far', namespaces: [], cluster: NO_CLUSTER });
    expect(opened).toEqual([]);
    clusters.open({ server: FAR });
    clusters.open({ name: 'far' });
    expect(opened).toEqual([FAR]);
    clusters.close();
    expect(stopped).toEqual([FAR]);
  });

  test('closes the live state of a cluster that is unregistered, and knows it no more', () => {
    const clusters = registry();
    clusters.register({ server: FAR, name: 'far', namespaces: [], cluster: NO_CLUSTER });
    clusters.open({ server: FAR });
    clusters.unregister(FAR);
    expect(stopped).toEqual([FAR]);
    expect(clusters.serverOf({ name: 'far' })).toBeUndefined();
    expect(() => clusters.open({ server: FAR })).toThrow(
      `error getting cluster by server "${FAR}": rpc error: code = NotFound desc = cluster "${FAR}" not found`,
    );
    expect(() => clusters.open({ name: 'far' })).toThrow('there are no clusters with this name: far');
  });

  test('refuses a name that several clusters have', () => {
    const clusters = registry();
    clusters.register({ server: 'https://a.example', name: 'far', namespaces: [], cluster: NO_CLUSTER });
    clusters.register({ server: 'https://b.example', name: 'far', namespaces: [], cluster: NO_CLUSTER });
    expect(() => clusters.open({ name: 'far' })).toThrow(
      'there are 2 clusters with the same name: [https://a.example https://b.example]',
    );
    expect(clusters.open({ server: 'https://b.example' }).server).toBe('https://b.example');
  });
});
