// What a strategic merge patch makes of lists, in the words and the order of a real API server.

import { beforeAll, describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, listAt, textAt } from '../../../src/core/json.ts';
import { restoreFault } from '../../../src/objects/restore.ts';
import { type TypeOf, UNTYPED } from '../../../src/objects/schema.ts';
import { strategicMerge } from '../../../src/objects/strategic-merge.ts';
import { loadBuiltinTypes } from '../../../src/objects/types.ts';

let type: TypeOf = UNTYPED;
beforeAll(async () => {
  type = (await loadBuiltinTypes()).ofKind('', 'v1', 'Service') ?? UNTYPED;
});

const port = (name: string, number: number): JsonObject => ({ name, port: number });
const live: JsonObject = {
  metadata: { finalizers: ['x/1', 'x/2', 'x/3'], labels: { a: 'b' } },
  spec: { ports: [port('a', 1), port('b', 2), port('c', 3)], type: 'ClusterIP' },
};
const merged = (patch: JsonObject): JsonObject => strategicMerge(live, patch, type).object;
const namesOf = (list: readonly Json[]): string =>
  list.map((item) => (isObject(item) ? textAt(item, 'name') : String(item))).join();

describe('the order of a merged list', () => {
  test.each<[readonly JsonObject[], string]>([
    [[port('n', 9)], 'n,a,b,c'],
    [[port('cc', 3), port('aa', 1)], 'b,cc,aa'],
    [[port('cc', 3), port('n', 9), port('bb', 2)], 'a,cc,n,bb'],
    [[{ $patch: 'delete', port: 1 }], 'b,c'],
    [[{ $patch: 'replace' }, port('n', 9)], 'n'],
    [[{ $patch: 'delete', port: 1 }, port('aa', 1)], 'aa,b,c'],
  ])('of ports with %j is %s', (ports, names) => {
    expect(namesOf(listAt(merged({ spec: { ports } }), 'spec', 'ports'))).toBe(names);
  });

  test.each<[JsonObject, string]>([
    [{ finalizers: ['x/9'] }, 'x/9,x/1,x/2,x/3'],
    [{ finalizers: ['x/3', 'x/1'] }, 'x/2,x/3,x/1'],
    [{ '$setElementOrder/finalizers': ['x/3', 'x/1'] }, 'x/2,x/3,x/1'],
    [{ finalizers: ['x/9'], '$setElementOrder/finalizers': ['x/1', 'x/9'] }, 'x/1,x/9,x/2,x/3'],
    [{ '$deleteFromPrimitiveList/finalizers': ['x/2'], finalizers: ['x/8'] }, 'x/8,x/1,x/3'],
    [{ finalizers: [], '$setElementOrder/finalizers': [] }, 'x/1,x/2,x/3'],
  ])('of finalizers with %j is %s', (metadata, names) => {
    expect(namesOf(listAt(merged({ metadata }), 'metadata', 'finalizers'))).toBe(names);
  });
});

test.each<[JsonObject, string]>([
  [{ spec: { ports: [{ $patch: 'foo', port: 1 }] } }, 'unknown patch type: foo in map: map[$patch:foo port:1]'],
  [{ spec: { ports: [{ $patch: 5, port: 1 }] } }, 'unknown patch type: %!s(int64=5) in map: map[$patch:5 port:1]'],
  [{ spec: { ports: [{ $patch: 'merge', port: 1 }] } }, 'merging lists cannot yet be specified in the patch'],
  [{ spec: { ports: [{ name: 'x' }] } }, 'map: map[name:x] does not contain declared merge key: port'],
  [{ metadata: { finalizers: [5] } }, 'list element types are not identical: [[x/1 x/2 x/3] [5]]'],
  [{ metadata: { labels: { $patch: null } } }, 'unknown patch type: %!s(<nil>) in map: map[$patch:<nil>]'],
  [{ metadata: { $retainKeys: ['labels'], annotations: {} } }, 'invalid patch format of retainKeys'],
  [{ spec: { '$setElementOrder/ports': 'x' } }, 'expected a []interface {}, but received a string'],
  [{ spec: { '$setElementOrder/zz': [1] } }, 'unable to find api field in struct ServiceSpec for the json field "zz"'],
  [
    { spec: { ports: [port('n', 9)], '$setElementOrder/ports': [{ port: 1 }] } },
    "The order in patch list:\n[map[name:n port:9]]\n doesn't match $setElementOrder list:\n[map[port:1]]\n",
  ],
])('%j is refused', (patch, message) => {
  expect(() => merged(patch)).toThrow(message);
});

test.each<[JsonObject, Json | undefined]>([
  [{ metadata: { annotations: { $patch: 'replace', a: 'b' } } }, undefined],
  [{ metadata: { annotations: { a: null, b: 'c' } } }, { b: 'c' }],
  [{ metadata: { annotations: { a: [{ $patch: 'delete' }, 'x'] } } }, { a: ['x'] }],
])('what was not there is taken from %j without its nulls and directives', (patch, annotations) => {
  const { metadata } = merged(patch);
  expect(isObject(metadata) ? metadata['annotations'] : 'none').toEqual(annotations);
});

test.each<[JsonObject, string | undefined]>([
  [{ metadata: 5 }, 'cannot restore struct from: int64'],
  [{ spec: [] }, 'cannot restore struct from: slice'],
  [{ spec: { ports: 'x' } }, 'cannot restore slice from string'],
  [{ spec: { selector: 'x' } }, 'cannot restore map from string'],
  [{ spec: { selector: { a: 5 } } }, 'cannot convert int64 to string'],
  [{ spec: { type: 5 } }, 'cannot convert int64 to v1.ServiceType'],
  [{ spec: { type: true } }, 'unrecognized type: string'],
  [{ spec: { ports: [{ port: 1.5 }] } }, 'cannot convert float64 to int32'],
  [{ spec: { ports: [{ port: 'x' }] } }, 'unrecognized type: int32'],
  [{ spec: { publishNotReadyAddresses: 1 } }, 'unrecognized type: bool'],
  [{ spec: { ports: [{ targetPort: true }] } }, 'json: cannot unmarshal bool into Go value of type int32'],
  [{ spec: { ports: [null], type: null } }, undefined],
])('%j is no Service: %s', (object, fault) => {
  expect(restoreFault(object, type)).toBe(fault);
});
