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

describe('kinds of operators', () => {
  const rollout = (status: object, spec: object = {}): KubeObject =>
    object('argoproj.io/v1alpha1', 'Rollout', {
      spec: { strategy: { canary: { steps: [{ setWeight: 50 }] } }, ...spec },
      status,
    });

  test.each<[string, KubeObject, string[]]>([
    [
      'a rollout that is paused at a step',
      rollout({ pauseConditions: [{ reason: 'CanaryPauseStep' }], stableRS: 'a', currentPodHash: 'b' }),
      ['retry'],
    ],
    [
      'a rollout that is done',
      rollout({ stableRS: 'b', currentPodHash: 'b', currentStepIndex: 1 }),
      ['abort', 'pause', 'promote-full', 'resume', 'retry', 'skip-current-step'],
    ],
    [
      'a suspended HelmRelease',
      object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', { spec: { suspend: true } }),
      ['reconcile', 'suspend'],
    ],
    ['a ScaledObject', object('keda.sh/v1alpha1', 'ScaledObject'), ['resume']],
    [
      'a finished AnalysisRun',
      object('argoproj.io/v1alpha1', 'AnalysisRun', { status: { phase: 'Successful' } }),
      ['terminate'],
    ],
    [
      'a Cluster of one instance',
      object('postgresql.cnpg.io/v1', 'Cluster', { spec: { instances: 1 } }),
      ['promote', 'resume'],
    ],
  ])('%s cannot do everything', (_name, of, expected) => {
    const disabled = availableActions(of).filter((action) => action.disabled);
    expect(disabled.map(({ name }) => name)).toEqual(expected);
  });

  test('a Rollout is resumed in its status, or in its spec, or both', () => {
    const resume = (of: KubeObject) => actionEffect(of, 'resume', { now: NOW, parameters: {} });
    const pauseConditions = [{ reason: 'CanaryPauseStep' }];
    expect(resume(rollout({ pauseConditions }))).toEqual({ patch: { status: { pauseConditions: null } } });
    expect(resume(rollout({ pauseConditions }, { paused: true }))).toEqual({
      patch: { spec: { paused: false }, status: { pauseConditions: null } },
    });
  });

  test('a WorkflowTemplate becomes a Workflow', () => {
    expect(
      actionEffect(object('argoproj.io/v1alpha1', 'WorkflowTemplate'), 'create-workflow', { now: NOW, parameters: {} }),
    ).toEqual({
      create: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Workflow',
        metadata: {
          name: 'web-202601051000',
          namespace: 'shop',
          labels: { 'workflows.argoproj.io/workflow-template': 'web' },
          annotations: {},
        },
        spec: { workflowTemplateRef: { name: 'web' } },
      },
    });
  });
});
