// DaemonSets: one Pod on each node that takes it.

import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { isTerminating } from '../object-meta.ts';
import { matchesNode, untolerated } from '../scheduling/node-match.ts';
import { availabilityOf, isAvailable } from './availability.ts';
import { isActive, isReady } from './pod.ts';
import { adopt, earliest, ownedBy, ownerOfKind, type Reconciler, type ReconcilerClient } from './reconciler.ts';
import { createPod, REFUSED_RETRY_MS, refusalOf, removePod, templateHash } from './template.ts';

const SETS = 'apps/daemonsets';
const HASH = 'controller-revision-hash';
const NODE_NAME = 'metadata.name';

export function daemonSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: SETS,
    watches: {
      '/pods': ownerOfKind('DaemonSet'),
      '/nodes': (_node, client) =>
        client.list(SETS).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`),
    },
    reconcile: async (client, set) => {
      if (isTerminating(set)) return undefined;
      await adopt(client, '/pods', set);
      const plan = planOf(client, set);
      await Promise.all(plan.surplus.map((pod) => removePod(client, set, pod)));
      const again = await createPods(client, set, plan);
      await client.updateStatus(SETS, set, statusOf(client, set, plan));
      return earliest(again, availabilityOf(set, plan.pods, client.now()).due);
    },
  };
}

interface Plan {
  readonly revision: string;
  /** The nodes that are to have one. */
  readonly nodes: readonly string[];
  readonly pods: readonly KubeObject[];
  readonly surplus: readonly KubeObject[];
}

function planOf(client: ReconcilerClient, set: KubeObject): Plan {
  const revision = templateHash(objectAt(set, 'spec', 'template'));
  const model = podModel(set);
  const all = client.list('/nodes').filter((node) => matchesNode(model, node));
  const stays = all.filter((node) => untolerated(model, node, ['NoExecute']).length === 0);
  const nodes = stays.filter((node) => untolerated(model, node, ['NoSchedule']).length === 0).map(nameOf);
  const pods = ownedBy(client, '/pods', set).filter(isActive);
  const misplaced = pods.filter((pod, index) => {
    const node = nodeOf(pod);
    return !stays.some((other) => nameOf(other) === node) || pods.findIndex((other) => nodeOf(other) === node) < index;
  });
  const placed = pods.filter((pod) => !misplaced.includes(pod));
  const outdated = placed.filter((pod) => labelsOf(pod)[HASH] !== revision);
  const replaced = replaces(set) ? outdated.slice(0, room(client, set, { nodes, placed, outdated })) : [];
  return { revision, nodes, pods, surplus: [...misplaced, ...replaced] };
}

const nameOf = (node: KubeObject): string => node.metadata.name ?? '';
const replaces = (set: KubeObject): boolean => textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete';

/** How many Pods of an older template may go now. */
function room(
  client: ReconcilerClient,
  set: KubeObject,
  { nodes, placed, outdated }: Pick<Plan, 'nodes'> & Record<'placed' | 'outdated', readonly KubeObject[]>,
): number {
  const value = at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable') ?? 1;
  const most = typeof value === 'number' ? value : Math.ceil((Number.parseInt(String(value), 10) * nodes.length) / 100);
  const isUp = (pod: KubeObject): boolean => isAvailable(set, pod, client.now());
  // What does not work costs nothing to take away.
  const broken = outdated.filter((pod) => !isUp(pod)).length;
  return Math.max(broken, most - (nodes.length - placed.filter(isUp).length));
}

/** The node that a Pod is for, also before it is there. */
function nodeOf(pod: KubeObject): string {
  const bound = textAt(pod, 'spec', 'nodeName');
  if (bound !== '') return bound;
  const terms = listAt(pod, 'spec', 'affinity', 'nodeAffinity', REQUIRED, 'nodeSelectorTerms');
  const field = listAt(terms[0], 'matchFields').find((entry) => textAt(entry, 'key') === NODE_NAME);
  return textAt(field, 'values', 0);
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** When to try again, where one was refused. */
async function createPods(client: ReconcilerClient, set: KubeObject, plan: Plan): Promise<number | undefined> {
  const { revision, pods, surplus } = plan;
  const taken = pods.filter((pod) => !surplus.includes(pod)).map(nodeOf);
  let again: number | undefined;
  for (const node of plan.nodes.filter((name) => !taken.includes(name))) {
    const spec = { affinity: boundTo(set, node), tolerations: tolerationsOf(set) };
    await createPod(client, set, { labels: { [HASH]: revision }, spec }).catch((thrown: unknown) => {
      if (refusalOf(thrown) === undefined) throw thrown;
      again = client.now() + REFUSED_RETRY_MS;
    });
  }
  return again;
}

/** The required affinity of the template gives way to the one node: whether they agree was asked before. */
function boundTo(set: KubeObject, node: string): JsonObject {
  const affinity = objectAt(set, 'spec', 'template', 'spec', 'affinity');
  const terms = [{ matchFields: [{ key: NODE_NAME, operator: 'In', values: [node] }] }];
  return {
    ...affinity,
    nodeAffinity: { ...objectAt(affinity, 'nodeAffinity'), [REQUIRED]: { nodeSelectorTerms: terms } },
  };
}

const CONDITIONS = [
  ['not-ready', 'NoExecute'],
  ['unreachable', 'NoExecute'],
  ['disk-pressure', 'NoSchedule'],
  ['memory-pressure', 'NoSchedule'],
  ['pid-pressure', 'NoSchedule'],
  ['unschedulable', 'NoSchedule'],
] as const;

function tolerationsOf(set: KubeObject): readonly Json[] {
  const spec = objectAt(set, 'spec', 'template', 'spec');
  const network = spec['hostNetwork'] === true ? ([['network-unavailable', 'NoSchedule']] as const) : [];
  const own = listAt(spec, 'tolerations');
  const added = [...CONDITIONS, ...network].map(([condition, effect]) => ({
    key: `node.kubernetes.io/${condition}`,
    operator: 'Exists',
    effect,
  }));
  return [...own, ...added];
}

/** A Pod of the set, as far as nodes are concerned. */
function podModel(set: KubeObject): KubeObject {
  const spec = { ...objectAt(set, 'spec', 'template', 'spec'), tolerations: tolerationsOf(set) };
  return { apiVersion: 'v1', kind: 'Pod', metadata: {}, spec };
}

function statusOf(client: ReconcilerClient, set: KubeObject, { revision, nodes, pods, surplus }: Plan): JsonObject {
  const desired = nodes.length;
  const onNode = new Map(pods.map((pod) => [nodeOf(pod), pod]));
  const scheduled = nodes.flatMap((node) => onNode.get(node) ?? []);
  const staying = scheduled.filter((pod) => !surplus.includes(pod));
  const ready = staying.filter(isReady).length;
  const { available } = availabilityOf(set, staying, client.now());
  const updated = scheduled.filter((pod) => labelsOf(pod)[HASH] === revision).length;
  return {
    currentNumberScheduled: scheduled.length,
    numberMisscheduled: [...onNode.keys()].filter((node) => !nodes.includes(node)).length,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: set.metadata.generation ?? 1,
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(available > 0 ? { numberAvailable: available } : {}),
    ...(desired > available ? { numberUnavailable: desired - available } : {}),
    ...(numberAt(set, 'status', 'collisionCount') === undefined ? {} : { collisionCount: 0 }),
  };
}
