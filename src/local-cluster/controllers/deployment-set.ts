// The ReplicaSet of a Deployment's present template: found, made, or brought to a new revision.

import { at, type Json, type JsonObject, numberAt, objectAt, sameJson } from '../../core/json.ts';
import { annotationsOf, type KubeObject, withAnnotations } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofDeployment } from '../events/tell.ts';
import { FAULT_ANNOTATION } from '../faults/annotation.ts';
import { ApiError } from '../status.ts';
import { conditionOf, type NewCondition, withCondition } from './conditions.ts';
import {
  budgetOf,
  DESIRED,
  isRecreate,
  MAX,
  oldestFirst,
  REVISION,
  replicasOf,
  revisionOf,
  surge,
  total,
  wantedOf,
} from './deployment-numbers.ts';
import { conditionsOf, countedStatus, deadlineOf, progressing } from './deployment-status.ts';
import { ownerReference, type ReconcilerClient } from './reconciler.ts';
import { templateHash, textsOf } from './template.ts';

export const SETS = 'apps/replicasets';
export const DEPLOYMENTS = 'apps/deployments';
const HASH = 'pod-template-hash';
const HISTORY = 'deployment.kubernetes.io/revision-history';
/** How long the history of a ReplicaSet may get. */
const MOST_HISTORY = 2000;

/** The oldest set with the template of the Deployment, whatever its hash. */
export function setOfTemplate(deployment: KubeObject, sets: readonly KubeObject[]): KubeObject | undefined {
  const wanted = objectAt(deployment, 'spec', 'template');
  return oldestFirst(sets).find((set) => sameJson(withoutHash(objectAt(set, 'spec', 'template')), withoutHash(wanted)));
}

function withoutHash(template: JsonObject): JsonObject {
  const { labels, creationTimestamp: _time, ...metadata } = objectAt(template, 'metadata');
  const { [HASH]: _hash, ...others } = objectAt(labels);
  return { ...template, metadata: { ...metadata, labels: others } };
}

/** Sets are counted over all that were there before. */
const nextRevision = (old: readonly KubeObject[]): number => Math.max(0, ...old.map(revisionOf)) + 1;

/** Brings revision, annotations and pace of a set that is there up to date; true when something was written. */
export async function reviseSet(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old }: { readonly current: KubeObject; readonly old: readonly KubeObject[] },
): Promise<boolean> {
  const changes = { ...passedOn(deployment), ...revisionFor(current, nextRevision(old)) };
  const hasChange = Object.entries(changes).some(([name, value]) => annotationsOf(current)[name] !== value);
  const pace = numberAt(deployment, 'spec', 'minReadySeconds') ?? 0;
  const isOtherPace = pace !== (numberAt(current, 'spec', 'minReadySeconds') ?? 0);
  if (hasChange || isOtherPace) {
    const spec = isOtherPace ? { ...objectAt(current, 'spec'), minReadySeconds: pace } : objectAt(current, 'spec');
    await client.update(SETS, current, withAnnotations({ ...current, spec }, changes));
    return true;
  }
  const isNew = deadlineOf(deployment) !== undefined && conditionOf(deployment, 'Progressing') === undefined;
  const found = `Found new replica set "${current.metadata.name ?? ''}"`;
  const told = isNew ? progressing('True', 'FoundNewReplicaSet', found) : undefined;
  return tellRevision(client, deployment, { revision: annotationsOf(current)[REVISION] ?? '', told });
}

/** A set that is used again gets a new revision, and remembers those that it had. */
function revisionFor(current: KubeObject, revision: number): Record<string, string> {
  const annotations = annotationsOf(current);
  if (revisionOf(current) >= revision) return {};
  const next = { [REVISION]: String(revision) };
  const before = annotations[REVISION];
  if (before === undefined) return next;
  const history = [...(annotations[HISTORY]?.split(',') ?? []), before];
  while (history.join(',').length > MOST_HISTORY) history.shift();
  return { ...next, [HISTORY]: history.join(',') };
}

const OWN_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  HISTORY,
  DESIRED,
  MAX,
  FAULT_ANNOTATION,
];

/** Annotations of the Deployment are the ReplicaSet's too, but for those that are only its own. */
function passedOn(deployment: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotationsOf(deployment)).filter(([name]) => !OWN_ANNOTATIONS.includes(name)),
  );
}

interface Beginning {
  readonly revision: string;
  readonly told: NewCondition | undefined;
  readonly status?: JsonObject;
}

/** Writes the revision down, and how the rollout begins; true when something was written. */
async function tellRevision(
  client: ReconcilerClient,
  deployment: KubeObject,
  { revision, told, status = objectAt(deployment, 'status') }: Beginning,
): Promise<boolean> {
  if (!told && annotationsOf(deployment)[REVISION] === revision) return false;
  const conditions = told ? withCondition(conditionsOf(deployment), told, { now: client.time() }) : undefined;
  const next = { ...status, ...(conditions ? { conditions: [...conditions] } : {}) };
  await client.updateStatus(DEPLOYMENTS, deployment, next, { [REVISION]: revision });
  return true;
}

export async function createSet(
  client: ReconcilerClient,
  deployment: KubeObject,
  old: readonly KubeObject[],
): Promise<void> {
  const collisions = numberAt(deployment, 'status', 'collisionCount');
  const hash = templateHash(at(deployment, 'spec', 'template'), collisions === undefined ? '' : String(collisions));
  const name = `${deployment.metadata.name ?? ''}-${hash}`;
  const set = newSet(deployment, { name, hash, old });
  const hasDeadline = deadlineOf(deployment) !== undefined;
  try {
    await client.create(SETS, set);
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (thrown.code === 409) return countCollision(client, deployment, collisions ?? 0);
    const message = `Failed to create new replica set "${name}": ${thrown.message}`;
    if (hasDeadline) {
      const told = progressing('False', 'ReplicaSetCreateError', message);
      const conditions = [...withCondition(conditionsOf(deployment), told, { now: client.time() })];
      await client.updateStatus(DEPLOYMENTS, deployment, { ...objectAt(deployment, 'status'), conditions });
    }
    throw thrown;
  }
  const replicas = replicasOf(set);
  if (replicas > 0) recordEvent(client, deployment, ofDeployment.scaled(name, 0, replicas));
  const told = hasDeadline
    ? progressing('True', 'NewReplicaSetCreated', `Created new replica set "${name}"`)
    : undefined;
  // Before any of its Pods is counted: what is counted of it later is progress.
  const { conditions: _counted, ...counts } = countedStatus(client, deployment, { current: set, old });
  const status = { ...counts, conditions: [...conditionsOf(deployment)] };
  await tellRevision(client, deployment, { revision: annotationsOf(set)[REVISION] ?? '', told, status });
}

/** The name is another's: the next try has another hash. */
async function countCollision(client: ReconcilerClient, deployment: KubeObject, before: number): Promise<void> {
  const status = { ...objectAt(deployment, 'status'), collisionCount: before + 1 };
  await client.updateStatus(DEPLOYMENTS, deployment, status);
}

interface Novelty {
  readonly name: string;
  readonly hash: string;
  readonly old: readonly KubeObject[];
}

function newSet(deployment: KubeObject, { name, hash, old }: Novelty): KubeObject {
  const template = objectAt(deployment, 'spec', 'template');
  const labels = { ...textsOf(at(template, 'metadata', 'labels')), [HASH]: hash };
  const selector = objectAt(deployment, 'spec', 'selector');
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace: deployment.metadata.namespace ?? '',
      labels,
      annotations: { ...passedOn(deployment), ...budgetOf(deployment), [REVISION]: String(nextRevision(old)) },
      ownerReferences: [ownerReference(deployment)],
    },
    spec: {
      replicas: replicasOfNew(deployment, undefined, old),
      ...minReady(deployment),
      selector: { ...selector, matchLabels: { ...objectAt(selector, 'matchLabels'), [HASH]: hash } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  };
}

function minReady(deployment: KubeObject): Record<string, Json> {
  const seconds = numberAt(deployment, 'spec', 'minReadySeconds');
  return seconds === undefined ? {} : { minReadySeconds: seconds };
}

/** How many replicas the new set may have now. */
export function replicasOfNew(
  deployment: KubeObject,
  current: KubeObject | undefined,
  old: readonly KubeObject[],
): number {
  const wanted = wantedOf(deployment);
  if (isRecreate(deployment)) return wanted;
  const present = current ? replicasOf(current) : 0;
  const room = wanted + surge(deployment) - present - total(old, replicasOf);
  return room <= 0 ? present : Math.min(wanted, present + room);
}
