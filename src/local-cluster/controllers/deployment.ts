// Deployments: one ReplicaSet a template; a rollout moves the replicas from the old ones to the new one.

import { at, type Json, type JsonObject, numberAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, labelsOf, withAnnotations } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofDeployment } from '../events/tell.ts';
import { FAULT_ANNOTATION } from '../faults/annotation.ts';
import { isTerminating } from '../object-meta.ts';
import { deploymentStatus, newestFirst, replicasOf, total } from './deployment-status.ts';
import { adopt, ownedBy, ownerOfKind, ownerReference, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { templateHash, textsOf } from './template.ts';

const SETS = 'apps/replicasets';
const DEPLOYMENTS = 'apps/deployments';
const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MAX = 'deployment.kubernetes.io/max-replicas';
const HISTORY = 'deployment.kubernetes.io/revision-history';

export function deployments(): Reconciler {
  const overdue = new Map<string, number>();
  return {
    name: 'kube-controller-manager',
    storage: DEPLOYMENTS,
    watches: { [SETS]: ownerOfKind('Deployment') },
    reconcile: async (client, deployment) => {
      if (isTerminating(deployment)) return undefined;
      await adopt(client, SETS, deployment);
      const sets = ownedBy(client, SETS, deployment);
      const hash = templateHash(at(deployment, 'spec', 'template'));
      const current = sets.find((set) => labelsOf(set)[HASH] === hash);
      const old = sets.filter((set) => set !== current);
      const paused = at(deployment, 'spec', 'paused') === true;
      if (!current && !paused) {
        await createSet(client, deployment, { hash, old });
        return undefined;
      }
      if (current && !paused) {
        if (await reviseSet(client, deployment, { current, old })) return undefined;
        if (await rollOut(client, deployment, { current, old })) return undefined;
      }
      const revision = current ? (annotationsOf(current)[REVISION] ?? '1') : undefined;
      if (revision !== undefined && annotationsOf(deployment)[REVISION] !== revision) {
        await client.update(DEPLOYMENTS, deployment, withAnnotations(deployment, { [REVISION]: revision }));
        return undefined;
      }
      await cleanUp(client, deployment, old);
      const { status, again } = deploymentStatus(client, deployment, { current, old, overdue });
      await client.updateStatus(DEPLOYMENTS, deployment, status);
      return again;
    },
    forget: async (_client, last) => {
      overdue.delete(last.metadata.uid ?? '');
    },
  };
}

interface Sets {
  readonly current: KubeObject;
  readonly old: readonly KubeObject[];
}

const revisionOf = (set: KubeObject): number => Number(annotationsOf(set)[REVISION] ?? '0');
const nextRevision = (old: readonly KubeObject[]): number => Math.max(0, ...old.map(revisionOf)) + 1;

async function createSet(
  client: ReconcilerClient,
  deployment: KubeObject,
  { hash, old }: { readonly hash: string; readonly old: readonly KubeObject[] },
): Promise<void> {
  const template = objectAt(deployment, 'spec', 'template');
  const labels = { ...textsOf(at(template, 'metadata', 'labels')), [HASH]: hash };
  const selector = objectAt(deployment, 'spec', 'selector');
  const replicas = firstReplicas(deployment, old);
  const name = `${deployment.metadata.name ?? ''}-${hash}`;
  await client.create(SETS, {
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
      replicas,
      ...minReady(deployment),
      selector: { ...selector, matchLabels: { ...objectAt(selector, 'matchLabels'), [HASH]: hash } },
      template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
    },
  });
  if (replicas > 0) recordEvent(client, deployment, ofDeployment.scaled(name, 0, replicas));
}

function firstReplicas(deployment: KubeObject, old: readonly KubeObject[]): number {
  if (old.every((set) => replicasOf(set) === 0)) return wantedOf(deployment);
  return isRecreate(deployment) ? 0 : Math.min(wantedOf(deployment), surge(deployment));
}

const OWN_ANNOTATIONS: readonly string[] = ['kubectl.kubernetes.io/last-applied-configuration', FAULT_ANNOTATION];

/** Annotations of the Deployment are the ReplicaSet's too, but for those that are only its own. */
function passedOn(deployment: KubeObject): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotationsOf(deployment)).filter(
      ([name]) => !name.startsWith('deployment.kubernetes.io/') && !OWN_ANNOTATIONS.includes(name),
    ),
  );
}

function minReady(deployment: KubeObject): JsonObject {
  const seconds = numberAt(deployment, 'spec', 'minReadySeconds');
  return seconds === undefined ? {} : { minReadySeconds: seconds };
}

function budgetOf(deployment: KubeObject): Record<string, string> {
  const replicas = wantedOf(deployment);
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + (isRecreate(deployment) ? 0 : surge(deployment))) };
}

/** A ReplicaSet that is used again gets a new revision; true when something was written. */
async function reviseSet(client: ReconcilerClient, deployment: KubeObject, { current, old }: Sets): Promise<boolean> {
  const revision = nextRevision(old);
  const annotations = annotationsOf(current);
  const changes: Record<string, string> = { ...budgetOf(deployment) };
  if (revisionOf(current) < revision) {
    changes[REVISION] = String(revision);
    if (annotations[REVISION] !== undefined) {
      changes[HISTORY] =
        annotations[HISTORY] === undefined ? annotations[REVISION] : `${annotations[HISTORY]},${annotations[REVISION]}`;
    }
  }
  if (Object.entries(changes).every(([name, value]) => annotations[name] === value)) return false;
  await client.update(SETS, current, withAnnotations(current, changes));
  return true;
}

/** Moves replicas one step; true when something was written. */
async function rollOut(client: ReconcilerClient, deployment: KubeObject, { current, old }: Sets): Promise<boolean> {
  const replicas = wantedOf(deployment);
  const active = old.filter((set) => replicasOf(set) > 0);
  const scale = (set: KubeObject, to: number): Promise<boolean> => scaleSet(client, deployment, { set, to });
  if (active.length === 0) return scale(current, replicas);
  if (isRecreate(deployment)) {
    const downs = await Promise.all(active.map((set) => scale(set, 0)));
    return downs.some(Boolean);
  }
  const room = replicas + surge(deployment) - total([current, ...old], replicasOf);
  const up = Math.min(replicas, replicasOf(current) + Math.max(0, room));
  if (replicasOf(current) > replicas) return scale(current, replicas);
  if (await scale(current, up)) return true;
  const available = total([current, ...old], (set) => numberAt(set, 'status', 'availableReplicas') ?? 0);
  let spare = available - (replicas - unavailable(deployment));
  // Replicas that never got ready cost nothing to take away.
  const broken = total(active, (set) => replicasOf(set) - (numberAt(set, 'status', 'availableReplicas') ?? 0));
  spare = Math.max(spare, 0) + Math.max(0, broken);
  for (const set of newestFirst(active).toReversed()) {
    if (spare <= 0) return false;
    const less = Math.min(spare, replicasOf(set));
    if (await scale(set, replicasOf(set) - less)) return true;
    spare -= less;
  }
  return false;
}

async function scaleSet(
  client: ReconcilerClient,
  deployment: KubeObject,
  { set, to }: { readonly set: KubeObject; readonly to: number },
): Promise<boolean> {
  const from = replicasOf(set);
  if (from === to) return false;
  await client.update(SETS, set, { ...set, spec: { ...objectAt(set, 'spec'), replicas: to } });
  recordEvent(client, deployment, ofDeployment.scaled(set.metadata.name ?? '', from, to));
  return true;
}

async function cleanUp(client: ReconcilerClient, deployment: KubeObject, old: readonly KubeObject[]): Promise<void> {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
  const idle = old.filter((set) => replicasOf(set) === 0 && numberAt(set, 'status', 'replicas') === 0);
  const surplus = idle.sort((a, b) => revisionOf(a) - revisionOf(b)).slice(0, Math.max(0, idle.length - limit));
  await Promise.all(surplus.map((set) => client.remove(SETS, set)));
}

const wantedOf = (deployment: KubeObject): number => numberAt(deployment, 'spec', 'replicas') ?? 1;
const isRecreate = (deployment: KubeObject): boolean => textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';

function surge(deployment: KubeObject): number {
  const most = portion(
    at(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'),
    wantedOf(deployment),
    Math.ceil,
  );
  return most === 0 && unavailable(deployment) === 0 ? 1 : most;
}

function unavailable(deployment: KubeObject): number {
  return portion(
    at(deployment, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'),
    wantedOf(deployment),
    Math.floor,
  );
}

/** A number, or a percentage of the replicas. */
function portion(value: Json | undefined, of: number, round: (value: number) => number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.endsWith('%') ? round((Number(value.slice(0, -1)) * of) / 100) : 0;
}
