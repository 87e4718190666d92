// ResourceQuotas: what a namespace uses, and what no longer fits into it.

import { at, isList, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import { omitUndefined } from '../../core/omit-undefined.ts';
import type { KubeObject } from '../../objects/object.ts';
import { compareQuantities, sumQuantities } from '../../objects/quantity.ts';
import type { WriteSettings } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';
import { addResources, podResources, type ResourceList, resourceList } from './resources.ts';

interface QuotaWrite {
  readonly object: KubeObject;
  readonly before: KubeObject | undefined;
  readonly settings: Pick<WriteSettings, 'subresource'>;
}

/** Throws when an object would make its namespace use more than a quota allows. */
export function checkQuotas(store: Store, kind: Kind, { object, before, settings }: QuotaWrite): void {
  const { namespace = '' } = object.metadata;
  if (namespace === '') return;
  const claims = store.list('/resourcequotas', namespace).map((quota) => {
    const counts = (one: KubeObject | undefined): ResourceList =>
      one && inScope(quota, kind.storage, one) ? usageOf(kind.storage, one) : {};
    return { quota, after: counts(object), earlier: counts(before) };
  });
  // What no quota can count is refused before any of them is looked at for room.
  const isMeasured = !before || settings.subresource === 'resize' || hasDeadline(object) !== hasDeadline(before);
  if (isMeasured) for (const claim of claims) checkSpecified(kind, object, claim);
  for (const claim of claims) checkFits(store, { kind, object, ...claim });
}

/** What an object counts for in a quota, and what it counted for before. */
interface Claim {
  readonly quota: KubeObject;
  readonly after: ResourceList;
  readonly earlier: ResourceList;
}

function checkFits(
  store: Store,
  { kind, object, quota, after, earlier }: Claim & { readonly kind: Kind; readonly object: KubeObject },
): void {
  const hard = resourceList(quota, 'spec', 'hard');
  const requested = Object.keys(hard)
    .filter((resource) => compareQuantities(after[resource] ?? '0', earlier[resource] ?? '0') > 0)
    .sort();
  if (requested.length === 0) return;
  const used = quotaUsage(store, quota);
  const grown = (resource: string): string => grow(after[resource] ?? '0', earlier[resource] ?? '0');
  const exceeded = requested.filter(
    (resource) => compareQuantities(sumQuantities([used[resource] ?? '0', grown(resource)]), hard[resource] ?? '0') > 0,
  );
  if (exceeded.length === 0) return;
  const list = (value: (resource: string) => string): string =>
    exceeded.map((resource) => `${resource}=${value(resource)}`).join(',');
  const facts = `requested: ${list(grown)}, used: ${list((resource) => used[resource] ?? '0')}, limited: ${list((resource) => hard[resource] ?? '0')}`;
  throw forbidden(kind, object.metadata.name ?? '', `exceeded quota: ${quota.metadata.name ?? ''}, ${facts}`);
}

const grow = (after: string, before: string): string =>
  compareQuantities(before, '0') === 0 ? sumQuantities([after]) : sumQuantities([after, `-${before}`]);

/** A quota of cpu or memory wants each container to say how much it needs. */
function checkSpecified(kind: Kind, object: KubeObject, { quota, after }: Claim): void {
  if (kind.storage !== '/pods' || Object.keys(after).length === 0) return;
  const containers = [...listAt(object, 'spec', 'containers'), ...listAt(object, 'spec', 'initContainers')];
  const missing = Object.keys(resourceList(quota, 'spec', 'hard'))
    .sort()
    .flatMap((resource) => {
      const [, field = '', name = ''] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(resource) ?? [];
      if (name === '') return [];
      const without = containers.filter(
        (container) => at(container, 'resources', field || 'requests', name) === undefined,
      );
      const names = without.map((container) => textAt(container, 'name'));
      return names.length === 0 ? [] : [`${resource} for: ${names.join(',')}`];
    });
  if (missing.length === 0) return;
  const why = `failed quota: ${quota.metadata.name ?? ''}: must specify ${missing.join('; ')}`;
  throw forbidden(kind, object.metadata.name ?? '', why);
}

/** What a quota's namespace uses of the resources that it limits. */
export function quotaUsage(store: Store, quota: KubeObject): ResourceList {
  const hard = Object.keys(resourceList(quota, 'spec', 'hard'));
  const storages = [...new Set(hard.map(storageCounted))];
  const used = addResources(
    storages.flatMap((storage) =>
      store
        .list(storage, quota.metadata.namespace ?? '')
        .filter((object) => inScope(quota, storage, object))
        .map((object) => usageOf(storage, object)),
    ),
  );
  return Object.fromEntries(hard.map((resource) => [resource, used[resource] ?? '0']));
}

/** The storage of the objects that a quota's resource counts. */
function storageCounted(resource: string): string {
  const counted = /^count\/([^.]+)(?:\.(.+))?$/.exec(resource);
  if (counted) return `${counted[2] ?? ''}/${counted[1] ?? ''}`;
  if (resource.startsWith('services.')) return '/services';
  if (resource === 'requests.storage' || resource.includes('.storageclass.storage.k8s.io/'))
    return '/persistentvolumeclaims';
  return COUNTED.has(resource) ? `/${resource}` : '/pods';
}

/** Kinds that are counted by their own name, too. */
const COUNTED: ReadonlySet<string> = new Set([
  'configmaps',
  'persistentvolumeclaims',
  'pods',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'services',
]);

/** What one object uses, by the names that quotas have for it. */
function usageOf(storage: string, object: KubeObject): ResourceList {
  const [group = '', plural = ''] = storage.split('/');
  const whole: ResourceList = { [`count/${plural}${group === '' ? '' : `.${group}`}`]: '1' };
  const counted = group === '' && COUNTED.has(plural) ? { ...whole, [plural]: '1' } : whole;
  if (storage === '/pods') return isOver(object) ? whole : { ...counted, ...podUsage(object) };
  if (storage === '/services') return { ...counted, ...serviceUsage(object) };
  if (storage === '/persistentvolumeclaims') return { ...counted, ...claimUsage(object) };
  return counted;
}

/** A Pod that has ended uses nothing but its place in the store. */
const isOver = (pod: KubeObject): boolean => ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'));

function podUsage(pod: KubeObject): ResourceList {
  const { requests, limits } = podResources(pod);
  const plain = Object.entries(requests).filter(([name]) => ['cpu', 'memory', 'ephemeral-storage'].includes(name));
  const prefixed = (prefix: string, list: ResourceList): ResourceList =>
    Object.fromEntries(Object.entries(list).map(([name, amount]) => [`${prefix}.${name}`, amount]));
  return { ...Object.fromEntries(plain), ...prefixed('requests', requests), ...prefixed('limits', limits) };
}

function serviceUsage(service: KubeObject): ResourceList {
  const type = textAt(service, 'spec', 'type');
  const ports = listAt(service, 'spec', 'ports');
  const onNodes =
    type === 'LoadBalancer' && at(service, 'spec', 'allocateLoadBalancerNodePorts') === false
      ? ports.filter((port) => at(port, 'nodePort') !== undefined)
      : ports;
  return omitUndefined({
    'services.nodeports': type === 'NodePort' || type === 'LoadBalancer' ? String(onNodes.length) : undefined,
    'services.loadbalancers': type === 'LoadBalancer' ? '1' : undefined,
  });
}

function claimUsage(claim: KubeObject): ResourceList {
  const storage = String(at(claim, 'spec', 'resources', 'requests', 'storage') ?? '0');
  const named = textAt(claim, 'spec', 'storageClassName');
  const prefix = `${named}.storageclass.storage.k8s.io`;
  const ofClass =
    named === '' ? {} : { [`${prefix}/requests.storage`]: storage, [`${prefix}/persistentvolumeclaims`]: '1' };
  return { 'requests.storage': storage, ...ofClass };
}

/** Whether a quota's scopes choose an object; only Pods and claims are chosen by scopes. */
function inScope(quota: KubeObject, storage: string, object: KubeObject): boolean {
  const scopes = listAt(quota, 'spec', 'scopes').map((scope) => ({ scopeName: scope, operator: 'Exists' }));
  const expressions = [...scopes, ...listAt(quota, 'spec', 'scopeSelector', 'matchExpressions')];
  const isChosen = (expression: Json): boolean =>
    SCOPES[storage]?.[textAt(expression, 'scopeName')]?.(object, expression) ?? false;
  return expressions.every(isChosen);
}

type IsChosen = (object: KubeObject, expression: Json) => boolean;

const hasDeadline = (pod: KubeObject): boolean => at(pod, 'spec', 'activeDeadlineSeconds') !== undefined;
const isBestEffort = (pod: KubeObject): boolean => textAt(pod, 'status', 'qosClass') === 'BestEffort';

/** By the storage of what is chosen, and the name of the scope. */
const SCOPES: Readonly<Record<string, Readonly<Record<string, IsChosen>>>> = {
  '/pods': {
    Terminating: hasDeadline,
    NotTerminating: (pod) => !hasDeadline(pod),
    BestEffort: isBestEffort,
    NotBestEffort: (pod) => !isBestEffort(pod),
    PriorityClass: (pod, expression) => isOfClass(expression, textAt(pod, 'spec', 'priorityClassName')),
    CrossNamespacePodAffinity: looksBeyond,
  },
  '/persistentvolumeclaims': {
    VolumeAttributesClass: (claim, expression) =>
      isOfClass(expression, textAt(claim, 'spec', 'volumeAttributesClassName')),
  },
};

/** Whether a Pod looks for company in other namespaces, or avoids it there. */
function looksBeyond(pod: KubeObject): boolean {
  const terms = ['podAffinity', 'podAntiAffinity'].flatMap((kind) => [
    ...listAt(pod, 'spec', 'affinity', kind, 'requiredDuringSchedulingIgnoredDuringExecution'),
    ...listAt(pod, 'spec', 'affinity', kind, 'preferredDuringSchedulingIgnoredDuringExecution').map((preference) =>
      objectAt(preference, 'podAffinityTerm'),
    ),
  ]);
  return terms.some((term) => listAt(term, 'namespaces').length > 0 || at(term, 'namespaceSelector') !== undefined);
}

function isOfClass(expression: Json, name: string): boolean {
  const values = at(expression, 'values');
  const isNamed = isList(values) && values.includes(name);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return isNamed;
    case 'NotIn':
      return !isNamed;
    case 'DoesNotExist':
      return name === '';
    default:
      return name !== '';
  }
}
