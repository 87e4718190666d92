// What serves: KServe, Keda, Spin, Camel, OpenFaaS.

import { numberAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, count, type HealthCheck, health, type ResourceHealth } from '../check.ts';
import {
  always,
  annotation,
  both,
  byWord,
  condition,
  findCondition,
  firstOf,
  forKinds,
  type Rules,
  word,
  wordAt,
} from './forms.ts';

/** Every condition that is not met, with a number, in one line. */
function inferenceService(object: KubeObject): ResourceHealth {
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return health('Progressing', 'Waiting for InferenceService to report status...');
  const stopped = conditions.find(({ type, status }) => type === 'Stopped' && status === 'True');
  if (stopped) return health('Suspended', 'InferenceService is Stopped');
  const transition = wordAt(object, 'status.modelStatus.transitionStatus');
  const relevant = conditions.filter(({ type }) => type !== 'Stopped');
  const unmet = relevant.filter(({ status }) => status !== 'True');
  const texts = unmet.map(({ type, status, reason, message }, index) =>
    [`${index + 1}: ${type}`, status, reason, message].filter((each) => each !== '').join(' | '),
  );
  const message = texts.map((each) => ` | ${each}`).join('');
  const failure = ['BlockedByFailedLoad', 'InvalidSpec'].includes(transition);
  if (failure || unmet.some(({ status }) => status === 'False')) {
    const loading = textAt(object, 'status', 'modelStatus', 'lastFailureInfo', 'message');
    return health('Degraded', `${message}${loading ? ` | ${loading}` : ''}`);
  }
  if (unmet.length > 0) return health('Progressing', message);
  return health('Healthy', 'InferenceService is healthy.');
}

const keda = (kind: string): HealthCheck =>
  firstOf(
    [annotation('autoscaling.keda.sh/paused', 'true'), 'Suspended', `${kind} is paused`],
    [annotation('autoscaling.keda.sh/paused-replicas'), 'Suspended', `${kind} is paused`],
    [condition('Paused'), 'Suspended', `${kind} is paused`],
    [condition('Ready'), 'Healthy'],
    [condition('Ready', 'False'), 'Degraded'],
    [condition('Ready', 'Unknown'), 'Degraded'],
    [condition('Running'), 'Progressing'],
    [always, 'Progressing', kind === 'ScaledJob' ? 'Waiting for ScaledJob' : 'Creating HorizontalPodAutoscaler Object'],
  );

const spinApp: HealthCheck = (object) => {
  const progressing = findCondition(object, 'Progressing');
  const [ready, replicas] = [count(object, 'readyReplicas'), numberAt(object, 'spec', 'replicas') ?? 0];
  if (conditionsOf(object).length === 0) return health('Progressing', 'Waiting for SpinApp');
  if (progressing?.reason === 'ProgressDeadlineExceeded') return health('Degraded', progressing.message);
  const available = findCondition(object, 'Available');
  if (available?.status === 'True' && ready >= replicas)
    return health('Healthy', `Application is healthy with ${ready}/${replicas} replicas ready`);
  if (available?.status === 'False' && progressing?.status === 'False') return health('Degraded', available.message);
  return health(
    'Progressing',
    progressing?.message || `Waiting for application to be ready with ${ready}/${replicas} replicas ready`,
  );
};

export const SERVICES: Rules = {
  'kiali.io/Kiali': firstOf(
    [condition('Failure'), 'Degraded'],
    [condition('Successful'), 'Healthy'],
    [condition('Running'), 'Progressing'],
    [always, 'Progressing', 'Waiting for Kiali'],
  ),
  'serving.kserve.io/InferenceService': inferenceService,
  ...forKinds('keda.sh', ['ScaledJob', 'ScaledObject'], keda),
  'core.spinkube.dev/SpinApp': spinApp,
  'camel.apache.org/Integration': byWord({
    path: 'status.phase',
    healthy: ['Running'],
    degraded: ['Error', 'Unknown'],
    message: (_phase, object) => {
      const ready = findCondition(object, 'Ready');
      return ready?.message || `Integration is ${wordAt(object, 'status.phase')}`;
    },
    waiting: 'Waiting for Integration',
    first: [[both(condition('Ready', 'False'), word('status.phase', 'Running')), 'Degraded']],
  }),
  'openfaas.com/Function': firstOf(
    [condition('Stalled'), 'Degraded'],
    [condition('Ready'), 'Healthy'],
    [condition('Healthy'), 'Healthy'],
    [condition('Ready', 'False'), 'Progressing'],
    [always, 'Progressing', 'Waiting for Function'],
  ),
};
