// Several nodes: which one a Pod gets, what the scheduler says where there is none, and what becomes of Pods when nodes change.

import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { isObject, type JsonObject, listAt, numberAt, textAt } from '../../../src/core/json.ts';
import { type LocalCluster, openLocalCluster } from '../../../src/local-cluster/open.ts';

let cluster: LocalCluster;
beforeEach(async () => {
  cluster = await openLocalCluster({ clock: systemClock, random: Math.random });
  await cluster.setNodes({ count: 3, zones: 2 });
  cluster.start();
});
afterEach(() => cluster.close());

const PODS = '/api/v1/namespaces/default/pods';

async function call(method: string, path: string, body?: JsonObject, type?: string): Promise<JsonObject> {
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
  const request = { method, path, query: new URLSearchParams(), headers, ...(body ? { body } : {}) };
  const answer = await cluster.handle(request);
  if (!isObject(answer.body) || answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const patchNode = (name: string, body: JsonObject): Promise<JsonObject> =>
  call('PATCH', `/api/v1/nodes/${name}`, body, 'application/merge-patch+json');

async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  const start = Date.now();
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() - start > 8000) throw new Error('it never came to that');
    await systemClock.sleep(5);
  }
}

const CONTAINERS = { containers: [{ name: 'c', image: 'nginx:1' }] };

async function create(name: string, spec: JsonObject, labels: JsonObject = { app: 'web' }): Promise<void> {
  await call('POST', PODS, { metadata: { name, labels }, spec: { ...CONTAINERS, ...spec } });
}

/** The node of a Pod, or why it has none. */
const outcomeOf = (name: string): Promise<string> =>
  until(async () => {
    const pod = await call('GET', `${PODS}/${name}`);
    const scheduled = listAt(pod, 'status', 'conditions').find((entry) => textAt(entry, 'type') === 'PodScheduled');
    return textAt(pod, 'spec', 'nodeName') || textAt(scheduled, 'message') || undefined;
  });

const nodesOf = async (app: string): Promise<readonly string[]> => {
  const pods = listAt(await call('GET', PODS), 'items').filter(
    (pod) => textAt(pod, 'metadata', 'labels', 'app') === app,
  );
  return pods.map((pod) => textAt(pod, 'spec', 'nodeName')).sort();
};

const required = (key: string, operator: string, values: readonly string[]): JsonObject => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }] }],
      },
    },
  },
});
const ZONE = 'topology.kubernetes.io/zone';
const HELPLESS =
  'no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.';
const VICTIMLESS =
  'no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.';
const MISMATCH = `0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. ${HELPLESS}`;
const resources = (requests: JsonObject): JsonObject => ({
  containers: [{ name: 'c', image: 'nginx:1', resources: { requests } }],
});

test.each<[string, JsonObject, string]>([
  ['a node selector', { nodeSelector: { 'kubernetes.io/hostname': 'node-3' } }, 'node-3'],
  ['one that no node has', { nodeSelector: { disk: 'ssd' } }, MISMATCH],
  ['required affinity', required(ZONE, 'In', ['zone-b']), 'node-2'],
  ['affinity that no zone has', required(ZONE, 'In', ['zone-z']), MISMATCH],
  ['NotIn of all zones', required(ZONE, 'NotIn', ['zone-a', 'zone-b']), MISMATCH],
  ['Exists', required('disk', 'Exists', []), MISMATCH],
  ['Gt', required('cores', 'Gt', ['3']), MISMATCH],
  ['too much', resources({ cpu: '300' }), `0/3 nodes are available: 3 Insufficient cpu. ${HELPLESS}`],
  [
    'too much of all',
    {
      containers: [
        {
          name: 'c',
          image: 'nginx:1',
          resources: { requests: { cpu: '300', memory: '2Ti' }, limits: { 'example.com/gpu': '1' } },
        },
      ],
    },
    `0/3 nodes are available: 3 Insufficient cpu, 3 Insufficient example.com/gpu, 3 Insufficient memory. ${HELPLESS}`,
  ],
  [
    'a claim that is not there',
    { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
    `0/3 nodes are available: persistentvolumeclaim "data" not found. not found`,
  ],
  [
    'gates',
    { schedulingGates: [{ name: 'example.com/wait' }] },
    'Scheduling is blocked due to non-empty scheduling gates',
  ],
])('a Pod with %s', async (_what, spec, outcome) => {
  await create('one', spec);
  expect(await outcomeOf('one')).toBe(outcome);
});

test('what a node has is used up, and a Pod that goes makes room', async () => {
  for (const name of ['a', 'b', 'c']) {
    await create(name, resources({ cpu: '200' }));
    await outcomeOf(name);
  }
  expect(await nodesOf('web')).toEqual(['node-1', 'node-2', 'node-3']);
  await create('d', resources({ cpu: '200' }));
  expect(await outcomeOf('d')).toBe(`0/3 nodes are available: 3 Insufficient cpu. ${VICTIMLESS}`);
  const events = listAt(await call('GET', '/api/v1/namespaces/default/events'), 'items');
  const failures = events.filter((event) => textAt(event, 'reason') === 'FailedScheduling');
  expect(failures.map((event) => textAt(event, 'reportingComponent'))).toEqual(['default-scheduler']);
  await call('DELETE', `${PODS}/b`);
  await until(async () => (await outcomeOf('d')).startsWith('node-'));
});

test('host ports collide, by protocol and address', async () => {
  const port = (fields: JsonObject): JsonObject => ({
    nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
    containers: [{ name: 'c', image: 'nginx:1', ports: [{ containerPort: 80, hostPort: 8080, ...fields }] }],
  });
  await create('a', port({}));
  expect(await outcomeOf('a')).toBe('node-1');
  await create('b', port({ protocol: 'UDP' }));
  expect(await outcomeOf('b')).toBe('node-1');
  await create('c', port({ hostIP: '10.0.0.1' }));
  expect(await outcomeOf('c')).toContain(
    "1 node(s) didn't have free ports for the requested pod ports, 2 node(s) didn't match",
  );
});

test('taints keep Pods away unless they bear them; PreferNoSchedule is avoided', async () => {
  const taint = (effect: string): JsonObject => ({ spec: { taints: [{ key: 'dedicated', value: 'db', effect }] } });
  await patchNode('node-1', taint('NoSchedule'));
  await patchNode('node-2', taint('NoSchedule'));
  await patchNode('node-3', taint('PreferNoSchedule'));
  await create('a', {});
  expect(await outcomeOf('a')).toBe('node-3');
  await create('b', { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }] });
  expect(['node-1', 'node-2']).toContain(await outcomeOf('b'));
  await patchNode('node-3', taint('NoSchedule'));
  await create('c', { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'web' }] });
  expect(await outcomeOf('c')).toBe(`0/3 nodes are available: 3 node(s) had untolerated taint(s). ${HELPLESS}`);
});

test('NoExecute ends Pods, at once or when their time is over', async () => {
  const here = { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } };
  await create('now', here);
  await create('later', {
    ...here,
    tolerations: [{ key: 'gone', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 600 }],
  });
  await create('never', { ...here, tolerations: [{ operator: 'Exists' }] });
  await Promise.all(['now', 'later', 'never'].map(outcomeOf));
  await patchNode('node-1', { spec: { taints: [{ key: 'gone', effect: 'NoExecute' }] } });
  const names = async (): Promise<string> =>
    listAt(await call('GET', PODS), 'items')
      .map((pod) => textAt(pod, 'metadata', 'name'))
      .join();
  await until(async () => (await names()) === 'later,never');
  await cluster.clock.change({ advanceMs: 601_000 });
  await until(async () => (await names()) === 'never');
});

test('of several tolerations of a taint the first counts, and a taint that goes spares whose time was running', async () => {
  const bears = (...seconds: readonly number[]): JsonObject => ({
    nodeSelector: { 'kubernetes.io/hostname': 'node-1' },
    tolerations: seconds.map((tolerationSeconds) => ({
      key: 'gone',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds,
    })),
  });
  await create('long', bears(600, 5));
  await create('short', bears(5));
  await Promise.all(['long', 'short'].map(outcomeOf));
  await patchNode('node-1', { spec: { taints: [{ key: 'gone', effect: 'NoExecute' }] } });
  const there = async (name: string): Promise<boolean> =>
    listAt(await call('GET', PODS), 'items').some((one) => textAt(one, 'metadata', 'name') === name);
  await cluster.clock.change({ advanceMs: 6000 });
  await until(async () => !(await there('short')));
  expect(await there('long')).toBe(true);
  expect(listAt(await call('GET', '/api/v1/nodes/node-1'), 'spec', 'taints')).toEqual([
    { key: 'gone', effect: 'NoExecute' },
  ]);
  await patchNode('node-1', { spec: { taints: null } });
  const told = async (): Promise<string[]> =>
    listAt(await call('GET', '/api/v1/namespaces/default/events'), 'items')
      .filter((event) => textAt(event, 'reason') === 'TaintManagerEviction')
      .map((event) => textAt(event, 'message'));
  await until(async () => (await told()).includes('Cancelling deletion of Pod default/long'));
});

test('a Pod takes the zone and the region of its node, whatever it said before', async () => {
  const labels = { 'topology.kubernetes.io/zone': 'a', 'topology.kubernetes.io/region': 'r' };
  await patchNode('node-1', { metadata: { labels } });
  await create('placed', { nodeSelector: { 'kubernetes.io/hostname': 'node-1' } });
  await create('made', { nodeName: 'node-1' }, { 'topology.kubernetes.io/zone': 'mine' });
  await Promise.all(['placed', 'made'].map(outcomeOf));
  for (const name of ['placed', 'made'])
    expect(await call('GET', `${PODS}/${name}`)).toMatchObject({ metadata: { labels } });
});

test('what names its nodes looks at no others', async () => {
  const terms = [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] }];
  const requiredDuringSchedulingIgnoredDuringExecution = { nodeSelectorTerms: terms };
  await patchNode('node-2', { spec: { unschedulable: true } });
  await patchNode('node-3', { spec: { unschedulable: true } });
  await create('a', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution } } });
  expect(await outcomeOf('a')).toBe(
    `0/3 nodes are available: 1 node(s) were unschedulable, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${HELPLESS}`,
  );
});

test('a cordoned node gets a taint and no Pods, until it is uncordoned', async () => {
  for (const name of ['node-1', 'node-2', 'node-3']) await patchNode(name, { spec: { unschedulable: true } });
  await until(
    async () =>
      textAt(await call('GET', '/api/v1/nodes/node-2'), 'spec', 'taints', 0, 'key') ===
      'node.kubernetes.io/unschedulable',
  );
  await create('a', {});
  expect(await outcomeOf('a')).toBe(`0/3 nodes are available: 3 node(s) were unschedulable. ${HELPLESS}`);
  await patchNode('node-2', { spec: { unschedulable: null } });
  await until(async () => (await outcomeOf('a')) === 'node-2');
  expect(listAt(await call('GET', '/api/v1/nodes/node-2'), 'spec', 'taints')).toEqual([]);
});

const workload = (kind: string, spec: JsonObject, pod: JsonObject = {}): JsonObject => ({
  kind,
  metadata: { name: 'web' },
  spec: {
    ...spec,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { ...CONTAINERS, ...pod } },
  },
});
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const DAEMON_SETS = '/apis/apps/v1/namespaces/default/daemonsets';
const spread = (topologyKey: string): JsonObject => ({
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } },
  ],
});

test.each([
  ['of a Deployment are spread over nodes and zones', 4, {}, ['node-1', 'node-2', 'node-2', 'node-3']],
  [
    'keep a hard constraint',
    6,
    spread('kubernetes.io/hostname'),
    ['node-1', 'node-1', 'node-2', 'node-2', 'node-3', 'node-3'],
  ],
])('Pods %s', async (_what, replicas, pod, nodes) => {
  await call('POST', DEPLOYMENTS, workload('Deployment', { replicas }, pod));
  await until(
    async () => numberAt(await call('GET', `${DEPLOYMENTS}/web`), 'status', 'availableReplicas') === replicas,
  );
  expect(await nodesOf('web')).toEqual(nodes);
});

test('a hard constraint that cannot be kept is told, also where nodes have no such label', async () => {
  await create('a', { ...spread(ZONE), nodeSelector: { [ZONE]: 'zone-a' } });
  expect(await outcomeOf('a')).not.toContain('0/3');
  await create('b', spread('rack'));
  expect(await outcomeOf('b')).toBe(
    `0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints (missing required label). ${HELPLESS}`,
  );
  await patchNode('node-2', { spec: { unschedulable: true } });
  await create('c', spread(ZONE));
  expect(await outcomeOf('c')).toContain(
    "1 node(s) were unschedulable, 2 node(s) didn't match pod topology spread constraints.",
  );
});

test('Pods keep apart and together as they ask', async () => {
  const terms = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } };
  const rule = (field: string): JsonObject => ({
    affinity: { [field]: { requiredDuringSchedulingIgnoredDuringExecution: [terms] } },
  });
  for (const name of ['a', 'b', 'c']) {
    await create(name, rule('podAntiAffinity'));
    await outcomeOf(name);
  }
  expect(await nodesOf('web')).toEqual(['node-1', 'node-2', 'node-3']);
  await create('d', rule('podAntiAffinity'));
  expect(await outcomeOf('d')).toBe(
    `0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules. ${VICTIMLESS}`,
  );
  await create('e', {});
  expect(await outcomeOf('e')).toBe(
    `0/3 nodes are available: 3 node(s) didn't satisfy existing pods anti-affinity rules. ${VICTIMLESS}`,
  );
  await create('f', rule('podAffinity'), { app: 'other' });
  expect(await outcomeOf('f')).toMatch(/^node-/);
  await call('DELETE', '/api/v1/nodes/node-1');
  await create(
    'lonely',
    {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { ...terms, labelSelector: { matchLabels: { app: 'nobody' } } },
          ],
        },
      },
    },
    { app: 'other' },
  );
  expect(await outcomeOf('lonely')).toContain("2 node(s) didn't match pod affinity rules.");
});

test('a DaemonSet has a Pod on each node that takes it, and follows the nodes', async () => {
  await patchNode('node-3', { spec: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } });
  await call('POST', DAEMON_SETS, workload('DaemonSet', {}));
  const numbers = async (): Promise<string> => {
    const { status } = await call('GET', `${DAEMON_SETS}/web`);
    return ['desiredNumberScheduled', 'numberReady', 'numberAvailable']
      .map((field) => numberAt(status, field) ?? 0)
      .join('/');
  };
  await until(async () => (await numbers()) === '2/2/2');
  expect(await nodesOf('web')).toEqual(['node-1', 'node-2']);
  await patchNode('node-1', { spec: { unschedulable: true } });
  await cluster.setNodes({ count: 5, zones: 2 });
  await until(async () => (await numbers()) === '4/4/4');
  expect(await nodesOf('web')).toEqual(['node-1', 'node-2', 'node-4', 'node-5']);
  await cluster.setNodes({ count: 1, zones: 1 });
  await until(async () => (await numbers()) === '1/1/1');
  expect(await nodesOf('web')).toEqual(['node-1']);
});

test('a DaemonSet replaces its Pods one after the other, or as many as may be away', async () => {
  await call('POST', DAEMON_SETS, workload('DaemonSet', {}));
  await until(async () => numberAt(await call('GET', `${DAEMON_SETS}/web`), 'status', 'numberReady') === 3);
  let least = 3;
  await call('PUT', `${DAEMON_SETS}/web`, workload('DaemonSet', {}, { containers: [{ name: 'c', image: 'nginx:2' }] }));
  await until(async () => {
    const { status } = await call('GET', `${DAEMON_SETS}/web`);
    least = Math.min(least, numberAt(status, 'numberReady') ?? 0);
    const isSeen = numberAt(status, 'observedGeneration') === 2;
    return isSeen && numberAt(status, 'updatedNumberScheduled') === 3 && numberAt(status, 'numberReady') === 3;
  });
  expect(least).toBe(2);
});

test('Pods of a node that goes end, and their owner makes new ones elsewhere', async () => {
  await call('POST', DEPLOYMENTS, workload('Deployment', { replicas: 3 }));
  await until(async () => (await nodesOf('web')).join() === 'node-1,node-2,node-3');
  await call('DELETE', '/api/v1/nodes/node-2');
  await cluster.clock.change({ speed: 20 });
  await until(async () => {
    const nodes = await nodesOf('web');
    return nodes.length === 3 && nodes.every((name) => name === 'node-1' || name === 'node-3');
  });
});

test('a node that is made by hand joins, and gets what waited for it', async () => {
  await create('a', { nodeSelector: { disk: 'ssd' } });
  await outcomeOf('a');
  await call('POST', '/api/v1/nodes', { metadata: { name: 'fast', labels: { disk: 'ssd' } } });
  await until(async () => (await outcomeOf('a')) === 'fast');
  expect(await cluster.nodes()).toMatchObject([{ name: 'fast', status: 'Ready', pods: 1 }, {}, {}, {}]);
});
