import { describe, expect, test } from 'vitest';
import { jsonPatch } from '../../../src/objects/json-patch.ts';
import { mergePatch } from '../../../src/objects/merge-patch.ts';
import { strategicMerge } from '../../../src/objects/strategic-merge.ts';
import { loadBuiltinTypes } from '../../../src/objects/types.ts';

describe('merge patch', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: [1] }, { a: [2, 3] }, { a: [2, 3] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [['a'], { a: 'b', c: null }, { a: 'b' }],
  ])('%j with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
});

describe('JSON patch', () => {
  const object = { a: { b: [1, 2] }, 'x/y': 1 };
  test.each([
    [[{ op: 'add', path: '/a/b/-', value: 3 }], { a: { b: [1, 2, 3] }, 'x/y': 1 }],
    [[{ op: 'add', path: '/a/b/0', value: 0 }], { a: { b: [0, 1, 2] }, 'x/y': 1 }],
    [[{ op: 'remove', path: '/x~1y' }], { a: { b: [1, 2] } }],
    [[{ op: 'replace', path: '/a/new', value: 1 }], { a: { b: [1, 2], new: 1 }, 'x/y': 1 }],
    [[{ op: 'move', from: '/a/b/0', path: '/c' }], { a: { b: [2] }, 'x/y': 1, c: 1 }],
    [[{ op: 'copy', from: '/a/b', path: '/c' }], { a: { b: [1, 2] }, 'x/y': 1, c: [1, 2] }],
    [[{ op: 'test', path: '/x~1y', value: 1 }], object],
  ])('%j', (patch, result) => {
    expect(jsonPatch(object, patch)).toEqual(result);
  });

  test.each([
    [[{ op: 'test', path: '/x~1y', value: 2 }]],
    [[{ op: 'remove', path: '/none' }]],
    [[{ op: 'add', path: '/none/below', value: 1 }]],
    [[{ op: 'add', path: '/a/b/9', value: 1 }]],
    [[{ op: 'frob', path: '/a' }]],
  ])('refuses %j', (patch) => {
    expect(() => jsonPatch(object, patch)).toThrow();
  });
});

describe('strategic merge', () => {
  async function merged(live: object, patch: object): Promise<unknown> {
    const types = await loadBuiltinTypes();
    const type = types.ofKind('', 'v1', 'Pod');
    const pod = (spec: object) => JSON.parse(JSON.stringify({ spec }));
    return JSON.parse(JSON.stringify(strategicMerge(pod(live), pod(patch), type).object)).spec;
  }
  const live = {
    containers: [
      { name: 'a', image: '1' },
      { name: 'b', image: '1' },
    ],
  };

  test('merges containers by name', async () => {
    const patch = {
      containers: [
        { name: 'b', image: '2' },
        { name: 'c', image: '3' },
      ],
    };
    expect(await merged(live, patch)).toEqual({
      containers: [
        { name: 'a', image: '1' },
        { name: 'b', image: '2' },
        { name: 'c', image: '3' },
      ],
    });
  });

  test('deletes what a directive names', async () => {
    expect(await merged(live, { containers: [{ $patch: 'delete', name: 'a' }] })).toEqual({
      containers: [{ name: 'b', image: '1' }],
    });
  });

  test('replaces a list when told so', async () => {
    expect(await merged(live, { containers: [{ $patch: 'replace' }, { name: 'z', image: '9' }] })).toEqual({
      containers: [{ name: 'z', image: '9' }],
    });
  });

  test('keeps only the retained keys, and gives the order', async () => {
    const volumes = { volumes: [{ name: 'v', emptyDir: {} }] };
    const patch = { volumes: [{ $retainKeys: ['name', 'hostPath'], name: 'v', hostPath: { path: '/x' } }] };
    expect(await merged(volumes, patch)).toEqual({ volumes: [{ name: 'v', hostPath: { path: '/x' } }] });
    const order = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] };
    expect(await merged(live, order)).toEqual({
      containers: [
        { name: 'b', image: '1' },
        { name: 'a', image: '1' },
      ],
    });
  });
});
