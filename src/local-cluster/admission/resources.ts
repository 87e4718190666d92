// What Pods ask for: sums over their containers.

import { isObject, type Json, listAt, objectAt, textAt } from '../../core/json.ts';
import type { KubeObject } from '../../objects/object.ts';
import { compareQuantities, sumQuantities } from '../../objects/quantity.ts';

/** Quantities by the name of a resource. */
export type ResourceList = Readonly<Record<string, string>>;

export function resourceList(value: unknown, ...path: readonly string[]): ResourceList {
  return Object.fromEntries(Object.entries(objectAt(value, ...path)).map(([name, amount]) => [name, String(amount)]));
}

export function addResources(lists: readonly ResourceList[]): ResourceList {
  const names = [...new Set(lists.flatMap((list) => Object.keys(list)))];
  return Object.fromEntries(names.map((name) => [name, sumQuantities(lists.flatMap((list) => list[name] ?? []))]));
}

/** The larger of each resource. */
function mostOf(a: ResourceList, b: ResourceList): ResourceList {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const larger = (name: string): string => {
    const [one, other] = [a[name], b[name]];
    if (one === undefined || other === undefined) return one ?? other ?? '0';
    return compareQuantities(one, other) >= 0 ? one : other;
  };
  return Object.fromEntries(names.map((name) => [name, larger(name)]));
}

/**
 * What a whole Pod asks for: its containers together, or more where an init container needs more; init containers that go on
 * count with the others. What the Pod says for itself comes first.
 */
export function podResources(pod: KubeObject): { readonly requests: ResourceList; readonly limits: ResourceList } {
  return { requests: podTotal(pod, 'requests'), limits: podTotal(pod, 'limits') };
}

function podTotal(pod: KubeObject, field: 'requests' | 'limits'): ResourceList {
  const of = (container: Json): ResourceList => resourceList(container, 'resources', field);
  let running = addResources(listAt(pod, 'spec', 'containers').map(of));
  let sidecars: ResourceList = {};
  let starting: ResourceList = {};
  for (const container of listAt(pod, 'spec', 'initContainers').filter(isObject)) {
    if (textAt(container, 'restartPolicy') === 'Always') {
      sidecars = addResources([sidecars, of(container)]);
      running = addResources([running, of(container)]);
      starting = mostOf(starting, sidecars);
    } else starting = mostOf(starting, addResources([sidecars, of(container)]));
  }
  const overhead = resourceList(pod, 'spec', 'overhead');
  const total = { ...mostOf(running, starting), ...resourceList(pod, 'spec', 'resources', field) };
  return Object.keys(total).length === 0 ? total : addResources([total, overhead]);
}
