// The resource tree: what an application manages, and what came of it by owner references.

import { isObject, listAt, numberAt, textAt } from '../../core/json.ts';
import { compareText } from '../../core/order.ts';
import type { Health } from '../../model/application.ts';
import type { ResourceNode, ResourceRef } from '../../model/resource.ts';
import { imagesOf, isPod, type KubeObject, keyOf, type ObjectKey, versionOf } from '../../objects/object.ts';
import { milliOf } from '../../objects/quantity.ts';
import { networkingOf } from './networking.ts';

export interface TreeRoot {
  readonly key: ObjectKey;
  /** Of the target, for what is not live. */
  readonly version: string;
  readonly live: KubeObject | undefined;
}

export type HealthOf = (object: KubeObject) => Health | undefined;

/** The live objects around those of an application. */
export interface LiveObjects {
  get(key: ObjectKey): KubeObject | undefined;
  ownedBy(uid: string): Iterable<KubeObject>;
  claimsIn(namespace: string): Iterable<KubeObject>;
}

/** Roots and all that they own, sorted as the reference sorts them. */
export function buildTree(roots: readonly TreeRoot[], live: LiveObjects, healthOf: HealthOf): ResourceNode[] {
  const nodes = new Map<string, ResourceNode>();
  const visit = (object: KubeObject, parents: readonly ResourceRef[]): void => {
    const uid = object.metadata.uid ?? '';
    if (nodes.has(uid)) return;
    nodes.set(uid, nodeOf(object, parents, healthOf));
    for (const child of [...live.ownedBy(uid), ...inferredChildren(object, live)]) visit(child, [refOf(object)]);
  };
  for (const root of roots) {
    if (root.live) visit(root.live, []);
    else nodes.set(`missing ${nodes.size}`, missingNode(root));
  }
  return [...nodes.values()].sort(
    (a, b) =>
      compareText(a.group, b.group) ||
      compareText(a.kind, b.kind) ||
      compareText(a.namespace, b.namespace) ||
      compareText(a.name, b.name),
  );
}

/** What belongs together without an owner reference: a Service's Endpoints, a StatefulSet's claims. */
function inferredChildren(parent: KubeObject, live: LiveObjects): KubeObject[] {
  const { kind, metadata } = parent;
  const { name = '', namespace = '' } = metadata;
  if (kind === 'Service' && parent.apiVersion === 'v1') {
    const endpoints = live.get({ group: '', kind: 'Endpoints', namespace, name });
    return endpoints && (endpoints.metadata.ownerReferences ?? []).length === 0 ? [endpoints] : [];
  }
  if (kind !== 'StatefulSet') return [];
  const prefixes = listAt(parent, 'spec', 'volumeClaimTemplates').map(
    (template) => `${textAt(template, 'metadata', 'name')}-${name}-`,
  );
  const isOwn = (claim: string): boolean =>
    prefixes.some((prefix) => claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length)));
  return [...live.claimsIn(namespace)].filter((claim) => isOwn(claim.metadata.name ?? ''));
}

function missingNode({ key, version }: TreeRoot): ResourceNode {
  return { ...refOfKey(key), version, health: { status: 'Missing' } };
}

function refOfKey(key: ObjectKey): ResourceRef {
  return {
    ...(key.group ? { group: key.group } : {}),
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
  };
}

function refOf(object: KubeObject): ResourceRef {
  const key = keyOf(object);
  return {
    ...(key.group ? { group: key.group } : {}),
    version: versionOf(object.apiVersion),
    kind: key.kind,
    ...(key.namespace ? { namespace: key.namespace } : {}),
    name: key.name,
    uid: object.metadata.uid ?? '',
  };
}

function nodeOf(object: KubeObject, parentRefs: readonly ResourceRef[], healthOf: HealthOf): ResourceNode {
  const info = infoOf(object);
  const images = isPod(object) ? imagesOf(object) : [];
  const networkingInfo = networkingOf(object);
  const health = healthOf(object);
  return {
    ...refOf(object),
    ...(parentRefs.length > 0 ? { parentRefs } : {}),
    ...(info.length > 0 ? { info } : {}),
    ...(networkingInfo ? { networkingInfo } : {}),
    resourceVersion: object.metadata.resourceVersion ?? '',
    ...(images.length > 0 ? { images } : {}),
    ...(health ? { health } : {}),
    createdAt: object.metadata.creationTimestamp ?? '',
  };
}

interface InfoItem {
  readonly name: string;
  readonly value: string;
}

function infoOf(object: KubeObject): InfoItem[] {
  if (isPod(object)) return podInfo(object);
  const revision = object.metadata.annotations?.['deployment.kubernetes.io/revision'];
  return revision === undefined ? [] : [{ name: 'Revision', value: `Rev:${revision}` }];
}

function podInfo(pod: KubeObject): InfoItem[] {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  const ready = statuses.filter((status) => isObject(status) && status['ready'] === true).length;
  const restarts = statuses.reduce<number>((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0);
  const waiting = statuses
    .map((status) => textAt(status, 'state', 'waiting', 'reason'))
    .find((reason) => reason !== '');
  const reason = waiting ?? (textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase'));
  const node = textAt(pod, 'spec', 'nodeName');
  return [
    ...(reason ? [{ name: 'Status Reason', value: reason }] : []),
    ...(node ? [{ name: 'Node', value: node }] : []),
    { name: 'Containers', value: `${ready}/${listAt(pod, 'spec', 'containers').length}` },
    ...(restarts > 0 ? [{ name: 'Restart Count', value: String(restarts) }] : []),
    { name: 'cpu', value: String(requested(pod, 'cpu')) },
    { name: 'memory', value: String(requested(pod, 'memory')) },
  ];
}

/** What the containers of a Pod ask for together, in thousandths. */
function requested(pod: KubeObject, resource: 'cpu' | 'memory'): number {
  const requests = listAt(pod, 'spec', 'containers').map((container) =>
    textAt(container, 'resources', 'requests', resource),
  );
  return requests.reduce((sum, request) => sum + milliOf(request), 0);
}
