// Metrics, and the autoscaler that follows them.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../../src/core/json.ts';
import { moveOf } from '../../../src/local-cluster/autoscaling/behavior.ts';
import { parseUsage, usageOf } from '../../../src/local-cluster/metrics/usage.ts';
import { type ControlledCluster, openControlledCluster } from '../../support/controlled-cluster.ts';
import { generator } from '../../support/random-requests.ts';

const CORE = '/api/v1/namespaces/default';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const SCALERS = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers';
const METRICS = '/apis/metrics.k8s.io/v1beta1';

let cluster: ControlledCluster;
beforeEach(async () => {
  cluster = await openControlledCluster();
});
afterEach(() => cluster.close());

async function make(path: string, body: JsonObject): Promise<void> {
  const answer = await cluster.call('POST', path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

const container = (name = 'c', requests: JsonObject = { cpu: '100m', memory: '64Mi' }): JsonObject => ({
  name,
  image: 'nginx:1',
  resources: { requests },
});
const deployment = (replicas: number, usage = '', containers = [container()]): JsonObject => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' }, annotations: usage === '' ? {} : { 'hawser.dev/usage': usage } },
      spec: { containers },
    },
  },
});
const resource = (target: JsonObject, name = 'cpu'): JsonObject => ({ type: 'Resource', resource: { name, target } });
const share = (averageUtilization: number): JsonObject => ({ type: 'Utilization', averageUtilization });
const scaler = (metrics: readonly JsonObject[] = [resource(share(50))], more: JsonObject = {}): JsonObject => ({
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 1,
    maxReplicas: 10,
    metrics: [...metrics],
    ...more,
  },
});

const replicas = async (): Promise<number> =>
  numberAt((await cluster.call('GET', `${DEPLOYMENTS}/web`)).body, 'spec', 'replicas') ?? 0;
const status = async (): Promise<JsonObject> => objectAt((await cluster.call('GET', `${SCALERS}/web`)).body, 'status');
const conditions = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    listAt(await status(), 'conditions').map((one) => [
      textAt(one, 'type'),
      `${textAt(one, 'status')} ${textAt(one, 'reason')}: ${textAt(one, 'message')}`,
    ]),
  );
/** As kubectl shows them. */
async function targets(): Promise<string> {
  const { body } = await cluster.call('GET', SCALERS, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io');
  return textAt(body, 'rows', 0, 'cells', 2);
}
async function events(): Promise<string[]> {
  const all = await cluster.items(`${CORE}/events`);
  return all
    .filter((event) => textAt(event, 'involvedObject', 'kind') === 'HorizontalPodAutoscaler')
    .map((event) => `${textAt(event, 'reason')}: ${textAt(event, 'message')}`);
}

/** Each Pod of the Deployment uses so much from now on. */
async function use(usage: string): Promise<void> {
  for (const pod of await cluster.items(`${CORE}/pods`)) {
    const path = `${CORE}/pods/${textAt(pod, 'metadata', 'name')}`;
    await cluster.call('PATCH', path, { metadata: { annotations: { 'hawser.dev/usage': usage } } });
  }
}

describe('usage', () => {
  const pod = (usage: string, containers: readonly JsonObject[]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', annotations: { 'hawser.dev/usage': usage } },
    spec: { containers: [...containers] },
  });

  test.each<[string, readonly JsonObject[], readonly number[]]>([
    ['', [container('a'), container('b', {})], [10, 2]],
    ['cpu=900m', [container('a')], [900]],
    ['cpu=900m', [container('a', { cpu: '2' }), container('b', { cpu: '1' })], [600, 300]],
    ['cpu=900m', [container('a', {}), container('b', {})], [450, 450]],
    ['b/cpu=1,cpu=500m', [container('a'), container('b')], [500, 1000]],
    ['cpu=1, cpu=2', [container('a')], [2000]],
    ['memory=1Gi', [container('a', { cpu: '1m' })], [1]],
  ])('%j of %j', (usage, containers, cpu) => {
    expect(usageOf(pod(usage, containers)).map((one) => one.usage.cpu)).toEqual(cpu);
  });

  test.each(['cpu', 'cpu=', 'cpu=x', 'disk=1', 'cpu=-1', 'a/b/cpu=1', '=1'])('%j is none', (usage) => {
    expect(parseUsage(usage)).toEqual({ said: [], problems: [expect.stringContaining(`'${usage}' is no usage`)] });
  });
});

describe('metrics', () => {
  test('are there some seconds after a Pod has started', async () => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=150m,memory=100Mi'));
    await cluster.pass(4000);
    expect(await cluster.items(`${METRICS}/pods`)).toEqual([]);
    await cluster.pass(10_000);
    const { body } = await cluster.call('GET', `${METRICS}/namespaces/default/pods?labelSelector=app%3Dweb`);
    expect(body).toMatchObject({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1' });
    const [first, second, ...others] = listAt(body, 'items');
    expect(others).toEqual([]);
    expect(second).toMatchObject({ window: '10s', timestamp: '2026-01-01T00:00:10Z' });
    expect(first).toMatchObject({
      metadata: { namespace: 'default', labels: { app: 'web' } },
      containers: [{ name: 'c', usage: { cpu: '150m', memory: '100Mi' } }],
    });
    const name = textAt(first, 'metadata', 'name');
    expect((await cluster.call('GET', `${METRICS}/namespaces/default/pods/${name}`)).body).toMatchObject({
      kind: 'PodMetrics',
      metadata: { name },
    });
    expect(await cluster.items(`${METRICS}/pods?labelSelector=app%3Dother`)).toEqual([]);
  });

  test('of a node are those of its Pods and its own', async () => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=150m,memory=100Mi'));
    await cluster.pass(20_000);
    const { body } = await cluster.call('GET', `${METRICS}/nodes/node-1`);
    expect(body).toMatchObject({ kind: 'NodeMetrics', usage: { cpu: '380m', memory: '712Mi' } });
  });

  test('that are not there are not found, and none can be written', async () => {
    expect((await cluster.call('GET', `${METRICS}/namespaces/default/pods/x`)).body).toMatchObject({
      code: 404,
      message: 'pods.metrics.k8s.io "default/x" not found',
    });
    for (const [method, path] of [
      ['POST', `${METRICS}/namespaces/default/pods`],
      ['DELETE', `${METRICS}/nodes/node-1`],
      ['PATCH', `${METRICS}/nodes/node-1`],
      ['GET', `${METRICS}/nodes?watch=true`],
    ] as const)
      expect((await cluster.call(method, path)).status, `${method} ${path}`).toBe(405);
    expect(
      (await cluster.call('GET', '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io')).body,
    ).toMatchObject({
      status: { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] },
    });
  });
});

describe('an autoscaler', () => {
  test('follows what its Pods use, up at once, down when five minutes have asked for less', async () => {
    await make(DEPLOYMENTS, deployment(2));
    await make(SCALERS, scaler());
    await cluster.pass(20_000);
    expect(await replicas()).toBe(2);
    await use('cpu=100m');
    await cluster.pass(16_000);
    expect(await replicas()).toBe(4);
    expect(await events()).toEqual([
      'SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    ]);
    expect(await status()).toMatchObject({
      currentReplicas: 2,
      desiredReplicas: 4,
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 100, averageValue: '100m' } } },
      ],
    });
    expect((await conditions())['AbleToScale']).toMatch(/^True SucceededRescale: .* to 4$/);
    expect(await targets()).toBe('cpu: 100%/50%');
    await use('cpu=10m');
    await cluster.pass(60_000);
    expect(await replicas()).toBe(4);
    expect((await conditions())['AbleToScale']).toMatch(/^True ScaleDownStabilized: /);
    await cluster.pass(300_000);
    expect(await replicas()).toBe(1);
    expect(await conditions()).toEqual({
      AbleToScale: 'True ReadyForNewScale: recommended size matches current size',
      ScalingActive:
        'True ValidMetricFound: the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
      ScalingLimited: 'False DesiredWithinRange: the desired count is within the acceptable range',
    });
    expect(await cluster.pass(300_000), 'it is at rest').toBe(0);
  });

  test.each<[string, JsonObject, number, JsonObject]>([
    ['an average value', resource({ type: 'AverageValue', averageValue: '40m' }), 4, { averageValue: '100m' }],
    ['memory', resource({ type: 'AverageValue', averageValue: '80Mi' }, 'memory'), 4, { averageValue: '200Mi' }],
    ['what is within a tenth of the aim', resource(share(95)), 2, { averageUtilization: 100, averageValue: '100m' }],
  ])('counts by %s', async (_what, metric, count, current) => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=100m,memory=200Mi'));
    await make(SCALERS, scaler([metric]));
    await cluster.pass(17_000);
    expect(await replicas()).toBe(count);
    expect(listAt(await status(), 'currentMetrics')[0]).toMatchObject({ resource: { current } });
  });

  test('counts by one container alone', async () => {
    await make(DEPLOYMENTS, deployment(1, 'a/cpu=100m,b/cpu=1m', [container('a'), container('b')]));
    const target = share(50);
    const metric = (name: string): JsonObject => ({
      type: 'ContainerResource',
      containerResource: { name: 'cpu', container: name, target },
    });
    await make(SCALERS, scaler([metric('a')]));
    await cluster.pass(17_000);
    expect(await replicas()).toBe(2);
    await cluster.call('PATCH', `${SCALERS}/web`, { spec: { metrics: [metric('nobody')] } });
    await cluster.pass(20_000);
    const why = 'failed to get cpu utilization: did not receive metrics for targeted pods (pods might be unready)';
    expect((await conditions())['ScalingActive']).toBe(
      `False FailedGetContainerResourceMetric: the HPA was unable to compute the replica count: ${why}`,
    );
    expect(await events()).toContain(
      `FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: failed to get nobody container metric value: ${why}`,
    );
  });

  test('doubles without rules of its own, but may come to four at once', async () => {
    await make(DEPLOYMENTS, deployment(1, 'cpu=900m'));
    await make(SCALERS, scaler([resource(share(50))]));
    await cluster.pass(17_000);
    expect(await replicas()).toBe(4);
    expect((await conditions())['ScalingLimited']).toMatch(/^True ScaleUpLimit: /);
  });

  test('does nothing where another scales the same', async () => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=900m'));
    await make(SCALERS, scaler([resource(share(50))]));
    await make(SCALERS, { ...scaler([resource(share(50))]), metadata: { name: 'other' } });
    await cluster.pass(60_000);
    expect(await replicas()).toBe(2);
    expect((await status())['currentMetrics']).toBeNull();
    expect((await conditions())['ScalingActive']).toBe(
      'False AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [default/other default/web]',
    );
  });

  test('stays within its bounds, and says which one holds it', async () => {
    await make(DEPLOYMENTS, deployment(1, 'cpu=1'));
    await make(SCALERS, scaler(undefined, { minReplicas: 2, maxReplicas: 3 }));
    await cluster.pass(17_000);
    expect(await replicas()).toBe(2);
    expect((await events())[0]).toBe(
      'SuccessfulRescale: New size: 2; reason: Current number of replicas below Spec.MinReplicas',
    );
    await cluster.pass(45_000);
    expect(await replicas()).toBe(3);
    expect((await conditions())['ScalingLimited']).toBe(
      'True TooManyReplicas: the desired replica count is more than the maximum replica count',
    );
    await use('cpu=1m');
    await cluster.pass(400_000);
    expect(await replicas()).toBe(2);
    expect((await conditions())['ScalingLimited']).toMatch(/^True TooFewReplicas: /);
  });

  test('without rules of its own takes the highest of what was recommended lately, beyond its bounds', async () => {
    await make(DEPLOYMENTS, deployment(3, 'cpu=200m'));
    await make(SCALERS, scaler(undefined, { maxReplicas: 3 }));
    await cluster.pass(17_000);
    await use('cpu=40m');
    await cluster.pass(30_000);
    const { AbleToScale, ScalingLimited } = await conditions();
    expect(AbleToScale).toMatch(/^True ScaleDownStabilized: /);
    expect(ScalingLimited).toMatch(/^True TooManyReplicas: /);
  });

  test('goes down at once from what was none when it first looked', async () => {
    await make(DEPLOYMENTS, deployment(0, 'cpu=20m'));
    await make(SCALERS, scaler());
    await cluster.pass(17_000);
    await cluster.call('PATCH', `${DEPLOYMENTS}/web`, { spec: { replicas: 4 } });
    await cluster.pass(30_000);
    expect(await replicas()).toBe(2);
  });

  test('scales by the scale of what it aims at', async () => {
    await make(DEPLOYMENTS, deployment(1, 'cpu=90m'));
    await make(SCALERS, scaler());
    await cluster.pass(17_000);
    const { body } = await cluster.call('GET', `${DEPLOYMENTS}/web`);
    const writers = listAt(body, 'metadata', 'managedFields').map((one) =>
      ['manager', 'subresource'].map((field) => textAt(one, field)).join(' '),
    );
    expect(writers).toContain('kube-controller-manager scale');
  });

  test('moves no faster than its policies let it', async () => {
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 60 }];
    const behavior = { scaleUp: { policies }, scaleDown: { stabilizationWindowSeconds: 0, policies } };
    await make(DEPLOYMENTS, deployment(2, 'cpu=1'));
    await make(SCALERS, scaler(undefined, { behavior }));
    await cluster.pass(17_000);
    expect(await replicas()).toBe(3);
    expect((await conditions())['ScalingLimited']).toMatch(/^True ScaleUpLimit: /);
    await cluster.pass(45_000);
    expect(await replicas()).toBe(3);
    await cluster.pass(20_000);
    expect(await replicas()).toBe(4);
    await cluster.call('PATCH', `${SCALERS}/web`, { spec: { behavior: { scaleUp: { selectPolicy: 'Disabled' } } } });
    await cluster.pass(120_000);
    expect(await replicas()).toBe(4);
  });

  test.each<[string, JsonObject, string]>([
    [
      'Pods',
      { pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1' } } },
      'False FailedGetPodsMetric: the HPA was unable to compute the replica count: unable to get metric hits: unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      'Object',
      {
        object: {
          metric: { name: 'hits' },
          describedObject: { kind: 'Service', name: 's' },
          target: { type: 'Value', value: '1' },
        },
      },
      'False FailedGetObjectMetric: the HPA was unable to compute the replica count: unable to get metric hits: Service on default s/unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered',
    ],
    [
      'External',
      { external: { metric: { name: 'hits' }, target: { type: 'Value', value: '1' } } },
      'False FailedGetExternalMetric: the HPA was unable to compute the replica count: unable to get external metric default/hits/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get hits.external.metrics.k8s.io)',
    ],
  ])('has no adapter for metrics of type %s', async (type, metric, why) => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=100m'));
    await make(SCALERS, scaler([{ type, ...metric }]));
    await cluster.pass(20_000);
    expect((await conditions())['ScalingActive']).toBe(why);
    expect(await status()).toMatchObject({ currentMetrics: [{ type: '' }] });
    expect(await targets()).toMatch(/^<unknown>\/1(?: \(avg\))?$/);
    expect(
      (await events()).some((one) =>
        one.startsWith('FailedComputeMetricsReplicas: invalid metrics (1 invalid out of 1), first error is: '),
      ),
    ).toBe(true);
    await cluster.call('PATCH', `${SCALERS}/web`, { spec: { metrics: [resource(share(50)), { type, ...metric }] } });
    await cluster.pass(14_000);
    expect(await replicas(), 'more is asked for by the other').toBe(4);
  });

  test('tells twice that it failed to get an average from outside', async () => {
    await make(DEPLOYMENTS, deployment(2, 'cpu=100m'));
    const target = { type: 'AverageValue', averageValue: '1' };
    await make(SCALERS, scaler([{ type: 'External', external: { metric: { name: 'hits' }, target } }]));
    await cluster.pass(20_000);
    expect((await events()).join()).toContain(
      'first error is: failed to get hits external metric value: failed to get hits external metric: unable to get external metric',
    );
  });

  test('cannot work out a share of nothing', async () => {
    await make(DEPLOYMENTS, deployment(2, '', [container('c', {})]));
    await make(SCALERS, scaler());
    await cluster.pass(20_000);
    expect((await conditions())['ScalingActive']).toMatch(
      /^False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container c of Pod web-/,
    );
  });

  test('says that its target is missing, finds it later, and leaves one at rest', async () => {
    await make(SCALERS, scaler());
    await cluster.pass(20_000);
    expect(await conditions()).toEqual({
      AbleToScale: `False FailedGetScale: the HPA controller was unable to get the target's current scale: deployments.apps "web" not found`,
    });
    await make(DEPLOYMENTS, deployment(1));
    await cluster.pass(30_000);
    expect((await conditions())['AbleToScale']).toMatch(/^True ReadyForNewScale/);
    await cluster.call('PATCH', `${DEPLOYMENTS}/web`, { spec: { replicas: 0 } });
    await cluster.pass(20_000);
    expect((await conditions())['ScalingActive']).toMatch(/^False ScalingDisabled: /);
    expect(await replicas()).toBe(0);
  });

  test('whose Pods are too young for metrics says so, and takes nothing away', async () => {
    await make(DEPLOYMENTS, { ...deployment(3), spec: { ...objectAt(deployment(3), 'spec') } });
    await cluster.pass(1000);
    await make(SCALERS, scaler());
    await cluster.call('PATCH', `${DEPLOYMENTS}/web`, {
      spec: { template: { metadata: { annotations: { 'hawser.dev/fault': 'slow:by=60s' } } } },
    });
    await cluster.pass(10_000);
    await cluster.call('DELETE', `${CORE}/pods?labelSelector=app%3Dweb`);
    await cluster.pass(8000);
    expect((await conditions())['ScalingActive']).toMatch(/no metrics returned from resource metrics API$/);
    expect(await replicas()).toBe(3);
  });
});

test('whatever has the scale subresource is scaled, custom kinds too', async () => {
  const scale = {
    specReplicasPath: '.spec.size',
    statusReplicasPath: '.status.size',
    labelSelectorPath: '.status.selector',
  };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await make('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    metadata: { name: 'fleets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { kind: 'Fleet', plural: 'fleets', singular: 'fleet' },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {}, scale } }],
    },
  });
  const fleets = '/apis/example.com/v1/namespaces/default/fleets';
  await make(fleets, { apiVersion: 'example.com/v1', kind: 'Fleet', metadata: { name: 'web' }, spec: { size: 1 } });
  await cluster.call('PATCH', `${fleets}/web/status`, { status: { selector: 'app=ship', size: 1 } });
  await make(`${CORE}/pods`, {
    metadata: { name: 'ship', labels: { app: 'ship' }, annotations: { 'hawser.dev/usage': 'cpu=200m' } },
    spec: { containers: [container()] },
  });
  const scaleTargetRef = { apiVersion: 'example.com/v1', kind: 'Fleet', name: 'web' };
  await make(SCALERS, scaler(undefined, { scaleTargetRef }));
  await cluster.pass(17_000);
  expect((await cluster.call('GET', `${fleets}/web`)).body).toMatchObject({ spec: { size: 4 } });
  const { body: first } = await cluster.call('GET', SCALERS.replace('/v2/', '/v1/'));
  expect(listAt(first, 'items')[0]).toMatchObject({
    spec: { targetCPUUtilizationPercentage: 50 },
    status: { currentCPUUtilizationPercentage: 200, currentReplicas: 1, desiredReplicas: 4 },
  });
  await cluster.call('PATCH', `${SCALERS}/web`, { spec: { scaleTargetRef: { ...scaleTargetRef, kind: 'Navy' } } });
  await cluster.pass(17_000);
  expect((await conditions())['AbleToScale']).toMatch(
    /^False FailedGetScale: .*no matches for kind "Navy" in group "example.com"$/,
  );
});

test('what a policy allows is counted from the begin of its period', () => {
  const of = (behavior: JsonObject) => ({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: {},
    spec: { minReplicas: 1, maxReplicas: 100, behavior },
  });
  const policies = [
    { type: 'Pods', value: 4, periodSeconds: 60 },
    { type: 'Percent', value: 10, periodSeconds: 60 },
  ];
  const past = { recommended: [], scaled: [{ time: 1000, replicas: 3 }] };
  const up = (selectPolicy: string) =>
    moveOf(of({ scaleUp: { selectPolicy, policies } }), past, { current: 40, desired: 90, now: 30_000 }).replicas;
  expect([up('Max'), up('Min'), up('Disabled')]).toEqual([41, 41, 40]);
  const down = (selectPolicy: string) =>
    moveOf(
      of({ scaleDown: { selectPolicy, policies, stabilizationWindowSeconds: 0 } }),
      { recommended: [], scaled: [] },
      { current: 40, desired: 1, now: 30_000 },
    ).replicas;
  expect([down('Max'), down('Min'), down('Disabled')]).toEqual([36, 36, 40]);
});

describe.each([1, 2, 3, 4])('whatever is done to it, seed %i', (seed) => {
  test('it comes to rest within its bounds, and has told no more than it may', async () => {
    const pick = generator(seed);
    const metrics: readonly JsonObject[] = [
      resource(share(50)),
      resource({ type: 'AverageValue', averageValue: '40Mi' }, 'memory'),
      { type: 'Pods', pods: { metric: { name: 'hits' }, target: { type: 'AverageValue', averageValue: '1' } } },
    ];
    const policies = [{ type: 'Pods', value: 1, periodSeconds: 15 }];
    const acts: readonly (() => Promise<unknown>)[] = [
      () => use(`cpu=${pick(300)}m,memory=${pick(200)}Mi`),
      () => cluster.call('PATCH', `${DEPLOYMENTS}/web`, { spec: { replicas: pick(12) } }),
      () => cluster.call('PATCH', `${SCALERS}/web`, { spec: { minReplicas: 1 + pick(3), maxReplicas: 4 + pick(8) } }),
      () =>
        cluster.call('PATCH', `${SCALERS}/web`, {
          spec: { metrics: metrics.filter(() => pick(2) === 0).concat(metrics[0] ?? {}) },
        }),
      () =>
        cluster.call('PATCH', `${SCALERS}/web`, {
          spec: { behavior: { scaleUp: { policies }, scaleDown: { stabilizationWindowSeconds: pick(60) } } },
        }),
      () => cluster.call('DELETE', `${CORE}/pods?labelSelector=app%3Dweb`),
      () => cluster.call('PATCH', `${SCALERS}/web/status`, { status: { desiredReplicas: 99, conditions: [] } }),
    ];
    await make(DEPLOYMENTS, deployment(2));
    await make(SCALERS, scaler());
    for (let round = 0; round < 15; round += 1) {
      await acts[pick(acts.length)]?.();
      await cluster.pass(pick(40) * 1000);
    }
    await cluster.call('PATCH', `${SCALERS}/web`, { spec: { metrics: metrics.slice(0, 1) } });
    await cluster.call('PATCH', `${DEPLOYMENTS}/web`, { spec: { replicas: 3 } });
    await use('cpu=10m,memory=32Mi');
    await cluster.pass(900_000);
    const told = (await cluster.items(`${CORE}/events`)).filter(
      (event) => textAt(event, 'involvedObject', 'kind') === 'HorizontalPodAutoscaler',
    );
    expect(told.length).toBeLessThanOrEqual(40);
    const { body } = await cluster.call('GET', `${SCALERS}/web`);
    const least = numberAt(body, 'spec', 'minReplicas') ?? 1;
    expect(await replicas()).toBe(least);
    expect(await status()).toMatchObject({ currentReplicas: least, desiredReplicas: least });
    expect(await cluster.pass(300_000)).toBe(0);
  }, 60_000);
});
