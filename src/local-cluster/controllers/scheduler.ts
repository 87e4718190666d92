// Gives Pods a node, as kube-scheduler does, or tells why there is none for them.

import { isObject, listAt, numberAt, objectAt, sameJson, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { withTopology } from '../admission/topology.ts';
import { recordEvent } from '../events/record.ts';
import { ofScheduler } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import {
  blocked,
  chooseNode,
  notEligible,
  notHelpful,
  type Refusal,
  type Verdict,
  withoutPreemption,
} from '../scheduling/choose.ts';
import { createLoads, type Loads } from '../scheduling/load.ts';
import { obstacleOf } from '../scheduling/obstacle.ts';
import { type Budget, ineligible, preemptionFor, withPromised } from '../scheduling/preempt.ts';
import type { Situation } from '../scheduling/situation.ts';
import { volumesOf } from '../scheduling/volumes.ts';
import { condition, conditionOf } from './conditions.ts';
import { guards } from './disruption-budget.ts';
import { LONG_AGO_MS } from './pod.ts';
import { namespacedName, type Reconciler, type ReconcilerClient } from './reconciler.ts';

const PODS = '/pods';
const CLAIMS = '/persistentvolumeclaims';
const NAME = 'default-scheduler';

export function scheduler(): Reconciler {
  /** Pods that no node was found for: whatever makes room lets them try again. */
  const waiting = new Map<string, Attempt>();
  /** Pods that a node is promised to, by their uid. */
  const promised = new Map<string, KubeObject>();
  let loads: Loads | undefined;
  const retry = (): readonly string[] => {
    for (const attempt of waiting.values()) attempt.isOver = true;
    return [...waiting.keys()];
  };
  return {
    name: 'kube-scheduler',
    storage: PODS,
    watches: { '/nodes': retry, [CLAIMS]: retry, [PODS]: (pod, client) => (makesRoom(client, pod) ? retry() : []) },
    reconcile: async (client, pod) => {
      loads ??= createLoads(client.list(PODS));
      loads.put(pod);
      const { uid = '' } = pod.metadata;
      const key = namespacedName(pod);
      const attempt = waiting.get(key);
      waiting.delete(key);
      promised.delete(uid);
      if (isBound(pod) || isTerminating(pod)) return undefined;
      if (textAt(pod, 'status', 'nominatedNodeName') !== '') promised.set(uid, pod);
      if (attempt && holds(client, pod, attempt)) {
        waiting.set(key, attempt);
        return attempt.until;
      }
      if ((textAt(pod, 'spec', 'schedulerName') || NAME) !== NAME) return undefined;
      if (listAt(pod, 'spec', 'schedulingGates').length > 0) return hold(client, pod);
      const situation = situationOf(client, pod, withPromised(loads, pod, promised.values()));
      const verdict = decide(client, pod, situation);
      if ('node' in verdict) {
        await bind(client, pod, verdict.node, loads);
        return undefined;
      }
      const next: Attempt = { wish: wishOf(pod), until: verdict.until, isOver: false };
      waiting.set(key, next);
      await pushAway(client, pod, { verdict, situation }).catch((thrown: unknown) => {
        next.isOver = true;
        throw thrown;
      });
      return verdict.until;
    },
    forget: async (_client, last) => {
      loads?.remove(last.metadata.uid ?? '');
      promised.delete(last.metadata.uid ?? '');
      waiting.delete(namespacedName(last));
    },
  };
}

/** That no node was found: what the scheduler itself wrote of it then is no reason to look again. */
interface Attempt {
  readonly wish: string;
  readonly until: number | undefined;
  isOver: boolean;
}

const wishOf = ({ metadata: { uid = '', labels, annotations }, ...rest }: KubeObject): string =>
  JSON.stringify([uid, labels, annotations, objectAt(rest, 'spec')]);

const holds = (client: ReconcilerClient, pod: KubeObject, { wish, until, isOver }: Attempt): boolean =>
  !isOver && (until === undefined || client.now() < until) && wish === wishOf(pod);

/** A Pod that is gone or over leaves room; one that has just been placed may be the company that another looks for. */
function makesRoom(client: ReconcilerClient, pod: KubeObject): boolean {
  if (!isBound(pod)) return false;
  const { name = '', namespace = '' } = pod.metadata;
  const phase = textAt(pod, 'status', 'phase');
  return ['Pending', 'Succeeded', 'Failed'].includes(phase) || !client.get(PODS, namespace, name);
}

const isBound = (pod: KubeObject): boolean => textAt(pod, 'spec', 'nodeName') !== '';

const situationOf = (client: ReconcilerClient, pod: KubeObject, loads: Loads): Situation => ({
  nodes: client.list('/nodes'),
  loads,
  volumes: volumesOf(client, pod),
  namespaceLabels: (name) => labelsOf(client.get('/namespaces', '', name) ?? pod),
});

function decide(
  client: ReconcilerClient,
  pod: KubeObject,
  situation: Situation,
): Verdict & { readonly until?: number } {
  const { nodes } = situation;
  const obstacle = obstacleOf(client, pod);
  if (obstacle === undefined || nodes.length === 0) return chooseNode(pod, situation);
  return { ...blocked(nodes.length, obstacle.reason), ...omitUndefined({ until: obstacle.until }) };
}

async function bind(client: ReconcilerClient, pod: KubeObject, nodeName: string, loads: Loads): Promise<void> {
  const { name = '', namespace = '' } = pod.metadata;
  const time = boundAt(client, pod);
  const { nominatedNodeName: _promised, ...status } = objectAt(pod, 'status');
  const conditions = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: time }];
  const spec = { ...objectAt(pod, 'spec'), nodeName };
  const bound = withTopology(client.api.store, { ...pod, spec, status: { ...status, conditions, startTime: time } });
  // The next Pod must see it there, before it is written down.
  loads.put(bound);
  const at = client.now();
  await client.api.store.commit({ resource: PODS, namespace, name, object: bound }).catch((thrown: unknown) => {
    loads.put(pod);
    throw thrown;
  });
  recordEvent(client, bound, ofScheduler.bound(namespacedName(pod), nodeName), { at });
}

/** Of one that was made when no process watched it is told when it would have had its node. */
function boundAt(client: ReconcilerClient, pod: KubeObject): string {
  const { creationTimestamp = '' } = pod.metadata;
  const isLate = client.now() - Date.parse(creationTimestamp) > LONG_AGO_MS;
  return isLate && !conditionOf(pod, 'PodScheduled') ? creationTimestamp : client.time();
}

/** Makes room for a Pod where less important ones are in its way; else says why there is none. */
async function pushAway(
  client: ReconcilerClient,
  pod: KubeObject,
  { verdict, situation }: { readonly verdict: Refusal; readonly situation: Situation },
): Promise<void> {
  const { candidates } = verdict;
  if (!candidates) return refuse(client, pod, { message: withoutPreemption(verdict) });
  const reason = ineligible(pod, situation);
  if (reason !== undefined) return refuse(client, pod, { message: notEligible(verdict, reason) });
  const preemption = preemptionFor(pod, situation, { candidates, budgets: budgetsIn(client) });
  if (!('victims' in preemption)) return refuse(client, pod, { message: notHelpful(verdict, preemption) });
  const node = preemption.node.metadata.name ?? '';
  await Promise.all(preemption.victims.map((victim) => end(client, victim, { preemptor: pod, node })));
  await refuse(client, pod, { message: verdict.why, node });
}

const budgetsIn = (client: ReconcilerClient): Budget[] =>
  client.list('policy/poddisruptionbudgets').map((budget) => ({
    allowed: numberAt(budget, 'status', 'disruptionsAllowed') ?? 0,
    guards: (pod) => pod.metadata.namespace === budget.metadata.namespace && guards(budget, pod),
  }));

async function end(
  client: ReconcilerClient,
  victim: KubeObject,
  { preemptor, node }: { readonly preemptor: KubeObject; readonly node: string },
): Promise<void> {
  if (isTerminating(victim)) return;
  const message = `${NAME}: preempting to accommodate a higher priority pod`;
  const target = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message } as const;
  const others = listAt(victim, 'status', 'conditions').filter((one) => textAt(one, 'type') !== target.type);
  const conditions = [...others.filter(isObject), condition(client, victim, target)];
  await client.updateStatus(PODS, victim, { ...objectAt(victim, 'status'), conditions });
  const { name = '', namespace = '', uid } = victim.metadata;
  const current = client.get(PODS, namespace, name);
  if (!current || current.metadata.uid !== uid) return;
  recordEvent(client, victim, ofScheduler.preempted(preemptor.metadata.uid ?? '', node));
  await client.remove(PODS, current);
}

/** `node` is promised to it. */
async function refuse(
  client: ReconcilerClient,
  pod: KubeObject,
  { message, node = textAt(pod, 'status', 'nominatedNodeName') }: { readonly message: string; readonly node?: string },
): Promise<void> {
  const told = conditionOf(pod, 'PodScheduled');
  if (textAt(told, 'message') === message && textAt(pod, 'status', 'nominatedNodeName') === node) return;
  await report(client, pod, { reason: 'Unschedulable', message, node });
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
  { node = '', ...why }: { readonly reason: string; readonly message: string; readonly node?: string },
): Promise<void> {
  const next = condition(client, pod, { type: 'PodScheduled', status: 'False', ...why });
  const others = listAt(pod, 'status', 'conditions').filter((entry) => textAt(entry, 'type') !== 'PodScheduled');
  const seen = why.reason === 'Unschedulable' ? { observedGeneration: pod.metadata.generation ?? 1 } : {};
  const conditions = [...others.filter(isObject), { ...next, ...seen }];
  const status = { ...objectAt(pod, 'status'), conditions, ...(node === '' ? {} : { nominatedNodeName: node }) };
  if (sameJson(objectAt(pod, 'status'), status)) return;
  await client.updateStatus(PODS, pod, status);
}
