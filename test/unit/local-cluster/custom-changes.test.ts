// Custom resources whose definitions change while they are there, and what is written of them by itself: status and scale.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { type JsonObject, objectAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const THINGS = '/apis/example.com/v1/namespaces/default/things';
const LOOSE = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const APPLY = { headers: { 'content-type': 'application/apply-patch+yaml' } };

const ofSpec = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties: { spec: { type: 'object', properties, ...more }, status: LOOSE },
});

const versionOf = (schema: JsonObject, subresources: JsonObject): JsonObject => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources,
});

/** A thing that came when anything was allowed, under a definition that has become strict since. */
async function outgrown(spec: JsonObject, schema: JsonObject, subresources: JsonObject = {}): Promise<void> {
  const names = { plural: 'things', kind: 'Thing' };
  const of = (versions: JsonObject): JsonObject => ({
    metadata: { name: 'things.example.com' },
    spec: { group: 'example.com', scope: 'Namespaced', names, versions: [versions] },
  });
  await kube.call('POST', DEFINITIONS, of(versionOf(LOOSE, subresources)));
  await expect.poll(async () => (await kube.call('GET', THINGS)).status).toBe(200);
  const body = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec };
  expect(await kube.call('POST', THINGS, body)).toMatchObject({ status: 201 });
  const change = { spec: { versions: [versionOf(schema, subresources)] } };
  expect(await kube.call('PATCH', `${DEFINITIONS}/things.example.com`, change, MERGE)).toMatchObject({ status: 200 });
}

const merge = (body: JsonObject, below = ''): Promise<KubeAnswer> =>
  kube.call('PATCH', `${THINGS}/a${below}`, body, MERGE);
const text = { type: 'string' };
const short = { ...text, maxLength: 2 };

describe('what was there before stays', () => {
  const item = { type: 'object', required: ['k'], properties: { k: text, v: short, w: text } };
  const list = { type: 'array', items: item };
  const keyed = { ...list, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] };
  const spec = {
    s: 'long',
    o: { v: 'long', w: 'x' },
    l: [{ k: 'a', v: 'long' }],
    m: [
      { k: 'a', v: 'long' },
      { k: 'b', v: 'long' },
    ],
    set: ['a', 'a'],
  };
  const schema = ofSpec({
    s: short,
    o: { type: 'object', required: ['r'], properties: { v: short, w: text, r: text } },
    l: list,
    m: keyed,
    set: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
  });

  test.each<[JsonObject, string]>([
    [{}, ''],
    [{ s: 'longer' }, 'spec.s: Too long: may not be more than 2 bytes'],
    [{ o: { w: 'y' } }, 'spec.o.r: Required value'],
    [{ l: [{ k: 'a', v: 'long', w: 'x' }] }, 'spec.l[0].v: Too long: may not be more than 2 bytes'],
    [{ m: [spec.m[1], { k: 'a', v: 'long', w: 'x' }] as JsonObject[] }, ''],
    [{ m: [{ k: 'c', v: 'long' }] }, 'spec.m[0].v: Too long: may not be more than 2 bytes'],
    [{ set: ['b', 'b'] }, ''],
  ])('%j', async (change, faults) => {
    await outgrown(spec, schema);
    const { status, message } = await merge({ metadata: { labels: { a: 'b' } }, spec: change });
    expect([status, message ?? '']).toEqual(
      faults === '' ? [200, ''] : [422, `Thing.example.com "a" is invalid: ${faults}`],
    );
  });

  test('a rule that it breaks is warned of, one that compares is asked again', async () => {
    const rules = (...list: readonly JsonObject[]): JsonObject => ({ 'x-kubernetes-validations': [...list] });
    const strict = ofSpec({
      a: { ...text, ...rules({ rule: 'self == "ok"', message: 'not ok' }) },
      b: { ...text, ...rules({ rule: 'self != oldSelf', message: 'the same' }) },
    });
    await outgrown({ a: 'no', b: 'x' }, strict);
    expect(await merge({ spec: { b: 'y' } })).toMatchObject({
      status: 200,
      warning: '299 - "spec.a: Invalid value: \\"no\\": not ok"',
    });
    expect(await merge({ spec: { a: 'yes' } })).toMatchObject({
      message:
        'Thing.example.com "a" is invalid: [spec.a: Invalid value: "yes": not ok, spec.b: Invalid value: "y": the same]',
    });
  });
});

test('is read by the schema of today: with its defaults, without what it does not know', async () => {
  await outgrown({ a: 'x', other: 1 }, ofSpec({ a: text, b: { ...text, default: 'usual' } }));
  const read = { spec: { a: 'x', b: 'usual' }, metadata: { generation: 1 } };
  const { body } = await kube.call('GET', `${THINGS}/a`);
  expect(objectAt(body, 'spec')).toEqual(read.spec);
  expect((await merge({ metadata: { labels: { a: 'b' } } })).body).toMatchObject(read);
});

describe('a status', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: { type: 'object', properties: { n: { type: 'integer', minimum: 5 } } },
      status: { type: 'object', properties: { n: { type: 'integer', minimum: 0 } } },
    },
  };

  test('is judged by itself', async () => {
    await outgrown({ n: 1 }, schema, { status: {} });
    expect(await merge({ status: { n: 1 } }, '/status')).toMatchObject({ status: 200 });
    expect(await merge({ status: { n: -1 } }, '/status')).toMatchObject({
      message:
        'Thing.example.com "a" is invalid: status.n: Invalid value: -1: n in body should be greater than or equal to 0',
    });
  });

  test('that is no subresource is a wish like others', async () => {
    await outgrown({ n: 7 }, schema);
    expect((await merge({ status: { n: 1 } })).body).toMatchObject({ metadata: { generation: 2 } });
    expect(await merge({}, '/status')).toMatchObject({ status: 404, message: 'things.example.com "a" not found' });
  });
});

test.each<[JsonObject, string]>([
  [{ n: -5 }, '-5: should be a non-negative integer'],
  [{ n: 'x' }, '0: .spec.n accessor error: x is of the type string, expected int64'],
  [{ n: 5_000_000_000 }, '5000000000: should be less than or equal to 2147483647'],
])('is not scaled by %j', async (spec, why) => {
  const scale = { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n' };
  await outgrown({ n: 1 }, LOOSE, { scale });
  expect(await merge({ spec })).toMatchObject({
    message: `Thing.example.com "a" is invalid: .spec.n: Invalid value: ${why}`,
  });
});

test('an object within it is one of the API: its metadata is read and judged as metadata', async () => {
  const inner = { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: LOOSE } };
  await outgrown({}, ofSpec({ inner }));
  const pod = (metadata: JsonObject, more: JsonObject = {}): JsonObject => ({
    spec: { inner: { apiVersion: 'v1', kind: 'Pod', metadata, ...more } },
  });
  const { warning, body } = await merge(pod({ name: 'a', other: 1 }, { top: 1, spec: { any: 1 } }));
  expect(objectAt(body, 'spec', 'inner')).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { any: 1 },
  });
  expect(warning).toContain('unknown field \\"spec.inner.metadata.other\\"');
  expect(await merge(pod({ labels: { 'a b': 'c' } }))).toMatchObject({
    message: expect.stringMatching(/spec\.inner\.metadata\.labels: Invalid value: "a b"/),
  });
  expect(await merge(pod({ name: 5 }))).toMatchObject({
    message: expect.stringMatching(/spec\.inner\.metadata: Invalid value: {"name":5}: json: cannot unmarshal number/),
  });
});

test('an apply sends a null on purpose', async () => {
  await outgrown({}, ofSpec({ a: text, b: { ...text, default: 'usual' } }));
  const apply = (spec: JsonObject): Promise<KubeAnswer> =>
    kube.call(
      'PATCH',
      `${THINGS}/a?fieldManager=m`,
      { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec },
      APPLY,
    );
  expect(await apply({ a: null })).toMatchObject({
    message:
      'Thing.example.com "a" is invalid: spec.a: Invalid value: "null": spec.a in body must be of type string: "null"',
  });
  expect((await apply({ b: null })).body).toMatchObject({ spec: { b: 'usual' } });
});

describe('who owns what of a custom resource', () => {
  const either = { type: 'string', 'x-kubernetes-int-or-string': true };
  const apply = (spec: JsonObject, manager: string): Promise<KubeAnswer> => {
    const body = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec };
    return kube.call('PATCH', `${THINGS}/a?fieldManager=${manager}`, body, APPLY);
  };
  const ownersOf = (answer: KubeAnswer): unknown => objectAt(answer.body, 'metadata')['managedFields'];

  test('is lost with a number in what is of type text and may be either', async () => {
    await outgrown({ a: 'x' }, ofSpec({ a: text, either }));
    expect(ownersOf(await merge({ spec: { either: 'x' } }))).toHaveLength(1);
    expect(ownersOf(await merge({ spec: { either: 1 } }))).toBeUndefined();
    expect(await apply({ a: 'y' }, 'one')).toMatchObject({
      status: 500,
      message: expect.stringContaining('.spec.either: expected string, got &value.valueUnstructured{Value:1}'),
    });
  });

  test('counts what is applied, also what the definition drops', async () => {
    await outgrown({}, ofSpec({ open: { type: 'object' } }));
    const applied = await apply({ open: { x: 1 } }, 'one');
    expect(applied.body['spec']).toEqual({ open: {} });
    expect(ownersOf(applied)).toMatchObject([
      { manager: 'one', fieldsV1: { 'f:spec': { 'f:open': { 'f:x': {} } } } },
      { manager: 'unknown' },
    ]);
    expect(await apply({ open: { x: 1 } }, 'two')).toMatchObject({
      status: 409,
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.open.x',
    });
  });
});
