// What may change of a Pod by each of its paths, what a status must hold, and what budgets say of an eviction.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, listAt, objectAt, textAt } from '../../../src/core/json.ts';
import { type KubeAnswer, type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
const PODS = '/api/v1/namespaces/default/pods';

beforeAll(async () => {
  kube = await openKubeCalls(systemClock);
});
afterAll(() => kube.close());

const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };
const STRATEGIC = { headers: { 'content-type': 'application/strategic-merge-patch+json' } };
const strategic = (path: string, change: JsonObject): Promise<KubeAnswer> =>
  kube.call('PATCH', path, change, STRATEGIC);
const merge = (path: string, change: JsonObject): Promise<KubeAnswer> => kube.call('PATCH', path, change, MERGE);

async function pod(name: string, spec: JsonObject = {}, container: JsonObject = {}): Promise<string> {
  const { status, message } = await kube.call('POST', PODS, {
    metadata: { name, labels: { app: name } },
    spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec },
  });
  expect([status, message]).toEqual([201, '']);
  return `${PODS}/${name}`;
}

describe('a Pod', () => {
  const GATED = { schedulingGates: [{ name: 'example.com/wait' }], nodeSelector: { a: 'b' } };
  test.each<[name: string, spec: JsonObject, change: JsonObject, message: string]>([
    [
      'another',
      {},
      { containers: [{ name: 'd', image: 'i' }] },
      'spec.containers: Forbidden: pod updates may not add or remove containers',
    ],
    [
      'longer',
      { activeDeadlineSeconds: 5 },
      { activeDeadlineSeconds: 6 },
      'spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value',
    ],
    [
      'endless',
      { activeDeadlineSeconds: 5 },
      { activeDeadlineSeconds: null },
      'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
    ],
    [
      'gate',
      GATED,
      { schedulingGates: [{ name: 'example.com/more' }] },
      "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/more'",
    ],
    [
      'selector',
      GATED,
      { nodeSelector: { a: 'c' } },
      'spec.nodeSelector: Invalid value: {"a":"c"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
  ])('keeps its form: %s', async (name, spec, change, message) => {
    const answer = await strategic(await pod(name, spec), { spec: change });
    expect([answer.status, answer.message]).toEqual([422, `Pod "${name}" is invalid: ${message}`]);
  });

  test('keeps its tolerations, and may take more', async () => {
    const path = await pod('tolerant', { tolerations: [{ key: 'a', operator: 'Exists' }] });
    expect((await merge(path, { spec: { tolerations: null } })).message).toBe(
      'Pod "tolerant" is invalid: spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
    );
    expect((await strategic(path, { spec: { nodeSelector: { a: 'b' } } })).status).toBe(422);
  });

  test('that waits for a gate may be told where to go', async () => {
    const path = await pod('waiting', GATED);
    expect((await strategic(path, { spec: { nodeSelector: { zone: 'z' } } })).status).toBe(200);
    expect((await merge(path, { spec: { schedulingGates: null } })).status).toBe(200);
  });

  test('takes requests from its limits, and its ports on the network of the node; a template does not', async () => {
    const container = { name: 'c', image: 'i', resources: { limits: { cpu: '1' } }, ports: [{ containerPort: 80 }] };
    const spec = { hostNetwork: true, containers: [container] };
    const own = await kube.call('POST', PODS, { metadata: { name: 'host' }, spec });
    expect(at(own.body, 'spec', 'containers', 0)).toMatchObject({
      resources: { requests: { cpu: '1' } },
      ports: [{ hostPort: 80 }],
    });
    const template = { metadata: { labels: { a: 'b' } }, spec };
    const { body } = await kube.call('POST', '/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'host' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    });
    expect(at(body, 'spec', 'template', 'spec', 'containers', 0)).toMatchObject({
      resources: { limits: { cpu: '1' } },
      ports: [{ containerPort: 80, protocol: 'TCP' }],
    });
    expect(at(body, 'spec', 'template', 'spec', 'containers', 0, 'resources', 'requests')).toBeUndefined();
    expect(at(body, 'spec', 'template', 'spec', 'containers', 0, 'ports', 0, 'hostPort')).toBeUndefined();
  });
});

describe('a resize', () => {
  const resize = (path: string, resources: JsonObject): Promise<KubeAnswer> =>
    strategic(`${path}/resize`, { spec: { containers: [{ name: 'c', resources }] } });

  test('changes how much, not the class of service', async () => {
    const path = await pod('sized', {}, { resources: { requests: { cpu: '100m', memory: '64Mi' } } });
    expect((await resize(path, { requests: { cpu: '200m' } })).status).toBe(200);
    expect((await resize(path, { limits: { cpu: '200m', memory: '64Mi' } })).message).toBe(
      'Pod "sized" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    );
    expect((await resize(path, { requests: { memory: null } })).message).toBe(
      'Pod "sized" is invalid: spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
    );
    expect((await resize(path, { requests: { 'ephemeral-storage': '1Gi' } })).message).toBe(
      'Pod "sized" is invalid: spec: Forbidden: only cpu and memory resources are mutable',
    );
  });
});

describe('an ephemeral container', () => {
  const add = (path: string, container: JsonObject): Promise<KubeAnswer> =>
    strategic(`${path}/ephemeralcontainers`, { spec: { ephemeralContainers: [container] } });

  test('is added and stays as it is', async () => {
    const path = await pod('looked-at');
    const why =
      'Pod "looked-at" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug"';
    expect((await add(path, { name: 'debug', image: 'busybox' })).status).toBe(200);
    expect((await add(path, { name: 'debug', image: 'other' })).message).toBe(`${why} may not be changed\n`);
    const gone = await merge(`${path}/ephemeralcontainers`, { spec: { ephemeralContainers: null } });
    expect(gone.message).toBe(`${why} may not be removed\n`);
  });

  test.each<[container: JsonObject, causes: string]>([
    [{ name: 'c' }, 'spec.ephemeralContainers[0].name: Duplicate value: "c"'],
    [{ targetContainerName: 'none' }, 'spec.ephemeralContainers[0].targetContainerName: Not found: "none"'],
    [
      { ports: [{ containerPort: 1 }] },
      'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    ],
    [
      { lifecycle: { preStop: { sleep: { seconds: 1 } } } },
      'spec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container',
    ],
  ])('may not be all that others are: %j', async (container, causes) => {
    const path = `${PODS}/plain`;
    if ((await kube.call('GET', path)).status === 404) await pod('plain');
    expect((await add(path, { name: 'debug', image: 'busybox', ...container })).message).toBe(
      `Pod "plain" is invalid: ${causes}`,
    );
  });
});

describe('a binding', () => {
  test('names its Pod in the path or itself, and a node', async () => {
    const path = await pod('bound');
    const binding = (name: string, target: JsonObject): JsonObject => ({ metadata: { name }, target });
    expect((await kube.call('POST', `${path}/binding`, binding('other', { name: 'n' }))).status).toBe(400);
    const all = '/api/v1/namespaces/default/bindings';
    expect((await kube.call('POST', all, binding('bound', { kind: 'Pod' }))).message).toBe(
      '[target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>", target.name: Required value]',
    );
    expect((await kube.call('POST', all, binding('bound', { kind: 'Node', name: 'n' }))).body).toMatchObject({
      status: 'Success',
    });
    expect(at((await kube.call('GET', path)).body, 'spec', 'nodeName')).toBe('n');
  });

  test('waits for the gates', async () => {
    const path = await pod('gated', { schedulingGates: [{ name: 'example.com/wait' }] });
    const { message } = await kube.call('POST', `${path}/binding`, {
      metadata: { name: 'gated' },
      target: { name: 'n' },
    });
    expect(message).toBe(
      'Operation cannot be fulfilled on pods/binding "gated": pod gated has non-empty .spec.schedulingGates',
    );
  });
});

describe('an eviction', () => {
  const evict = (name: string, more: JsonObject = {}): Promise<KubeAnswer> =>
    kube.call('POST', `${PODS}/${name}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name },
      ...more,
    });
  const isThere = async (name: string): Promise<boolean> => (await kube.call('GET', `${PODS}/${name}`)).status === 200;

  test('that is only tried evicts nothing', async () => {
    await pod('tried');
    expect((await evict('tried', { deleteOptions: { dryRun: ['All'] } })).status).toBe(201);
    expect(await isThere('tried')).toBe(true);
    expect((await evict('tried', { metadata: { name: 'other' } })).message).toBe(
      'name in URL does not match name in Eviction object',
    );
    expect((await evict('tried')).status).toBe(201);
    expect(await isThere('tried')).toBe(false);
  });

  test('is refused by a budget that allows no more', async () => {
    const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';
    const path = await pod('guarded');
    const ready = [{ type: 'Ready', status: 'True' }];
    expect((await merge(`${path}/status`, { status: { phase: 'Running', conditions: ready } })).status).toBe(200);
    await kube.call('POST', budgets, {
      metadata: { name: 'b' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'guarded' } } },
    });
    const early = await evict('guarded');
    expect([early.status, early.message]).toEqual([
      429,
      "Cannot evict pod as it would violate the pod's disruption budget.",
    ]);
    const counted = {
      observedGeneration: 1,
      currentHealthy: 1,
      desiredHealthy: 1,
      expectedPods: 1,
      disruptionsAllowed: 0,
    };
    await merge(`${budgets}/b/status`, { status: counted });
    expect((await evict('guarded')).body).toMatchObject({
      reason: 'TooManyRequests',
      details: {
        causes: [
          { reason: 'DisruptionBudget', message: 'The disruption budget b needs 1 healthy pods and has 1 currently' },
        ],
      },
    });
    const why = async (status: JsonObject): Promise<string> => {
      await merge(`${budgets}/b/status`, { status: { ...counted, ...status } });
      return textAt((await evict('guarded')).body, 'details', 'causes', 0, 'message');
    };
    const idle = 'The disruption budget b does not allow evicting pods currently';
    expect(await why({ currentHealthy: 3 })).toBe(idle);
    const failed = { type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: 'no scale' };
    const lastTransitionTime = '2026-01-01T00:00:00Z';
    expect(await why({ conditions: [{ ...failed, lastTransitionTime }] })).toBe(
      `${idle} because it failed sync: no scale`,
    );
    await merge(`${budgets}/b/status`, { status: { ...counted, desiredHealthy: 0, disruptionsAllowed: 1 } });
    expect((await evict('guarded')).status).toBe(201);
    const { body } = await kube.call('GET', `${budgets}/b`);
    expect(at(body, 'status', 'disruptionsAllowed')).toBe(0);
    expect(listAt(body, 'metadata', 'managedFields').map((one) => textAt(one, 'manager'))).toContain('kube-apiserver');
  });
});

describe('a status', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const SPECS: Readonly<Record<string, readonly [path: string, spec: JsonObject]>> = {
    Deployment: ['/apis/apps/v1/namespaces/default/deployments', { selector: { matchLabels: { a: 'b' } }, template }],
    StatefulSet: ['/apis/apps/v1/namespaces/default/statefulsets', { selector: { matchLabels: { a: 'b' } }, template }],
    DaemonSet: ['/apis/apps/v1/namespaces/default/daemonsets', { selector: { matchLabels: { a: 'b' } }, template }],
    ReplicaSet: ['/apis/apps/v1/namespaces/default/replicasets', { selector: { matchLabels: { a: 'b' } }, template }],
    ReplicationController: ['/api/v1/namespaces/default/replicationcontrollers', { template }],
    Job: [
      '/apis/batch/v1/namespaces/default/jobs',
      { template: { spec: { ...template.spec, restartPolicy: 'Never' } } },
    ],
    Service: ['/api/v1/namespaces/default/services', { ports: [{ port: 80 }], type: 'LoadBalancer' }],
    Ingress: [
      '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
      { defaultBackend: { service: { name: 's', port: { number: 1 } } } },
    ],
    PodDisruptionBudget: ['/apis/policy/v1/namespaces/default/poddisruptionbudgets', { minAvailable: 1 }],
    Namespace: ['/api/v1/namespaces', {}],
  };

  test.each<[kind: string, status: JsonObject, causes: string]>([
    [
      'Deployment',
      { replicas: 1, readyReplicas: 2 },
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ],
    [
      'Deployment',
      { unavailableReplicas: -1 },
      'status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'StatefulSet',
      { replicas: 2, availableReplicas: 2, readyReplicas: 1 },
      'status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas',
    ],
    ['DaemonSet', { numberReady: -1 }, 'status.numberReady: Invalid value: -1: must be greater than or equal to 0'],
    [
      'ReplicaSet',
      { replicas: 2, availableReplicas: 2, readyReplicas: 1 },
      'status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas',
    ],
    [
      'ReplicationController',
      { replicas: 0, readyReplicas: 1 },
      'status.readyReplicas: Invalid value: 1: cannot be greater than status.replicas',
    ],
    ['Job', { ready: 2, active: 1 }, 'status.ready: Invalid value: 2: cannot set more ready pods than active'],
    [
      'Job',
      { completionTime: '2026-01-01T00:00:00Z' },
      'status.completionTime: Invalid value: "2026-01-01T00:00:00Z": cannot set completionTime when there is no Complete=True condition',
    ],
    [
      'Service',
      { loadBalancer: { ingress: [{ hostname: 'x', ip: 'x', ipMode: 'VIP' }] } },
      'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ],
    [
      'Ingress',
      { loadBalancer: { ingress: [{ hostname: '1.2.3.4' }] } },
      'status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
    ],
    [
      'PodDisruptionBudget',
      { expectedPods: -1 },
      'status.expectedPods: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'Namespace',
      { phase: 'Terminating' },
      'status.Phase: Invalid value: "Terminating": may only be \'Active\' if `deletionTimestamp` is empty',
    ],
  ])('of a %s is refused with %j', async (kind, status, causes) => {
    const [path, spec] = SPECS[kind] ?? ['', {}];
    const name = kind.toLowerCase();
    await kube.call('POST', path, { metadata: { name }, spec });
    const { message } = await merge(`${path}/${name}/status`, { status });
    expect(message.replace(/^\S+ "[^"]+" is invalid: /, '')).toBe(causes);
  });

  test('of a load balancer says how its address is used', async () => {
    const path = '/api/v1/namespaces/default/services';
    await kube.call('POST', path, { metadata: { name: 'lb' }, spec: { ports: [{ port: 80 }], type: 'LoadBalancer' } });
    const { body } = await merge(`${path}/lb/status`, { status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } } });
    expect(at(body, 'status', 'loadBalancer', 'ingress')).toEqual([{ ip: '1.2.3.4', ipMode: 'VIP' }]);
  });
});

describe('defaults', () => {
  const SCOPED = { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] };
  test.each<[what: string, path: string, object: JsonObject, filled: JsonObject]>([
    [
      'a policy',
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
      { spec: { matchConstraints: { resourceRules: [SCOPED] }, validations: [{ expression: 'true' }] } },
      {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: [{ scope: '*' }],
        },
      },
    ],
    [
      'a driver',
      '/apis/storage.k8s.io/v1/csidrivers',
      { spec: {} },
      {
        attachRequired: true,
        podInfoOnMount: false,
        volumeLifecycleModes: ['Persistent'],
        fsGroupPolicy: 'ReadWriteOnceWithFSType',
      },
    ],
    [
      'a flow schema',
      '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas',
      { spec: { priorityLevelConfiguration: { name: 'a' } } },
      { matchingPrecedence: 1000 },
    ],
    [
      'a priority level',
      '/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations',
      { spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } } },
      {
        limited: {
          nominalConcurrencyShares: 30,
          lendablePercent: 0,
          limitResponse: { queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } },
        },
      },
    ],
    [
      'a claim of devices',
      '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims',
      { spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c' } }] } } },
      { devices: { requests: [{ exactly: { allocationMode: 'ExactCount', count: 1 } }] } },
    ],
    [
      'a service with an address of its own',
      '/api/v1/namespaces/default/services',
      { spec: { ports: [{ port: 80, targetPort: 0 }], externalIPs: ['1.2.3.4'] } },
      { externalTrafficPolicy: 'Cluster', ports: [{ targetPort: 80 }] },
    ],
  ])('of %s', async (_what, path, object, filled) => {
    const { body, message } = await kube.call('POST', path, { metadata: { name: 'filled' }, ...object });
    expect([message, at(body, 'spec')]).toMatchObject(['', filled]);
  });
});

describe('a Service', () => {
  const SERVICES = '/api/v1/namespaces/default/services';
  const make = (name: string, spec: JsonObject): Promise<KubeAnswer> =>
    kube.call('POST', SERVICES, { metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
  const change = (name: string, spec: JsonObject): Promise<KubeAnswer> => merge(`${SERVICES}/${name}`, { spec });

  test('leaves what only its old type had', async () => {
    await make('moved', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerClass: 'example.com/a' });
    const inside = await change('moved', { type: 'ClusterIP' });
    expect([inside.status, Object.keys(objectAt(inside.body, 'spec')).sort()]).toEqual([
      200,
      'clusterIP clusterIPs internalTrafficPolicy ipFamilies ipFamilyPolicy ports sessionAffinity type'.split(' '),
    ]);
    expect(at(inside.body, 'spec', 'ports')).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    const outside = await change('moved', { type: 'ExternalName', externalName: 'a.b' });
    expect([outside.status, at(outside.body, 'spec', 'clusterIP')]).toEqual([200, undefined]);
    expect((await change('moved', { type: 'NodePort' })).status).toBe(200);
  });

  test('that is headless and selects nothing may have both families', async () => {
    const { body } = await make('free', { clusterIP: 'None', ports: null });
    expect(objectAt(body, 'spec')).toMatchObject({
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
    });
  });

  test.each<[name: string, spec: JsonObject, causes: string]>([
    [
      'dual',
      { ipFamilyPolicy: 'RequireDualStack' },
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    ['six', { ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [
      'named',
      { type: 'ExternalName', externalName: 'a.b', clusterIP: '10.96.9.9' },
      'spec.clusterIPs: Forbidden: may not be set for ExternalName services',
    ],
    [
      'far',
      { clusterIP: '1.2.3.4' },
      'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
    ],
  ])('is refused: %s', async (name, spec, causes) => {
    expect((await make(name, spec)).message).toBe(`Service "${name}" is invalid: ${causes}`);
  });

  test('keeps its class and the port of its health', async () => {
    const why = 'Service "kept" is invalid: spec';
    await make('kept', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerClass: 'example.com/a' });
    expect((await change('kept', { loadBalancerClass: 'example.com/b' })).message).toBe(
      `${why}.loadBalancerClass: Invalid value: "example.com/b": may not change once set`,
    );
    expect((await change('kept', { healthCheckNodePort: 30_000 })).message).toBe(
      `${why}.healthCheckNodePort: Forbidden: field is immutable`,
    );
  });
});

test('a network of Services may get a second family, and no other address', async () => {
  const path = '/apis/networking.k8s.io/v1/servicecidrs';
  await kube.call('POST', path, { metadata: { name: 'n' }, spec: { cidrs: ['10.0.0.0/16'] } });
  expect((await merge(`${path}/n`, { spec: { cidrs: ['10.0.0.0/8'] } })).status).toBe(422);
  expect((await merge(`${path}/n`, { spec: { cidrs: ['10.0.0.0/16', 'fd00::/64'] } })).status).toBe(200);
});

describe('a change that may not be is shown', () => {
  test('of a claim, line by line', async () => {
    const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await kube.call('POST', claims, { metadata: { name: 'fixed' }, spec });
    const { message } = await merge(`${claims}/fixed`, { spec: { accessModes: ['ReadOnlyMany'] } });
    expect(message).toBe(
      'PersistentVolumeClaim "fixed" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n' +
        '@@ -1,6 +1,6 @@\n {\n  "AccessModes": [\n-  "ReadWriteOnce"\n+  "ReadOnlyMany"\n  ],\n  "Selector": null,\n  "Resources": {\n',
    );
  });

  test('of a Job, by its whole template', async () => {
    const jobs = '/apis/batch/v1/namespaces/default/jobs';
    const spec = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } };
    await kube.call('POST', jobs, { metadata: { name: 'fixed' }, spec });
    const change = { spec: { template: { spec: { containers: [{ name: 'c', image: 'j' }] } } } };
    const { message } = await strategic(`${jobs}/fixed`, change);
    expect(message).toMatch(
      /^Job.batch "fixed" is invalid: spec.template: Invalid value: \{"labels":\{.*: field is immutable$/,
    );
    expect(message).toContain('"Spec":{"Volumes":null,"InitContainers":null,"Containers":[{"Name":"c","Image":"j"');
  });

  test('of a Deployment, with what is unknown told beside it', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await kube.call('POST', path, {
      metadata: { name: 'fixed' },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    });
    const other = {
      metadata: { name: 'fixed' },
      spec: { nope: 1, selector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, template },
    };
    const { message, warning } = await kube.call('PUT', `${path}/fixed`, other);
    expect(message).toBe(
      'Deployment.apps "fixed" is invalid: spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"Exists"}]}: field is immutable',
    );
    expect(warning).toBe('299 - "unknown field \\"spec.nope\\""');
  });
});

test('of the options of a delete those in its body are all', async () => {
  await kube.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'kept' } });
  const path = '/api/v1/namespaces/default/configmaps/kept';
  await kube.call('DELETE', path, { dryRun: ['All'] });
  expect((await kube.call('GET', path)).status).toBe(200);
  await kube.call('DELETE', `${path}?dryRun=All`, {});
  expect((await kube.call('GET', path)).status).toBe(404);
});

describe('an apply', () => {
  const APPLY = { headers: { 'content-type': 'application/apply-patch+yaml' } };
  const path = '/apis/apps/v1/namespaces/default/deployments/applied';
  const containers = (...list: readonly JsonObject[]): JsonObject => ({
    template: { spec: { containers: [...list] } },
  });

  test.each<[spec: JsonObject, faults: string]>([
    [{ replicas: 'x' }, '.spec.replicas: expected numeric (int or float), got string'],
    [{ paused: 'yes' }, '.spec.paused: expected boolean, got &{yes}'],
    [{ template: [] }, '.spec.template: expected map, got &{[]}'],
    [{ template: { spec: { containers: 'c' } } }, '.spec.template.spec.containers: expected list, got &{c}'],
    [
      containers({ name: 'c', ports: [{ containerPort: 80 }, { containerPort: 80 }] }),
      '.spec.template.spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
    ],
    [{ nope: 1, other: 1, replicas: 'x' }, '.spec.nope: field not declared in schema'],
    [
      { unknown: 1, paused: 'yes', replicas: 'x' },
      'errors:\n  .spec.paused: expected boolean, got &{yes}\n  .spec.replicas: expected numeric (int or float), got string\n  .spec.unknown: field not declared in schema',
    ],
  ])('is no value of its type: %j', async (spec, faults) => {
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'applied' }, spec };
    const { status, message } = await kube.call('PATCH', `${path}?fieldManager=a`, body, APPLY);
    expect([status, message]).toEqual([
      500,
      `failed to create typed patch object (/applied; apps/v1, Kind=Deployment): ${faults}`,
    ]);
  });
});

describe('a claim grows', () => {
  test.each([
    ['whose class lets it', 'grows', 200],
    ['whose class does not', 'fixed', 403],
    ['of no class', '', 403],
    ['of a class that is not there', 'none', 403],
  ])('%s', async (_which, storageClassName, status) => {
    const classes = '/apis/storage.k8s.io/v1/storageclasses';
    for (const name of ['grows', 'fixed'])
      await kube.call('POST', classes, {
        metadata: { name },
        provisioner: 'x/y',
        allowVolumeExpansion: name === 'grows',
      });
    const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
    const name = `claim-${storageClassName}0`;
    const size = (storage: string): JsonObject => ({ resources: { requests: { storage } } });
    const spec = { accessModes: ['ReadWriteOnce'], storageClassName, volumeName: 'v', ...size('1Gi') };
    await kube.call('POST', claims, { metadata: { name }, spec });
    await merge(`${claims}/${name}/status`, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
    const answer = await merge(`${claims}/${name}`, { spec: size('2Gi') });
    expect(answer.status).toBe(status);
    if (status === 403)
      expect(answer.message).toBe(
        `persistentvolumeclaims "${name}" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`,
      );
  });
});

test('a claim of devices is shown as the API has it when it may not change', async () => {
  const claims = '/apis/resource.k8s.io/v1/namespaces/default/resourceclaims';
  const spec = { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'c' } }] } };
  await kube.call('POST', claims, { metadata: { name: 'fixed' }, spec });
  const { message } = await merge(`${claims}/fixed`, { spec: { devices: { requests: null } } });
  expect(message).toBe(
    'ResourceClaim.resource.k8s.io "fixed" is invalid: spec: Invalid value: {"Devices":{"Requests":null,"Constraints":null,"Config":null}}: field is immutable',
  );
});

describe('what the status is written with', () => {
  const deployment = {
    spec: {
      selector: { matchLabels: { a: 'b' } },
      template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  };
  const attachment = { spec: { attacher: 'a.b', nodeName: 'n', source: { persistentVolumeName: 'v' } } };

  test.each([
    ['/apis/apps/v1/namespaces/default/deployments', deployment, { annotations: { a: 'b' } }, 1],
    ['/apis/storage.k8s.io/v1/volumeattachments', attachment, {}, undefined],
  ])('%s', async (path, object, kept, generation) => {
    await kube.call('POST', path, { metadata: { name: 'described' }, ...object });
    const metadata = { labels: { a: 'b' }, annotations: { a: 'b' } };
    const { body } = await merge(`${path}/described/status`, { metadata });
    const { labels, annotations, generation: counted } = objectAt(body, 'metadata');
    expect({ labels, annotations, counted }).toEqual({
      labels: undefined,
      annotations: undefined,
      ...kept,
      counted: generation,
    });
  });

  test('labels of an EndpointSlice count as a change of what it wants', async () => {
    const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';
    await kube.call('POST', path, { metadata: { name: 'counted' }, addressType: 'IPv4', endpoints: [] });
    const generation = async (metadata: JsonObject): Promise<unknown> =>
      objectAt((await merge(`${path}/counted`, { metadata })).body, 'metadata')['generation'];
    expect(await generation({ annotations: { a: 'b' } })).toBe(1);
    expect(await generation({ labels: { a: 'b' } })).toBe(2);
  });
});

describe('the body of a subresource is read by its type', () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  const token = `${accounts}/reader/token`;
  const eviction = `${PODS}/read/eviction`;
  const binding = `${PODS}/read/binding`;
  const target = { kind: 'Node', name: 'n' };
  const unknownKind = (kind: string, version: string): string =>
    `Foo in version "v1" cannot be handled as a ${kind}: no kind "Foo" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`;

  test.each<[string, JsonObject, number, string]>([
    [
      token,
      { spec: { expirationSeconds: 'x' } },
      400,
      'TokenRequest in version "v1" cannot be handled as a TokenRequest: json: cannot unmarshal string into Go struct field TokenRequestSpec.spec.expirationSeconds of type int64',
    ],
    [
      token,
      { metadata: { name: 'other' } },
      422,
      'TokenRequest.authentication.k8s.io "reader" is invalid: metadata.name: Invalid value: "other": must match the service account name if specified',
    ],
    [token, { kind: 'Foo' }, 400, unknownKind('TokenRequest', 'authentication.k8s.io/v1')],
    [
      token,
      { spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'apps/v1', name: 'x' } } },
      400,
      'cannot bind token to object of type apps/v1, Kind=Pod',
    ],
    [eviction, { metadata: { name: 'read' }, kind: 'Foo' }, 400, unknownKind('Eviction', 'policy/v1')],
    [
      eviction,
      { metadata: { name: 'read', namespace: 'other' } },
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [eviction, { metadata: { name: 'read' }, apiVersion: 'policy/v1beta1' }, 201, ''],
    [
      binding,
      { metadata: { name: 'read' }, target: 'x' },
      400,
      'Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal string into Go struct field Binding.target of type v1.ObjectReference',
    ],
    [binding, { target }, 400, 'name in URL does not match name in Binding object'],
    [binding, { metadata: { name: 'read' } }, 500, 'target.name: Required value'],
  ])('%s %j', async (path, body, status, message) => {
    await kube.call('POST', accounts, { metadata: { name: 'reader' } });
    if ((await kube.call('GET', `${PODS}/read`)).status === 404) await pod('read');
    expect(await kube.call('POST', `${path}?dryRun=All`, body)).toMatchObject({ status, message });
  });

  test('a binding hands on what it says of the Pod, of the one that is there', async () => {
    await pod('labelled');
    const path = `${PODS}/labelled`;
    const bind = (metadata: JsonObject): Promise<{ status: number; message: string }> =>
      kube.call('POST', `${path}/binding`, { metadata: { name: 'labelled', ...metadata }, target });
    expect((await bind({ uid: 'other' })).message).toContain('Key: /pods/default/labelled');
    expect((await bind({ resourceVersion: '1' })).status).toBe(409);
    expect((await bind({ labels: { from: 'binding' } })).status).toBe(201);
    const { body } = await kube.call('GET', path);
    expect(at(body, 'metadata', 'labels', 'from')).toBe('binding');
    expect(at(body, 'metadata', 'generation')).toBe(1);
  });
});

describe('the scale of a Deployment', () => {
  const deployments = '/apis/apps/v1/namespaces/default/deployments';
  const scale = `${deployments}/scaled/scale`;
  const patch = (type: string, body: JsonObject, query = ''): ReturnType<KubeCalls['call']> =>
    kube.call('PATCH', `${scale}${query}`, body, { headers: { 'content-type': `application/${type}` } });
  const applied = (replicas: number): JsonObject => ({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name: 'scaled' },
    spec: { replicas },
  });

  beforeAll(async () => {
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const spec = { replicas: 2, selector: { matchLabels: { a: 'b' } }, template };
    await kube.call('POST', `${deployments}?fieldManager=first`, { metadata: { name: 'scaled' }, spec });
  });

  test.each(['merge-patch+json', 'strategic-merge-patch+json'])(
    'is not patched to what is no number: %s',
    async (type) => {
      expect((await patch(type, { spec: { replicas: 'x' } })).status).toBe(422);
      expect((await patch(type, { metadata: { uid: 'x' } })).status).toBe(409);
      expect((await patch(type, { spec: { nope: 1 } })).warning).toBe('299 - "unknown field \\"spec.nope\\""');
    },
  );

  test('is applied against those who own it, and then owned', async () => {
    const apply = 'apply-patch+yaml';
    expect((await patch(apply, applied(4))).status).toBe(422);
    expect((await patch(apply, applied(4), '?fieldManager=m')).message).toBe(
      'Apply failed with 1 conflict: conflict with "first" using autoscaling/v1: .spec.replicas',
    );
    expect((await patch(apply, applied(4), '?fieldManager=m&force=true')).status).toBe(200);
    expect((await patch(apply, applied(5), '?fieldManager=n')).message).toBe(
      'Apply failed with 1 conflict: conflict with "m" with subresource "scale": .spec.replicas',
    );
    const { body } = await kube.call('GET', `${deployments}/scaled`);
    const owner = listAt(body, 'metadata', 'managedFields').find((entry) => textAt(entry, 'manager') === 'm');
    expect(owner).toMatchObject({ operation: 'Apply', apiVersion: 'apps/v1', subresource: 'scale' });
    expect(at(body, 'spec', 'replicas')).toBe(4);
  });
});
