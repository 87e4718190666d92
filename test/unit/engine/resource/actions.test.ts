import { describe, expect, test } from 'vitest';
import { actionEffect, availableActions } from '../../../../src/engine/resource/actions.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';

const NOW = Date.parse('2026-01-05T10:00:00Z');
const object = (apiVersion: string, kind: string, more: object = {}): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', namespace: 'shop', uid: '123' },
  ...more,
});
const finished = { status: { conditions: [{ type: 'Complete', status: 'True' }] } };

/** 'name' or 'name (disabled)' of each. */
const names = (of: KubeObject): string[] =>
  availableActions(of).map(({ name, disabled }) => (disabled ? `${name} (disabled)` : name));

test.each<[KubeObject, string[]]>([
  [object('apps/v1', 'Deployment'), ['pause', 'restart', 'resume (disabled)', 'scale']],
  [object('apps/v1', 'Deployment', { spec: { paused: true } }), ['pause (disabled)', 'restart', 'resume', 'scale']],
  [object('apps/v1', 'StatefulSet'), ['restart', 'scale']],
  [object('apps/v1', 'DaemonSet'), ['restart']],
  [object('batch/v1', 'CronJob'), ['create-job', 'resume (disabled)', 'suspend']],
  [object('batch/v1', 'CronJob', { spec: { suspend: true } }), ['create-job', 'resume', 'suspend (disabled)']],
  [object('batch/v1', 'Job'), ['resume (disabled)', 'suspend', 'terminate']],
  [object('batch/v1', 'Job', finished), ['resume (disabled)', 'suspend (disabled)', 'terminate (disabled)']],
  [object('v1', 'Deployment'), []],
  [object('apps/v1', 'ReplicaSet'), []],
  [object('v1', 'Pod'), []],
])('%# has its actions', (of, expected) => {
  expect(names(of)).toEqual(expected);
});

describe('an action', () => {
  const setting = { now: NOW, parameters: {} };
  const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-01-05T10:00:00Z' };

  test.each<[string, string, string, object]>([
    ['apps/v1', 'Deployment', 'restart', { template: { metadata: { annotations } } }],
    ['apps/v1', 'Deployment', 'pause', { paused: true }],
    ['apps/v1', 'Deployment', 'resume', { paused: false }],
    ['batch/v1', 'CronJob', 'suspend', { suspend: true }],
    ['batch/v1', 'CronJob', 'resume', { suspend: false }],
    ['batch/v1', 'Job', 'suspend', { suspend: true }],
    ['batch/v1', 'Job', 'terminate', { activeDeadlineSeconds: 1 }],
  ])('of %s %s: %s', (version, kind, name, spec) => {
    expect(actionEffect(object(version, kind), name, setting)).toEqual({ patch: { spec } });
  });

  test('scale takes a number', () => {
    const deployment = object('apps/v1', 'Deployment');
    const scaled = (replicas: string) => actionEffect(deployment, 'scale', { now: NOW, parameters: { replicas } });
    expect(scaled('6')).toEqual({ patch: { spec: { replicas: 6 } } });
    for (const text of ['not_a_number', '', '-1', '1.5']) expect(() => scaled(text)).toThrow(`invalid number: ${text}`);
  });

  test('create-job makes the Job that the CronJob would make', () => {
    const jobTemplate = {
      metadata: { labels: { my: 'label' }, annotations: { my: 'annotation' } },
      spec: { ttlSecondsAfterFinished: 100, template: { spec: { restartPolicy: 'OnFailure' } } },
    };
    const owner = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'web', uid: '123' };
    expect(actionEffect(object('batch/v1', 'CronJob', { spec: { jobTemplate } }), 'create-job', setting)).toEqual({
      create: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: 'web-202601051000',
          namespace: 'shop',
          labels: { my: 'label' },
          annotations: { my: 'annotation', 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
        },
        spec: jobTemplate.spec,
      },
    });
  });

  test.each([
    ['apps/v1', 'DaemonSet', 'scale', 'available actions: restart'],
    ['v1', 'Pod', 'restart', undefined],
    ['apps/v1', 'Deployment', 'constructor', 'available actions: pause, restart, resume, scale'],
  ])('of %s %s that there is none of: %s', (version, kind, name, hint) => {
    const run = (): unknown => actionEffect(object(version, kind), name, setting);
    expect(run).toThrow(
      expect.objectContaining({ code: 'invalid', message: `there is no action '${name}' for ${kind} 'web'`, hint }),
    );
  });
});
