// Deployments: one ReplicaSet a template; a rollout moves the replicas from the old ones to the new one.

import { at, numberAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { conditionOf, withCondition } from './conditions.ts';
import { isRecreate, replicasOf, revisionOf, wantedOf } from './deployment-numbers.ts';
import { isScaled, roll, scaleSet, spread } from './deployment-scale.ts';
import { createSet, DEPLOYMENTS, reviseSet, SETS, setOfTemplate } from './deployment-set.ts';
import { conditionsOf, countedStatus, deadlineOf, progressing, rolloutStatus, type Sets } from './deployment-status.ts';
import { claim, ownedBy, ownerOrChooser, type Reconciler, type ReconcilerClient } from './reconciler.ts';

export function deployments(): Reconciler {
  const overdue = new Map<string, number>();
  return {
    name: 'kube-controller-manager',
    storage: DEPLOYMENTS,
    watches: { [SETS]: ownerOrChooser('Deployment', DEPLOYMENTS) },
    reconcile: async (client, deployment) => {
      if (isTerminating(deployment)) {
        await report(client, deployment);
        return undefined;
      }
      await claim(client, SETS, deployment);
      const sets = setsOf(client, deployment);
      if (await tellPause(client, deployment)) return undefined;
      const isPaused = at(deployment, 'spec', 'paused') === true;
      const all = [...sets.old, ...(sets.current ? [sets.current] : [])];
      if (!isPaused && !isScaled(deployment, all)) return rollOut(client, deployment, { ...sets, overdue });
      if (sets.current && (await reviseSet(client, deployment, { current: sets.current, old: sets.old })))
        return undefined;
      const hasSpread = await spread(client, deployment, sets);
      if (!isPaused && !hasSpread) return rollOut(client, deployment, { ...sets, overdue });
      if (isPaused) await cleanUp(client, deployment, sets.old);
      await report(client, deployment);
      return undefined;
    },
    forget: async (_client, last) => {
      overdue.delete(last.metadata.uid ?? '');
    },
  };
}

function setsOf(client: ReconcilerClient, deployment: KubeObject): Sets {
  const sets = ownedBy(client, SETS, deployment);
  const current = setOfTemplate(deployment, sets);
  return { current, old: sets.filter((set) => set !== current) };
}

/** Writes the counts down, as long as it is there. */
async function report(client: ReconcilerClient, { metadata }: KubeObject): Promise<void> {
  const now = client.get(DEPLOYMENTS, metadata.namespace ?? '', metadata.name ?? '');
  if (now?.metadata.uid !== metadata.uid || !now) return;
  await client.updateStatus(DEPLOYMENTS, now, countedStatus(client, now, setsOf(client, now)));
}

/** While it is paused no deadline runs; true when something was written. */
async function tellPause(client: ReconcilerClient, deployment: KubeObject): Promise<boolean> {
  if (deadlineOf(deployment) === undefined) return false;
  const reason = textAt(conditionOf(deployment, 'Progressing'), 'reason');
  if (reason === 'ProgressDeadlineExceeded') return false;
  const isPaused = at(deployment, 'spec', 'paused') === true;
  const wasPaused = reason === 'DeploymentPaused';
  if (isPaused === wasPaused) return false;
  const told = isPaused
    ? progressing('Unknown', 'DeploymentPaused', 'Deployment is paused')
    : progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed');
  const conditions = [...withCondition(conditionsOf(deployment), told, { now: client.time() })];
  await client.updateStatus(DEPLOYMENTS, deployment, { ...objectAt(deployment, 'status'), conditions });
  return true;
}

/** Brings a rollout one step forward; answers when to look again. */
async function rollOut(
  client: ReconcilerClient,
  deployment: KubeObject,
  { current, old, overdue }: Sets & { readonly overdue: Map<string, number> },
): Promise<number | undefined> {
  const mayBegin = !isRecreate(deployment) || !(await stopOld(client, deployment, old));
  if (mayBegin && !current) {
    await createSet(client, deployment, old);
    return undefined;
  }
  if (current && (await reviseSet(client, deployment, { current, old }))) return undefined;
  if (mayBegin && current) {
    if (!isRecreate(deployment)) await roll(client, deployment, { current, old });
    else await scaleSet(client, deployment, { set: current, to: wantedOf(deployment) });
  }
  const { namespace = '', name = '', uid } = deployment.metadata;
  const now = client.get(DEPLOYMENTS, namespace, name);
  if (now?.metadata.uid !== uid || !now) return undefined;
  const { status, again } = rolloutStatus(client, now, { ...setsOf(client, now), overdue });
  await client.updateStatus(DEPLOYMENTS, now, status);
  const isComplete = ['updatedReplicas', 'replicas', 'availableReplicas'].every(
    (field) => (numberAt(status, field) ?? 0) === wantedOf(now),
  );
  if (isComplete) await cleanUp(client, now, old);
  return again;
}

/** Ends what runs of the old sets; true as long as something does. */
async function stopOld(client: ReconcilerClient, deployment: KubeObject, old: readonly KubeObject[]): Promise<boolean> {
  const active = old.filter((set) => replicasOf(set) > 0);
  for (const set of active) await scaleSet(client, deployment, { set, to: 0 });
  const isOver = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));
  return active.length > 0 || old.some((set) => ownedBy(client, '/pods', set).some((pod) => !isOver(pod)));
}

async function cleanUp(client: ReconcilerClient, deployment: KubeObject, old: readonly KubeObject[]): Promise<void> {
  const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
  const isIdle = (set: KubeObject): boolean =>
    replicasOf(set) === 0 && (numberAt(set, 'status', 'replicas') ?? 0) === 0 && !isTerminating(set);
  const idle = old.filter(isIdle).sort((a, b) => revisionOf(a) - revisionOf(b));
  const surplus = idle.slice(0, Math.max(0, idle.length - limit));
  await Promise.all(surplus.map((set) => client.remove(SETS, set)));
}
