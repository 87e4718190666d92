// Deployment, ReplicaSet, StatefulSet and DaemonSet: how far a rollout is.

import { isObject, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { conditionsOf, count, health, isBehind, isTrue, type ResourceHealth, replicasOf } from './check.ts';

const waiting = (what: string): ResourceHealth => health('Progressing', `Waiting for rollout to finish: ${what}`);

export function deploymentHealth(object: KubeObject): ResourceHealth {
  if (isTrue(object, 'spec', 'paused')) return health('Suspended', 'Deployment is paused');
  if (isBehind(object)) return waiting('observed deployment generation less than desired generation');
  const progress = conditionsOf(object).find((condition) => condition.type === 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return health('Degraded', `Deployment "${object.metadata.name ?? ''}" exceeded its progress deadline`);
  }
  const replicas = replicasOf(object);
  const updated = count(object, 'updatedReplicas');
  const available = count(object, 'availableReplicas');
  if (replicas !== undefined && updated < replicas) {
    return waiting(`${updated} out of ${replicas} new replicas have been updated...`);
  }
  const old = count(object, 'replicas') - updated;
  if (old > 0) return waiting(`${old} old replicas are pending termination...`);
  if (available < updated) return waiting(`${available} of ${updated} updated replicas are available...`);
  return health('Healthy');
}

export function replicaSetHealth(object: KubeObject): ResourceHealth {
  if (isBehind(object)) return waiting('observed replica set generation less than desired generation');
  const failure = conditionsOf(object).find((condition) => condition.type === 'ReplicaFailure');
  if (failure?.status === 'True') return health('Degraded', failure.message);
  const replicas = replicasOf(object);
  const available = count(object, 'availableReplicas');
  if (replicas !== undefined && available < replicas) {
    return waiting(`${available} out of ${replicas} new replicas are available...`);
  }
  return health('Healthy');
}

export function statefulSetHealth(object: KubeObject): ResourceHealth {
  if (count(object, 'observedGeneration') === 0 || isBehind(object)) {
    return health('Progressing', 'Waiting for statefulset spec update to be observed...');
  }
  const replicas = replicasOf(object);
  const ready = count(object, 'readyReplicas');
  if (replicas !== undefined && ready < replicas) {
    return health('Progressing', `Waiting for ${replicas - ready} pods to be ready...`);
  }
  const strategy = objectAt(object, 'spec', 'updateStrategy');
  const rolling = strategy['rollingUpdate'];
  const updated = count(object, 'updatedReplicas');
  if (strategy['type'] === 'RollingUpdate' && isObject(rolling)) {
    const partition = rolling['partition'];
    const expected = (replicas ?? 0) - (typeof partition === 'number' ? partition : 0);
    if (replicas !== undefined && typeof partition === 'number' && updated < expected) {
      const progress = `${updated} out of ${expected} new pods have been updated...`;
      return health('Progressing', `Waiting for partitioned roll out to finish: ${progress}`);
    }
    return health('Healthy', `partitioned roll out complete: ${updated} new pods have been updated...`);
  }
  if (strategy['type'] === 'OnDelete') return health('Healthy', `statefulset has ${ready} ready pods`);
  const revision = textAt(object, 'status', 'updateRevision');
  const current = textAt(object, 'status', 'currentRevision');
  if (revision !== current) {
    const progress = `${updated} pods at revision ${revision}...`;
    return health('Progressing', `waiting for statefulset rolling update to complete ${progress}`);
  }
  const done = `${count(object, 'currentReplicas')} pods at revision ${current}...`;
  return health('Healthy', `statefulset rolling update complete ${done}`);
}

export function daemonSetHealth(object: KubeObject): ResourceHealth {
  if (isBehind(object)) return waiting('observed daemon set generation less than desired generation');
  const desired = count(object, 'desiredNumberScheduled');
  const updated = count(object, 'updatedNumberScheduled');
  const available = count(object, 'numberAvailable');
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') {
    return health('Healthy', `daemon set ${updated} out of ${desired} new pods have been updated`);
  }
  const rollout = `Waiting for daemon set "${object.metadata.name ?? ''}" rollout to finish:`;
  if (updated < desired) {
    return health('Progressing', `${rollout} ${updated} out of ${desired} new pods have been updated...`);
  }
  if (available < desired) {
    return health('Progressing', `${rollout} ${available} of ${desired} updated pods are available...`);
  }
  return health('Healthy');
}
