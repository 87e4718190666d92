import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/time.ts';
import { createKubeCluster } from '../../../src/kubernetes/cluster.ts';
import { openLocalCluster } from '../../../src/local-cluster/open.ts';

describe('a cluster in the same process', () => {
  test('creates, reads, lists, patches and deletes', async () => {
    const local = await openLocalCluster({ clock: systemClock, random: Math.random });
    const cluster = createKubeCluster(local.handle);
    const made = await cluster.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { a: '1' },
    });
    const reference = { group: '', version: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
    expect(await cluster.get(reference)).toEqual(made);
    const control = new AbortController();
    const watch = cluster
      .watch(reference, {
        namespace: 'default',
        resourceVersion: made.metadata.resourceVersion ?? '',
        signal: control.signal,
      })
      [Symbol.asyncIterator]();
    const first = watch.next();
    await cluster.patch(reference, { type: 'merge', body: { data: { b: '2' } } });
    expect((await first).value).toMatchObject({ type: 'MODIFIED', object: { data: { a: '1', b: '2' } } });
    expect((await cluster.list(reference)).items.map((item) => item.kind)).toContain('ConfigMap');
    await cluster.delete(reference);
    expect((await watch.next()).value).toMatchObject({ type: 'DELETED' });
    control.abort();
    expect((await watch.next()).done).toBe(true);
    expect(await cluster.get(reference)).toBeUndefined();
    await expect(cluster.delete(reference)).rejects.toMatchObject({ code: 'not-found' });
    await local.close();
  });
});
