// What runs on each node, kept up to date Pod by Pod: with many Pods nobody can count them anew for each one.

import { at, listAt, numberAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { milliOf } from '../../objects/quantity.ts';
import { podResources, resourceList } from '../admission/resources.ts';

/** Thousandths by the name of a resource. */
export type Amounts = Readonly<Record<string, number>>;

export interface NodeLoad {
  readonly pods: ReadonlyMap<string, KubeObject>;
  readonly used: Amounts;
  readonly ports: ReadonlySet<string>;
  /** How many Pods each controller has here, by its uid. */
  readonly owners: ReadonlyMap<string, number>;
  /** How many Pods of each priority are here. */
  readonly priorities: ReadonlyMap<number, number>;
  /** Pods that do not bear some others near them. */
  readonly shunning: ReadonlySet<KubeObject>;
}

interface Load {
  readonly pods: Map<string, KubeObject>;
  readonly used: Record<string, number>;
  readonly ports: Set<string>;
  readonly owners: Map<string, number>;
  readonly priorities: Map<number, number>;
  readonly shunning: Set<KubeObject>;
}

export interface Loads {
  of(node: string): NodeLoad;
  /** The Pod as it is now: on its node, or on none. */
  put(pod: KubeObject): void;
  remove(uid: string): void;
}

export const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

const emptyLoad = (): Load => ({
  pods: new Map(),
  used: {},
  ports: new Set(),
  owners: new Map(),
  priorities: new Map(),
  shunning: new Set(),
});
const EMPTY: NodeLoad = emptyLoad();

export function createLoads(pods: readonly KubeObject[]): Loads {
  const loads = new Map<string, Load>();
  const nodeOf = new Map<string, string>();

  function remove(uid: string): void {
    const load = loads.get(nodeOf.get(uid) ?? '');
    const pod = load?.pods.get(uid);
    nodeOf.delete(uid);
    if (!load || !pod) return;
    load.pods.delete(uid);
    count(load, pod, -1);
    load.shunning.delete(pod);
    for (const port of hostPorts(pod)) load.ports.delete(port);
  }

  function put(pod: KubeObject): void {
    const { uid = '' } = pod.metadata;
    const node = textAt(pod, 'spec', 'nodeName');
    remove(uid);
    if (node === '' || ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))) return;
    const load = loads.get(node) ?? emptyLoad();
    loads.set(node, load);
    load.pods.set(uid, pod);
    nodeOf.set(uid, node);
    count(load, pod, 1);
    if (listAt(pod, 'spec', 'affinity', 'podAntiAffinity', REQUIRED).length > 0) load.shunning.add(pod);
    for (const port of hostPorts(pod)) load.ports.add(port);
  }

  for (const pod of pods) put(pod);
  return { of: (node) => loads.get(node) ?? EMPTY, put, remove };
}

function count({ used, owners, priorities }: Load, pod: KubeObject, sign: 1 | -1): void {
  for (const [name, amount] of Object.entries(requestsOf(pod))) used[name] = (used[name] ?? 0) + sign * amount;
  const priority = priorityOf(pod);
  const ofPriority = (priorities.get(priority) ?? 0) + sign;
  if (ofPriority > 0) priorities.set(priority, ofPriority);
  else priorities.delete(priority);
  const owner = ownerOf(pod);
  if (owner !== '') owners.set(owner, (owners.get(owner) ?? 0) + sign);
}

export const priorityOf = (pod: KubeObject): number => numberAt(pod, 'spec', 'priority') ?? 0;

export const ownerOf = (pod: KubeObject): string =>
  pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid ?? '';

export function requestsOf(pod: KubeObject): Amounts {
  return amountsOf(podResources(pod).requests);
}

export const allocatableOf = (node: KubeObject): Amounts => amountsOf(resourceList(node, 'status', 'allocatable'));

const amountsOf = (list: Readonly<Record<string, string>>): Amounts =>
  Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, milliOf(amount)]));

/** 'TCP/0.0.0.0/8080'. */
export function hostPorts(pod: KubeObject): readonly string[] {
  return listAt(pod, 'spec', 'containers').flatMap((container) =>
    listAt(container, 'ports').flatMap((port) => {
      const number =
        numberAt(port, 'hostPort') ??
        (at(pod, 'spec', 'hostNetwork') === true ? numberAt(port, 'containerPort') : undefined);
      return number ? [`${textAt(port, 'protocol') || 'TCP'}/${textAt(port, 'hostIP') || '0.0.0.0'}/${number}`] : [];
    }),
  );
}
