import { describe, expect, test } from 'vitest';
import { createStore, type Journal } from '../../../src/local-cluster/store/store.ts';
import type { KubeObject } from '../../../src/objects/object.ts';

function configMap(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'n' } };
}
const write = (name: string) => ({ resource: '/configmaps', namespace: 'n', name, object: configMap(name) });

function journal(append: Journal['append']): Journal {
  return { append, compact: async () => undefined, close: async () => undefined };
}

describe('a store', () => {
  test('takes back what the journal refuses, and goes on', async () => {
    let full = true;
    const store = createStore(
      journal(async () => {
        if (full) throw new Error('no space left');
      }),
      { revision: 0, entries: [] },
    );
    const told: string[] = [];
    store.subscribe((change) => told.push(change.name));
    await expect(Promise.all([store.commit(write('a')), store.commit(write('b'))])).rejects.toThrow('no space left');
    await store.settled();
    expect(store.list('/configmaps')).toEqual([]);
    full = false;
    await store.commit(write('c'));
    expect(told).toEqual(['c']);
    expect(store.list('/configmaps').map((object) => object.metadata.name)).toEqual(['c']);
  });

  test('writes that come while another is being written go together', async () => {
    const batches: number[] = [];
    const store = createStore(
      journal(async (changes) => {
        batches.push(changes.length);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }),
      { revision: 0, entries: [] },
    );
    await Promise.all(['a', 'b', 'c'].map((name) => store.commit(write(name))));
    await store.commit(write('d'));
    expect(batches).toEqual([1, 2, 1]);
  });

  test('looks back to where it began, and no further', async () => {
    const store = createStore(
      journal(async () => undefined),
      { revision: 7, entries: [] },
    );
    await store.commit(write('a'));
    expect(store.since(7)?.map((change) => change.name)).toEqual(['a']);
    expect(store.since(6)).toBeUndefined();
  });
});
