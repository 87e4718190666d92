// Argo: Rollouts, Workflows, ApplicationSets; Numaflow and Numaplane; Spot's copy of a Rollout.

import { listAt, textAt } from '../../../core/json.ts';
import type { HealthCheck } from '../check.ts';
import {
  always,
  both,
  byWord,
  condition,
  firstOf,
  flag,
  forKinds,
  lacks,
  type Rules,
  type Test,
  unobserved,
  word,
  wordAt,
} from './forms.ts';
import { rolloutHealth } from './rollout.ts';

const statusMessage = (_text: string, object: Parameters<Test>[0]): string => wordAt(object, 'status.message');

const ANALYSIS_WORDS: Readonly<Record<string, string>> = {
  Pending: 'is pending',
  Running: 'is running',
  Failed: 'has failed',
  Error: 'had an error',
  Inconclusive: 'was inconclusive',
};

/** A message of the status stands before what the phase alone says. */
const analysis = (what: string, successful: string): HealthCheck =>
  byWord({
    path: 'status.phase',
    healthy: ['Successful'],
    progressing: ['Pending', 'Running'],
    degraded: ['Failed', 'Error'],
    unknown: ['Inconclusive'],
    message: (phase, object) => wordAt(object, 'status.message') || `${what} ${ANALYSIS_WORDS[phase] ?? successful}`,
    waiting: `Waiting for ${what.toLowerCase()} to finish: status has not been reconciled.`,
  });

const failedUpgrade: Test = ({ metadata: { labels } }) =>
  labels?.['numaplane.numaproj.io/progressive-result-state'] === 'failed' ? '' : undefined;

const isUnwell: Test = (object) =>
  listAt(object, 'status', 'conditions').some((each) => textAt(each, 'status') === 'False') ? '' : undefined;

const numaflow = (kind: string): HealthCheck =>
  firstOf(
    [failedUpgrade, 'Degraded', 'Failed progressive upgrade'],
    [unobserved, 'Progressing', `Waiting for ${kind} status`],
    [word('status.phase', 'Failed'), 'Degraded', (_, object) => statusMessage('', object) || `${kind} failed`],
    [word('status.phase', 'Paused'), 'Healthy', `${kind} is paused`],
    [word('status.phase', 'Pausing'), 'Progressing', `${kind} is pausing`],
    [condition('ChildrenResourcesHealthy', 'False'), 'Degraded'],
    [both(word('status.phase', 'Running'), isUnwell), 'Degraded', 'Subresources are unhealthy'],
    [word('status.phase', 'Running'), 'Healthy', `${kind} is healthy`],
    [always, 'Progressing', `Waiting for ${kind} status`],
  );

const numaplane = (): HealthCheck =>
  firstOf(
    [unobserved, 'Progressing', 'Not yet reconciled'],
    [word('status.phase', 'Failed'), 'Degraded', statusMessage],
    [word('status.phase', 'Pending'), 'Progressing', 'Update in progress'],
    [condition('ProgressiveUpgradeSucceeded', 'False'), 'Degraded', 'Progressive upgrade failed'],
    [condition('ChildResourcesHealthy', 'False', 'Progressing'), 'Progressing', 'Child Progressing'],
    [condition('ChildResourcesHealthy', 'False'), 'Degraded'],
    [condition('ChildResourcesHealthy', 'Unknown'), 'Progressing', 'Child Progressing'],
    [condition('PipelinePausingOrPaused'), 'Suspended', 'Pipeline is paused or pausing'],
    [condition('MonoVertexPausingOrPaused'), 'Suspended', 'MonoVertex is paused or pausing'],
    [word('status.phase', 'Deployed'), 'Healthy', 'Healthy'],
    [always, 'Progressing', 'Not yet reconciled'],
  );

export const ARGO: Rules = {
  'argoproj.io/AnalysisRun': analysis('Analysis run', 'completed successfully'),
  'argoproj.io/Experiment': analysis('Experiment', 'is successful'),
  'argoproj.io/Rollout': rolloutHealth,
  'spot.io/SpotDeployment': rolloutHealth,
  'argoproj.io/ApplicationSet': firstOf(
    [condition('ErrorOccurred'), 'Degraded'],
    [condition('RolloutProgressing'), 'Progressing'],
    [condition('ResourcesUpToDate'), 'Healthy'],
    [condition('ResourcesUpToDate', 'False'), 'Degraded'],
    [always, 'Progressing', 'Waiting for the status to be reported'],
  ),
  'argoproj.io/CronWorkflow': firstOf(
    [condition('SubmissionError'), 'Degraded'],
    [condition('SpecError'), 'Degraded'],
    [flag('spec.suspend'), 'Suspended', 'CronWorkflow is suspended'],
    [lacks('status'), 'Progressing', 'Waiting for CronWorkflow'],
    [always, 'Healthy', ''],
  ),
  ...forKinds('numaflow.numaproj.io', ['InterStepBufferService', 'MonoVertex', 'Pipeline', 'Vertex'], numaflow),
  ...forKinds(
    'numaplane.numaproj.io',
    ['ISBServiceRollout', 'MonoVertexRollout', 'NumaflowControllerRollout', 'PipelineRollout'],
    numaplane,
  ),
};
