// Actions of the kinds that operators bring: what their own command lines do, as a patch.

import { at, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { timestamp } from '../../core/time.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import { type Action, annotating, patching, toggle } from './action-forms.ts';

type Actions = Readonly<Record<string, Action>>;

const has = (object: KubeObject, name: string, value?: string): boolean => {
  const found = annotationsOf(object)[name];
  return value === undefined ? found !== undefined : found === value;
};

const FINISHED = ['Successful', 'Failed', 'Error', 'Inconclusive'];

const analysisRun: Actions = {
  terminate: patching(
    'stop-circle',
    () => ({ spec: { terminate: true } }),
    (object) => FINISHED.includes(textAt(object, 'status', 'phase')),
  ),
};

/** Nothing is rolled out any more. */
function isPromoted(rollout: KubeObject): boolean {
  const stable = textAt(rollout, 'status', 'stableRS');
  return stable !== '' && stable === textAt(rollout, 'status', 'currentPodHash');
}

const isPaused = (rollout: KubeObject): boolean => at(rollout, 'spec', 'paused') === true;
const isAborted = (rollout: KubeObject): boolean => at(rollout, 'status', 'abort') === true;
const stepsOf = (rollout: KubeObject): number => listAt(rollout, 'spec', 'strategy', 'canary', 'steps').length;
const stepOf = (rollout: KubeObject): number => numberAt(rollout, 'status', 'currentStepIndex') ?? 0;

/** A blue-green rollout can be promoted since versions that count its generations. */
function canBePromoted(rollout: KubeObject): boolean {
  if (isPromoted(rollout)) return false;
  if ('canary' in objectAt(rollout, 'spec', 'strategy')) return stepsOf(rollout) > 0;
  return /^\d+$/.test(textAt(rollout, 'status', 'observedGeneration'));
}

const rollout: Actions = {
  abort: patching(
    'times-circle',
    () => ({ status: { abort: true } }),
    (object) => isAborted(object) || isPromoted(object),
  ),
  pause: patching(
    'pause-circle',
    () => ({ spec: { paused: true } }),
    (object) => isPaused(object) || isAborted(object) || isPromoted(object),
  ),
  'promote-full': patching(
    'angle-double-up',
    () => ({ status: { promoteFull: true } }),
    (object) => !canBePromoted(object),
  ),
  restart: {
    ...patching('redo', (_object, { now }) => ({ spec: { restartAt: timestamp(now) } })),
    displayName: 'Restart Pods',
  },
  resume: patching(
    'play-circle',
    (object) => ({
      ...(isPaused(object) ? { spec: { paused: false } } : {}),
      ...(listAt(object, 'status', 'pauseConditions').length > 0 ? { status: { pauseConditions: null } } : {}),
    }),
    (object) => !isPaused(object) && listAt(object, 'status', 'pauseConditions').length === 0,
  ),
  retry: patching(
    'redo',
    () => ({ status: { abort: null } }),
    (object) => !isAborted(object),
  ),
  'skip-current-step': patching(
    'step-forward',
    (object) => ({ status: { pauseConditions: null, currentStepIndex: stepOf(object) + 1 } }),
    (object) => isPromoted(object) || stepOf(object) >= stepsOf(object),
  ),
};

interface TemplateForm {
  /** Where the Workflow's own labels and annotations are. */
  readonly metadata: readonly string[];
  spec(object: KubeObject): JsonObject;
  readonly labels?: (name: string) => Readonly<Record<string, string>>;
  readonly isOwner?: true;
}

/** As Argo Workflows would make it from the template, or at the next time of the CronWorkflow. */
function createWorkflow({ metadata, spec, labels, isOwner }: TemplateForm): Actions {
  return {
    'create-workflow': {
      icon: 'plus-circle',
      effect: (object, { now }) => {
        const { name = '', namespace, uid = '' } = object.metadata;
        const own = {
          labels: textsIn(object, metadata, 'labels'),
          annotations: textsIn(object, metadata, 'annotations'),
        };
        const owner = { apiVersion: object.apiVersion, kind: object.kind, name, uid };
        return {
          create: {
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Workflow',
            metadata: {
              name: `${name}-${timestamp(now).replace(/\D/g, '').slice(0, 12)}`,
              ...(namespace ? { namespace } : {}),
              labels: { ...own.labels, ...labels?.(name) },
              annotations: own.annotations,
              ...(isOwner ? { ownerReferences: [owner] } : {}),
            },
            spec: spec(object),
          },
        };
      },
    },
  };
}

const textsIn = (object: KubeObject, path: readonly string[], field: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectAt(object, ...path, field)).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value]] : [],
    ),
  );

const workflowTemplate = (kind: string): Actions =>
  createWorkflow({
    metadata: ['spec', 'workflowMetadata'],
    spec: ({ metadata: { name = '' } }) => ({
      workflowTemplateRef: { name, ...(kind === 'ClusterWorkflowTemplate' ? { clusterScope: true } : {}) },
    }),
    labels: (name) => ({
      [`workflows.argoproj.io/${kind === 'WorkflowTemplate' ? 'workflow-template' : 'cluster-workflow-template'}`]:
        name,
    }),
  });

const cronWorkflow: Actions = createWorkflow({
  metadata: ['spec', 'workflowMetadata'],
  spec: (object) => objectAt(object, 'spec', 'workflowSpec'),
  labels: (name) => ({ 'workflows.argoproj.io/cron-workflow': name }),
  isOwner: true,
});

/** Flux looks at once where this annotation has another text. */
const flux: Actions = {
  reconcile: patching(
    'redo',
    (_object, { now }) =>
      annotating({ 'reconcile.fluxcd.io/requestedAt': `By Argo CD at: ${timestamp(now).replace(/Z$/, '')}` }),
    (object) => at(object, 'spec', 'suspend') === true,
  ),
  resume: toggle('suspend', false),
  suspend: toggle('suspend', true),
};

const forceSync = patching('redo', (_object, { now }) => annotating({ 'force-sync': timestamp(now) }));

const PAUSED = 'autoscaling.keda.sh/paused';
const PAUSED_REPLICAS = 'autoscaling.keda.sh/paused-replicas';
const isKedaPaused = (object: KubeObject): boolean => has(object, PAUSED, 'true') || has(object, PAUSED_REPLICAS);

const keda: Actions = {
  pause: patching('pause-circle', () => annotating({ [PAUSED]: 'true' }), isKedaPaused),
  resume: patching(
    'play-circle',
    () => annotating({ [PAUSED]: null, [PAUSED_REPLICAS]: null }),
    (object) => !isKedaPaused(object),
  ),
};

const RECONCILIATION = 'cnpg.io/reconciliationLoop';

const cnpg: Actions = {
  promote: {
    icon: 'angle-double-up',
    parameters: ['instance'],
    isDisabled: (object) => (numberAt(object, 'spec', 'instances') ?? 1) < 2,
    effect: (_object, { now, parameters: { instance = '' } }) => ({
      patch: {
        status: {
          targetPrimary: instance,
          targetPrimaryTimestamp: timestamp(now),
          phase: 'Switchover in progress',
          phaseReason: `Switching over to ${instance}`,
        },
      },
    }),
  },
  reload: patching('sync', (_object, { now }) => annotating({ 'cnpg.io/reloadedAt': timestamp(now) })),
  restart: patching('redo', (_object, { now }) => annotating({ 'kubectl.kubernetes.io/restartedAt': timestamp(now) })),
  resume: patching(
    'play-circle',
    () => annotating({ [RECONCILIATION]: null }),
    (object) => !has(object, RECONCILIATION, 'disabled'),
  ),
  suspend: patching(
    'pause-circle',
    () => annotating({ [RECONCILIATION]: 'disabled' }),
    (object) => has(object, RECONCILIATION, 'disabled'),
  ),
};

/** Numaflow's pipelines run or rest as their life cycle says, which Numaplane's kinds hold deeper. */
interface LifeCycle {
  readonly path: readonly string[];
  readonly unpause: (speed: 'slow' | 'fast') => JsonObject;
}

function lifeCycle({ path, unpause }: LifeCycle): Actions {
  const desired = (phase: string): JsonObject =>
    [...path, 'lifecycle'].reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), { desiredPhase: phase });
  const isAtRest = (object: KubeObject): boolean => textAt(object, ...path, 'lifecycle', 'desiredPhase') === 'Paused';
  const resume = (speed: 'slow' | 'fast'): Action =>
    patching(
      'play-circle',
      () => merged(desired('Running'), unpause(speed)),
      (object) => !isAtRest(object),
    );
  return {
    pause: patching('pause-circle', () => desired('Paused'), isAtRest),
    'unpause-fast': resume('fast'),
    'unpause-gradual': resume('slow'),
  };
}

const merged = (a: JsonObject, b: JsonObject): JsonObject => {
  const [first, second] = [objectAt(a, 'spec'), objectAt(b, 'spec')];
  const isBoth = 'spec' in a && 'spec' in b;
  return isBoth ? { ...a, ...b, spec: { ...first, ...second } } : { ...a, ...b };
};

const FORCED = 'numaplane.numaproj.io/force-promote';
const MARKED = 'numaplane.numaproj.io/marked-for-deletion';
const DATA_LOSS = 'numaplane.numaproj.io/allow-data-loss';

/** What Numaplane makes is promoted, or deleted, by a mark on it. */
const numaplaneChild: Actions = {
  delete: patching(
    'trash',
    () => annotating({ [MARKED]: 'true' }),
    (object) => has(object, MARKED, 'true'),
  ),
  'force-promote': patching(
    'angle-double-up',
    () => ({ metadata: { labels: { [FORCED]: 'true' } } }),
    (object) =>
      labelsOf(object)['numaplane.numaproj.io/upgrade-state'] !== 'in-progress' || labelsOf(object)[FORCED] === 'true',
  ),
};

const fastResume = (speed: 'slow' | 'fast'): JsonObject => ({
  spec: { strategy: { pauseResume: { fastResume: speed === 'fast' } } },
});

const dataLoss: Actions = {
  'allow-data-loss': patching(
    'exclamation-triangle',
    () => annotating({ [DATA_LOSS]: 'true' }),
    (object) => has(object, DATA_LOSS, 'true'),
  ),
  'disallow-data-loss': patching(
    'shield',
    () => annotating({ [DATA_LOSS]: 'false' }),
    (object) => !has(object, DATA_LOSS, 'true'),
  ),
};

const FLUX_KINDS = [
  'helm.toolkit.fluxcd.io/HelmRelease',
  'image.toolkit.fluxcd.io/ImageRepository',
  'image.toolkit.fluxcd.io/ImageUpdateAutomation',
  'kustomize.toolkit.fluxcd.io/Kustomization',
  'notification.toolkit.fluxcd.io/Receiver',
  'source.toolkit.fluxcd.io/Bucket',
  'source.toolkit.fluxcd.io/GitRepository',
  'source.toolkit.fluxcd.io/HelmChart',
  'source.toolkit.fluxcd.io/HelmRepository',
  'source.toolkit.fluxcd.io/OCIRepository',
];

const isOpen = (object: KubeObject): boolean => textAt(object, 'spec', 'state') === 'open';

/** By 'group/Kind'. */
export const OPERATOR_ACTIONS: Readonly<Record<string, Actions>> = {
  ...Object.fromEntries(FLUX_KINDS.map((kind) => [kind, flux])),
  'argoproj.io/AnalysisRun': analysisRun,
  'argoproj.io/ClusterWorkflowTemplate': workflowTemplate('ClusterWorkflowTemplate'),
  'argoproj.io/CronWorkflow': cronWorkflow,
  'argoproj.io/Rollout': rollout,
  'argoproj.io/WorkflowTemplate': workflowTemplate('WorkflowTemplate'),
  'core.strimzi.io/StrimziPodSet': {
    'rolling-update': patching(
      'redo',
      () => annotating({ 'strimzi.io/manual-rolling-update': 'true' }),
      (object) => has(object, 'strimzi.io/manual-rolling-update', 'true'),
    ),
  },
  'external-secrets.io/ClusterExternalSecret': { refresh: forceSync },
  'external-secrets.io/ExternalSecret': { refresh: forceSync },
  'external-secrets.io/PushSecret': { push: forceSync },
  'keda.sh/ScaledJob': keda,
  'keda.sh/ScaledObject': keda,
  'numaflow.numaproj.io/InterStepBufferService': numaplaneChild,
  'numaflow.numaproj.io/MonoVertex': {
    ...numaplaneChild,
    // By and by means from the least that it may have.
    ...lifeCycle({ path: ['spec'], unpause: (speed) => (speed === 'slow' ? { spec: { replicas: null } } : {}) }),
  },
  'numaflow.numaproj.io/Pipeline': {
    ...numaplaneChild,
    ...lifeCycle({ path: ['spec'], unpause: (speed) => annotating({ 'numaflow.numaproj.io/resume-strategy': speed }) }),
  },
  'numaplane.numaproj.io/MonoVertexRollout': lifeCycle({ path: ['spec', 'monoVertex', 'spec'], unpause: fastResume }),
  'numaplane.numaproj.io/PipelineRollout': {
    ...dataLoss,
    ...lifeCycle({ path: ['spec', 'pipeline', 'spec'], unpause: fastResume }),
  },
  'postgresql.cnpg.io/Cluster': cnpg,
  'promoter.argoproj.io/PullRequest': {
    close: patching(
      'times-circle',
      () => ({ spec: { state: 'closed' } }),
      (object) => !isOpen(object),
    ),
    merge: patching(
      'check-circle',
      () => ({ spec: { state: 'merged' } }),
      (object) => !isOpen(object),
    ),
  },
};
