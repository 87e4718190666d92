import { describe, expect, test } from 'vitest';
import { type Applied, applyTyped } from '../../../src/objects/apply.ts';
import type { KubeObject } from '../../../src/objects/object.ts';
import { loadBuiltinTypes } from '../../../src/objects/types.ts';

const types = await loadBuiltinTypes();
const type = types.ofKind('', 'v1', 'ConfigMap') ?? { schema: undefined, resolve: types.resolve };

function configMap(data: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' }, data };
}

function apply(live: KubeObject | undefined, name: string, data: Record<string, string>, force = false): Applied {
  const manager = { name, operation: 'Apply', apiVersion: 'v1', subresource: '' } as const;
  return applyTyped({ live, applied: configMap(data), type, manager, force, time: '2026-01-01T00:00:00Z' });
}

describe('server-side apply', () => {
  const first = apply(undefined, 'one', { x: '1', y: '1' }).object;

  test('owns what it applies', () => {
    expect(first.metadata.managedFields).toMatchObject([
      { manager: 'one', operation: 'Apply', fieldsV1: { 'f:data': { 'f:x': {}, 'f:y': {} } } },
    ]);
  });

  test('takes away what it applies no longer', () => {
    expect(apply(first, 'one', { x: '1' }).object['data']).toEqual({ x: '1' });
  });

  test('gives up everything without losing the object', () => {
    const { object } = apply(first, 'one', {});
    expect(object.metadata.name).toBe('a');
    expect(object['data']).not.toMatchObject({ x: '1' });
  });

  test('leaves what another manager has too', () => {
    const shared = apply(first, 'two', { x: '1' }).object;
    expect(apply(shared, 'one', { y: '1' }).object['data']).toEqual({ x: '1', y: '1' });
  });

  test('tells a conflict, and force takes the field', () => {
    expect(apply(first, 'two', { x: '2' }).conflicts).toEqual([{ manager: 'conflict with "one"', path: '.data.x' }]);
    const forced = apply(first, 'two', { x: '2' }, true).object;
    expect(forced['data']).toEqual({ x: '2', y: '1' });
    expect(forced.metadata.managedFields).toMatchObject([
      { manager: 'one', fieldsV1: { 'f:data': { 'f:y': {} } } },
      { manager: 'two', fieldsV1: { 'f:data': { 'f:x': {} } } },
    ]);
  });

  test('an apply that changes nothing keeps the object', () => {
    expect(apply(first, 'one', { x: '1', y: '1' }).object).toEqual(first);
  });
});
