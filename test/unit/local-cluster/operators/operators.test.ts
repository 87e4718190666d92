// Kinds of well-known operators: with their definition installed, objects get the status and the children that the operator would give.

import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../../../src/core/json.ts';
// Loaded in advance: a scripted clock does not wait for files.
import '../../../../src/local-cluster/operators/run.ts';
import { OPERATORS } from '../../../../src/local-cluster/operators/table.ts';
import { type KubeCalls, openScriptedCluster } from '../../../support/kube-calls.ts';
import type { ScriptedClock } from '../../../support/scripted-clock.ts';
import { installKind } from '../../../support/simulated-kinds.ts';

let clock: ScriptedClock;
let cluster: KubeCalls;
beforeEach(async () => {
  ({ clock, cluster } = await openScriptedCluster());
});
afterEach(() => cluster.close());

const revision = async (): Promise<number> =>
  Number(textAt((await cluster.call('GET', '/api/v1/namespaces')).body, 'metadata', 'resourceVersion'));

/** Makes an object of a kind that is installed for it; answers how to read it. */
async function make(group: string, kind: string, spec: JsonObject): Promise<() => Promise<JsonObject>> {
  const path = await installKind(cluster, { group, kind });
  const { message } = await cluster.call('POST', path, { metadata: { name: 'x', namespace: 'default' }, spec });
  expect(message).toBe('');
  return async () => (await cluster.call('GET', `${path}/x`)).body;
}

const secret = async (name: string): Promise<JsonObject> =>
  (await cluster.call('GET', `/api/v1/namespaces/default/secrets/${name}`)).body;
const condition = (object: JsonObject, type: string): Json | undefined =>
  listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === type);

const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'c', image: 'nginx:1' }] },
};
const selector = { matchLabels: { app: 'x' } };

describe.each(OPERATORS.map(({ group, kind }) => [kind, group] as const))('%s of %s', (kind, group) => {
  test('gets its status once, and is left alone then', async () => {
    const read = await make(group, kind, { selector, template, secretName: 'made', issuerRef: { group: 'other' } });
    await clock.advance(30_000);
    const status = objectAt(await read(), 'status');
    expect(Object.keys(status)).not.toEqual([]);
    for (const one of listAt(status, 'conditions')) expect(textAt(one, 'lastTransitionTime')).not.toBe('');
    const before = await revision();
    await clock.advance(600_000);
    expect(await revision()).toBe(before);
  });
});

describe('a Rollout', () => {
  const patch = async (spec: JsonObject): Promise<void> => {
    const path = '/apis/argoproj.io/v1/namespaces/default/rollouts/x';
    const caller = { headers: { 'content-type': 'application/merge-patch+json' } };
    expect((await cluster.call('PATCH', path, { spec }, caller)).message).toBe('');
  };
  const sets = async (): Promise<readonly Json[]> =>
    listAt((await cluster.call('GET', '/apis/apps/v1/namespaces/default/replicasets')).body, 'items');

  test('runs Pods, rolls out, scales', async () => {
    const read = await make('argoproj.io', 'Rollout', { replicas: 2, selector, template });
    await clock.advance(250);
    expect(textAt(await read(), 'status', 'phase')).toBe('Progressing');
    await clock.advance(5000);
    expect(objectAt(await read(), 'status')).toMatchObject({
      phase: 'Healthy',
      observedGeneration: '1',
      replicas: 2,
      availableReplicas: 2,
    });
    const first = textAt(await read(), 'status', 'stableRS');
    await patch({ template: { ...template, spec: { containers: [{ name: 'c', image: 'nginx:2' }] } } });
    await clock.advance(10_000);
    const status = objectAt(await read(), 'status');
    expect(status).toMatchObject({ phase: 'Healthy', observedGeneration: '2', replicas: 2, updatedReplicas: 2 });
    expect(status['stableRS']).not.toBe(first);
    expect((await sets()).map((set) => numberAt(set, 'spec', 'replicas')).sort()).toEqual([0, 2]);
    await patch({ replicas: 3 });
    await clock.advance(5000);
    expect(objectAt(await read(), 'status')).toMatchObject({ phase: 'Healthy', replicas: 3 });
  });

  test('whose Pods crash is never healthy', async () => {
    const metadata = { ...template.metadata, annotations: { 'hawser.dev/fault': 'crash' } };
    const read = await make('argoproj.io', 'Rollout', { selector, template: { ...template, metadata } });
    await clock.advance(60_000);
    expect(textAt(await read(), 'status', 'phase')).toBe('Progressing');
  });

  test('without a template says what is not simulated', async () => {
    const read = await make('argoproj.io', 'Rollout', { workloadRef: { name: 'x' } });
    await clock.advance(5000);
    expect(textAt(await read(), 'status', 'message')).toContain('workloadRef is not simulated');
  });

  test('goes with all that it made', async () => {
    await make('argoproj.io', 'Rollout', { selector, template });
    await clock.advance(5000);
    await cluster.call('DELETE', '/apis/argoproj.io/v1/namespaces/default/rollouts/x');
    await clock.advance(60_000);
    expect(await sets()).toEqual([]);
    expect(listAt((await cluster.call('GET', '/api/v1/namespaces/default/pods')).body, 'items')).toEqual([]);
  });
});

describe('a Certificate', () => {
  test('waits for its issuer, says so, and makes its Secret', async () => {
    const issuers = await installKind(cluster, { group: 'cert-manager.io', kind: 'Issuer' });
    const read = await make('cert-manager.io', 'Certificate', { secretName: 'tls', issuerRef: { name: 'ca' } });
    await clock.advance(20_000);
    expect(condition(await read(), 'Ready')).toMatchObject({ status: 'False' });
    const { body } = await cluster.call('GET', '/api/v1/namespaces/default/events');
    expect(JSON.stringify(body)).toContain(
      'Referenced \\"Issuer\\" not found: issuer.cert-manager.io \\"ca\\" not found',
    );
    await cluster.call('POST', issuers, { metadata: { name: 'ca' }, spec: { selfSigned: {} } });
    await clock.advance(10_000);
    expect(condition(await read(), 'Ready')).toMatchObject({ status: 'True', reason: 'Ready' });
    expect(await secret('tls')).toMatchObject({
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': expect.any(String), 'tls.key': expect.any(String) },
    });
  });

  test('keeps what is in a Secret that is there', async () => {
    const data = { 'tls.crt': 'b3du', 'tls.key': 'b3du' };
    const made = { metadata: { name: 'tls' }, type: 'kubernetes.io/tls', data };
    await cluster.call('POST', '/api/v1/namespaces/default/secrets', made);
    await make('cert-manager.io', 'Certificate', { secretName: 'tls', issuerRef: { group: 'other' } });
    await clock.advance(10_000);
    expect(objectAt(await secret('tls'), 'data')).toMatchObject(data);
  });
});

test('an ExternalSecret makes the Secret that it names, with its keys', async () => {
  await make('external-secrets.io', 'ExternalSecret', { target: { name: 's' }, data: [{ secretKey: 'user' }] });
  await clock.advance(5000);
  expect(Object.keys(objectAt(await secret('s'), 'data'))).toEqual(['user']);
  expect(textAt(await secret('s'), 'metadata', 'ownerReferences', 0, 'kind')).toBe('ExternalSecret');
});

test('a SealedSecret makes its Secret', async () => {
  await make('bitnami.com', 'SealedSecret', {
    encryptedData: { a: 'x', b: 'y' },
    template: { type: 'Opaque', metadata: { labels: { l: '1' } } },
  });
  await clock.advance(5000);
  expect(Object.keys(objectAt(await secret('x'), 'data')).sort()).toEqual(['a', 'b']);
});

test('a Gateway has an address and its listeners', async () => {
  const read = await make('gateway.networking.k8s.io', 'Gateway', { listeners: [{ name: 'http' }] });
  await clock.advance(5000);
  expect(objectAt(await read(), 'status')).toMatchObject({
    addresses: [{ type: 'IPAddress' }],
    listeners: [{ name: 'http', conditions: [{ observedGeneration: 1 }, {}, {}] }],
  });
});

test('a Prometheus is available when its Pods are', async () => {
  const read = await make('monitoring.coreos.com', 'Prometheus', { replicas: 2 });
  await clock.advance(10_000);
  expect(objectAt(await read(), 'status')).toMatchObject({ availableReplicas: 2, unavailableReplicas: 0 });
  expect(condition(await read(), 'Available')).toMatchObject({ status: 'True' });
});

test('a ScaledObject waits for its target', async () => {
  const read = await make('keda.sh', 'ScaledObject', { scaleTargetRef: { name: 'web' } });
  await clock.advance(10_000);
  expect(condition(await read(), 'Ready')).toMatchObject({ status: 'Unknown' });
  await cluster.call('POST', '/apis/apps/v1/namespaces/default/deployments', {
    metadata: { name: 'web' },
    spec: { selector, template },
  });
  await clock.advance(10_000);
  expect(condition(await read(), 'Ready')).toMatchObject({ status: 'True' });
});

test('a kind that nobody knows stays as it is', async () => {
  const read = await make('example.com', 'Widget', {});
  await clock.advance(60_000);
  expect(at(await read(), 'status')).toBeUndefined();
});

test('a definition that goes and comes again is looked after again', async () => {
  await make('kafka.strimzi.io', 'Kafka', {});
  await clock.advance(5000);
  await cluster.call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/kafkas.kafka.strimzi.io');
  await clock.advance(5000);
  expect((await cluster.call('GET', '/apis/kafka.strimzi.io/v1/namespaces/default/kafkas')).status).toBe(404);
  const again = await make('kafka.strimzi.io', 'Kafka', {});
  await clock.advance(5000);
  expect(condition(await again(), 'Ready')).toMatchObject({ status: 'True' });
});

test('the documentation lists every kind', () => {
  const documentation = readFileSync(new URL('../../../../docs/local-cluster.md', import.meta.url), 'utf8');
  const groups = new Map<string, string[]>();
  for (const { group, kind } of OPERATORS) groups.set(group, [...(groups.get(group) ?? []), kind]);
  for (const [group, kinds] of groups) expect(documentation).toContain(`| \`${group}\` | ${kinds.join(', ')} |`);
});
