// What keeps a Pod off a node: the scheduler's own filters, in its order and in its words.

import { at } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { allocatableOf, hostPorts, requestsOf } from './load.ts';
import { neighbourReason, spreadReason } from './neighbours.ts';
import { matchesNode, namedNodes, tolerationsOf, UNSCHEDULABLE, untolerated } from './node-match.ts';
import type { Reason, Situation } from './situation.ts';
import { volumeReason } from './volumes.ts';

type Filter = (pod: KubeObject, node: KubeObject, situation: Situation) => readonly Reason[] | Reason | undefined;

const never = (text: string): Reason => ({ text, resolvable: false });

const FILTERS: readonly Filter[] = [
  // What names its nodes looks at no others.
  (pod, node) =>
    namedNodes(pod)?.has(node.metadata.name ?? '') === false
      ? never("node(s) didn't satisfy plugin(s) [NodeAffinity]")
      : undefined,
  (pod, node) =>
    at(node, 'spec', 'unschedulable') === true && tolerationsOf(pod, UNSCHEDULABLE).length === 0
      ? never('node(s) were unschedulable')
      : undefined,
  (pod, node) =>
    untolerated(pod, node, ['NoSchedule', 'NoExecute']).length > 0
      ? never('node(s) had untolerated taint(s)')
      : undefined,
  (pod, node) => (matchesNode(pod, node) ? undefined : never("node(s) didn't match Pod's node affinity/selector")),
  (pod, node, { loads }) => {
    const { ports } = loads.of(node.metadata.name ?? '');
    const isTaken = hostPorts(pod).some((port) => [...ports].some((other) => collide(port, other)));
    return isTaken
      ? { text: "node(s) didn't have free ports for the requested pod ports", resolvable: true }
      : undefined;
  },
  missingResources,
  volumeReason,
  spreadReason,
  neighbourReason,
];

/** One address stands for all of them. */
function collide(one: string, other: string): boolean {
  const [protocol, address, port] = one.split('/');
  const [otherProtocol, otherAddress, otherPort] = other.split('/');
  if (protocol !== otherProtocol || port !== otherPort) return false;
  return address === otherAddress || address === '0.0.0.0' || otherAddress === '0.0.0.0';
}

function missingResources(pod: KubeObject, node: KubeObject, { loads }: Situation): readonly Reason[] {
  const load = loads.of(node.metadata.name ?? '');
  const allocatable = allocatableOf(node);
  const reasons: Reason[] = [];
  if (load.pods.size + 1 > (allocatable['pods'] ?? 0) / 1000) reasons.push({ text: 'Too many pods', resolvable: true });
  for (const [name, amount] of Object.entries(requestsOf(pod))) {
    const total = allocatable[name] ?? 0;
    if (amount > 0 && amount + (load.used[name] ?? 0) > total)
      reasons.push({ text: `Insufficient ${name}`, resolvable: amount <= total });
  }
  return reasons;
}

/** Why a Pod cannot be on a node: what the first filter that refuses it says. */
export function refusals(pod: KubeObject, node: KubeObject, situation: Situation): readonly Reason[] {
  for (const filter of FILTERS) {
    const reasons = [filter(pod, node, situation) ?? []].flat();
    if (reasons.length > 0) return reasons;
  }
  return [];
}
