// Argo Rollouts: what a Rollout waits for, as its own command line words it.

import { listAt, numberAt, objectAt, textAt } from '../../../core/json.ts';
import { annotationsOf, type KubeObject } from '../../../objects/object.ts';
import { count, health, isTrue, type ResourceHealth, replicasOf } from '../check.ts';
import { findCondition } from './forms.ts';

const OBSERVING = 'Waiting for rollout spec update to be observed';

/** Old versions wrote a hash for the observed generation. */
function isUnobserved(object: KubeObject): boolean {
  const observed = textAt(object, 'status', 'observedGeneration');
  const generation = numberAt(object, 'metadata', 'generation') ?? 0;
  if (/^\d+$/.test(observed) && generation > Number(observed)) return true;
  const workload = annotationsOf(object)['rollout.argoproj.io/workload-generation'];
  const seen = textAt(object, 'status', 'workloadObservedGeneration');
  return workload !== undefined && seen !== '' && workload !== seen;
}

const PHASES = { Degraded: 'Degraded', Healthy: 'Healthy', Paused: 'Suspended', Progressing: 'Progressing' } as const;

export function rolloutHealth(object: KubeObject): ResourceHealth {
  if (Object.keys(objectAt(object, 'status')).length === 0)
    return health('Progressing', 'Waiting for rollout to finish: status has not been reconciled.');
  if (isUnobserved(object)) return health('Progressing', OBSERVING);
  const phase = textAt(object, 'status', 'phase');
  const told = Object.entries(PHASES).find(([name]) => name === phase);
  const byConditions = conditionHealth(object);
  if (told) return health(told[1], textAt(object, 'status', 'message') || (byConditions?.message ?? ''));
  return byConditions ?? replicasHealth(object);
}

/** Versions before 1.0 have no phase. */
function conditionHealth(object: KubeObject): ResourceHealth | undefined {
  const invalid = findCondition(object, 'InvalidSpec', 'True') ?? findCondition(object, 'InvalidSpec');
  if (invalid) return health('Degraded', invalid.message);
  const failed = findCondition(object, 'Progressing', undefined, ['RolloutAborted', 'ProgressDeadlineExceeded']);
  if (failed) return health('Degraded', failed.message);
  const pauses = listAt(object, 'status', 'pauseConditions').length > 0 || isTrue(object, 'status', 'controllerPause');
  if (isTrue(object, 'spec', 'paused') || pauses) return health('Suspended', 'Rollout is paused');
  const paused = findCondition(object, 'Progressing', undefined, ['RolloutPaused']);
  return paused && health('Suspended', 'Rollout is paused');
}

const waiting = (what: string): ResourceHealth => health('Progressing', `Waiting for roll out to finish: ${what}`);

function replicasHealth(object: KubeObject): ResourceHealth {
  const updated = count(object, 'updatedReplicas');
  const replicas = replicasOf(object) ?? 1;
  if (updated < replicas) return waiting('More replicas need to be updated');
  if (count(object, 'availableReplicas') < updated) return waiting('updated replicas are still becoming available');
  const current = textAt(object, 'status', 'currentPodHash');
  const isBlueGreen = 'blueGreen' in objectAt(object, 'spec', 'strategy');
  if (isBlueGreen) {
    const active = textAt(object, 'status', 'blueGreen', 'activeSelector');
    return active === '' || active !== current ? waiting('active service cutover pending') : health('Healthy');
  }
  if (count(object, 'replicas') > updated) return waiting('old replicas are pending termination');
  const stable = textAt(object, 'status', 'stableRS') || textAt(object, 'status', 'canary', 'stableRS');
  return stable === '' || stable !== current ? waiting('waiting for all steps to complete') : health('Healthy');
}
