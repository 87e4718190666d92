// DaemonSets: one Pod on each node that takes it.

import { at, type Json, type JsonObject, listAt, numberAt, objectAt, textAt } from '../../core/json.ts';
import { annotationsOf, type KubeObject, labelsOf } from '../../objects/object.ts';
import { TEMPLATE_GENERATION } from '../../objects/template-generation.ts';
import { recordEvent } from '../events/record.ts';
import { ofDaemonSet } from '../events/tell.ts';
import { isTerminating } from '../object-meta.ts';
import { matchesNode, untolerated } from '../scheduling/node-match.ts';
import { availabilityOf, isAvailable } from './availability.ts';
import { isActive, isReady } from './pod.ts';
import {
  claim,
  namespacedName,
  ownedBy,
  ownerOfKind,
  ownerOrChooser,
  type Reconciler,
  type ReconcilerClient,
} from './reconciler.ts';
import { dropRevisions, keepRevision, REVISIONS } from './revision-history.ts';
import { createPod, refusalOf, removePod } from './template.ts';

const SETS = 'apps/daemonsets';
const HASH = 'controller-revision-hash';
const NODE_NAME = 'metadata.name';

export function daemonSets(): Reconciler {
  return {
    name: 'kube-controller-manager',
    storage: SETS,
    watches: {
      '/pods': ownerOrChooser('DaemonSet', SETS),
      // A revision that somebody deletes is written down again.
      [REVISIONS]: ownerOfKind('DaemonSet'),
      '/nodes': (_node, client) =>
        client.list(SETS).map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`),
    },
    reconcile: async (client, set) => {
      if (isTerminating(set)) return undefined;
      await claim(client, '/pods', set);
      const { hash } = await keepRevision(client, set, HASH);
      for (const pod of ownedBy(client, '/pods', set).filter(isOver)) await removeOver(client, set, pod);
      const plan = planOf(client, set, hash);
      await Promise.all(plan.surplus.map((pod) => removePod(client, set, pod)));
      const refused = await createPods(client, set, plan);
      await client.updateStatus(SETS, set, statusOf(client, set, plan));
      const used = new Set([hash, ...ownedBy(client, '/pods', set).map((pod) => labelsOf(pod)[HASH])]);
      await dropRevisions(client, set, (revision) => used.has(labelsOf(revision)[HASH]));
      if (refused) throw refused;
      return availabilityOf(set, plan.pods, client.now()).due;
    },
  };
}

const isOver = (pod: KubeObject): boolean =>
  !isTerminating(pod) && ['Failed', 'Succeeded'].includes(textAt(pod, 'status', 'phase'));

/** A Pod of a DaemonSet never ends by itself: another takes its place. */
async function removeOver(client: ReconcilerClient, set: KubeObject, pod: KubeObject): Promise<void> {
  const isFailed = textAt(pod, 'status', 'phase') === 'Failed';
  recordEvent(client, set, ofDaemonSet.over(namespacedName(pod), textAt(pod, 'spec', 'nodeName'), isFailed));
  await removePod(client, set, pod);
}

interface Plan {
  readonly revision: string;
  /** The nodes that are to have one. */
  readonly nodes: readonly string[];
  /** Those that are to get one now. */
  readonly bare: readonly string[];
  readonly pods: readonly KubeObject[];
  readonly surplus: readonly KubeObject[];
}

function planOf(client: ReconcilerClient, set: KubeObject, revision: string): Plan {
  const model = podModel(set);
  const all = client.list('/nodes').filter((node) => matchesNode(model, node));
  const stays = all.filter((node) => untolerated(model, node, ['NoExecute']).length === 0);
  const nodes = stays.filter((node) => untolerated(model, node, ['NoSchedule']).length === 0).map(nameOf);
  const isOutdated = (pod: KubeObject): boolean => labelsOf(pod)[HASH] !== revision;
  const pods = oldestFirst(ownedBy(client, '/pods', set).filter(isActive), isOutdated);
  const on = (node: string): KubeObject[] => pods.filter((pod) => nodeOf(pod) === node);
  const present = new Set(client.list('/nodes').map(nameOf));
  // What ran on a node that is gone goes with it, by other hands.
  const isOrphan = (pod: KubeObject): boolean => textAt(pod, 'spec', 'nodeName') !== '' && !present.has(nodeOf(pod));
  const misplaced = pods.filter((pod) => !stays.some((node) => nameOf(node) === nodeOf(pod)) && !isOrphan(pod));
  const surge = replaces(set) ? portionOf(set, 'maxSurge', nodes.length) : 0;
  const isUp = (pod: KubeObject): boolean => isAvailable(set, pod, client.now());
  const doubles = nodes.flatMap((node) => doublesOf(on(node), { surge, isOutdated, isUp }));
  const placed = pods.filter((pod) => !misplaced.includes(pod) && !doubles.includes(pod));
  const outdated = placed.filter(isOutdated);
  const empty = nodes.filter((node) => !placed.some((pod) => nodeOf(pod) === node));
  const common = { revision, nodes, pods };
  if (surge > 0) {
    const fresh = placed.filter((pod) => !isOutdated(pod));
    const alone = outdated.filter((pod) => !fresh.some((other) => nodeOf(other) === nodeOf(pod)));
    const pairs = outdated.length - alone.length;
    const [down, up] = [alone.filter((pod) => !isUp(pod)), alone.filter(isUp)];
    const next = [...down, ...up.slice(0, Math.max(0, surge - pairs))].map(nodeOf);
    return { ...common, bare: [...empty, ...next], surplus: [...misplaced, ...doubles] };
  }
  const replaced = replaces(set) ? replacedOf(set, { nodes, placed, outdated, isUp }) : [];
  return { ...common, bare: empty, surplus: [...misplaced, ...doubles, ...replaced] };
}

/** Where two were made in the same second, that of the older template comes first. */
function oldestFirst(pods: readonly KubeObject[], isOutdated: (pod: KubeObject) => boolean): KubeObject[] {
  const time = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';
  const rank = (pod: KubeObject): number => (isOutdated(pod) ? 0 : 1);
  return [...pods].sort((a, b) => time(a).localeCompare(time(b)) || rank(a) - rank(b));
}

interface Doubles {
  readonly surge: number;
  isOutdated(pod: KubeObject): boolean;
  isUp(pod: KubeObject): boolean;
}

/** Pods of one node that are too many there: with a surge one of the older template stays until the newer one works. */
function doublesOf(pods: readonly KubeObject[], { surge, isOutdated, isUp }: Doubles): readonly KubeObject[] {
  if (surge === 0) return pods.slice(1);
  const [old, ...older] = pods.filter(isOutdated);
  const [fresh, ...others] = pods.filter((pod) => !isOutdated(pod));
  const isReplaced = old && fresh && (isUp(fresh) || !isUp(old));
  return [...older, ...others, ...(isReplaced ? [old] : [])];
}

const nameOf = (node: KubeObject): string => node.metadata.name ?? '';
const replaces = (set: KubeObject): boolean => textAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete';

/** A number of nodes, or a percentage of them. */
function portionOf(set: KubeObject, field: 'maxSurge' | 'maxUnavailable', nodes: number): number {
  const value = at(set, 'spec', 'updateStrategy', 'rollingUpdate', field) ?? (field === 'maxSurge' ? 0 : 1);
  return typeof value === 'number' ? value : Math.ceil((Number.parseInt(String(value), 10) * nodes) / 100);
}

interface Rollout {
  readonly nodes: readonly string[];
  readonly placed: readonly KubeObject[];
  readonly outdated: readonly KubeObject[];
  isUp(pod: KubeObject): boolean;
}

/** The Pods of an older template that go now: what does not work costs nothing to take away. */
function replacedOf(set: KubeObject, { nodes, placed, outdated, isUp }: Rollout): readonly KubeObject[] {
  const missing = nodes.length - placed.filter(isUp).length;
  const room = Math.max(0, portionOf(set, 'maxUnavailable', nodes.length) - missing);
  return [...outdated.filter((pod) => !isUp(pod)), ...outdated.filter(isUp).slice(0, room)];
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

/** Answers the refusal, where one was refused. */
async function createPods(client: ReconcilerClient, set: KubeObject, plan: Plan): Promise<Error | undefined> {
  const generation = annotationsOf(set)[TEMPLATE_GENERATION];
  const labels = {
    [HASH]: plan.revision,
    ...(generation === undefined ? {} : { 'pod-template-generation': generation }),
  };
  let refused: Error | undefined;
  for (const node of plan.bare) {
    const spec = { affinity: boundTo(set, node), tolerations: tolerationsOf(set) };
    await createPod(client, set, { labels, spec }).catch((thrown: unknown) => {
      if (refusalOf(thrown) === undefined || !(thrown instanceof Error)) throw thrown;
      refused = thrown;
    });
  }
  return refused;
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
  const onNode = new Map(pods.toReversed().map((pod) => [nodeOf(pod), pod]));
  const scheduled = nodes.flatMap((node) => onNode.get(node) ?? []);
  const misplaced = [...onNode.keys()].filter((node) => !nodes.includes(node) && client.get('/nodes', '', node));
  const staying = scheduled.filter((pod) => !surplus.includes(pod));
  const ready = staying.filter(isReady).length;
  const { available } = availabilityOf(set, staying, client.now());
  const updated = scheduled.filter((pod) => labelsOf(pod)[HASH] === revision).length;
  return {
    currentNumberScheduled: scheduled.length,
    numberMisscheduled: misplaced.length,
    desiredNumberScheduled: desired,
    numberReady: ready,
    observedGeneration: set.metadata.generation ?? 1,
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(available > 0 ? { numberAvailable: available } : {}),
    ...(desired > available ? { numberUnavailable: desired - available } : {}),
    ...(numberAt(set, 'status', 'collisionCount') === undefined ? {} : { collisionCount: 0 }),
  };
}
