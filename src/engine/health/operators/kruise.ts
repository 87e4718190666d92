// OpenKruise: workloads that are updated in place, and games.

import { listAt, numberAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, count, type HealthCheck, health, isTrue, type ResourceHealth } from '../check.ts';
import {
  always,
  amountAt,
  both,
  condition,
  findCondition,
  firstOf,
  flag,
  has,
  type Rules,
  unobserved,
  valueAt,
  word,
  wordAt,
} from './forms.ts';

const INITIALIZING = 'Waiting for initialization';

/** A partition holds an update back: everything that may be updated has been. */
function heldBack(object: KubeObject, partition: unknown): boolean {
  if (typeof partition !== 'number' || partition <= 0) return false;
  const replicas = numberAt(object, 'spec', 'replicas') ?? 0;
  return count(object, 'updatedReplicas') >= replicas - partition && count(object, 'updatedReplicas') < replicas + 1;
}

interface KruiseSet {
  readonly name: string;
  readonly paused: string;
  readonly partition: string;
}

const kruiseSet =
  ({ name, paused, partition }: KruiseSet): HealthCheck =>
  (object) => {
    if ((valueAt(object, 'status') ?? null) === null || unobserved(object) !== undefined)
      return health('Progressing', INITIALIZING);
    if (valueAt(object, paused) === true) return health('Suspended', `${name} is paused`);
    if (heldBack(object, valueAt(object, partition))) return health('Suspended', `${name} needs manual intervention`);
    const replicas = count(object, 'replicas');
    const isWell = count(object, 'updatedAvailableReplicas') === replicas;
    return isWell
      ? health('Healthy', `All ${name} workloads are ready and updated`)
      : health('Degraded', 'Some replicas are not ready or available');
  };

function kruiseDaemonSet(object: KubeObject): ResourceHealth {
  const desired = count(object, 'desiredNumberScheduled');
  const partition = amountAt(object, 'spec.updateStrategy.rollingUpdate.partition');
  if ((valueAt(object, 'status') ?? null) === null || unobserved(object) !== undefined || desired === 0)
    return health('Progressing', INITIALIZING);
  if (valueAt(object, 'spec.updateStrategy.rollingUpdate.paused') === true)
    return health('Suspended', 'Daemonset is paused');
  if (partition > 0 && count(object, 'updatedNumberScheduled') >= desired - partition)
    return health('Suspended', 'Daemonset needs manual intervention');
  const isWell = count(object, 'updatedNumberScheduled') === desired && count(object, 'numberAvailable') === desired;
  return isWell
    ? health('Healthy', 'All Daemonset workloads are ready and updated')
    : health('Degraded', 'Some pods are not ready or available');
}

const broadcastJob = firstOf(
  [flag('spec.paused'), 'Suspended', 'BroadcastJob is Paused'],
  [word('status.phase', 'paused'), 'Suspended', 'BroadcastJob is Paused'],
  [word('status.phase', 'failed'), 'Degraded', 'BroadcastJob has failed'],
  [condition('Failed'), 'Degraded', 'BroadcastJob has failed'],
  [
    both(word('status.phase', 'completed'), (object) => (count(object, 'failed') > 0 ? '' : undefined)),
    'Degraded',
    'BroadcastJob has failed',
  ],
  [word('status.phase', 'completed'), 'Healthy', 'BroadcastJob is completed successfully'],
  [word('status.phase', 'running'), 'Progressing', 'BroadcastJob is still running'],
  [always, 'Progressing', INITIALIZING],
);

const advancedCronJob = firstOf(
  [flag('spec.paused'), 'Suspended', 'AdvancedCronJob is Paused'],
  [
    (object) => (listAt(object, 'status', 'active').length > 0 ? '' : undefined),
    'Progressing',
    'AdvancedCronJobs has active jobs',
  ],
  [has('status.lastScheduleTime'), 'Healthy', 'AdvancedCronJobs has run successfully'],
  [always, 'Progressing', 'AdvancedCronJobs has not run yet'],
);

/** OpenKruise's Rollout: paused at a step until somebody lets it go on. */
function kruiseRollout(object: KubeObject): ResourceHealth {
  if ((valueAt(object, 'status') ?? null) === null || unobserved(object) !== undefined)
    return health('Progressing', INITIALIZING);
  const phase = wordAt(object, 'status.phase');
  const step =
    wordAt(object, 'status.canaryStatus.currentStepState') || wordAt(object, 'status.blueGreenStatus.currentStepState');
  if (['Disabled', 'Disabling', 'Terminating'].includes(phase))
    return health('Degraded', 'Rollout is Disabled or Terminating');
  if (findCondition(object, 'Progressing')?.reason === 'Paused' || isTrue(object, 'spec', 'strategy', 'paused'))
    return health('Suspended', 'Rollout is Paused');
  if (phase === 'Progressing' && step === 'StepPaused')
    return health('Suspended', 'Rollout is Paused need manual intervention');
  if (phase === 'Healthy') return health('Healthy', 'Rollout is Completed');
  return health('Progressing', phase === 'Initial' || phase === '' ? INITIALIZING : 'Rollout is still progressing');
}

const gameServer: HealthCheck = (object) => {
  const [current, desired] = [wordAt(object, 'status.currentState'), wordAt(object, 'status.desiredState')];
  const broken = conditionsOf(object).find(({ status }) => status === 'False');
  if (current === '') return health('Progressing', 'Waiting for GameServer status');
  if (['Crash', 'NotReady'].includes(current)) return health('Degraded', `GameServer is ${current}`);
  if (broken) return health('Degraded', broken.message || `GameServer condition ${broken.type} is False`);
  return current === desired || current === 'Ready'
    ? health('Healthy', `GameServer is ${current}`)
    : health('Progressing', `GameServer is ${current}`);
};

const gameServerSet: HealthCheck = (object) => {
  if ((valueAt(object, 'status') ?? null) === null || unobserved(object) !== undefined)
    return health('Progressing', 'Waiting for GameServerSet initialization');
  if (valueAt(object, 'spec.updateStrategy.rollingUpdate.paused') === true)
    return health('Suspended', 'GameServerSet is paused');
  const replicas = numberAt(object, 'spec', 'replicas') ?? 0;
  if (count(object, 'readyReplicas') < replicas)
    return health('Progressing', `GameServerSet has ${count(object, 'readyReplicas')}/${replicas} replicas ready`);
  if (count(object, 'updatedReplicas') < replicas)
    return health('Progressing', `GameServerSet has ${count(object, 'updatedReplicas')}/${replicas} replicas updated`);
  return health('Healthy', 'GameServerSet is ready');
};

export const KRUISE: Rules = {
  'apps.kruise.io/CloneSet': kruiseSet({
    name: 'Cloneset',
    paused: 'spec.updateStrategy.paused',
    partition: 'spec.updateStrategy.partition',
  }),
  'apps.kruise.io/StatefulSet': kruiseSet({
    name: 'Statefulset',
    paused: 'spec.updateStrategy.rollingUpdate.paused',
    partition: 'spec.updateStrategy.rollingUpdate.partition',
  }),
  'apps.kruise.io/DaemonSet': kruiseDaemonSet,
  'apps.kruise.io/BroadcastJob': broadcastJob,
  'apps.kruise.io/AdvancedCronJob': advancedCronJob,
  'rollouts.kruise.io/Rollout': kruiseRollout,
  'game.kruise.io/GameServer': gameServer,
  'game.kruise.io/GameServerSet': gameServerSet,
};
