// Object stores and volumes.

import { objectAt, textAt } from '../../../core/json.ts';
import { compareText } from '../../../core/order.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { type HealthCheck, health, type ResourceHealth } from '../check.ts';
import { always, byWord, condition, firstOf, type Rules, wordAt } from './forms.ts';

function cephCluster(object: KubeObject): ResourceHealth {
  const level = textAt(object, 'status', 'ceph', 'health');
  const [state, message] = [wordAt(object, 'status.state'), wordAt(object, 'status.message')];
  const details = Object.entries(objectAt(object, 'status', 'ceph', 'details'))
    .sort(([a], [b]) => compareText(a, b))
    .map(([, detail]) => textAt(detail, 'message'));
  const why = details.length > 0 ? ` (${details.join('; ')})` : '';
  const tail = message === '' ? '' : ` - ${message}`;
  if (level === 'HEALTH_ERR' || level === 'HEALTH_WARN')
    return health('Degraded', `Ceph health is ${level}${why}${tail}`);
  if (state === 'Error') return health('Degraded', message || 'Ceph cluster state is Error');
  if (level === 'HEALTH_OK' && ['Created', 'Connected'].includes(state))
    return health('Healthy', `Ceph health is ${level} - Ceph cluster state is ${state}${tail}`);
  return health(
    'Progressing',
    message || (state ? `Ceph cluster state is ${state}` : 'Waiting for Ceph cluster status'),
  );
}

/** The kinds of Rook that have a phase. */
const cephPhase = (what: string): HealthCheck =>
  byWord({
    path: 'status.phase',
    healthy: ['Ready', 'Connected', 'Created'],
    progressing: ['Progressing', 'Connecting', 'Creating', 'Reconciling', 'Deleting', 'DeletionIsBlocked'],
    degraded: ['Failure', 'Error', 'Failed', 'ReconcileFailed'],
    message: (phase, object) => {
      const endpoint = textAt(object, 'status', 'info', 'endpoint');
      return `${what} phase is ${phase}${endpoint && phase === 'Ready' ? ` - endpoint: ${endpoint}` : ''}`;
    },
    waiting: `Waiting for ${what} status`,
  });

/** What a Tenant says while somebody has to look at it; everything else is a step on its way. */
const MINIO_FAULTS = [
  'Statefulset not controlled by operator',
  'Another MinIO Tenant already exists in the namespace',
  'Tenant credentials are not set properly',
  'Different versions across MinIO Pools',
  'Pool Decommissioning Not Allowed',
  'Multiple MinIO Tenants exist in the namespace',
  'Another MinIO Tenant already exists in the namespace.',
];

const minioTenant = byWord({
  path: 'status.currentState',
  healthy: ['Initialized'],
  degraded: MINIO_FAULTS,
  waiting: 'No status info available',
  otherwise: [(object) => wordAt(object, 'status.currentState') || undefined, 'Progressing'],
});

const storageCluster = firstOf(
  [condition('Degraded'), 'Degraded'],
  [condition('Available'), 'Healthy'],
  [condition('Progressing'), 'Progressing'],
  [condition('Available', 'False'), 'Degraded'],
  [always, 'Progressing', 'Waiting for StorageCluster'],
);

export const STORAGE: Rules = {
  'ceph.rook.io/CephCluster': cephCluster,
  'ceph.rook.io/CephObjectStore': cephPhase('Ceph object store'),
  'ceph.rook.io/CephBlockPool': cephPhase('Ceph block pool'),
  'ceph.rook.io/CephFilesystem': cephPhase('Ceph filesystem'),
  'ceph.rook.io/CephObjectStoreUser': cephPhase('Ceph object store user'),
  'objectbucket.io/ObjectBucketClaim': byWord({
    path: 'status.phase',
    healthy: ['Bound'],
    progressing: ['Pending', 'Released'],
    degraded: ['Failed'],
    message: (phase) => `Object bucket claim phase is ${phase}`,
    waiting: 'Waiting for object bucket claim status',
  }),
  'ocs.openshift.io/StorageCluster': storageCluster,
  'minio.min.io/Tenant': minioTenant,
};
