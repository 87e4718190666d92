// Argo Rollouts: a ReplicaSet for each template, the new one first, the old ones gone when it is available. Steps pass at once.

import { type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import { ownedBy, ownerReference, type ReconcilerClient } from '../controllers/reconciler.ts';
import { templateHash, textsOf } from '../controllers/template.ts';
import { bareCondition, generationOf, type Simulation } from './simulation.ts';

const SETS = 'apps/replicasets';
const HASH = 'rollouts-pod-template-hash';
const REVISION = 'rollout.argoproj.io/revision';

export const ROLLOUT: Simulation = {
  group: 'argoproj.io',
  kind: 'Rollout',
  after: 0,
  owns: SETS,
  make,
  status: rolloutStatus,
};

const hashOf = (rollout: KubeObject): string => templateHash(objectAt(rollout, 'spec')['template']);
const replicasOf = (rollout: KubeObject): number => numberAt(rollout, 'spec', 'replicas') ?? 1;
const isTemplated = (rollout: KubeObject): boolean => objectAt(rollout, 'spec')['template'] !== undefined;
const isAvailable = (set: KubeObject | undefined, replicas: number): boolean =>
  (numberAt(set, 'status', 'availableReplicas') ?? 0) >= replicas;

async function make(rollout: KubeObject, client: ReconcilerClient): Promise<void> {
  if (!isTemplated(rollout) || objectAt(rollout, 'spec')['paused'] === true) return;
  const hash = hashOf(rollout);
  const replicas = replicasOf(rollout);
  const sets = ownedBy(client, SETS, rollout);
  const current = sets.find((set) => labelsOf(set)[HASH] === hash);
  if (current) await scale(client, current, replicas);
  else await client.create(SETS, newSet(rollout, hash, sets));
  if (!isAvailable(current, replicas)) return;
  for (const set of sets) if (set !== current) await scale(client, set, 0);
}

async function scale(client: ReconcilerClient, set: KubeObject, replicas: number): Promise<void> {
  if (numberAt(set, 'spec', 'replicas') === replicas) return;
  await client.update(SETS, set, { ...set, spec: { ...objectAt(set, 'spec'), replicas } });
}

function newSet(rollout: KubeObject, hash: string, sets: readonly KubeObject[]): KubeObject {
  const template = objectAt(rollout, 'spec', 'template');
  const labels = { ...textsOf(objectAt(template, 'metadata')['labels']), [HASH]: hash };
  const revision = Math.max(0, ...sets.map((set) => Number(annotationsOf(set)[REVISION] ?? '0'))) + 1;
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${rollout.metadata.name ?? ''}-${hash}`,
      namespace: rollout.metadata.namespace ?? '',
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownerReference(rollout)],
    },
    spec: {
      replicas: replicasOf(rollout),
      selector: { matchLabels: { ...textsOf(objectAt(rollout, 'spec', 'selector')['matchLabels']), [HASH]: hash } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  };
}

function rolloutStatus(rollout: KubeObject, client: ReconcilerClient): JsonObject {
  const observedGeneration = String(generationOf(rollout));
  if (!isTemplated(rollout)) {
    const message = 'The Rollout is invalid: spec.template is missing, and workloadRef is not simulated';
    return {
      observedGeneration,
      phase: 'Degraded',
      message,
      conditions: [bareCondition('InvalidSpec', 'InvalidSpec', message)],
    };
  }
  const hash = hashOf(rollout);
  const replicas = replicasOf(rollout);
  const sets = ownedBy(client, SETS, rollout);
  const current = sets.find((set) => labelsOf(set)[HASH] === hash);
  const sum = (field: string): number => sets.reduce((total, set) => total + (numberAt(set, 'status', field) ?? 0), 0);
  const isDone = isAvailable(current, replicas) && sum('replicas') === replicas;
  const steps = listAt(rollout, 'spec', 'strategy', 'canary', 'steps').length;
  const stable = isDone ? hash : textAt(rollout, 'status', 'stableRS') || hash;
  const isPaused = objectAt(rollout, 'spec')['paused'] === true;
  const name = `ReplicaSet "${rollout.metadata.name ?? ''}-${hash}"`;
  return {
    observedGeneration,
    replicas: sum('replicas'),
    HPAReplicas: sum('replicas'),
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    updatedReplicas: numberAt(current, 'status', 'replicas') ?? 0,
    currentPodHash: hash,
    stableRS: stable,
    selector: Object.entries(textsOf(objectAt(rollout, 'spec', 'selector')['matchLabels']))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    phase: isPaused ? 'Paused' : isDone ? 'Healthy' : 'Progressing',
    ...(isDone || isPaused ? {} : { message: 'more replicas need to be updated' }),
    ...(steps > 0 ? { currentStepIndex: steps } : {}),
    canary: {},
    blueGreen: objectAt(rollout, 'spec', 'strategy')['blueGreen'] === undefined ? {} : { activeSelector: stable },
    conditions: [
      isDone
        ? bareCondition('Available', 'AvailableReason', 'Rollout has minimum availability')
        : bareCondition('Available', 'AvailableReason', 'Rollout does not have minimum availability', 'False'),
      isDone
        ? bareCondition('Progressing', 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
        : bareCondition('Progressing', 'ReplicaSetUpdated', `${name} is progressing.`),
      bareCondition('Healthy', isDone ? 'RolloutHealthy' : 'RolloutNotHealthy', '', isDone ? 'True' : 'False'),
      bareCondition('Completed', isDone ? 'RolloutCompleted' : 'RolloutNotCompleted', '', isDone ? 'True' : 'False'),
    ],
  };
}
