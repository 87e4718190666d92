import { type Draft, each, fill, present, within } from '../draft.ts';
import { defaultPodSpec } from './pod.ts';

function defaultTemplate(spec: Draft): void {
  const template = within(spec, 'template');
  within(template, 'metadata');
  defaultPodSpec(within(template, 'spec'));
}

export function defaultDeployment(object: Draft): void {
  const spec = within(object, 'spec');
  defaultTemplate(spec);
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = within(spec, 'strategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') {
    fill(within(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  }
}

export function defaultReplicaSet(object: Draft): void {
  const spec = within(object, 'spec');
  if (spec['template'] !== undefined) defaultTemplate(spec);
  fill(spec, { replicas: 1 });
}

export function defaultStatefulSet(object: Draft): void {
  const spec = within(object, 'spec');
  defaultTemplate(spec);
  fill(spec, { replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' });
  const strategy = within(spec, 'updateStrategy');
  // Who chooses the usual way himself says how, or leaves it open.
  if (!strategy['type']) fill(within(strategy, 'rollingUpdate'), { partition: 0 });
  else if (present(strategy, 'rollingUpdate')) fill(within(strategy, 'rollingUpdate'), { partition: 0 });
  fill(strategy, { type: 'RollingUpdate' });
  fill(within(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' });
  for (const claim of each(spec, 'volumeClaimTemplates')) {
    // Whatever is written, it is a claim.
    Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
    fill(within(claim, 'spec'), { volumeMode: 'Filesystem' });
    fill(within(claim, 'status'), { phase: 'Pending' });
  }
}

export function defaultDaemonSet(object: Draft): void {
  const spec = within(object, 'spec');
  defaultTemplate(spec);
  fill(spec, { revisionHistoryLimit: 10 });
  const strategy = within(spec, 'updateStrategy');
  fill(strategy, { type: 'RollingUpdate' });
  if (strategy['type'] === 'RollingUpdate') {
    fill(within(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
  }
  const update = present(strategy, 'rollingUpdate');
  if (update) fill(update, { maxUnavailable: 0, maxSurge: 0 });
}

/** A Job that selects by its user's own labels takes those of its template, if it has none. */
export function defaultJob(object: Draft): void {
  const spec = within(object, 'spec');
  defaultJobSpec(spec);
  const labels = present(present(present(spec, 'template'), 'metadata'), 'labels');
  if (spec['manualSelector'] === true && labels && Object.keys(labels).length > 0)
    fill(within(object, 'metadata'), { labels: { ...labels } });
}

const NO_LIMIT = 2_147_483_647;

function defaultJobSpec(spec: Draft): void {
  defaultTemplate(spec);
  if (spec['completions'] === undefined && spec['parallelism'] === undefined) spec['completions'] = 1;
  fill(spec, {
    parallelism: 1,
    backoffLimit: spec['backoffLimitPerIndex'] === undefined ? 6 : NO_LIMIT,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
  });
  defaultFailurePolicy(spec);
}

function defaultFailurePolicy(spec: Draft): void {
  for (const rule of each(present(spec, 'podFailurePolicy'), 'rules'))
    for (const pattern of each(rule, 'onPodConditions')) if (!pattern['status']) pattern['status'] = 'True';
}

export function defaultCronJob(object: Draft): void {
  const spec = within(object, 'spec');
  fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  const template = within(spec, 'jobTemplate');
  within(template, 'metadata');
  const job = within(template, 'spec');
  defaultTemplate(job);
  defaultFailurePolicy(job);
}
