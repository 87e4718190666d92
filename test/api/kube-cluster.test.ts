// The client against the local cluster: the same cases in one process and over HTTP.

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/cli/io/system-clock.ts';
import { createKubeCluster } from '../../src/kubernetes/cluster.ts';
import { createHttpTransport } from '../../src/kubernetes/http.ts';
import { createWatchCache } from '../../src/kubernetes/watch-cache.ts';
import { openLocalCluster } from '../../src/local-cluster/open.ts';
import type { Cluster } from '../../src/objects/cluster.ts';
import type { KubeObject } from '../../src/objects/object.ts';
import { startKubeServer } from '../support/kube-server.ts';
import { startProxy } from '../support/proxy.ts';

interface Opened {
  readonly cluster: Cluster;
  close(): Promise<void>;
}

async function inProcess(): Promise<Opened> {
  const local = await openLocalCluster({ clock: systemClock, random: Math.random });
  local.start();
  return { cluster: createKubeCluster(local.handle), close: () => local.close() };
}

async function overHttp(): Promise<Opened> {
  const server = await startKubeServer();
  const http = createHttpTransport({ server: server.url, token: async () => server.token });
  return {
    cluster: createKubeCluster(http.transport),
    close: async () => {
      http.close();
      await server.close();
    },
  };
}

const CONFIG_MAP = { group: '', version: 'v1', kind: 'ConfigMap' };
const DEPLOYMENT = { group: 'apps', version: 'v1', kind: 'Deployment' };

function configMap(name: string, data: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data };
}

function deployment(name: string, annotations: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
      },
    },
  };
}

async function until(cluster: Cluster, name: string, holds: (object: KubeObject) => boolean): Promise<KubeObject> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const found = await cluster.get({ ...DEPLOYMENT, namespace: 'default', name });
    if (found && holds(found)) return found;
    await systemClock.sleep(50);
  }
  throw new Error(`${name} never got there`);
}

describe.each([
  ['in the same process', inProcess],
  ['over HTTP', overHttp],
])('a cluster %s', (_name, open) => {
  async function withCluster(use: (cluster: Cluster) => Promise<void>): Promise<void> {
    const { cluster, close } = await open();
    try {
      await use(cluster);
    } finally {
      await close();
    }
  }

  test('creates, reads, patches and deletes', () =>
    withCluster(async (cluster) => {
      const reference = { ...CONFIG_MAP, namespace: 'default', name: 'settings' };
      const made = await cluster.create(configMap('settings', { a: '1' }));
      expect(await cluster.get(reference)).toEqual(made);
      const patched = await cluster.patch(reference, { type: 'merge', body: { data: { b: '2' } } });
      expect(patched['data']).toEqual({ a: '1', b: '2' });
      await cluster.delete(reference);
      expect(await cluster.get(reference)).toBeUndefined();
    }));

  test('names its refusals', () =>
    withCluster(async (cluster) => {
      const made = await cluster.create(configMap('a'));
      await expect(cluster.create(configMap('a'))).rejects.toMatchObject({ code: 'already-exists' });
      await cluster.update({ ...made, data: { x: '1' } });
      await expect(cluster.update({ ...made, data: { x: '2' } })).rejects.toMatchObject({ code: 'conflict' });
      const missing = { ...CONFIG_MAP, namespace: 'default', name: 'none' };
      await expect(cluster.delete(missing)).rejects.toMatchObject({ code: 'not-found' });
      const bad = { ...configMap('a'), metadata: { name: 'Not_Valid', namespace: 'default' } };
      await expect(cluster.create(bad)).rejects.toMatchObject({ code: 'invalid' });
      const lost = { ...configMap('a'), metadata: { name: 'a', namespace: 'nowhere' } };
      await expect(cluster.create(lost)).rejects.toMatchObject({ code: 'not-found' });
    }));

  test('applies on the server and tells conflicts', () =>
    withCluster(async (cluster) => {
      const reference = { ...CONFIG_MAP, namespace: 'default', name: 'a' };
      await cluster.patch(reference, { type: 'apply', body: configMap('a', { x: '1' }) }, { fieldManager: 'one' });
      const second = { type: 'apply', body: configMap('a', { x: '2' }) } as const;
      await expect(cluster.patch(reference, second, { fieldManager: 'two' })).rejects.toMatchObject({
        code: 'conflict',
        message: 'Apply failed with 1 conflict: conflict with "one": .data.x',
      });
      const forced = await cluster.patch(reference, second, { fieldManager: 'two', force: true });
      expect(forced['data']).toEqual({ x: '2' });
    }));

  test('watches from a version on, and ends when asked', () =>
    withCluster(async (cluster) => {
      const { resourceVersion } = await cluster.list(CONFIG_MAP, { namespace: 'default' });
      const control = new AbortController();
      const events: string[] = [];
      const watching = (async () => {
        const query = {
          namespace: 'default',
          resourceVersion,
          signal: control.signal,
          fieldSelector: 'metadata.name=w',
        };
        for await (const event of cluster.watch(CONFIG_MAP, query)) {
          events.push(event.type);
          if (event.type === 'DELETED') control.abort();
        }
      })();
      await cluster.create(configMap('w'));
      await cluster.patch(
        { ...CONFIG_MAP, namespace: 'default', name: 'w' },
        { type: 'merge', body: { data: { a: '1' } } },
      );
      await cluster.delete({ ...CONFIG_MAP, namespace: 'default', name: 'w' });
      await watching;
      expect(events).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    }));

  test('refuses a version that is none', () =>
    withCluster(async (cluster) => {
      const query = { resourceVersion: '999999999', signal: new AbortController().signal };
      const watching = cluster.watch(CONFIG_MAP, { ...query, resourceVersion: '-1' })[Symbol.asyncIterator]();
      await expect(watching.next()).rejects.toThrow(/resourceVersion: Invalid value: "-1"/);
    }));

  test('a Deployment becomes available, and a crashing one runs out of time', () =>
    withCluster(async (cluster) => {
      await cluster.create(deployment('web'));
      await cluster.create(deployment('bad', { 'hawser.dev/fault': 'crash' }));
      const web = await until(cluster, 'web', (found) =>
        JSON.stringify(found['status']).includes('NewReplicaSetAvailable'),
      );
      expect(web['status']).toMatchObject({ availableReplicas: 2, observedGeneration: 1 });
      await until(cluster, 'bad', (found) => JSON.stringify(found['status']).includes('ProgressDeadlineExceeded'));
    }));

  test('a watch cache follows what happens', () =>
    withCluster(async (cluster) => {
      const seen: string[] = [];
      const cache = createWatchCache({
        cluster,
        clock: systemClock,
        changed: ({ before, after }) => {
          const name = (after ?? before)?.metadata.name ?? '';
          if (name === 'kept') seen.push(`${before ? 'had' : 'new'}/${after ? 'has' : 'gone'}`);
        },
      });
      await cache.follow([CONFIG_MAP]);
      const made = await cluster.create(configMap('kept'));
      cache.put(made);
      const key = { group: '', kind: 'ConfigMap', namespace: 'default', name: 'kept' };
      expect(cache.get(key)).toEqual(made);
      await cluster.delete({ ...CONFIG_MAP, namespace: 'default', name: 'kept' });
      for (let attempt = 0; cache.get(key) && attempt < 100; attempt += 1) await systemClock.sleep(20);
      cache.stop();
      expect(seen).toEqual(['new/has', 'had/gone']);
    }));
});

test.each([
  ['//', 404],
  ['//x:99999/api', 404],
  ['///', 404],
  ['http://', 400],
  ['*', 400],
])('a request for %s is answered with %i', async (path, status) => {
  const { url, token, close } = await startKubeServer();
  const sent = request(url, { path, headers: { authorization: `Bearer ${token}` } }).end();
  const [response]: IncomingMessage[] = await once(sent, 'response');
  response?.resume();
  await close();
  expect(response?.statusCode).toBe(status);
});

test('a proxy carries the requests', async () => {
  const [server, proxy] = [await startKubeServer(), await startProxy()];
  const { port } = new URL(server.url);
  const http = createHttpTransport({
    server: `http://kubernetes.example.test:${port}`,
    token: async () => server.token,
    proxy: `http://${proxy.address}`,
  });
  const cluster = createKubeCluster(http.transport);
  await cluster.create(configMap('by-proxy'));
  const { items } = await cluster.list(CONFIG_MAP, { namespace: 'default' });
  expect(items.map(({ metadata }) => metadata.name)).toContain('by-proxy');
  expect(proxy.passed[0]).toBe(`CONNECT kubernetes.example.test:${port}`);
  http.close();
  proxy.close();
  await server.close();
});
