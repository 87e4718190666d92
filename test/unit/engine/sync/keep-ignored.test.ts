import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/core/json.ts';
import { keepIgnored } from '../../../../src/engine/sync/keep-ignored.ts';
import { type Schema, type TypeOf, UNTYPED } from '../../../../src/objects/schema.ts';

const container: Schema = { type: 'object' };
const named: Schema = {
  type: 'object',
  properties: { c: { type: 'array', items: container, 'x-kubernetes-patch-merge-key': 'name' } },
};
const TYPED: TypeOf = { schema: named, resolve: (schema) => schema };

interface Case {
  readonly type: TypeOf;
  readonly live: Json;
  /** Without what is ignored. */
  readonly kept: Json;
  readonly target: Json;
  readonly wanted: Json;
}

const CASES: Readonly<Record<string, Case>> = {
  'a field that is ignored keeps its live value': {
    type: UNTYPED,
    live: { replicas: 5, image: 'a' },
    kept: { image: 'a' },
    target: { image: 'b' },
    wanted: { replicas: 5, image: 'b' },
  },
  'a field that Git has and the cluster has not stays out': {
    type: UNTYPED,
    live: { image: 'a' },
    kept: { image: 'a' },
    target: { image: 'b' },
    wanted: { image: 'b' },
  },
  'a field of one item is put into the item of its key': {
    type: TYPED,
    live: {
      c: [
        { name: 'x', image: 'live' },
        { name: 'y', image: 'y' },
      ],
    },
    kept: { c: [{ name: 'x' }, { name: 'y', image: 'y' }] },
    target: { c: [{ name: 'new' }, { name: 'y', image: 'y2' }, { name: 'x', port: 1 }] },
    wanted: { c: [{ name: 'new' }, { name: 'y', image: 'y2' }, { name: 'x', port: 1, image: 'live' }] },
  },
  'an item that is ignored as a whole stays': {
    type: TYPED,
    live: {
      c: [
        { name: 'sidecar', image: 's' },
        { name: 'x', image: 'a' },
      ],
    },
    kept: { c: [{ name: 'x', image: 'a' }] },
    target: { c: [{ name: 'x', image: 'b' }] },
    wanted: {
      c: [
        { name: 'x', image: 'b' },
        { name: 'sidecar', image: 's' },
      ],
    },
  },
  'items without a key pair up by their place': {
    type: UNTYPED,
    live: {
      c: [
        { a: 1, b: 1 },
        { a: 2, b: 2 },
      ],
    },
    kept: { c: [{ a: 1 }, { a: 2, b: 2 }] },
    target: { c: [{ a: 3 }, { a: 4, b: 4 }] },
    wanted: {
      c: [
        { a: 3, b: 1 },
        { a: 4, b: 4 },
      ],
    },
  },
};

describe('RespectIgnoreDifferences', () => {
  test.each(Object.entries(CASES))('%s', (_what, { type, live, kept, target, wanted }) => {
    expect(keepIgnored({ live, remaining: kept, target }, type)).toEqual(wanted);
  });
});
