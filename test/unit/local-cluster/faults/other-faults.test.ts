// Faults of everything but Pods, and what is told of those that cannot be.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { at, type JsonObject, listAt, textAt } from '../../../../src/core/json.ts';
import { type KubeCalls, openScriptedCluster } from '../../../support/kube-calls.ts';
import type { ScriptedClock } from '../../../support/scripted-clock.ts';

let clock: ScriptedClock;
let cluster: KubeCalls;
beforeEach(async () => {
  ({ clock, cluster } = await openScriptedCluster());
  await clock.advance(10);
});
afterEach(() => cluster.close());

const CORE = '/api/v1/namespaces/default';
const fault = (text: string): JsonObject => ({ annotations: { 'hawser.dev/fault': text } });
const MERGE = { headers: { 'content-type': 'application/merge-patch+json' } };

async function events(namespace = 'default'): Promise<string[]> {
  const { body } = await cluster.call('GET', `/api/v1/namespaces/${namespace}/events`);
  return listAt(body, 'items').map(
    (one) => `${textAt(one, 'involvedObject', 'kind')} ${textAt(one, 'reason')}: ${textAt(one, 'message')}`,
  );
}

const deployment = (metadata: JsonObject, template: JsonObject = {}): JsonObject => ({
  metadata: { name: 'web', ...metadata },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' }, ...template },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    },
  },
});

describe('pending', () => {
  test.each([
    ['/api/v1', 'services', { type: 'LoadBalancer', ports: [{ port: 80 }] }, 'SyncLoadBalancerFailed'],
    [
      '/apis/networking.k8s.io/v1',
      'ingresses',
      { defaultBackend: { service: { name: 'x', port: { number: 80 } } } },
      'SyncLoadBalancerFailed',
    ],
  ])('leaves %s/%s without an address as long as it says', async (root, plural, spec, reason) => {
    const path = `${root}/namespaces/default/${plural}`;
    await cluster.call('POST', path, { metadata: { name: 'x', ...fault('pending:for=60s') }, spec });
    await clock.advance(50_000);
    const read = async (): Promise<JsonObject> => (await cluster.call('GET', `${path}/x`)).body;
    expect(listAt(await read(), 'status', 'loadBalancer', 'ingress')).toEqual([]);
    expect((await events()).filter((one) => one.includes(reason))).toHaveLength(1);
    await clock.advance(20_000);
    expect(listAt(await read(), 'status', 'loadBalancer', 'ingress')).toHaveLength(1);
  });

  test('leaves a claim without a volume until the annotation goes', async () => {
    const path = `${CORE}/persistentvolumeclaims`;
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await cluster.call('POST', path, { metadata: { name: 'x', ...fault('pending') }, spec });
    await clock.advance(600_000);
    expect(textAt((await cluster.call('GET', `${path}/x`)).body, 'status', 'phase')).toBe('Pending');
    await cluster.call('PATCH', `${path}/x`, { metadata: { annotations: { 'hawser.dev/fault': null } } }, MERGE);
    await clock.advance(1000);
    expect(textAt((await cluster.call('GET', `${path}/x`)).body, 'status', 'phase')).toBe('Bound');
  });
});

describe('refuse', () => {
  test.each([
    ['a ConfigMap', `${CORE}/configmaps`, { metadata: { name: 'x', ...fault('refuse') } }, 'refused on request'],
    [
      'a Namespace',
      '/api/v1/namespaces',
      { metadata: { name: 'x', ...fault('refuse:message=no, thanks') } },
      'no, thanks',
    ],
    ['a Deployment', '/apis/apps/v1/namespaces/default/deployments', deployment(fault('refuse')), 'refused on request'],
  ])('refuses %s in a sentence', async (_what, path, body, message) => {
    const answer = await cluster.call('POST', path, body);
    expect(answer).toMatchObject({
      status: 403,
      message: `admission webhook "fault.hawser.dev" denied the request: ${message}`,
      body: { reason: 'Forbidden', details: { name: textAt(body, 'metadata', 'name') } },
    });
    expect((await cluster.call('GET', `${path}/${textAt(body, 'metadata', 'name')}`)).status).toBe(404);
  });

  test('refuses the change that brings it', async () => {
    await cluster.call('POST', `${CORE}/configmaps`, { metadata: { name: 'x' } });
    const { status } = await cluster.call('PATCH', `${CORE}/configmaps/x`, { metadata: fault('refuse') }, MERGE);
    expect(status).toBe(403);
  });

  test('in a template refuses the Pods: its set says why', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    expect((await cluster.call('POST', path, deployment({}, fault('refuse:message=no room')))).warning).toBe('');
    await clock.advance(3000);
    const { body } = await cluster.call('GET', `${path}/web`);
    const failure = listAt(body, 'status', 'conditions').find((one) => textAt(one, 'type') === 'ReplicaFailure');
    expect(textAt(failure, 'message')).toBe('admission webhook "fault.hawser.dev" denied the request: no room');
    expect((await events()).join('\n')).toContain('ReplicaSet FailedCreate: Error creating: admission webhook');
  });
});

describe('stuck', () => {
  test.each([
    ['a ConfigMap', `${CORE}/configmaps`, {}],
    ['a Pod', `${CORE}/pods`, { spec: { containers: [{ name: 'c', image: 'nginx' }] } }],
    ['a Namespace', '/api/v1/namespaces', {}],
    ['a Deployment', '/apis/apps/v1/namespaces/default/deployments', { spec: deployment({})['spec'] ?? {} }],
  ])('holds %s until the annotation goes', async (_what, path, body) => {
    await cluster.call('POST', path, { metadata: { name: 'x', ...fault('stuck') }, ...body });
    await clock.advance(2000);
    await cluster.call('DELETE', `${path}/x`);
    await clock.advance(120_000);
    const { body: held } = await cluster.call('GET', `${path}/x`);
    expect(listAt(held, 'metadata', 'finalizers')).toContain('hawser.dev/stuck');
    expect(textAt(held, 'metadata', 'deletionTimestamp')).not.toBe('');
    await cluster.call('PATCH', `${path}/x`, { metadata: { annotations: { 'hawser.dev/fault': null } } }, MERGE);
    await clock.advance(60_000);
    expect((await cluster.call('GET', `${path}/x`)).status).toBe(404);
  });

  test('of a Deployment is not its sets', async () => {
    await cluster.call('POST', '/apis/apps/v1/namespaces/default/deployments', deployment(fault('stuck')));
    await clock.advance(2000);
    const { body } = await cluster.call('GET', '/apis/apps/v1/namespaces/default/replicasets');
    expect(at(listAt(body, 'items')[0], 'metadata', 'finalizers')).toBeUndefined();
  });
});

describe('a fault that cannot be', () => {
  const pod = (text: string, spec: JsonObject = {}): JsonObject => ({
    metadata: { name: 'p', ...fault(text) },
    spec: { containers: [{ name: 'c', image: 'nginx' }], ...spec },
  });

  test.each([
    ['/pods', pod('crsh'), 'unknown fault "crsh": did you mean "crash"?'],
    [
      '/pods',
      pod('pending'),
      'fault "pending" does not belong on a Pod: it belongs on Service, Ingress, PersistentVolumeClaim, custom resource',
    ],
    ['/pods', pod('crash:container=d'), 'fault "crash": the Pod has no container "d": it has c'],
    ['/pods', pod('init-crash'), 'fault "init-crash": the Pod has no init container'],
    ['/pods', pod('mount:volume=v'), 'fault "mount": the Pod has no volume "v"'],
    [
      '/pods',
      pod('fail'),
      'fault "fail" is about Pods that run to their end, and this one is always restarted: use crash:times=1',
    ],
    [
      '/configmaps',
      { metadata: { name: 'p', ...fault('crash') } },
      'fault "crash" does not belong on a ConfigMap: it belongs on Pod',
    ],
    [
      '/configmaps',
      { metadata: { name: 'p', annotations: { 'hawser.dev/faults': 'stuck' } } },
      'unknown annotation "hawser.dev/faults": did you mean "hawser.dev/fault"?',
    ],
    [
      '/configmaps',
      { metadata: { name: 'p', labels: { 'hawser.dev/fault': 'stuck' } } },
      '"hawser.dev/fault" is an annotation, not a label',
    ],
  ])('on %s: %j is warned of, and stays as an event', async (path, body, problem) => {
    const { status, warning } = await cluster.call('POST', `${CORE}${path}`, body);
    expect({ status, warning }).toEqual({ status: 201, warning: `299 - ${JSON.stringify(problem)}` });
    expect((await events()).filter((one) => one.endsWith(`UnknownFault: ${problem}`))).toHaveLength(1);
  });

  test('in a template is warned of, and one beside it is shown its place', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    const misplaced = await cluster.call('POST', path, deployment(fault('crash')));
    expect(misplaced.warning).toContain(
      'does not belong on a Deployment: set it in spec.template.metadata.annotations',
    );
    const inTemplate = await cluster.call('POST', `${path}?dryRun=All`, {
      ...deployment({ name: 'other' }, fault('boom')),
    });
    expect(inTemplate.warning).toContain('unknown fault \\"boom\\"');
    expect((await events()).join()).not.toContain('boom');
  });

  test('of a CronJob is looked for in both of its templates', async () => {
    const { warning } = await cluster.call('POST', '/apis/batch/v1/namespaces/default/cronjobs', {
      metadata: { name: 'x' },
      spec: {
        schedule: '* * * * *',
        jobTemplate: {
          metadata: fault('crash'),
          spec: {
            template: {
              metadata: fault('pending'),
              spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'x' }] },
            },
          },
        },
      },
    });
    expect(warning).toContain('fault \\"crash\\" does not belong on a Job');
    expect(warning).toContain('fault \\"pending\\" does not belong on a Pod');
  });

  test('of a Namespace stands as an event in default', async () => {
    await cluster.call('POST', '/api/v1/namespaces', { metadata: { name: 'n', ...fault('boom') } });
    expect((await events()).join()).toContain('Namespace UnknownFault: unknown fault "boom"');
  });

  test('is no reason for a warning on a read, a status or a delete', async () => {
    await cluster.call('POST', `${CORE}/pods`, pod('crsh'));
    for (const [method, path] of [
      ['GET', `${CORE}/pods/p`],
      ['DELETE', `${CORE}/pods/p`],
    ] as const) {
      expect((await cluster.call(method, path)).warning).toBe('');
    }
  });
});
