// Single faults that were seen, and the rule behind each.

import { describe, expect, test } from 'vitest';
import { at, type Json, type JsonObject } from '../../../../src/core/json.ts';
import { type Comparison, compareStates } from '../../../../src/engine/diff/compare.ts';
import { createKindTypes } from '../../../../src/engine/diff/kind-types.ts';
import { LAST_APPLIED_ANNOTATION } from '../../../../src/engine/diff/normalise.ts';
import { applyDefaults } from '../../../../src/objects/defaults/defaults.ts';
import { normalise } from '../../../../src/objects/normalise.ts';
import { groupOf, isKubeObject, type KubeObject, versionOf, withAnnotations } from '../../../../src/objects/object.ts';
import { loadBuiltinTypes } from '../../../../src/objects/types.ts';

const builtin = await loadBuiltinTypes();
const types = createKindTypes(builtin, { definitionOf: () => undefined, knownFields: [] });
const ignore = { fields: [], deleteByJq: async () => [], status: 'all', aggregatedRoles: false } as const;

const objectOf = (apiVersion: string, kind: string, rest: JsonObject): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'it', namespace: 'default' },
  ...rest,
});

/** What is in the cluster once `applied` was applied and somebody made `edits`. */
function liveAfter(applied: KubeObject, edits: JsonObject = {}): KubeObject {
  const last = withAnnotations(applied, { [LAST_APPLIED_ANNOTATION]: JSON.stringify(applied) });
  const type = builtin.ofKind(groupOf(applied.apiVersion), versionOf(applied.apiVersion), applied.kind);
  const draft = type ? normalise(last, type).object : { ...last };
  const filled: unknown = draft;
  applyDefaults(groupOf(applied.apiVersion), applied.kind, type ? normalise(last, type).object : {});
  if (!isKubeObject(filled)) throw new Error('it is no object');
  return merged(filled, edits);
}

function merged(object: KubeObject, edits: JsonObject): KubeObject {
  const join = (a: Json | undefined, b: Json | undefined): Json | undefined =>
    typeof b === 'object' && b !== null && !Array.isArray(b)
      ? { ...(typeof a === 'object' && a !== null ? a : {}), ...mapped(b, (key, value) => join(at(a, key), value)) }
      : b;
  const joined: unknown = join(object, edits);
  if (!isKubeObject(joined)) throw new Error('it is no object');
  return joined;
}

const mapped = (object: object, map: (key: string, value: Json) => Json | undefined): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(key, value)]));

const compare = (target: KubeObject, live: KubeObject): Promise<Comparison> =>
  compareStates(target, live, { types, ignore, serverSide: false });

const service = (spec: JsonObject): KubeObject => objectOf('v1', 'Service', { spec });

describe('a Service', () => {
  const dns = (first: JsonObject): KubeObject =>
    service({
      type: 'NodePort',
      ports: [
        { ...first, port: 53, protocol: 'UDP' },
        { name: 'tcp', port: 53 },
      ],
    });

  test('keeps the node port of each protocol of one port number', async () => {
    const nodePorts = [
      { name: 'udp', port: 53, protocol: 'UDP', targetPort: 53, nodePort: 30_001 },
      { name: 'tcp', port: 53, protocol: 'TCP', targetPort: 53, nodePort: 30_002 },
    ];
    const target = dns({ name: 'udp' });
    const live = liveAfter(target, { spec: { clusterIP: '10.96.0.9', ports: nodePorts } });
    const { modified, predictedLive } = await compare(target, live);
    expect(at(predictedLive, 'spec', 'ports')).toEqual(nodePorts);
    expect(modified).toBe(false);
  });

  test.each([{ clusterIP: '' }, { clusterIP: null }, {}])('asks for no address with %j', async (spec) => {
    const target = service({ ports: [{ port: 80 }], ...spec });
    const live = liveAfter(target, { spec: { clusterIP: '10.96.0.9' } });
    expect((await compare(target, live)).modified).toBe(false);
  });

  test('asks for none at all', async () => {
    const live = liveAfter(service({ ports: [{ port: 80 }] }), { spec: { clusterIP: '10.96.0.9' } });
    expect((await compare(service({ clusterIP: 'None', ports: [{ port: 80 }] }), live)).modified).toBe(true);
  });
});

describe('a Secret', () => {
  const secret = (fields: JsonObject): KubeObject => objectOf('v1', 'Secret', fields);

  test('has what stringData says in data', async () => {
    const target = secret({ stringData: { a: 'one' } });
    const live = liveAfter(secret({ data: { a: 'b25l' } }));
    expect((await compare(target, live)).modified).toBe(false);
  });

  test('loses a key that stringData says no more', async () => {
    const applied = secret({ stringData: { a: 'one', b: 'two' } });
    const live = merged(liveAfter(applied), { data: { a: 'b25l', b: 'dHdv' } });
    const { predictedLive } = await compare(secret({ stringData: { a: 'one' } }), live);
    expect(at(predictedLive, 'data')).toEqual({ a: 'b25l' });
  });

  test('may break its base64 into lines', async () => {
    const live = liveAfter(secret({ data: { a: 'b25lIGFuZCB0d28=' } }));
    expect((await compare(secret({ data: { a: 'b25lIGFu\nZCB0d28=\n' } }), live)).modified).toBe(false);
  });
});

describe('a Deployment', () => {
  const deployment = (spec: JsonObject): KubeObject =>
    objectOf('apps/v1', 'Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, ...spec } });

  test('drops the numbers of a rolling update when it recreates', async () => {
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
    const live = liveAfter(deployment({}), { spec: { strategy: rolling } });
    const { predictedLive } = await compare(deployment({ strategy: { type: 'Recreate' } }), live);
    expect(at(predictedLive, 'spec', 'strategy')).toEqual({ type: 'Recreate' });
  });

  test('is what Git says although somebody has switched it on', async () => {
    const target = deployment({ template: { spec: { hostNetwork: false } } });
    const live = merged(liveAfter(target), { spec: { template: { spec: { hostNetwork: true } } } });
    expect((await compare(target, live)).modified).toBe(true);
  });

  test('keeps a volume in one kind when Git changes it', async () => {
    const pod = (volume: JsonObject): KubeObject => deployment({ template: { spec: { volumes: [volume] } } });
    const live = liveAfter(pod({ name: 'v', configMap: { name: 'c', defaultMode: 420 } }));
    const { predictedLive } = await compare(pod({ name: 'v', emptyDir: {} }), live);
    expect(at(predictedLive, 'spec', 'template', 'spec', 'volumes')).toEqual([{ name: 'v', emptyDir: {} }]);
  });

  test('may name a variable twice', async () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
    const target = deployment({ template: { spec: { containers: [{ name: 'c', image: 'i', env }] } } });
    expect((await compare(target, liveAfter(target))).modified).toBe(false);
  });
});

describe('a custom resource', () => {
  const widget = (spec: JsonObject, metadata: JsonObject = {}): KubeObject => ({
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name: 'it', ...metadata },
    spec,
  });

  test.each([{ on: false }, { text: '' }, { count: 0 }, { list: [] }, { map: {} }])(
    'means %j when it says so',
    async (spec) => {
      const live = liveAfter(widget({}));
      expect((await compare(widget(spec), live)).modified).toBe(true);
    },
  );

  test('says nothing by null', async () => {
    expect((await compare(widget({ on: null }), liveAfter(widget({})))).modified).toBe(false);
  });

  test('has metadata as every kind', async () => {
    const live = liveAfter(widget({}));
    expect((await compare(widget({}, { labels: {}, finalizers: [] }), live)).modified).toBe(false);
    expect((await compare(widget({}, { labels: { a: '' } }), live)).modified).toBe(true);
  });

  test('keeps what the cluster filled into its lists', async () => {
    const target = widget({ items: [{ name: 'a' }] });
    const live = merged(liveAfter(target), { spec: { items: [{ name: 'a', mode: 'usual' }] } });
    expect((await compare(target, live)).modified).toBe(false);
  });

  test('is read as a Pod where a Rollout holds one', async () => {
    const rollout = (cpu: string): KubeObject => ({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'it' },
      spec: { template: { spec: { containers: [{ name: 'c', resources: { limits: { cpu } } }] } } },
    });
    expect((await compare(rollout('1000m'), liveAfter(rollout('1')))).modified).toBe(false);
  });
});
