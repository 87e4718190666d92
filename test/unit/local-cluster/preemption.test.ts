// Pods that are more important push others away, where that helps and may be.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';
import { generator } from '../../support/random-requests.ts';

const CORE = '/api/v1/namespaces/default';
const PODS = `${CORE}/pods`;
const MINUTE = 60_000;

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
  const classes: readonly [string, number, string][] = [
    ['low', 10, 'PreemptLowerPriority'],
    ['high', 1000, 'PreemptLowerPriority'],
    ['patient', 1000, 'Never'],
  ];
  for (const [name, value, preemptionPolicy] of classes)
    await make('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, value, preemptionPolicy });
  // The first node has 256 processors; the others are as large as it.
  for (const name of ['small-1', 'small-2']) await make('/api/v1/nodes', node(name));
  await cluster.call('PATCH', '/api/v1/nodes/node-1', { spec: { unschedulable: true } });
});
afterEach(() => cluster.close());

const node = (name: string): JsonObject => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  status: {
    capacity: { cpu: '4', memory: '8Gi', pods: '10' },
    allocatable: { cpu: '4', memory: '8Gi', pods: '10' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

async function make(path: string, body: JsonObject): Promise<void> {
  const answer = await cluster.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

const pod = (name: string, priorityClassName: string, cpu: string, more: JsonObject = {}): JsonObject => ({
  metadata: { name, labels: { app: priorityClassName, name } },
  spec: {
    ...(priorityClassName === '' ? {} : { priorityClassName }),
    containers: [{ name: 'c', image: 'nginx:1', resources: { requests: { cpu } } }],
    ...more,
  },
});
const on = (hostname: string): JsonObject => ({ nodeSelector: { 'kubernetes.io/hostname': hostname } });

const read = async (name: string): Promise<JsonObject> => (await cluster.call('GET', `${PODS}/${name}`)).body;
const nodeOf = async (name: string): Promise<string> => textAt(await read(name), 'spec', 'nodeName');
const names = async (): Promise<string[]> => (await cluster.items(PODS)).map((one) => textAt(one, 'metadata', 'name'));
const whyNot = async (name: string): Promise<string> =>
  textAt(
    listAt(await read(name), 'status', 'conditions').find((one) => textAt(one, 'type') === 'PodScheduled'),
    'message',
  );

test('the least important go, no more than must, with a condition and an event', async () => {
  await make(PODS, pod('a', 'low', '3', on('small-1')));
  await make(PODS, pod('b', '', '1', on('small-1')));
  await make(PODS, pod('c', 'low', '2', on('small-2')));
  await make(PODS, pod('d', 'low', '2', on('small-2')));
  await cluster.pass(3000);
  await cluster.call('PATCH', `${PODS}/b`, { metadata: { finalizers: ['example.com/hold'] } });
  await make(PODS, pod('vip', 'high', '1'));
  await cluster.pass(40);
  expect(await read('vip')).toMatchObject({ status: { phase: 'Pending', nominatedNodeName: 'small-1' } });
  expect(await whyNot('vip'), 'what was written of it is no reason to look again').toMatch(
    /^0\/3 nodes are available: [^.]*\.$/,
  );
  const going = await read('b');
  expect(going).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) } });
  expect(listAt(going, 'status', 'conditions')).toContainEqual(
    expect.objectContaining({
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: 'default-scheduler: preempting to accommodate a higher priority pod',
    }),
  );
  const event = (await cluster.items(`${CORE}/events`)).find((one) => textAt(one, 'reason') === 'Preempted');
  expect(event).toMatchObject({
    involvedObject: { name: 'b' },
    message: `Preempted by pod ${textAt(await read('vip'), 'metadata', 'uid')} on node small-1`,
    action: 'Preempting',
    reportingComponent: 'default-scheduler',
  });
  expect(event).not.toHaveProperty('related');
  await make(PODS, pod('thief', '', '1'));
  await cluster.pass(5000);
  await cluster.call('PATCH', `${PODS}/b`, { metadata: { finalizers: null } });
  await cluster.pass(5000);
  expect(await nodeOf('vip')).toBe('small-1');
  expect(objectAt(await read('vip'), 'status')).not.toHaveProperty('nominatedNodeName');
  expect(await nodeOf('thief'), 'what is promised is not taken by another').toBe('');
  expect(await names()).toEqual(['a', 'c', 'd', 'thief', 'vip']);
});

test.each<[string, JsonObject, RegExp]>([
  [
    'a class that never preempts',
    pod('p', 'patient', '1'),
    /preemption: not eligible due to preemptionPolicy=Never\.$/,
  ],
  [
    'a class that never preempts, where it would not help',
    pod('p', 'patient', '5'),
    /preemption: not eligible due to preemptionPolicy=Never\.$/,
  ],
  ['no higher priority', pod('p', 'low', '1'), /preemption: 0\/3 nodes are available: .*No preemption victims found/],
  ['what no node could ever hold', pod('p', 'high', '5'), /3 Preemption is not helpful for scheduling\.$/],
])('with %s nobody goes', async (_what, body, why) => {
  for (const small of ['small-1', 'small-2']) await make(PODS, pod(`on-${small}`, 'low', '4', on(small)));
  await cluster.pass(3000);
  await make(PODS, body);
  await cluster.pass(10_000);
  expect(await names()).toEqual(['on-small-1', 'on-small-2', 'p']);
  expect(await whyNot('p')).toMatch(why);
});

test('where not enough would go, it is said what would still be missing', async () => {
  for (const small of ['small-1', 'small-2']) {
    await make(PODS, pod(`low-on-${small}`, 'low', '2', on(small)));
    await make(PODS, pod(`high-on-${small}`, 'high', '2', on(small)));
  }
  await cluster.pass(3000);
  await make(PODS, pod('p', 'high', '3'));
  await cluster.pass(3000);
  expect(await whyNot('p')).toMatch(
    /preemption: 0\/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 Insufficient cpu\.$/,
  );
});

test('Pods that a budget keeps are spared, where others can go', async () => {
  await make(PODS, pod('kept', 'low', '4', on('small-1')));
  await make(PODS, pod('free', 'low', '4', on('small-2')));
  await make('/apis/policy/v1/namespaces/default/poddisruptionbudgets', {
    metadata: { name: 'kept' },
    spec: { minAvailable: 1, selector: { matchLabels: { name: 'kept' } } },
  });
  await cluster.pass(3000);
  await make(PODS, pod('vip', 'high', '2'));
  await cluster.pass(5000);
  expect(await names()).toEqual(['kept', 'vip']);
  await make(PODS, pod('vip2', 'high', '4'));
  await cluster.pass(5000);
  expect(await names(), 'in the end it goes all the same').toEqual(['vip', 'vip2']);
});

test('a Deployment that is pushed away comes back where there is room, and all come to rest', async () => {
  const template = (app: string, priorityClassName: string): JsonObject => ({
    metadata: { labels: { app } },
    spec: {
      priorityClassName,
      containers: [{ name: 'c', image: 'nginx:1', resources: { requests: { cpu: '1' } } }],
    },
  });
  const deployment = (name: string, replicas: number): JsonObject => ({
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name, name) },
  });
  await make('/apis/apps/v1/namespaces/default/deployments', deployment('low', 8));
  await cluster.pass(5000);
  await make('/apis/apps/v1/namespaces/default/deployments', deployment('high', 5));
  await cluster.pass(MINUTE);
  const placed = (await cluster.items(PODS)).filter((one) => textAt(one, 'spec', 'nodeName') !== '');
  const count = (app: string): number =>
    placed.filter((one) => textAt(one, 'metadata', 'labels', 'app') === app).length;
  expect([count('high'), count('low')]).toEqual([5, 3]);
  await cluster.pass(10 * MINUTE);
  expect(await cluster.pass(5 * MINUTE)).toBeLessThanOrEqual(2);
});

test.each([1, 2, 3])(
  'whatever comes, nobody is pushed away by one that is no more important (run %i)',
  async (seed) => {
    const pick = generator(seed);
    const choose = (most: number): number => pick(most);
    for (let index = 0; index < 25; index += 1) {
      const name = ['', 'low', 'high', 'patient'][choose(4)] ?? '';
      await make(PODS, pod(`p${index}`, name, String(1 + choose(3))));
      if (choose(3) === 0) await cluster.pass(choose(4) * 1000);
    }
    await cluster.pass(2 * MINUTE);
    const pods = await cluster.items(PODS);
    const priority = (one: JsonObject): number => numberAt(one, 'spec', 'priority') ?? 0;
    const waiting = pods.filter(
      (one) => textAt(one, 'spec', 'nodeName') === '' && textAt(one, 'spec', 'preemptionPolicy') !== 'Never',
    );
    for (const small of ['small-1', 'small-2']) {
      const here = pods.filter((one) => textAt(one, 'spec', 'nodeName') === small);
      const used = (list: readonly JsonObject[]): number =>
        list.reduce(
          (sum, one) => sum + Number(textAt(one, 'spec', 'containers', 0, 'resources', 'requests', 'cpu')),
          0,
        );
      expect(used(here)).toBeLessThanOrEqual(4);
      for (const one of waiting) {
        const lower = here.filter((other) => priority(other) < priority(one));
        const rest = used(here) - used(lower);
        expect(rest + used([one]) > 4 || lower.length === 0, textAt(one, 'metadata', 'name')).toBe(true);
      }
    }
    expect(await cluster.pass(5 * MINUTE)).toBeLessThanOrEqual(2);
  },
);
