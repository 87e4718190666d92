// The containers that a log comes from.

import { resourceTree } from '../../../../api/applications.ts';
import { getResource, type PodLogs } from '../../../../api/resources.ts';
import { HawserError } from '../../../../core/errors.ts';
import { isObject, listAt, textAt } from '../../../../core/json.ts';
import type { ResourceNode } from '../../../../model/resource.ts';
import type { Context } from '../../../context.ts';

export interface LogContainer {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  /** Of the Pod: another one may have its name later. */
  readonly uid: string;
}

/** Which of the containers of a Pod: every one, or the one that is named, or the one that Kubernetes takes where none is. */
export type ContainerChoice = 'all' | 'one';

/** Finds the containers that a request means; what a Pod has is asked once. Init containers come first, as they run. */
export function createContainerSearch(
  request: PodLogs,
  choice: ContainerChoice,
  context: Context,
): () => Promise<LogContainer[]> {
  const known = new Map<string, readonly LogContainer[]>();
  return async () => {
    const pods = podsBelow(await treeOf(request, context), request);
    const all: LogContainer[] = [];
    for (const pod of pods) {
      const key = pod.uid ?? '';
      const containers =
        (key === '' ? undefined : known.get(key)) ?? (await containersOf(pod, { request, choice }, context));
      if (containers.length > 0) known.set(key, containers);
      all.push(...containers);
    }
    return all;
  };
}

/** Throws `not-found` where no resource of the application is what the request means. */
export async function refuseNoMatch(request: PodLogs, context: Context): Promise<void> {
  const { name, kind, group, namespace, resourceName } = request;
  if (![kind, group, namespace, resourceName].some(Boolean)) return;
  const nodes = await treeOf(request, context);
  if (nodes.some((node) => isMeant(node, request))) return;
  const kinds = [...new Set(nodes.filter((node) => hasPods(node, nodes)).map((node) => node.kind ?? ''))].sort();
  const what = [kind, resourceName].filter(Boolean).join('/') || 'such resource';
  throw new HawserError(
    'not-found',
    `application '${name}' has no ${what}${namespace ? ` in namespace '${namespace}'` : ''}`,
    {
      hint: kinds.length > 0 ? `what has logs there: ${kinds.join(', ')}` : `hawser app resources ${name}`,
    },
  );
}

async function treeOf(request: PodLogs, context: Context): Promise<readonly ResourceNode[]> {
  const { client } = await context.connect();
  const { name: applicationName, appNamespace, project } = request;
  const options = { signal: context.signal };
  const { nodes } = await client.call(resourceTree, { applicationName, appNamespace, project }, options);
  return nodes ?? [];
}

interface Wish {
  readonly request: PodLogs;
  readonly choice: ContainerChoice;
}

/** None where the Pod has gone in the meantime. */
async function containersOf(pod: ResourceNode, { request, choice }: Wish, context: Context): Promise<LogContainer[]> {
  const { client } = await context.connect();
  const { name: application, appNamespace, project } = request;
  const { namespace = '', name = '', uid = '' } = pod;
  const target = { name: application, appNamespace, project, group: '', kind: 'Pod', version: 'v1' };
  try {
    const { manifest } = await client.call(getResource, { ...target, namespace, resourceName: name });
    const object: unknown = JSON.parse(manifest ?? 'null');
    const names = choice === 'all' ? allNames(object) : chosenName(object, request.container);
    return names.map((container) => ({ pod: name, namespace, container, uid }));
  } catch (thrown) {
    if (thrown instanceof HawserError && thrown.code === 'not-found') return [];
    throw thrown;
  }
}

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

const allNames = (pod: unknown): string[] => LISTS.flatMap((list) => namesIn(pod, list));

const namesIn = (pod: unknown, list: (typeof LISTS)[number]): string[] =>
  listAt(pod, 'spec', list)
    .filter(isObject)
    .map((container) => textAt(container, 'name'));

function chosenName(pod: unknown, named: string | undefined): string[] {
  if (named) return allNames(pod).filter((name) => name === named);
  const preset = textAt(pod, 'metadata', 'annotations', DEFAULT_CONTAINER);
  const names = namesIn(pod, 'containers');
  return names.includes(preset) ? [preset] : names.slice(0, 1);
}

/** The pods that are what was asked for, or that it owns. */
function podsBelow(nodes: readonly ResourceNode[], request: PodLogs): readonly ResourceNode[] {
  const byUid = new Map(nodes.map((node) => [node.uid ?? '', node]));
  const isBelow = (node: ResourceNode): boolean => {
    if (isMeant(node, request)) return true;
    const parent = byUid.get(node.parentRefs?.[0]?.uid ?? '');
    return parent !== undefined && parent !== node && isBelow(parent);
  };
  return nodes.filter((node) => isPod(node) && isBelow(node));
}

const isPod = ({ kind, group = '' }: ResourceNode): boolean => kind === 'Pod' && group === '';

/** A Pod, or what owns something that has Pods. */
const hasPods = (node: ResourceNode, nodes: readonly ResourceNode[]): boolean =>
  isPod(node) || nodes.some((child) => child.parentRefs?.some(({ uid }) => uid === node.uid) && hasPods(child, nodes));

const isMeant = (node: ResourceNode, request: PodLogs): boolean =>
  matches(request.group, node.group) &&
  matches(request.kind, node.kind) &&
  matches(request.namespace, node.namespace) &&
  matches(request.resourceName, node.name);

const matches = (pattern: string | undefined, value: string | undefined): boolean =>
  !pattern || pattern === (value ?? '');
