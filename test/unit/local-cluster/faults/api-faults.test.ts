// Faults of the API: which calls they hit, which never, and that Hawser's own clients get through.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/cli/io/system-clock.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { createKubeCluster } from '../../../../src/kubernetes/cluster.ts';
import { createWatchCache } from '../../../../src/kubernetes/watch-cache.ts';
import { isStream } from '../../../../src/local-cluster/request.ts';
import { type KubeCalls, openKubeCalls } from '../../../support/kube-calls.ts';

const CORE = '/api/v1/namespaces/default/configmaps';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };

let chance = 0;
let cluster: KubeCalls;
beforeEach(async () => {
  chance = 0;
  cluster = await openKubeCalls(systemClock, () => chance);
});
afterEach(() => cluster.close());

const annotate = (namespace: string, fault: string | null): Promise<{ readonly status: number }> =>
  cluster.call(
    'PATCH',
    `/api/v1/namespaces/${namespace}`,
    { metadata: { annotations: { 'hawser.dev/fault': fault } } },
    MERGE,
  );
const configMap = (name: string): JsonObject => ({ metadata: { name } });

describe('throttle', () => {
  test('answers 429 with the time to wait, and does nothing', async () => {
    await annotate('default', 'throttle:share=50%');
    expect(await cluster.call('POST', CORE, configMap('a'))).toMatchObject({
      status: 429,
      message: 'Too many requests, please try again later.',
      body: { reason: 'TooManyRequests', details: { retryAfterSeconds: 1 } },
    });
    chance = 0.5;
    expect((await cluster.call('GET', `${CORE}/a`)).status).toBe(404);
    expect((await cluster.call('POST', CORE, configMap('a'))).status).toBe(201);
  });
});

test('error answers 500 in the words of a server that asks to try again', async () => {
  await annotate('default', 'error');
  expect(await cluster.call('DELETE', '/apis/apps/v1/namespaces/default/deployments/x')).toMatchObject({
    status: 500,
    message: 'The delete operation against deployments.apps could not be completed at this time, please try again.',
    body: { reason: 'ServerTimeout', details: { group: 'apps', kind: 'deployments', retryAfterSeconds: 1 } },
  });
});

test('conflict is about updates and patches alone', async () => {
  await annotate('default', 'conflict');
  expect((await cluster.call('POST', CORE, configMap('a'))).status).toBe(201);
  expect((await cluster.call('GET', `${CORE}/a`)).status).toBe(200);
  for (const [method, caller] of [
    ['PUT', {}],
    ['PATCH', MERGE],
  ] as const) {
    expect(await cluster.call(method, `${CORE}/a`, configMap('a'), caller)).toMatchObject({
      status: 409,
      body: { reason: 'Conflict' },
    });
  }
  expect((await cluster.call('DELETE', `${CORE}/a`)).status).toBe(200);
});

describe('the place of a fault', () => {
  test.each([
    ['default', CORE, true],
    ['default', '/api/v1/namespaces/kube-public/configmaps', false],
    ['default', '/api/v1/nodes', false],
    ['default', '/api/v1/configmaps', false],
    ['default', '/api/v1/namespaces/default', false],
    ['kube-system', CORE, true],
    ['kube-system', '/api/v1/nodes', true],
    ['kube-system', '/api/v1/configmaps', true],
    ['kube-system', '/api/v1/namespaces', false],
    ['kube-system', '/api/v1/namespaces/kube-system', false],
    ['kube-system', '/api/v1/namespaces/argocd/secrets', false],
    ['kube-system', '/api/v1/namespaces/kube-system/secrets', false],
    ['kube-system', '/api/v1/namespaces/kube-system/configmaps', true],
    ['kube-system', '/version', false],
    ['kube-system', '/apis', false],
    ['argocd', '/api/v1/namespaces/argocd/secrets', false],
  ])('on %s: is %s hit? %j', async (namespace, path, isHit) => {
    await annotate(namespace, 'throttle');
    expect((await cluster.call('GET', path)).status).toBe(isHit ? 429 : 200);
  });

  test('is told where nothing can be hit', async () => {
    const { warning } = await cluster.call(
      'PATCH',
      '/api/v1/namespaces/argocd',
      { metadata: { annotations: { 'hawser.dev/fault': 'throttle' } } },
      MERGE,
    );
    expect(warning).toContain('does not hit the namespace argocd: Hawser keeps its own records there');
  });

  test('can always be left', async () => {
    await annotate('kube-system', 'throttle; error; conflict');
    expect((await annotate('kube-system', null)).status).toBe(200);
    expect((await cluster.call('GET', CORE)).status).toBe(200);
  });
});

describe('cut', () => {
  async function watch(query = ''): Promise<unknown[]> {
    const { body } = await cluster.handle({
      method: 'GET',
      path: CORE,
      query: new URLSearchParams(`watch=true${query}`),
      headers: {},
    });
    const events: unknown[] = [];
    if (isStream(body)) for await (const event of body) events.push(event);
    return events;
  }

  test('ends watches after their time, or by the client’s where that is shorter', async () => {
    await annotate('default', 'cut:after=1s');
    const start = Date.now();
    expect(await watch()).toEqual([]);
    expect(Date.now() - start).toBeGreaterThan(900);
    expect(Date.now() - start).toBeLessThan(3000);
  });

  test('says that they have expired, where that is asked for', async () => {
    await annotate('default', 'cut:after=1s,expired=true');
    expect(await watch()).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
  });
});

describe('Hawser’s own client', () => {
  const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' };

  test('gets through by trying again', async () => {
    let calls = 0;
    await cluster.close();
    // Two of three are refused.
    cluster = await openKubeCalls(systemClock, () => (++calls % 3 === 0 ? 0.99 : 0));
    await annotate('kube-system', 'throttle');
    const client = createKubeCluster(cluster.handle);
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
    expect(await client.get(reference)).toBeDefined();
    await annotate('kube-system', 'conflict');
    await client.patch(reference, { type: 'merge', body: { data: { x: '1' } } });
    expect((await client.get(reference))?.['data']).toEqual({ x: '1' });
  }, 30_000);

  test('gives an update that names its version back to who must read again', async () => {
    await annotate('default', 'conflict');
    const client = createKubeCluster(cluster.handle);
    const made = await client.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'default' },
    });
    await expect(client.update({ ...made, data: { x: '1' } })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('gives up at last', async () => {
    await annotate('default', 'conflict:share=90%');
    const client = createKubeCluster(cluster.handle);
    await client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
    await expect(client.patch(reference, { type: 'merge', body: { data: {} } })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  test.each(['cut:after=1s', 'cut:after=1s,expired=true'])('keeps its view of the cluster under %s', async (fault) => {
    await annotate('default', fault);
    const client = createKubeCluster(cluster.handle);
    const cache = createWatchCache({ cluster: client, clock: systemClock, namespaces: ['default'] });
    await cache.follow([{ group: '', version: 'v1', kind: 'ConfigMap' }]);
    for (const name of ['a', 'b', 'c']) {
      await systemClock.sleep(700);
      await cluster.call('POST', CORE, configMap(name));
    }
    const has = (name: string): boolean =>
      cache.get({ group: '', kind: 'ConfigMap', namespace: 'default', name }) !== undefined;
    for (let attempt = 0; !['a', 'b', 'c'].every(has) && attempt < 100; attempt += 1) await systemClock.sleep(50);
    expect(['a', 'b', 'c'].filter(has)).toEqual(['a', 'b', 'c']);
    cache.stop();
  });
});
