import { describe, expect, test } from 'vitest';
import { isObject, type JsonObject } from '../../../../src/core/json.ts';
import { healthOf } from '../../../../src/engine/health/health.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';

function object(apiVersion: string, kind: string, body: JsonObject = {}): KubeObject {
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  return { ...body, apiVersion, kind, metadata: { name: 'web', ...metadata } };
}

const status = (apiVersion: string, kind: string, body: JsonObject): [string, string] | undefined => {
  const found = healthOf(object(apiVersion, kind, body));
  return found && [found.status, found.message ?? ''];
};

describe('health of one object', () => {
  test.each<[string, string, string, JsonObject, [string, string]]>([
    [
      'a deployment past its deadline is degraded',
      'apps/v1',
      'Deployment',
      { status: { conditions: [{ type: 'Progressing', reason: 'ProgressDeadlineExceeded' }] } },
      ['Degraded', 'Deployment "web" exceeded its progress deadline'],
    ],
    [
      'old replicas keep a deployment progressing',
      'apps/v1',
      'Deployment',
      { spec: { replicas: 1 }, status: { updatedReplicas: 1, replicas: 3 } },
      ['Progressing', 'Waiting for rollout to finish: 2 old replicas are pending termination...'],
    ],
    [
      'a stateful set waits for its pods',
      'apps/v1',
      'StatefulSet',
      { spec: { replicas: 3 }, status: { observedGeneration: 1, readyReplicas: 1 } },
      ['Progressing', 'Waiting for 2 pods to be ready...'],
    ],
    [
      'a pod that failed tells its exit code',
      'v1',
      'Pod',
      {
        spec: { restartPolicy: 'Never' },
        status: { phase: 'Failed', containerStatuses: [{ name: 'app', state: { terminated: { exitCode: 3 } } }] },
      },
      ['Degraded', 'container "app" failed with exit code 3'],
    ],
    [
      'a resumed job reads healthy',
      'batch/v1',
      'Job',
      { status: { conditions: [{ type: 'Suspended', status: 'False' }] } },
      ['Healthy', ''],
    ],
    [
      'a suspended cron job is healthy',
      'batch/v1',
      'CronJob',
      { spec: { suspend: true } },
      ['Healthy', 'CronJob is Suspended'],
    ],
    ['a service without balancer is healthy', 'v1', 'Service', { spec: { type: 'ClusterIP' } }, ['Healthy', '']],
    [
      'an ingress with an address is healthy',
      'networking.k8s.io/v1',
      'Ingress',
      { status: { loadBalancer: { ingress: [{ ip: '10.0.0.1' }] } } },
      ['Healthy', ''],
    ],
    ['a lost claim is degraded', 'v1', 'PersistentVolumeClaim', { status: { phase: 'Lost' } }, ['Degraded', '']],
    [
      'a version without rule is unknown',
      'autoscaling/v2beta2',
      'HorizontalPodAutoscaler',
      {},
      ['Unknown', "unsupported version 'autoscaling/v2beta2' of HorizontalPodAutoscaler"],
    ],
    [
      'what is being deleted is pending',
      'v1',
      'ConfigMap',
      { metadata: { deletionTimestamp: '2025-01-01T00:00:00Z' } },
      ['Progressing', 'Pending deletion'],
    ],
  ])('%s', (_name, apiVersion, kind, body, expected) => {
    expect(status(apiVersion, kind, body)).toEqual(expected);
  });

  test('a kind without rule has no health', () => {
    expect(status('v1', 'ConfigMap', {})).toBeUndefined();
    expect(status('argoproj.io/v1alpha1', 'Application', {})).toBeUndefined();
  });

  test('a custom check stands before the built-in rule', () => {
    const custom = (group: string, kind: string) =>
      group === '' && kind === 'Service' ? () => ({ status: 'Degraded' as const }) : undefined;
    expect(healthOf(object('v1', 'Service'), custom)?.status).toBe('Degraded');
    expect(healthOf(object('v1', 'Pod'), custom)?.status).toBe('Unknown');
  });
});
