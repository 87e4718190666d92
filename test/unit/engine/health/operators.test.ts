import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../../src/core/json.ts';
import { healthOf, ruleHealth } from '../../../../src/engine/health/health.ts';
import { operatorKinds } from '../../../../src/engine/health/operators/table.ts';
import { HEALTH_STATUSES, type HealthStatus } from '../../../../src/model/application.ts';
import type { KubeObject } from '../../../../src/objects/object.ts';

interface Sketch {
  readonly metadata?: KubeObject['metadata'];
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

const object = (apiVersion: string, kind: string, { metadata, ...rest }: Sketch): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web', ...metadata },
  ...rest,
});

const condition = (type: string, status: string, reason = '', message = ''): JsonObject => ({
  conditions: [{ type, status, reason, message }],
});

type Row = readonly [apiVersion: string, kind: string, sketch: Sketch, status: HealthStatus, message: string];

const READY: readonly Row[] = [
  ['cert-manager.io/v1', 'Certificate', {}, 'Progressing', 'Waiting for certificate'],
  [
    'cert-manager.io/v1',
    'Certificate',
    { status: condition('Ready', 'False', 'Failed', 'the issuer refused') },
    'Degraded',
    'the issuer refused',
  ],
  [
    'cert-manager.io/v1',
    'Certificate',
    {
      status: {
        conditions: [
          { type: 'Ready', status: 'False', message: 'expired' },
          { type: 'Issuing', status: 'True', message: 'renewing' },
        ],
      },
    },
    'Progressing',
    'renewing',
  ],
  ['bitnami.com/v1alpha1', 'SealedSecret', { status: condition('Synced', 'True') }, 'Healthy', ''],
  [
    'external-secrets.io/v1',
    'ExternalSecret',
    { status: condition('Ready', 'False', 'SecretSyncedError', 'no such key') },
    'Degraded',
    'no such key',
  ],
  [
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    { status: condition('Ready', 'False', 'BuildFailed', 'no kustomization.yaml') },
    'Degraded',
    'BuildFailed',
  ],
  [
    'kustomize.toolkit.fluxcd.io/v1',
    'Kustomization',
    { spec: { suspend: true }, status: condition('Ready', 'True', 'ReconciliationSucceeded') },
    'Suspended',
    'Kustomization is suspended',
  ],
  [
    'keda.sh/v1alpha1',
    'ScaledObject',
    { metadata: { annotations: { 'autoscaling.keda.sh/paused-replicas': '0' } } },
    'Suspended',
    'ScaledObject is paused',
  ],
  ['kafka.strimzi.io/v1beta2', 'KafkaTopic', {}, 'Progressing', 'Waiting for Kafka Topic'],
  [
    'kafka.strimzi.io/v1beta2',
    'Kafka',
    { status: condition('NotReady', 'True', 'Creating', 'Kafka cluster is being deployed') },
    'Progressing',
    'Kafka cluster is being deployed',
  ],
];

const WILDCARDS: readonly Row[] = [
  [
    's3.aws.upbound.io/v1beta1',
    'Bucket',
    { status: condition('Synced', 'False', 'ReconcileError', 'access denied') },
    'Degraded',
    'access denied',
  ],
  ['aws.upbound.io/v1beta1', 'ProviderConfig', {}, 'Healthy', 'Resource is up-to-date.'],
  ['apiextensions.crossplane.io/v1', 'Composition', {}, 'Healthy', 'Resource is up-to-date.'],
  [
    'storage.cnrm.cloud.google.com/v1beta1',
    'StorageBucket',
    {
      metadata: { generation: 1 },
      status: { observedGeneration: 1, ...condition('Ready', 'False', 'Updating', 'on it') },
    },
    'Progressing',
    'on it',
  ],
  [
    'rds.services.k8s.aws/v1alpha1',
    'DBInstance',
    { status: condition('ACK.Terminal', 'True', '', 'InvalidParameterValue') },
    'Degraded',
    'InvalidParameterValue',
  ],
  [
    'operator.victoriametrics.com/v1beta1',
    'VMCluster',
    { status: { updateStatus: 'failed', reason: 'no storage class' } },
    'Degraded',
    'no storage class',
  ],
];

const ROLLOUT = {
  spec: { replicas: 2, strategy: { canary: { steps: [{ setWeight: 50 }] } } },
  status: { updatedReplicas: 2, availableReplicas: 2, replicas: 2, currentPodHash: 'b', stableRS: 'b' },
};

const PARTICULAR: readonly Row[] = [
  ['argoproj.io/v1alpha1', 'Rollout', ROLLOUT, 'Healthy', ''],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    { ...ROLLOUT, status: { ...ROLLOUT.status, stableRS: 'a' } },
    'Progressing',
    'Waiting for roll out to finish: waiting for all steps to complete',
  ],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    { ...ROLLOUT, status: { ...ROLLOUT.status, updatedReplicas: 1 } },
    'Progressing',
    'Waiting for roll out to finish: More replicas need to be updated',
  ],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    { ...ROLLOUT, status: { ...ROLLOUT.status, phase: 'Degraded', message: 'RolloutAborted: aborted by hand' } },
    'Degraded',
    'RolloutAborted: aborted by hand',
  ],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    { ...ROLLOUT, metadata: { generation: 3 }, status: { ...ROLLOUT.status, observedGeneration: '2' } },
    'Progressing',
    'Waiting for rollout spec update to be observed',
  ],
  [
    'argoproj.io/v1alpha1',
    'Rollout',
    {
      spec: { replicas: 1, strategy: { blueGreen: { activeService: 'web' } } },
      status: { updatedReplicas: 1, availableReplicas: 1, currentPodHash: 'b', blueGreen: { activeSelector: 'a' } },
    },
    'Progressing',
    'Waiting for roll out to finish: active service cutover pending',
  ],
  [
    'argoproj.io/v1alpha1',
    'AnalysisRun',
    { status: { phase: 'Inconclusive' } },
    'Unknown',
    'Analysis run was inconclusive',
  ],
  [
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    {
      status: {
        parents: [
          { parentRef: { name: 'a' }, conditions: [{ type: 'Accepted', status: 'True' }] },
          { parentRef: { name: 'b' }, conditions: [{ type: 'Accepted', status: 'False', message: 'no listener' }] },
        ],
      },
    },
    'Degraded',
    'Parent b: no listener',
  ],
  [
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    {
      metadata: { generation: 2 },
      status: {
        parents: [
          { parentRef: { name: 'a' }, conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 1 }] },
        ],
      },
    },
    'Progressing',
    'Waiting for HTTPRoute status',
  ],
  [
    'gateway.solo.io/v1',
    'RouteTable',
    { status: { state: 0 } },
    'Suspended',
    'The resource has not yet been validated',
  ],
  [
    'elasticsearch.k8s.elastic.co/v1',
    'Elasticsearch',
    { status: { health: 'green', phase: 'Ready' } },
    'Healthy',
    'Elasticsearch Cluster status is Green',
  ],
  [
    'flagger.app/v1beta1',
    'Canary',
    { status: { phase: 'Failed', ...condition('Promoted', 'False', 'Failed', 'too many errors') } },
    'Degraded',
    'Failed --- too many errors',
  ],
  [
    'sparkoperator.k8s.io/v1beta2',
    'SparkApplication',
    {
      spec: { executor: { instances: 2 } },
      status: { applicationState: { state: 'RUNNING' }, executorState: { a: 'RUNNING', b: 'PENDING' } },
    },
    'Progressing',
    'Waiting for Executors',
  ],
  ['core.humio.com/v1alpha1', 'HumioView', { status: { state: 'NotFound' } }, 'Missing', 'Component state: NotFound.'],
];

describe('health of kinds that operators bring', () => {
  test.each([...READY, ...WILDCARDS, ...PARTICULAR])(
    '%s %s %j is %s: %s',
    (apiVersion, kind, sketch, status, message) => {
      const found = healthOf(object(apiVersion, kind, sketch));
      expect([found?.status, found?.message ?? '']).toEqual([status, message]);
    },
  );

  test('what is being deleted is pending, whatever its own rule says', () => {
    const deleted = object('bitnami.com/v1alpha1', 'SealedSecret', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      status: condition('Synced', 'True'),
    });
    expect(healthOf(deleted)).toEqual({ status: 'Progressing', message: 'Pending deletion' });
    expect(ruleHealth(deleted)).toEqual({ status: 'Healthy' });
  });

  test('a kind that no rule names has none', () => {
    expect(healthOf(object('example.com/v1', 'Widget', { status: condition('Ready', 'False') }))).toBeUndefined();
    expect(healthOf(object('cert-manager.io/v1', 'constructor', {}))).toBeUndefined();
  });

  /** What controllers never write, and what a hand may. */
  const ODD: readonly unknown[] = [
    undefined,
    null,
    {},
    [],
    'text',
    { conditions: null, phase: 7 },
    { conditions: [null, 'text', {}, { type: 1, status: true }] },
    { conditions: {}, state: {}, statuses: [], replicas: 'many' },
    { parents: [null, {}], listeners: [1], racks: { a: null }, ceph: { details: [1] }, environments: [null, {}] },
  ];

  test.each(operatorKinds())('%s has an answer for any status', (name) => {
    const [group = '', kind = ''] = name.replaceAll('*', 'example').split('/');
    for (const status of ODD) {
      const odd = object(`${group}/v1`, kind, { metadata: { generation: 2 } });
      const found = ruleHealth(JSON.parse(JSON.stringify({ ...odd, status })));
      expect(HEALTH_STATUSES).toContain(found?.status);
    }
  });
});
