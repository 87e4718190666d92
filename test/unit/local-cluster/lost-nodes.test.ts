// Nodes that are not heard of any more, and those that are gone: what is said of them, and what becomes of their Pods.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JsonObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';

const PODS = '/api/v1/namespaces/default/pods';
const NODE = '/api/v1/nodes/node-2';
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-2';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const SECOND = 1000;

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
  const labels = { 'kubernetes.io/hostname': 'node-2', 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'arm64' };
  await cluster.call('POST', '/api/v1/nodes', { metadata: { name: 'node-2', labels } });
  await cluster.pass(SECOND);
});
afterEach(() => cluster.close());

const container = { name: 'c', image: 'nginx:1' };
const bears = (tolerationSeconds?: number): JsonObject => ({
  key: UNREACHABLE,
  operator: 'Exists',
  effect: 'NoExecute',
  ...(tolerationSeconds === undefined ? {} : { tolerationSeconds }),
});
const create = (name: string, spec: JsonObject, metadata: JsonObject = {}): Promise<unknown> =>
  cluster.call('POST', PODS, { metadata: { name, ...metadata }, spec: { containers: [container], ...spec } });
const lose = (): Promise<unknown> =>
  cluster.call('PATCH', NODE, { metadata: { annotations: { 'hawser.dev/fault': 'lost' } } });
const find = (): Promise<unknown> =>
  cluster.call('PATCH', NODE, { metadata: { annotations: { 'hawser.dev/fault': null } } });
const node = async (): Promise<JsonObject> => (await cluster.call('GET', NODE)).body;

const conditionIn = (object: JsonObject, type: string): string => {
  const found = listAt(object, 'status', 'conditions').find((entry) => textAt(entry, 'type') === type);
  return found === undefined ? '' : `${textAt(found, 'status')} ${textAt(found, 'reason')}`.trim();
};
const taints = async (): Promise<readonly string[]> =>
  listAt(await node(), 'spec', 'taints').map((taint) => `${textAt(taint, 'key')}:${textAt(taint, 'effect')}`);

/** Of each Pod whether it is ready, why it is to go, and whether it is going. */
async function pods(): Promise<Readonly<Record<string, string>>> {
  const rows = (await cluster.items(PODS)).map((pod) => {
    const words = [conditionIn(pod, 'Ready').split(' ')[0], conditionIn(pod, 'DisruptionTarget')];
    const going = textAt(pod, 'metadata', 'deletionTimestamp') === '' ? '' : 'going';
    return [textAt(pod, 'metadata', 'name'), [...words, going].filter(Boolean).join(', ')] as const;
  });
  return Object.fromEntries(rows.sort(([a], [b]) => a.localeCompare(b)));
}

async function told(reason: string): Promise<number> {
  const events = await cluster.items('/api/v1/namespaces/default/events');
  return events
    .filter((event) => textAt(event, 'reason') === reason)
    .reduce((sum, event) => sum + (numberAt(event, 'count') ?? 1), 0);
}

test('a node that is lost is unreachable after a while; its Pods wait for it, and go on when it is back', async () => {
  await create('short', { nodeName: 'node-2', tolerations: [bears(5)] });
  await create('long', { nodeName: 'node-2' });
  await create('forever', { nodeName: 'node-2', tolerations: [bears()] });
  await cluster.pass(5 * SECOND);
  await lose();
  await cluster.pass(40 * SECOND);
  expect(conditionIn(await node(), 'Ready')).toBe('True KubeletReady');
  expect(textAt((await cluster.call('GET', LEASE)).body, 'spec', 'renewTime')).toBe('2026-01-01T00:00:06.000000Z');
  await cluster.pass(12 * SECOND);
  expect(conditionIn(await node(), 'Ready')).toBe('Unknown NodeStatusUnknown');
  expect(conditionIn(await node(), 'DiskPressure')).toBe('Unknown NodeStatusNeverUpdated');
  expect(await taints()).toEqual([`${UNREACHABLE}:NoSchedule`, `${UNREACHABLE}:NoExecute`]);
  expect(await pods()).toEqual({ forever: 'False', long: 'False', short: 'False' });
  await cluster.pass(5 * SECOND);
  expect(await pods()).toMatchObject({ long: 'False', short: 'False, True DeletionByTaintManager, going' });
  expect(await cluster.pass(120 * SECOND)).toBe(0);
  await find();
  await cluster.pass(5 * SECOND);
  expect(conditionIn(await node(), 'Ready')).toBe('True KubeletReady');
  expect(await taints()).toEqual([]);
  expect(await pods()).toEqual({ forever: 'True', long: 'True' });
  expect(await told('NodeNotReady')).toBe(1 + 3);
});

test('who says that a lost node is down need not wait for its Pods', async () => {
  await create('one', { nodeName: 'node-2' });
  await cluster.pass(2 * SECOND);
  await lose();
  await cluster.pass(60 * SECOND);
  const down = { key: 'node.kubernetes.io/out-of-service', value: 'down', effect: 'NoExecute' };
  const known = listAt(await node(), 'spec', 'taints');
  await cluster.call('PATCH', NODE, { spec: { taints: [...known, down] } });
  await cluster.pass(2 * SECOND);
  expect(await pods()).toEqual({});
});

test('where all nodes are lost no Pod is put out', async () => {
  await create('one', { nodeName: 'node-2', tolerations: [bears(1)] });
  await cluster.pass(2 * SECOND);
  await lose();
  await cluster.call('PATCH', '/api/v1/nodes/node-1', { metadata: { annotations: { 'hawser.dev/fault': 'lost' } } });
  await cluster.pass(120 * SECOND);
  expect(await taints()).toEqual([`${UNREACHABLE}:NoSchedule`]);
  expect(await pods()).toEqual({ one: 'False' });
});

test('Pods of a node that is gone, or that never was, go after a while, whether they are over or not', async () => {
  const finalizers = ['example.com/hold'];
  await create('runs', { nodeName: 'node-2' });
  await create('over', { nodeName: 'node-2', restartPolicy: 'Never' });
  await create('held', { nodeName: 'node-2' }, { finalizers });
  await create('ghost', { nodeName: 'nobody' });
  await cluster.pass(5 * SECOND);
  await cluster.call('DELETE', NODE);
  await cluster.call('DELETE', `${PODS}/runs`);
  await cluster.pass(30 * SECOND);
  expect(Object.keys(await pods())).toEqual(['ghost', 'held', 'over', 'runs']);
  await cluster.pass(15 * SECOND);
  expect(await pods()).toEqual({ held: 'True, True DeletionByPodGC, going' });
  expect(await told('RemovingNode')).toBe(1);
});

test('taints of the node controller are its own', async () => {
  const own = [
    { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
    { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
    { key: 'mine', effect: 'NoSchedule' },
  ];
  await cluster.call('PATCH', NODE, { spec: { taints: own } });
  await cluster.pass(SECOND);
  expect(await taints()).toEqual(['mine:NoSchedule']);
  const status = {
    conditions: [{ type: 'MemoryPressure', status: 'True' }, ...listAt(await node(), 'status', 'conditions')],
  };
  await cluster.call('PATCH', `${NODE}/status`, { status });
  await cluster.pass(SECOND);
  expect(await taints()).toEqual(['mine:NoSchedule', 'node.kubernetes.io/memory-pressure:NoSchedule']);
  expect((await node())['metadata']).toMatchObject({ labels: { 'beta.kubernetes.io/arch': 'arm64' } });
});

test('a DaemonSet leaves the Pod of a node that is gone to others', async () => {
  const labels = { app: 'ds' };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  await cluster.call('POST', '/apis/apps/v1/namespaces/default/daemonsets', {
    metadata: { name: 'ds' },
    spec: { selector: { matchLabels: labels }, template },
  });
  await cluster.pass(5 * SECOND);
  await cluster.call('DELETE', NODE);
  await cluster.pass(60 * SECOND);
  expect(Object.keys(await pods())).toHaveLength(1);
  expect(await told('SuccessfulDelete')).toBe(0);
});
