import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { loadProtobuf, type Protobuf } from '../../../src/local-cluster/protobuf/envelope.ts';
import { type BuiltinTypes, loadBuiltinTypes } from '../../../src/objects/types.ts';
import { loadWireTable } from '../../../src/objects/wire.ts';
import { withZeros } from '../../../src/objects/zeros.ts';

let types: BuiltinTypes;
let protobuf: Protobuf;
let kinds: readonly string[];

beforeAll(async () => {
  types = await loadBuiltinTypes();
  protobuf = await loadProtobuf();
  kinds = Object.keys((await loadWireTable()).kinds);
});

function zerosOf(apiVersion: string, kind: string, object: JsonObject): JsonObject {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const type = types.ofKind(group, version, kind);
  return type ? withZeros(object, type) : object;
}

describe('the zeros of an object', () => {
  test('are, for every kind, what an empty message is read as', () => {
    let count = 0;
    for (const key of kinds) {
      const type = { apiVersion: key.slice(0, key.lastIndexOf('/')), kind: key.slice(key.lastIndexOf('/') + 1) };
      const [version = '', group = ''] = type.apiVersion.split('/').reverse();
      if (!types.ofKind(group, version, type.kind)) continue;
      const bytes = protobuf.encode(type);
      expect(zerosOf(type.apiVersion, type.kind, { ...type }), key).toEqual(bytes && protobuf.decode(bytes, type));
      count += 1;
    }
    expect(count).toBeGreaterThan(100);
  });

  test('are filled in wherever there is a structure, and change nothing that is set', () => {
    const pod = zerosOf('v1', 'Pod', {
      metadata: {},
      spec: {
        containers: [{ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'r' } } }] }],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
    expect(pod).toEqual({
      metadata: {},
      spec: {
        containers: [
          {
            name: '',
            env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'r', divisor: '0' } } }],
            resources: {},
          },
        ],
        volumes: [{ name: 'v', emptyDir: {} }],
      },
      status: { conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null }] },
    });
    expect(zerosOf('v1', 'Pod', pod)).toBe(pod);
  });
});
