// The class of what runs a Pod: what it costs beside its containers, and where it can run.

import { isObject, listAt, objectAt, sameJson } from '../../core/json.ts';
import { type Draft, draftJson, draftOf, each, within } from '../../objects/draft.ts';
import type { KubeObject } from '../../objects/object.ts';
import { compareQuantities } from '../../objects/quantity.ts';
import { nameAskedFor } from '../object-meta.ts';
import { forbidden, internalError } from '../status.ts';
import type { Store } from '../store/store.ts';
import { pathProblems } from '../validation/names.ts';

const PODS = { group: '', plural: 'pods', kind: 'Pod' } as const;

/** Gives a Pod what its class says; throws when there is no such class, or the Pod says something else. */
export function applyRuntimeClass(store: Store, pod: Draft): void {
  const spec = within(pod, 'spec');
  const refuse = (why: string): Error => forbidden(PODS, nameAskedFor(within(pod, 'metadata')), why);
  const name = spec['runtimeClassName'];
  const chosen = typeof name === 'string' ? classOf(store, name) : undefined;
  if (typeof name === 'string' && !chosen) throw refuse(`pod rejected: RuntimeClass "${name}" not found`);
  const cost = objectAt(chosen, 'overhead')['podFixed'];
  const own = spec['overhead'];
  const isOwn = isObject(own) && Object.keys(own).length > 0;
  if (isOwn && isObject(cost) && !isSame(own, draftOf(cost)))
    throw refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  if (isObject(cost)) spec['overhead'] = draftOf(cost);
  const places = objectAt(chosen, 'scheduling', 'nodeSelector');
  const selector = within(spec, 'nodeSelector');
  for (const [key, value] of Object.entries(places)) {
    if (selector[key] !== undefined && selector[key] !== value)
      throw refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${selector[key]}`,
      );
    selector[key] = draftJson(value ?? null);
  }
  if (Object.keys(selector).length === 0) delete spec['nodeSelector'];
}

/** Refuses what a Pod costs beside its containers, unless its class says so. */
export function checkOverhead(store: Store, pod: KubeObject): void {
  const spec = objectAt(pod, 'spec');
  if (spec['overhead'] === undefined) return;
  const name = spec['runtimeClassName'];
  const chosen = typeof name === 'string' ? classOf(store, name) : undefined;
  if (isObject(objectAt(chosen, 'overhead')['podFixed'])) return;
  const why = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
  throw forbidden(PODS, pod.metadata.name ?? '', why);
}

function classOf(store: Store, name: string): ReturnType<Store['get']> {
  if (name === '') throw internalError('resource name may not be empty');
  const problems = pathProblems(name);
  if (problems.length > 0)
    throw internalError(`invalid resource name ${JSON.stringify(name)}: [${problems.join(' ')}]`);
  return store.get('node.k8s.io/runtimeclasses', '', name);
}

const isSame = (one: Draft, other: Draft): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, amount]) => {
    const there = other[name];
    return there !== undefined && compareQuantities(String(amount), String(there)) === 0;
  });

/** What a Pod bears because of its class, after what every Pod bears. */
export function addClassTolerations(store: Store, spec: Draft): void {
  const name = spec['runtimeClassName'];
  if (typeof name !== 'string' || name === '') return;
  const own = each(spec, 'tolerations');
  const added = listAt(store.get('node.k8s.io/runtimeclasses', '', name), 'scheduling', 'tolerations')
    .filter((one) => !own.some((other) => sameJson(other, one)))
    .map((one) => draftOf(objectAt(one)));
  if (added.length > 0) spec['tolerations'] = [...own, ...added];
}
