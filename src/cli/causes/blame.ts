import type { ResourceNode } from '../../model/resource.ts';
import type { ResourceState } from '../../render/states.ts';

/**
 * What is to blame for the state of a resource among all that it owns, or the resource itself: the Pod that is worst off (the newest
 * of those), else the deepest object that is not well and says why.
 */
export function blamedNode(
  state: Pick<ResourceState, 'group' | 'kind' | 'namespace' | 'name'>,
  nodes: readonly ResourceNode[],
  since: string | undefined,
): ResourceNode | undefined {
  const isRoot = (node: ResourceNode): boolean =>
    node.kind === state.kind &&
    (node.group ?? '') === state.group &&
    node.name === state.name &&
    (node.namespace ?? '') === state.namespace;
  const [root] = nodes.filter(isRoot);
  const below = descendants(nodes.filter(isRoot), nodes);
  const isOlder = ({ createdAt }: ResourceNode): boolean =>
    since !== undefined && createdAt !== undefined && createdAt < since;
  const sick = below.filter((node) => node.health?.status !== 'Healthy');
  const pods = sick.filter((node) => node.kind === 'Pod' && !isOlder(node));
  const [pod] = pods.sort((a, b) => rank(a) - rank(b) || newestFirst(a, b));
  return pod ?? sick.filter(({ kind, health }) => kind !== 'Pod' && (health?.message ?? '') !== '').at(-1) ?? root;
}

/** The roots and everything that they own, those further down behind their owners. */
function descendants(roots: readonly ResourceNode[], nodes: readonly ResourceNode[]): ResourceNode[] {
  const all = new Set(roots);
  const uids = new Set(roots.map(({ uid }) => uid));
  for (let size = -1; size !== all.size; ) {
    size = all.size;
    for (const node of nodes) {
      if (all.has(node) || !node.parentRefs?.some(({ uid }) => uids.has(uid))) continue;
      all.add(node);
      uids.add(node.uid);
    }
  }
  return [...all];
}

const SEVERITY = ['Degraded', 'Progressing'];
const rank = ({ health }: ResourceNode): number => SEVERITY.indexOf(health?.status ?? '') >>> 0;
const newestFirst = (a: ResourceNode, b: ResourceNode): number => ((a.createdAt ?? '') < (b.createdAt ?? '') ? 1 : -1);
