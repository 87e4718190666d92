// The node for a Pod: of those that no filter refuses, the one that suits best; else why there is none.

import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { refusals } from './filters.ts';
import { ownerOf } from './load.ts';
import { preferenceOf, untolerated } from './node-match.ts';
import type { Reason, Situation } from './situation.ts';

const ZONE = 'topology.kubernetes.io/zone';

export type Verdict = { readonly node: string } | Refusal;

export interface Refusal {
  /** What is wrong with the nodes, without a word on preemption. */
  readonly why: string;
  readonly nodes: number;
  /** Nodes where it would help that other Pods go; undefined where no node was looked at. */
  readonly candidates: readonly KubeObject[] | undefined;
}

export function chooseNode(pod: KubeObject, situation: Situation): Verdict {
  const { nodes } = situation;
  const refused = nodes.map((node) => refusals(pod, node, situation));
  const fitting = nodes.filter((_, index) => refused[index]?.length === 0);
  if (fitting.length === 0) return refusal(nodes, refused);
  const rank = (node: KubeObject): readonly number[] => ranking(pod, node, situation);
  const ranked = fitting.map((node) => ({ node, rank: fitting.length > 1 ? rank(node) : [] }));
  ranked.sort((a, b) => compareRanks(a.rank, b.rank));
  return { node: ranked[0]?.node.metadata.name ?? '' };
}

/** The lower, the better: taints to be avoided, preferences, Pods of the same owner in the zone and on the node, all Pods. */
function ranking(pod: KubeObject, node: KubeObject, { nodes, loads }: Situation): readonly number[] {
  const owner = ownerOf(pod);
  const siblings = (other: KubeObject): number => loads.of(other.metadata.name ?? '').owners.get(owner) ?? 0;
  const zone = labelsOf(node)[ZONE];
  const neighbours = nodes.filter((other) => zone !== undefined && labelsOf(other)[ZONE] === zone);
  return [
    untolerated(pod, node, ['PreferNoSchedule']).length,
    -preferenceOf(pod, node),
    neighbours.reduce((sum, other) => sum + siblings(other), 0),
    siblings(node),
    loads.of(node.metadata.name ?? '').pods.size,
  ];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, position) => value !== b[position]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function refusal(nodes: readonly KubeObject[], refused: readonly (readonly Reason[])[]): Refusal {
  if (nodes.length === 0) return { why: 'no nodes available to schedule pods', nodes: 0, candidates: undefined };
  const texts = refused.flatMap((reasons) => reasons.map(({ text }) => text));
  return {
    why: available(nodes.length, texts),
    nodes: nodes.length,
    candidates: nodes.filter((_, index) => refused[index]?.every(({ resolvable }) => resolvable)),
  };
}

/** What the scheduler says where no node was looked at: a claim is missing. */
export const blocked = (nodes: number, obstacle: string): Refusal => ({
  why: `0/${nodes} nodes are available: ${obstacle}.`,
  nodes,
  candidates: undefined,
});

/** What is said where no node was looked at: nobody was pushed away, either. */
export const withoutPreemption = ({ why, nodes }: Refusal): string => (nodes === 0 ? why : `${why} not found`);

/** What is said where the Pod may not push others away. */
export const notEligible = ({ why }: Refusal, reason: string): string => `${why} ${PREEMPTION} ${reason}`;

/** What is said where pushing others away helps nowhere: on the candidates for these reasons. */
export function notHelpful({ why, nodes, candidates = [] }: Refusal, reasons: readonly string[]): string {
  const others = Array<string>(nodes - candidates.length).fill('Preemption is not helpful for scheduling');
  return `${why} ${PREEMPTION} ${available(nodes, [...reasons, ...others])}`;
}

const PREEMPTION = 'no new claims to deallocate, preemption:';

const available = (nodes: number, texts: readonly string[]): string =>
  `0/${nodes} nodes are available: ${histogram(texts)}.`;

function histogram(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => `${count} ${text}`)
    .sort()
    .join(', ');
}
