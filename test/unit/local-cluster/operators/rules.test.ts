// A user's rule for a kind, and what is told of one that is wrong.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, type JsonObject, listAt, textAt } from '../../../../src/core/json.ts';
// Loaded in advance: a scripted clock does not wait for files.
import '../../../../src/local-cluster/operators/run.ts';
import { type KubeAnswer, type KubeCalls, openScriptedCluster } from '../../../support/kube-calls.ts';
import type { ScriptedClock } from '../../../support/scripted-clock.ts';
import { installKind } from '../../../support/simulated-kinds.ts';

let clock: ScriptedClock;
let cluster: KubeCalls;
let widgets: string;
beforeEach(async () => {
  ({ clock, cluster } = await openScriptedCluster());
  widgets = await installKind(cluster, { group: 'example.com', kind: 'Widget' });
});
afterEach(() => cluster.close());

const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const RULE = { apiVersion: 'example.com/v1', kind: 'Widget', status: 'phase: Ready' };

const rule = (data: JsonObject, name = 'rule'): Promise<KubeAnswer> =>
  cluster.call('POST', MAPS, { metadata: { name, labels: { 'hawser.dev/simulation': '' } }, data });
const widget = (spec: JsonObject = {}): Promise<KubeAnswer> =>
  cluster.call('POST', widgets, { metadata: { name: 'w' }, spec });
const read = async (path = widgets): Promise<JsonObject> => (await cluster.call('GET', `${path}/w`)).body;
const status = async (): Promise<unknown> => at(await read(), 'status');

async function events(): Promise<string[]> {
  const { body } = await cluster.call('GET', '/api/v1/namespaces/default/events');
  return listAt(body, 'items').map((one) => `${textAt(one, 'reason')}: ${textAt(one, 'message')}`);
}

const revision = async (): Promise<number> =>
  Number(textAt((await cluster.call('GET', '/api/v1/namespaces')).body, 'metadata', 'resourceVersion'));

describe('a rule', () => {
  test('says which status an object gets, and when', async () => {
    const { warning } = await rule({
      ...RULE,
      after: '10s',
      before: 'phase: Pending',
      status: `phase: Ready\nsize: \${spec.size}\nseen: \${metadata.generation}\ntext: "\${spec.size} of \${spec.none}"\nnone: \${spec.none}\nconditions: [{type: Ready, status: True, reason: Made}]`,
    });
    expect(warning).toBe('');
    await widget({ size: 3 });
    await clock.advance(5000);
    expect(await status()).toEqual({ phase: 'Pending' });
    await clock.advance(6000);
    const made = {
      phase: 'Ready',
      size: 3,
      seen: 1,
      text: '3 of ',
      conditions: [{ type: 'Ready', status: 'True', reason: 'Made', lastTransitionTime: expect.any(String) }],
    };
    expect(await status()).toEqual(made);
    const before = await revision();
    await clock.advance(3_600_000);
    expect(await revision()).toBe(before);
    await cluster.call('PATCH', `${widgets}/w`, { spec: { size: 4 } }, MERGE);
    await clock.advance(5000);
    expect(await status()).toMatchObject({ size: 3 });
    await clock.advance(6000);
    expect(await status()).toMatchObject({ size: 4, seen: 2 });
  });

  test('that comes later, or changes, is followed for what is there', async () => {
    await widget();
    await clock.advance(60_000);
    expect(await status()).toBeUndefined();
    await rule(RULE);
    await clock.advance(2000);
    expect(await status()).toEqual({ phase: 'Ready' });
    await cluster.call('PATCH', `${MAPS}/rule`, { data: { status: 'phase: Better' } }, MERGE);
    await clock.advance(2000);
    expect(await status()).toEqual({ phase: 'Better' });
    await cluster.call('DELETE', `${MAPS}/rule`);
    await cluster.call('PATCH', `${widgets}/w`, { spec: { x: 1 } }, MERGE);
    await clock.advance(5000);
    expect(await status()).toEqual({ phase: 'Better' });
  });

  test('is not followed while the object is to stay pending', async () => {
    await rule({ ...RULE, before: 'phase: Pending' });
    const annotations = { 'hawser.dev/fault': 'pending:for=60s' };
    const { warning } = await cluster.call('POST', widgets, { metadata: { name: 'w', annotations } });
    expect(warning).toBe('');
    await clock.advance(50_000);
    expect(await status()).toEqual({ phase: 'Pending' });
    expect((await events()).filter((one) => one.startsWith('NotReady'))).toHaveLength(1);
    await clock.advance(15_000);
    expect(await status()).toEqual({ phase: 'Ready' });
  });

  test('is there before its kind is', async () => {
    const { warning } = await rule({ ...RULE, kind: 'Gadget' });
    expect(warning).toContain('no CustomResourceDefinition serves Gadget of example.com yet');
    const gadgets = await installKind(cluster, { group: 'example.com', kind: 'Gadget' });
    await cluster.call('POST', gadgets, { metadata: { name: 'w' } });
    await clock.advance(5000);
    expect(at(await read(gadgets), 'status')).toEqual({ phase: 'Ready' });
  });

  test('goes before what is known of an operator', async () => {
    const kafkas = await installKind(cluster, { group: 'kafka.strimzi.io', kind: 'Kafka' });
    await rule({ apiVersion: 'kafka.strimzi.io/v1', kind: 'Kafka', status: 'mine: true' });
    await cluster.call('POST', kafkas, { metadata: { name: 'w' } });
    await clock.advance(5000);
    expect(at(await read(kafkas), 'status')).toEqual({ mine: true });
  });

  test('writes a kind without a status subresource, too', async () => {
    const plain = await installKind(cluster, { group: 'example.com', kind: 'Plain', withStatus: false });
    await rule({ ...RULE, kind: 'Plain' });
    await cluster.call('POST', plain, { metadata: { name: 'w' } });
    await clock.advance(5000);
    expect(at(await read(plain), 'status')).toEqual({ phase: 'Ready' });
    const before = await revision();
    await clock.advance(600_000);
    expect(await revision()).toBe(before);
  });

  const schema = {
    type: 'object',
    properties: { spec: { type: 'object' }, status: { type: 'object', properties: { phase: { type: 'string' } } } },
  };

  test('whose fields the schema does not have writes those that it has, and rests', async () => {
    const strict = await installKind(cluster, { group: 'example.com', kind: 'Strict', schema });
    await rule({ ...RULE, kind: 'Strict', status: 'phase: Ready\nother: 1' });
    await cluster.call('POST', strict, { metadata: { name: 'w' } });
    await clock.advance(5000);
    expect(at(await read(strict), 'status')).toEqual({ phase: 'Ready' });
    const before = await revision();
    await clock.advance(600_000);
    expect(await revision()).toBe(before);
  });

  test('whose status the schema refuses is told of by an event of the object', async () => {
    const strict = await installKind(cluster, { group: 'example.com', kind: 'Strict', schema });
    await rule({ ...RULE, kind: 'Strict', status: 'phase: 3' });
    await cluster.call('POST', strict, { metadata: { name: 'w' } });
    await clock.advance(600_000);
    const told = (await events()).filter((one) => one.startsWith('SimulationFailed'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('status.phase');
  });
});

describe('a wrong rule', () => {
  test.each([
    [{}, 'apiVersion is missing: it names the kind, as example.com/v1 does'],
    [{ apiVersion: 'example.com/v1', status: 'a: 1' }, 'kind is missing'],
    [
      { apiVersion: 'example.com/v1', kind: 'Widget' },
      'status is missing: it is the YAML that is written as the status',
    ],
    [{ ...RULE, stauts: 'x' }, 'unknown key "stauts": did you mean "status"?'],
    [{ ...RULE, colour: 'x' }, 'unknown key "colour": a rule has apiVersion, kind, after, before, status'],
    [{ ...RULE, after: 'soon' }, 'after must be a time like 500ms, 5s or 2m, not "soon"'],
    [{ ...RULE, after: '-1s' }, 'after must be a time like 500ms, 5s or 2m, not "-1s"'],
    [{ ...RULE, status: '- a' }, 'status must be one YAML mapping'],
    [{ ...RULE, status: 'a: [' }, 'status'],
    [{ ...RULE, status: 'a: 1\n---\nb: 2' }, 'status must be one YAML mapping'],
    [{ ...RULE, before: 'text' }, 'before must be one YAML mapping'],
    [{ ...RULE, apiVersion: 'apps/v1', kind: 'Deployment' }, 'Deployment of apps/v1 is a built-in kind'],
    [{ ...RULE, apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }, "Application is a kind of Hawser's own"],
  ])('%j is warned of, and stays as an event', async (data, problem) => {
    const { warning } = await rule(data);
    expect(warning).toContain(JSON.stringify(problem).slice(1, -1));
    await clock.advance(1000);
    expect((await events()).filter((one) => one.startsWith(`InvalidSimulation: ${problem}`)).length).toBeGreaterThan(0);
  });

  test('is the second for one kind', async () => {
    await rule(RULE, 'a');
    await clock.advance(2000);
    await rule({ ...RULE, status: 'phase: Other' }, 'b');
    await widget();
    await clock.advance(5000);
    expect(await status()).toEqual({ phase: 'Ready' });
    expect(await events()).toContain(
      'InvalidSimulation: Widget of example.com has a rule already: ConfigMap default/a',
    );
  });
});
