// What a namespace lets in: limits, quotas, levels of security.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/cli/io/system-clock.ts';
import { at, type JsonObject, listAt } from '../../../src/core/json.ts';
import { type KubeCalls, openKubeCalls } from '../../support/kube-calls.ts';

let kube: KubeCalls;
beforeEach(async () => {
  kube = await openKubeCalls(systemClock);
});
afterEach(() => kube.close());

const CORE = '/api/v1/namespaces/default';

const make = (plural: string, body: JsonObject, group = '') =>
  kube.call('POST', `${group === '' ? CORE : `/apis/${group}/namespaces/default`}/${plural}`, body);

const pod = (container: JsonObject, spec: JsonObject = {}, name = 'p'): JsonObject => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'nginx', ...container }], automountServiceAccountToken: false, ...spec },
});

const resources = (requests: JsonObject, limits: JsonObject = {}): JsonObject => ({ resources: { requests, limits } });

async function limit(type: string, rule: JsonObject): Promise<void> {
  const made = await make('limitranges', { metadata: { name: 'l' }, spec: { limits: [{ type, ...rule }] } });
  expect(made.status).toBe(201);
}

describe('LimitRange', () => {
  test.each([
    [
      'Container',
      { max: { cpu: '1' } },
      resources({}, { cpu: '2' }),
      'maximum cpu usage per Container is 1, but limit is 2',
    ],
    [
      'Container',
      { min: { cpu: '1' } },
      resources({ cpu: '500m' }),
      'minimum cpu usage per Container is 1, but request is 500m',
    ],
    ['Container', { min: { memory: '1Gi' } }, {}, undefined],
    [
      'Container',
      { maxLimitRequestRatio: { cpu: '2' } },
      resources({ cpu: '100m' }, { cpu: '300m' }),
      'cpu max limit to request ratio per Container is 2, but provided ratio is 3.000000',
    ],
    [
      'Container',
      { maxLimitRequestRatio: { cpu: '2' } },
      {},
      'cpu max limit to request ratio per Container is 2, but no request is specified or request is 0',
    ],
    [
      'Pod',
      { max: { memory: '1Gi' } },
      resources({}, { memory: '2Gi' }),
      'maximum memory usage per Pod is 1Gi, but limit is 2Gi',
    ],
    ['Pod', { max: { memory: '1Gi' } }, {}, 'maximum memory usage per Pod is 1Gi.  No limit is specified'],
    ['Pod', { min: { cpu: '100m' } }, {}, 'minimum cpu usage per Pod is 100m.  No request is specified'],
    [
      'Container',
      { max: { cpu: '1', memory: '1Gi' } },
      resources({}, { cpu: '2', memory: '2Gi' }),
      '[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]',
    ],
  ])('%s %j of %j', async (type, rule, container, problem) => {
    await limit(type, rule);
    const answer = await make('pods', pod(container));
    if (problem === undefined) expect(answer.status).toBe(201);
    else expect(answer).toMatchObject({ status: 403, message: `pods "p" is forbidden: ${problem}` });
  });

  test('fills in what init containers and containers do not say', async () => {
    await limit('Container', { default: { cpu: '500m', memory: '1Gi' }, defaultRequest: { cpu: '100m' } });
    const { body } = await make(
      'pods',
      pod({}, { initContainers: [{ name: 'i', image: 'i', ...resources({ cpu: '1' }, { cpu: '1' }) }] }),
    );
    expect(at(body, 'metadata', 'annotations', 'kubernetes.io/limit-ranger')).toBe(
      'LimitRanger plugin set: cpu, memory request for container c; cpu, memory limit for container c; memory request for init container i; memory limit for init container i',
    );
    expect(at(body, 'status', 'qosClass')).toBe('Burstable');
  });

  test('says the same once, in the order of the limits; the first range that refuses has the word', async () => {
    const small = { type: 'Pod', min: { cpu: '1' } };
    const limits = [small, { type: 'Container', max: { cpu: '2' } }];
    await make('limitranges', { metadata: { name: 'a' }, spec: { limits } });
    await make('limitranges', { metadata: { name: 'b' }, spec: { limits: [{ ...small, min: { cpu: '3' } }] } });
    const init = { name: 'i', image: 'i', ...resources({ cpu: '0' }, { cpu: '4' }) };
    expect(await make('pods', pod(resources({ cpu: '0' }, { cpu: '4' }), { initContainers: [init] }))).toMatchObject({
      message:
        'pods "p" is forbidden: [minimum cpu usage per Pod is 1, but request is 0, maximum cpu usage per Container is 2, but limit is 4]',
    });
  });

  test('a claim', async () => {
    await limit('PersistentVolumeClaim', { max: { storage: '1Gi' }, min: { storage: '1Mi' } });
    const claim = (storage: string): JsonObject => ({
      metadata: { name: 'v' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
    });
    expect(await make('persistentvolumeclaims', claim('2Gi'))).toMatchObject({
      status: 403,
      message:
        'persistentvolumeclaims "v" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
    });
    expect((await make('persistentvolumeclaims', claim('1Gi'))).status).toBe(201);
  });
});

async function quota(hard: JsonObject, spec: JsonObject = {}): Promise<void> {
  expect((await make('resourcequotas', { metadata: { name: 'q' }, spec: { hard, ...spec } })).status).toBe(201);
}

const service = (name: string, type: string): JsonObject => ({
  metadata: { name },
  spec: { type, ports: [{ port: 80 }] },
});

describe('ResourceQuota', () => {
  const cases: readonly (readonly [JsonObject, string, JsonObject, string])[] = [
    [{ pods: '0' }, 'pods', pod({}), 'requested: pods=1, used: pods=0, limited: pods=0'],
    [
      { 'count/configmaps': '0' },
      'configmaps',
      { metadata: { name: 'p' } },
      'requested: count/configmaps=1, used: count/configmaps=0, limited: count/configmaps=0',
    ],
    [
      { 'requests.memory': '1Gi' },
      'pods',
      pod(resources({ memory: '1025Mi' })),
      'requested: requests.memory=1025Mi, used: requests.memory=0, limited: requests.memory=1Gi',
    ],
    [
      { 'limits.cpu': '1' },
      'pods',
      pod(resources({}, { cpu: '1500m' })),
      'requested: limits.cpu=1500m, used: limits.cpu=0, limited: limits.cpu=1',
    ],
    [
      { 'services.nodeports': '0' },
      'services',
      service('p', 'NodePort'),
      'requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0',
    ],
    [
      { 'services.loadbalancers': '0' },
      'services',
      service('p', 'LoadBalancer'),
      'requested: services.loadbalancers=1, used: services.loadbalancers=0, limited: services.loadbalancers=0',
    ],
    [
      { 'requests.nvidia.com/gpu': '1' },
      'pods',
      pod(resources({ 'nvidia.com/gpu': '2' }, { 'nvidia.com/gpu': '2' })),
      'requested: requests.nvidia.com/gpu=2, used: requests.nvidia.com/gpu=0, limited: requests.nvidia.com/gpu=1',
    ],
    [
      { pods: '0', 'count/pods': '0' },
      'pods',
      pod({}),
      'requested: count/pods=1,pods=1, used: count/pods=0,pods=0, limited: count/pods=0,pods=0',
    ],
  ];

  test.each(cases)('%j refuses one of %s', async (hard, plural, body, facts) => {
    await quota(hard);
    expect(await make(plural, body)).toMatchObject({
      status: 403,
      message: `${plural} "p" is forbidden: exceeded quota: q, ${facts}`,
    });
  });

  test('wants a request where it counts them', async () => {
    await quota({ 'requests.cpu': '1', 'limits.memory': '1Gi' });
    expect(await make('pods', pod({}))).toMatchObject({
      status: 403,
      message: 'pods "p" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c',
    });
  });

  test('what a quota cannot count is refused before another that is full', async () => {
    await quota({ pods: '0' });
    await make('resourcequotas', { metadata: { name: 'r' }, spec: { hard: { 'limits.cpu': '1' } } });
    expect(await make('pods', pod({}))).toMatchObject({
      message: 'pods "p" is forbidden: failed quota: r: must specify limits.cpu for: c',
    });
  });

  test('measures a Pod again that gets a deadline or is resized, and not for another label', async () => {
    await make('pods', pod(resources({ cpu: '1' })));
    await quota({ 'limits.cpu': '1' });
    const patch = (part: string, body: JsonObject) =>
      kube.call('PATCH', `${CORE}/pods/p${part}`, body, {
        headers: { 'content-type': 'application/strategic-merge-patch+json' },
      });
    expect((await patch('', { metadata: { labels: { a: 'b' } } })).status).toBe(200);
    const refused = {
      status: 403,
      message: 'pods "p" is forbidden: failed quota: q: must specify limits.cpu for: c',
    };
    expect(await patch('', { spec: { activeDeadlineSeconds: 5 } })).toMatchObject(refused);
    const containers = [{ name: 'c', ...resources({ cpu: '2' }) }];
    expect(await patch('/resize', { spec: { containers } })).toMatchObject(refused);
  });

  test('counts kinds of groups', async () => {
    await quota({ 'count/ingresses.networking.k8s.io': '1' });
    const ingress = (name: string): JsonObject => ({
      metadata: { name },
      spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } },
    });
    expect((await make('ingresses', ingress('a'), 'networking.k8s.io/v1')).status).toBe(201);
    expect(await make('ingresses', ingress('b'), 'networking.k8s.io/v1')).toMatchObject({
      status: 403,
      message: expect.stringContaining(
        'ingresses.networking.k8s.io "b" is forbidden: exceeded quota: q, requested: count/ingresses.networking.k8s.io=1, used: count/ingresses.networking.k8s.io=1',
      ),
    });
  });

  test('its scopes choose Pods', async () => {
    await quota({ pods: '0' }, { scopes: ['BestEffort'] });
    expect((await make('pods', pod({}))).status).toBe(403);
    expect((await make('pods', pod(resources({ cpu: '1' })))).status).toBe(201);
  });

  test('a scope chooses Pods that look beyond their namespace, or claims of a class', async () => {
    const scope = (scopeName: string): JsonObject => ({
      scopeSelector: { matchExpressions: [{ scopeName, operator: 'Exists' }] },
    });
    await quota({ pods: '0' }, scope('CrossNamespacePodAffinity'));
    const near = (more: JsonObject): JsonObject => {
      const term = { labelSelector: { matchLabels: { a: 'b' } }, topologyKey: 'x', ...more };
      return { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    };
    expect((await make('pods', pod({}, near({}), 'near'))).status).toBe(201);
    expect((await make('pods', pod({}, near({ namespaces: ['other'] })))).status).toBe(403);
    const hard = { persistentvolumeclaims: '0' };
    await make('resourcequotas', { metadata: { name: 'r' }, spec: { hard, ...scope('VolumeAttributesClass') } });
    const claim = (name: string, more: JsonObject): JsonObject => ({
      metadata: { name },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...more },
    });
    expect((await make('persistentvolumeclaims', claim('plain', {}))).status).toBe(201);
    expect((await make('persistentvolumeclaims', claim('fast', { volumeAttributesClassName: 'v' }))).status).toBe(403);
  });

  test('a change that asks for more is refused, one that does not passes', async () => {
    await quota({ 'services.nodeports': '0' });
    await make('services', service('web', 'ClusterIP'));
    const patch = (body: JsonObject) =>
      kube.call('PATCH', `${CORE}/services/web`, body, { headers: { 'content-type': 'application/merge-patch+json' } });
    expect((await patch({ spec: { type: 'NodePort' } })).status).toBe(403);
    expect((await patch({ metadata: { labels: { a: 'b' } } })).status).toBe(200);
  });

  test('its status follows what comes and goes', async () => {
    kube.start();
    await quota({ 'count/configmaps': '5', 'requests.storage': '1Gi' });
    const used = async (): Promise<unknown> =>
      at((await kube.call('GET', `${CORE}/resourcequotas/q`)).body, 'status', 'used', 'count/configmaps');
    await expect.poll(used, { timeout: 20000 }).toBe('1');
    await make('configmaps', { metadata: { name: 'a' } });
    await expect.poll(used).toBe('2');
    await kube.call('DELETE', `${CORE}/configmaps/a`);
    await expect.poll(used).toBe('1');
  });
});

describe('security levels', () => {
  const level = (labels: JsonObject) =>
    kube.call(
      'PATCH',
      '/api/v1/namespaces/default',
      { metadata: { labels } },
      { headers: { 'content-type': 'application/merge-patch+json' } },
    );
  const context = (securityContext: JsonObject, spec: JsonObject = {}): JsonObject => pod({ securityContext }, spec);

  test.each([
    [context({ privileged: true }), 'privileged (container "c" must not set securityContext.privileged=true)'],
    [pod({}, { hostNetwork: true, hostPID: true }), 'host namespaces (hostNetwork=true, hostPID=true)'],
    [pod({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }), 'hostPath volumes (volume "v")'],
    [pod({ ports: [{ containerPort: 80, hostPort: 80 }] }), 'hostPort (container "c" uses hostPort 80)'],
    [
      context({ capabilities: { add: ['NET_ADMIN', 'CHOWN'] } }),
      'non-default capabilities (container "c" must not include "NET_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      pod({}, { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }),
      'forbidden sysctls (kernel.msgmax)',
    ],
    [
      pod({ livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } }),
      'probe or lifecycle host (container "c" uses probe or lifecycle host "10.0.0.1")',
    ],
    [
      pod({
        readinessProbe: { tcpSocket: { port: 80, host: 'b' } },
        lifecycle: { preStop: { httpGet: { port: 80, host: 'a' } } },
      }),
      'probe or lifecycle host (container "c" uses probe or lifecycle hosts "a", "b")',
    ],
    [
      pod({}, { securityContext: { seccompProfile: { type: 'Unconfined' } } }),
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
  ])('baseline refuses %j', async (body, fault) => {
    await level({ 'pod-security.kubernetes.io/enforce': 'baseline' });
    expect(await make('pods', body)).toMatchObject({
      status: 403,
      message: `pods "p" is forbidden: violates PodSecurity "baseline:latest": ${fault}`,
    });
  });

  test('a pinned version knows no later rules', async () => {
    await level({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/enforce-version': 'v1.33',
    });
    const probed = pod({ livenessProbe: { httpGet: { port: 80, host: '10.0.0.1' } } });
    expect(await make('pods', probed)).toMatchObject({ status: 201 });
    await level({ 'pod-security.kubernetes.io/enforce-version': null });
  });

  test.each([
    ['enforce', 'strict', 'must be one of privileged, baseline, restricted'],
    ['warn', 'Baseline', 'must be one of privileged, baseline, restricted'],
    ['audit-version', '1.30', 'must be "latest" or "v1.x"'],
  ])('a namespace may not be labelled %s=%s', async (mode, value, message) => {
    const label = `pod-security.kubernetes.io/${mode}`;
    const fault = `metadata.labels[${label}]: Invalid value: "${value}": ${message}`;
    const body = { metadata: { name: 'labelled', labels: { [label]: value } } };
    const answer = { status: 422, message: `Namespace "labelled" is invalid: ${fault}` };
    expect(await kube.call('POST', '/api/v1/namespaces', body)).toMatchObject(answer);
    expect(await level({ [label]: value })).toMatchObject({ status: 422 });
  });

  test('a set whose Pods are refused tries again later, not at once', async () => {
    kube.start();
    const headers = { 'content-type': 'application/merge-patch+json' };
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await kube.call('PATCH', '/api/v1/namespaces/default', { metadata: { labels } }, { headers });
    const template = { metadata: { labels: { app: 'a' } }, spec: at(pod({}), 'spec') };
    await make(
      'replicasets',
      { metadata: { name: 'r' }, spec: { selector: { matchLabels: { app: 'a' } }, template } },
      'apps/v1',
    );
    const read = async () => (await kube.call('GET', '/apis/apps/v1/namespaces/default/replicasets/r')).body;
    await expect
      .poll(async () => listAt(await read(), 'status', 'conditions'))
      .toMatchObject([{ reason: 'FailedCreate' }]);
    const { metadata } = await read();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(at((await read())['metadata'], 'resourceVersion')).toBe(at(metadata, 'resourceVersion'));
  });

  test('restricted says all that a plain Pod lacks, and takes one that has it', async () => {
    await level({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.30',
    });
    expect(await make('pods', pod({}))).toMatchObject({
      status: 403,
      message:
        'pods "p" is forbidden: violates PodSecurity "restricted:v1.30": allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    });
    const safe = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    };
    expect((await make('pods', context(safe))).status).toBe(201);
  });

  test('a level that only warns lets Pods in, and says so of what makes them, too', async () => {
    await level({ 'pod-security.kubernetes.io/warn': 'baseline' });
    const told = expect.stringContaining('would violate PodSecurity');
    expect(await make('pods', context({ privileged: true }))).toMatchObject({ status: 201, warning: told });
    const template = { metadata: { labels: { app: 'web' } }, spec: at(context({ privileged: true }), 'spec') ?? {} };
    const spec = { selector: { matchLabels: { app: 'web' } }, template };
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec };
    expect(await make('deployments', web, 'apps/v1')).toMatchObject({ status: 201, warning: told });
    const path = '/apis/apps/v1/namespaces/default/deployments/web';
    expect(await kube.call('PUT', path, web)).toMatchObject({ status: 200, warning: told });
    const apply = { headers: { 'content-type': 'application/apply-patch+yaml' } };
    expect(await kube.call('PATCH', `${path}?fieldManager=a&force=true`, JSON.stringify(web), apply)).toMatchObject({
      status: 200,
      warning: told,
    });
  });
});

describe('classes', () => {
  const priority = (name: string, more: JsonObject): Promise<unknown> =>
    kube.call('POST', '/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name }, ...more });

  test('a Pod gets the priority of its class, or of the default one', async () => {
    await priority('high', { value: 1000, preemptionPolicy: 'Never' });
    const { body } = await make('pods', pod({}, { priorityClassName: 'high' }));
    expect(at(body, 'spec')).toMatchObject({ priority: 1000, preemptionPolicy: 'Never' });
    await priority('usual', { value: 5, globalDefault: true });
    const usual = await make('pods', pod({}, {}, 'q'));
    expect(at(usual.body, 'spec')).toMatchObject({ priority: 5, priorityClassName: 'usual' });
  });

  test.each([
    [{ priorityClassName: 'none' }, 'no PriorityClass with name none was found'],
    [
      { priorityClassName: 'system-node-critical', priority: 7 },
      'the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 2000001000 from the given PriorityClass name',
    ],
  ])('refuses %j', async (spec, why) => {
    expect(await make('pods', pod({}, spec))).toMatchObject({ status: 403, message: `pods "p" is forbidden: ${why}` });
  });

  test('a claim and an Ingress get the default class', async () => {
    const mark = (name: string): JsonObject => ({ [`${name}.kubernetes.io/is-default-class`]: 'true' });
    const metadata = (name: string): JsonObject => ({ name: 'usual', annotations: mark(name) });
    await kube.call('POST', '/apis/storage.k8s.io/v1/storageclasses', {
      metadata: metadata('storageclass'),
      provisioner: 'x/y',
    });
    const classes = '/apis/networking.k8s.io/v1/ingressclasses';
    await kube.call('POST', classes, { metadata: metadata('ingressclass'), spec: { controller: 'x/y' } });
    const requests = { storage: '1Gi' };
    const claim = { metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests } } };
    expect(at((await make('persistentvolumeclaims', claim)).body, 'spec', 'storageClassName')).toBe('usual');
    const backend = { service: { name: 'a', port: { number: 80 } } };
    const ingress = { metadata: { name: 'i' }, spec: { defaultBackend: backend } };
    const made = await make('ingresses', ingress, 'networking.k8s.io/v1');
    expect(at(made.body, 'spec', 'ingressClassName')).toBe('usual');
  });
});
