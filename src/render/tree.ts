import type { Application } from '../model/application.ts';
import type { ApplicationTree, ResourceNode } from '../model/resource.ts';
import { type ResourceState, resourceStates } from './states.ts';
import { type Row, stateCell } from './table.ts';
import { age } from './times.ts';
import type { View } from './view.ts';

export interface TreeSubject {
  readonly application: Application;
  readonly tree: ApplicationTree;
  readonly detailed: boolean;
}

/** What an application owns, each thing under what made it. */
export function renderTree({ application, tree, detailed }: TreeSubject, view: View): string {
  const states = new Map(resourceStates(application).map((state) => [`${state.kind}/${state.name}`, state]));
  const rows: Row[] = [];
  for (const { prefix, node } of walkTree(tree.nodes ?? [])) {
    const title = `${node.kind ?? ''}/${node.name ?? ''}`;
    rows.push(
      detailed
        ? detailedRow(prefix + title, node, states.get(title), view)
        : shortRow(prefix + title, node, states.get(title)),
    );
  }
  const head = detailed
    ? ['KIND/NAME', 'STATUS', 'HEALTH', 'AGE', 'MESSAGE', 'REASON']
    : ['KIND/NAME', 'STATUS', 'HEALTH', 'MESSAGE'];
  return rows.length === 0 ? '' : view.table({ head, rows }, view.style);
}

function shortRow(title: string, node: ResourceNode, state: ResourceState | undefined): Row {
  const health = state?.health ?? node.health?.status ?? '';
  const status = state?.status ?? '';
  return [title, stateCell(status), stateCell(health), state?.message ?? ''];
}

function detailedRow(title: string, node: ResourceNode, state: ResourceState | undefined, view: View): Row {
  const [name = '', status = '', health = '', message = ''] = shortRow(title, node, state);
  return [name, status, health, age(node.createdAt, view.now), message, node.health?.message ?? ''];
}

export interface Branch {
  /** The rules that lead to it. */
  readonly prefix: string;
  readonly node: ResourceNode;
}

/**
 * The nodes in the order they are drawn: roots sorted, children under their first parent. Each is drawn once, and what only a
 * circle leads to begins a tree of its own: a server may send anything.
 */
export function walkTree(nodes: readonly ResourceNode[]): Branch[] {
  const children = new Map<string, ResourceNode[]>();
  const uids = new Set(nodes.map((node) => node.uid));
  const roots: ResourceNode[] = [];
  for (const node of nodes) {
    const parent = node.parentRefs?.[0]?.uid;
    if (parent === undefined || !uids.has(parent)) roots.push(node);
    else children.set(parent, [...(children.get(parent) ?? []), node]);
  }
  const drawn = new Set<ResourceNode>();
  const below = (node: ResourceNode, indent: string): Branch[] => {
    const own = (children.get(node.uid ?? '') ?? []).filter((child) => !drawn.has(child)).sort(byTitle);
    for (const child of own) drawn.add(child);
    return own.flatMap((child, index) => {
      const isLast = index === own.length - 1;
      const further = below(child, `${indent}${isLast ? '  ' : '│ '}`);
      return [{ prefix: `${indent}${isLast ? '└─' : '├─'}`, node: child }, ...further];
    });
  };
  return [...roots.sort(byTitle), ...[...nodes].sort(byTitle)].flatMap((root) => {
    if (drawn.has(root)) return [];
    drawn.add(root);
    return [{ prefix: '', node: root }, ...below(root, '')];
  });
}

function byTitle(a: ResourceNode, b: ResourceNode): number {
  const left = `${a.group ?? ''}/${a.kind ?? ''}/${a.namespace ?? ''}/${a.name ?? ''}`;
  const right = `${b.group ?? ''}/${b.kind ?? ''}/${b.namespace ?? ''}/${b.name ?? ''}`;
  return left < right ? -1 : 1;
}
