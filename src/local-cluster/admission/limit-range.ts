// LimitRanges: what they fill into a new Pod, and what they let it and a claim ask for.

import { isObject, type JsonObject, listAt, textAt } from '../../core/json.ts';
import { type Draft, each, within } from '../../objects/draft.ts';
import type { KubeObject } from '../../objects/object.ts';
import { compareQuantities, parseQuantity } from '../../objects/quantity.ts';
import type { Kind } from '../kinds.ts';
import { forbidden } from '../status.ts';
import type { Store } from '../store/store.ts';
import { podResources, type ResourceList, resourceList } from './resources.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** Fills in the defaults of the namespace's limits for containers, and notes it. */
export function applyLimitDefaults(store: Store, pod: Draft): void {
  const metadata = within(pod, 'metadata');
  const notes = limitsIn(store, String(metadata['namespace'] ?? ''), 'Container').flatMap((limit) =>
    (['containers', 'initContainers'] as const).flatMap((list) =>
      each(within(pod, 'spec'), list).flatMap((container) => fillContainer(container, limit, NAMES[list])),
    ),
  );
  if (notes.length > 0) within(metadata, 'annotations')[ANNOTATION] = `LimitRanger plugin set: ${notes.join('; ')}`;
}

const NAMES = { containers: 'container', initContainers: 'init container' } as const;

function fillContainer(container: Draft, limit: JsonObject, what: string): string[] {
  const fillIn = (field: 'requests' | 'limits', defaults: ResourceList): string[] => {
    const missing = Object.keys(defaults).filter(
      (name) => resourceList(container, 'resources', field)[name] === undefined,
    );
    if (missing.length === 0) return [];
    const list = within(within(container, 'resources'), field);
    for (const name of missing) list[name] = defaults[name];
    const word = field === 'requests' ? 'request' : 'limit';
    return [`${missing.sort().join(', ')} ${word} for ${what} ${String(container['name'])}`];
  };
  return [
    ...fillIn('requests', resourceList(limit, 'defaultRequest')),
    ...fillIn('limits', resourceList(limit, 'default')),
  ];
}

/** Throws when a Pod or claim asks for less or more than its namespace allows; the first LimitRange that refuses has the word. */
export function checkLimits(store: Store, kind: Kind, object: KubeObject): void {
  const { name = '', namespace = '' } = object.metadata;
  const problemsIn = kind.storage === '/pods' ? podProblems : claimProblems;
  for (const range of store.list('/limitranges', namespace)) {
    const problems = [...new Set(limitsOf(range).flatMap((limit) => problemsIn(limit, object)))];
    const [first = '', ...more] = problems;
    if (first !== '') throw forbidden(kind, name, more.length === 0 ? first : `[${problems.join(', ')}]`);
  }
}

function podProblems(limit: JsonObject, pod: KubeObject): string[] {
  if (textAt(limit, 'type') === 'Pod') return problemsOf(limit, 'Pod', podResources(pod));
  if (textAt(limit, 'type') !== 'Container') return [];
  const containers = [...listAt(pod, 'spec', 'containers'), ...listAt(pod, 'spec', 'initContainers')].filter(isObject);
  return containers.flatMap((container) =>
    problemsOf(limit, 'Container', {
      requests: resourceList(container, 'resources', 'requests'),
      limits: resourceList(container, 'resources', 'limits'),
    }),
  );
}

function claimProblems(limit: JsonObject, claim: KubeObject): string[] {
  if (textAt(limit, 'type') !== 'PersistentVolumeClaim') return [];
  const requests = resourceList(claim, 'spec', 'resources', 'requests');
  return [
    ...Object.entries(resourceList(limit, 'min')).flatMap(([name, least]) =>
      minimum({ name, least, type: 'PersistentVolumeClaim', requests, limits: {} }),
    ),
    ...Object.entries(resourceList(limit, 'max')).flatMap(([name, most]) => {
      const request = requests[name];
      const text = `maximum ${name} usage per PersistentVolumeClaim is ${most}`;
      if (request === undefined) return [`${text}.  No request is specified`];
      return compareQuantities(request, most) > 0 ? [`${text}, but request is ${request}`] : [];
    }),
  ];
}

interface Resources {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

function problemsOf(limit: JsonObject, type: string, resources: Resources): string[] {
  return [
    ...Object.entries(resourceList(limit, 'min')).flatMap(([name, least]) =>
      minimum({ name, least, type, ...resources }),
    ),
    ...Object.entries(resourceList(limit, 'max')).flatMap(([name, most]) =>
      maximum({ name, most, type, ...resources }),
    ),
    ...Object.entries(resourceList(limit, 'maxLimitRequestRatio')).flatMap(([name, ratio]) =>
      excessRatio({ name, ratio, type, ...resources }),
    ),
  ];
}

function minimum({
  name,
  least,
  type,
  requests,
  limits,
}: Resources & { name: string; least: string; type: string }): string[] {
  const [request, limit] = [requests[name], limits[name]];
  const text = `minimum ${name} usage per ${type} is ${least}`;
  if (request === undefined) return [`${text}.  No request is specified`];
  if (compareQuantities(request, least) < 0) return [`${text}, but request is ${request}`];
  return limit !== undefined && compareQuantities(limit, least) < 0 ? [`${text}, but limit is ${limit}`] : [];
}

function maximum({
  name,
  most,
  type,
  requests,
  limits,
}: Resources & { name: string; most: string; type: string }): string[] {
  const [request, limit] = [requests[name], limits[name]];
  const text = `maximum ${name} usage per ${type} is ${most}`;
  if (limit === undefined) return [`${text}.  No limit is specified`];
  if (compareQuantities(limit, most) > 0) return [`${text}, but limit is ${limit}`];
  return request !== undefined && compareQuantities(request, most) > 0 ? [`${text}, but request is ${request}`] : [];
}

function excessRatio({
  name,
  ratio,
  type,
  requests,
  limits,
}: Resources & { name: string; ratio: string; type: string }): string[] {
  const text = `${name} max limit to request ratio per ${type} is ${ratio}`;
  const [request, limit] = [requests[name] ?? '0', limits[name] ?? '0'];
  if (compareQuantities(request, '0') === 0) return [`${text}, but no request is specified or request is 0`];
  if (compareQuantities(limit, '0') === 0) return [`${text}, but no limit is specified or limit is 0`];
  const observed = Number(parseQuantity(limit).nano) / Number(parseQuantity(request).nano);
  const allowed = Number(parseQuantity(ratio).nano) / 1e9;
  return observed > allowed ? [`${text}, but provided ratio is ${observed.toFixed(6)}`] : [];
}

const limitsOf = (range: KubeObject): JsonObject[] => listAt(range, 'spec', 'limits').filter(isObject);

function limitsIn(store: Store, namespace: string, type: string): JsonObject[] {
  return store
    .list('/limitranges', namespace)
    .flatMap(limitsOf)
    .filter((limit) => textAt(limit, 'type') === type);
}
