// What runs to an end, or in steps: Spark, Flink, Ansible, Keptn, Flagger.

import { numberAt, objectAt, textAt } from '../../../core/json.ts';
import type { KubeObject } from '../../../objects/object.ts';
import { conditionsOf, type HealthCheck, health, isTrue, type ResourceHealth } from '../check.ts';
import { always, amountAt, byWord, firstOf, forKinds, has, type Rules, text, wordAt } from './forms.ts';

/** How many executors of a SparkApplication must run: with dynamic allocation, no fewer than the least. */
function leastExecutors(object: KubeObject): number {
  const settings = objectAt(object, 'spec', 'sparkConf');
  const dynamic = objectAt(object, 'spec', 'dynamicAllocation');
  const prefixes = ['spark.streaming.dynamicAllocation', 'spark.dynamicAllocation'];
  const prefix = prefixes.find((each) => settings[`${each}.enabled`] === 'true');
  if (prefix) return Number(settings[`${prefix}.minExecutors`] ?? 0);
  if (dynamic['enabled'] === true) return numberAt(dynamic, 'minExecutors') ?? 0;
  return amountAt(object, 'spec.executor.instances');
}

const SPARK_STEPS = [
  'SUBMITTED',
  'PENDING_RERUN',
  'PENDING_SUBMISSION',
  'INVALIDATING',
  'SUCCEEDING',
  'RESUMING',
  'SUSPENDING',
];

function spark(object: KubeObject): ResourceHealth {
  const state = wordAt(object, 'status.applicationState.state');
  if (state === 'COMPLETED') return health('Healthy', 'SparkApplication was Completed');
  if (['FAILED', 'SUBMISSION_FAILED', 'FAILING'].includes(state)) {
    const fallback = state === 'SUBMISSION_FAILED' ? 'Submission Failed' : 'SparkApplication Failed';
    return health('Degraded', wordAt(object, 'status.applicationState.errorMessage') || fallback);
  }
  if (state === 'SUSPENDED') return health('Suspended', 'SparkApplication is Suspended');
  if (state === 'RUNNING') {
    const running = Object.values(objectAt(object, 'status', 'executorState')).filter((each) => each === 'RUNNING');
    return running.length >= leastExecutors(object)
      ? health('Healthy', 'SparkApplication is Running')
      : health('Progressing', 'Waiting for Executors');
  }
  return health(
    'Progressing',
    SPARK_STEPS.includes(state) ? 'SparkApplication is being prepared' : 'Waiting for SparkApplication',
  );
}

function flink(object: KubeObject): ResourceHealth {
  const deployment = wordAt(object, 'status.jobManagerDeploymentStatus');
  const reconciled = objectAt(object, 'status', 'reconciliationStatus');
  const error = textAt(reconciled, 'error') || wordAt(object, 'status.error');
  const isReconciled =
    reconciled['success'] === true || ['DEPLOYED', 'ROLLED_BACK'].includes(textAt(reconciled, 'state'));
  if (
    wordAt(object, 'spec.job.state').toLowerCase() === 'suspended' &&
    textAt(object, 'status', 'jobStatus', 'state') !== 'RUNNING'
  )
    return health('Suspended', '');
  if (deployment === 'ERROR' || reconciled['success'] === false) return health('Degraded', error);
  if (textAt(object, 'status', 'jobStatus', 'state') === 'FAILED') return health('Degraded', error || 'Job has failed');
  if (deployment === 'READY' && isReconciled) return health('Healthy');
  return health('Progressing', 'Waiting for deploying');
}

const KEPTN_FAILED = ['Failed', 'Deprecated', 'Error'];

const keptn = (path: string) => (kind: string) =>
  byWord({
    path,
    healthy: ['Succeeded', 'Completed', 'Warning'],
    degraded: KEPTN_FAILED,
    message: (state) => `${kind} is ${KEPTN_FAILED.includes(state) ? 'degraded' : 'healthy'}`,
    waiting: `${kind} is progressing`,
  });

const keptnAnalysis: HealthCheck = (object) => {
  if (wordAt(object, 'status.state') !== 'Completed') return health('Progressing', 'Analysis is progressing');
  return isTrue(object, 'status', 'pass') || isTrue(object, 'status', 'warning')
    ? health('Healthy', 'Analysis is healthy')
    : health('Degraded', 'Analysis is degraded');
};

function canary(object: KubeObject): ResourceHealth {
  const phase = wordAt(object, 'status.phase');
  const { message = '' } = conditionsOf(object)[0] ?? {};
  const weight = phase === 'Progressing' ? `Canary Weight: ${amountAt(object, 'status.canaryWeight')} % --- ` : '';
  const text = `${phase} --- ${weight}${message}`;
  if (phase === '') return health('Progressing', 'Waiting for Canary');
  if (phase === 'Failed') return health('Degraded', text);
  if (phase === 'Succeeded' || phase === 'Initialized') return health('Healthy', text);
  return health(phase === 'Waiting' || phase === 'WaitingPromotion' ? 'Suspended' : 'Progressing', text);
}

function ansibleJob(object: KubeObject): ResourceHealth {
  const result = objectAt(object, 'status', 'ansibleJobResult');
  const state = textAt(result, 'status');
  const text = `${state} job - ${textAt(result, 'url')}`;
  if (state === '') return health('Progressing', 'Waiting for AnsibleJob');
  if (state === 'successful') return health('Healthy', text);
  if (['failed', 'error', 'canceled'].includes(state)) return health('Degraded', text);
  return health('Progressing', text);
}

export const JOBS: Rules = {
  'sparkoperator.k8s.io/SparkApplication': spark,
  'flink.apache.org/FlinkDeployment': flink,
  ...forKinds(
    'lifecycle.keptn.sh',
    ['KeptnAppVersion', 'KeptnTask', 'KeptnWorkloadVersion', 'KeptnWorkloadInstance'],
    keptn('status.status'),
  ),
  ...forKinds('lifecycle.keptn.sh', ['KeptnEvaluation'], keptn('status.overallStatus')),
  'metrics.keptn.sh/Analysis': keptnAnalysis,
  'metrics.keptn.sh/KeptnMetric': firstOf(
    [text('status.errMsg'), 'Degraded', 'KeptnMetric is degraded'],
    [has('status.value'), 'Healthy', 'KeptnMetric is healthy'],
    [always, 'Progressing', 'KeptnMetric is progressing'],
  ),
  'flagger.app/Canary': canary,
  'tower.ansible.com/AnsibleJob': ansibleJob,
};
