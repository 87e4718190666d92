// What a watch cache follows, and how its objects are found without looking at all of them.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { createWatchCache, type WatchCache } from '../../../src/kubernetes/watch-cache.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';
import type { Cluster } from '../../../src/objects/cluster.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' } as const;
const SECRET = { group: '', version: 'v1', kind: 'Secret' } as const;

let local: LocalCluster;
let cluster: Cluster;
let cache: WatchCache | undefined;
beforeEach(async () => {
  local = await openLocalCluster({ clock: systemClock, random: Math.random });
  cluster = createKubeCluster(local.handle);
  await create('ConfigMap', 'default', 'one');
  await create('ConfigMap', 'kube-public', 'two');
});
afterEach(async () => {
  cache?.stop();
  await local.close();
});

const create = (kind: string, namespace: string, name: string): Promise<KubeObject> =>
  cluster.create({ apiVersion: 'v1', kind, metadata: { name, namespace } });

function namesOf(objects: Iterable<KubeObject>): readonly string[] {
  return [...objects].map(({ metadata }) => metadata.name ?? '').sort();
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 200; tries += 1) await systemClock.sleep(10);
  expect(holds()).toBe(true);
}

test('objects are found by their kind, as they come and go', async () => {
  const current = createWatchCache({ cluster, clock: systemClock });
  cache = current;
  await current.follow([CONFIG_MAP, SECRET]);
  expect(namesOf(current.ofKind(CONFIG_MAP))).toEqual(['one', 'two']);
  expect(namesOf(current.ofKind(SECRET))).toEqual([]);
  await create('Secret', 'default', 'three');
  await cluster.delete({ ...CONFIG_MAP, namespace: 'default', name: 'one' });
  await until(() => namesOf(current.ofKind(SECRET)).length === 1 && namesOf(current.ofKind(CONFIG_MAP)).length === 1);
  expect(namesOf(current.ofKind(SECRET))).toEqual(['three']);
  expect(namesOf(current.ofKind(CONFIG_MAP))).toEqual(['two']);
});

test('the answer of a write that comes after the news that the object is gone does not bring it back', async () => {
  const current = createWatchCache({ cluster, clock: systemClock });
  cache = current;
  await current.follow([CONFIG_MAP]);
  const key = { ...CONFIG_MAP, namespace: 'default', name: 'one' };
  const written = await cluster.patch(key, { type: 'merge', body: { data: { a: 'b' } } });
  await cluster.delete(key);
  await until(() => current.get(key) === undefined);
  current.put(written);
  expect(current.get(key)).toBeUndefined();
  const anew = await create('ConfigMap', 'default', 'one');
  current.put(anew);
  expect(current.get(key)?.metadata.uid).toBe(anew.metadata.uid);
});

test('the namespaces that are named are followed, and no others', async () => {
  const current = createWatchCache({ cluster, clock: systemClock, namespaces: ['default', 'kube-system'] });
  cache = current;
  await current.follow([CONFIG_MAP]);
  expect(namesOf(current.ofKind(CONFIG_MAP))).toEqual(['one']);
  await create('ConfigMap', 'kube-public', 'three');
  await create('ConfigMap', 'kube-system', 'four');
  await until(() => namesOf(current.ofKind(CONFIG_MAP)).includes('four'));
  expect(namesOf(current.ofKind(CONFIG_MAP))).toEqual(['four', 'one']);
});

test('what was listed before it was stopped is told, and nothing after', async () => {
  const changes: string[] = [];
  const current = createWatchCache({
    cluster,
    clock: systemClock,
    changed: ({ after }) => changes.push(after?.metadata.name ?? ''),
  });
  await current.follow([CONFIG_MAP]);
  const following = current.follow([SECRET]);
  current.stop();
  await create('Secret', 'default', 'three');
  await Promise.race([following, systemClock.sleep(50)]);
  expect(changes.sort()).toEqual(['one', 'two']);
});
