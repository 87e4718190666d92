// Gives Pods a node, as kube-scheduler does, or tells why there is none for them.

import { isObject, listAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { recordEvent } from '../events/record.ts';
import { ofScheduler } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { blocked, chooseNode, type Verdict } from '../scheduling/choose.ts';
import { createLoads, type Loads } from '../scheduling/load.ts';
import { obstacleOf } from '../scheduling/obstacle.ts';
import type { Situation } from '../scheduling/situation.ts';
import { condition, conditionOf } from './conditions.ts';
import { LONG_AGO_MS } from './pod.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const PODS = '/pods';
const CLAIMS = '/persistentvolumeclaims';
const NAME = 'default-scheduler';

export function scheduler(): Reconciler {
  /** Pods that no node was found for: whatever makes room lets them try again. */
  const waiting = new Set<string>();
  let loads: Loads | undefined;
  const retry = (): readonly string[] => [...waiting];
  return {
    name: NAME,
    storage: PODS,
    watches: { '/nodes': retry, [CLAIMS]: retry, [PODS]: (pod, client) => (makesRoom(client, pod) ? retry() : []) },
    reconcile: async (client, pod) => {
      loads ??= createLoads(client.list(PODS));
      loads.put(pod);
      waiting.delete(namespacedName(pod));
      if (isBound(pod) || isTerminating(pod)) return undefined;
      if ((textAt(pod, 'spec', 'schedulerName') || NAME) !== NAME) return undefined;
      if (listAt(pod, 'spec', 'schedulingGates').length > 0) return hold(client, pod);
      const verdict = decide(client, pod, loads);
      if ('node' in verdict) {
        await bind(client, pod, verdict.node, loads);
        return undefined;
      }
      waiting.add(namespacedName(pod));
      await refuse(client, pod, verdict.message);
      return verdict.until;
    },
    forget: async (_client, last) => {
      loads?.remove(last.metadata.uid ?? '');
      waiting.delete(namespacedName(last));
    },
  };
}

/** A Pod that is gone or over leaves room; one that has just been placed may be the company that another looks for. */
function makesRoom(client: ReconcilerClient, pod: KubeObject): boolean {
  if (!isBound(pod)) return false;
  const { name = '', namespace = '' } = pod.metadata;
  const phase = textAt(pod, 'status', 'phase');
  return ['Pending', 'Succeeded', 'Failed'].includes(phase) || !client.get(PODS, namespace, name);
}

const isBound = (pod: KubeObject): boolean => textAt(pod, 'spec', 'nodeName') !== '';

function decide(client: ReconcilerClient, pod: KubeObject, loads: Loads): Verdict & { readonly until?: number } {
  const nodes = client.list('/nodes');
  const situation: Situation = {
    nodes,
    loads,
    namespaceLabels: (name) => labelsOf(client.get('/namespaces', '', name) ?? pod),
  };
  const obstacle = obstacleOf(client, pod);
  if (obstacle === undefined || nodes.length === 0) return chooseNode(pod, situation);
  return { message: blocked(nodes.length, obstacle.reason), ...omitUndefined({ until: obstacle.until }) };
}

async function bind(client: ReconcilerClient, pod: KubeObject, nodeName: string, loads: Loads): Promise<void> {
  const { name = '', namespace = '' } = pod.metadata;
  const time = boundAt(client, pod);
  const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: time }];
  const bound: KubeObject = {
    ...pod,
    spec: { ...objectAt(pod, 'spec'), nodeName },
    status: { ...objectAt(pod, 'status'), conditions, startTime: time },
  };
  // The next Pod must see it there, before it is written down.
  loads.put(bound);
  await client.api.store.commit({ resource: PODS, namespace, name, object: bound }).catch((thrown: unknown) => {
    loads.put(pod);
    throw thrown;
  });
  recordEvent(client, bound, ofScheduler.bound(namespacedName(pod), nodeName));
}

/** Of one that was made when no process watched it is told when it would have had its node. */
function boundAt(client: ReconcilerClient, pod: KubeObject): string {
  const { creationTimestamp = '' } = pod.metadata;
  const isLate = client.now() - Date.parse(creationTimestamp) > LONG_AGO_MS;
  return isLate && !conditionOf(pod, 'PodScheduled') ? creationTimestamp : client.time();
}

async function refuse(client: ReconcilerClient, pod: KubeObject, message: string): Promise<void> {
  const told = conditionOf(pod, 'PodScheduled');
  if (textAt(told, 'message') === message) return;
  await report(client, pod, { reason: 'Unschedulable', message });
  recordEvent(client, pod, ofScheduler.refused(message), { anyWords: true });
}

async function hold(client: ReconcilerClient, pod: KubeObject): Promise<undefined> {
  await report(client, pod, {
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  });
}

async function report(
  client: ReconcilerClient,
  pod: KubeObject,
  why: { readonly reason: string; readonly message: string },
): Promise<void> {
  const next = condition(client, pod, { type: 'PodScheduled', status: 'False', ...why });
  const others = listAt(pod, 'status', 'conditions').filter((entry) => textAt(entry, 'type') !== 'PodScheduled');
  const conditions = [...others.filter(isObject), next];
  if (sameJson(listAt(pod, 'status', 'conditions'), conditions)) return;
  await client.updateStatus(PODS, pod, { ...objectAt(pod, 'status'), conditions });
}
