// Parts of a Pod that change through subresources of their own, and not with the rest of it.

import { type Json, listAt, objectAt, textAt } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';

type Part = (from: KubeObject, to: KubeObject) => KubeObject;

/** By subresource: a Pod with that part of another. */
const PARTS: Readonly<Record<string, Part>> = {
  ephemeralcontainers: (from, to) => withSpec(to, 'ephemeralContainers', objectAt(from, 'spec')['ephemeralContainers']),
  resize: (from, to) =>
    ['containers', 'initContainers'].reduce(
      (pod, field) => withResources(from, pod, field),
      withSpec(to, 'resources', objectAt(from, 'spec')['resources']),
    ),
};

const RESIZED = ['resources', 'resizePolicy'];

/** Other containers than there are stay, for validation to refuse. */
function withResources(from: KubeObject, to: KubeObject, field: string): KubeObject {
  const [given, own] = [listAt(from, 'spec', field), listAt(to, 'spec', field)];
  const isSame = (one: Json, index: number): boolean => textAt(one, 'name') === textAt(given[index], 'name');
  if (given.length !== own.length || !own.every(isSame)) return withSpec(to, field, given);
  if (own.length === 0) return to;
  const resized = own.map((container, index) => {
    const kept = Object.entries(objectAt(container)).filter(([name]) => !RESIZED.includes(name));
    const taken = Object.entries(objectAt(given[index])).filter(([name]) => RESIZED.includes(name));
    return Object.fromEntries([...kept, ...taken]);
  });
  return withSpec(to, field, resized);
}

function withSpec(pod: KubeObject, field: string, value: Json | undefined): KubeObject {
  const { [field]: _before, ...spec } = objectAt(pod, 'spec');
  return { ...pod, spec: value === undefined ? spec : { ...spec, [field]: value } };
}

/** Whether a change through a subresource is one of a part: who sends the rest is known as its owner, and it stays. */
export const changesPart = (kind: Kind, subresource: string): boolean =>
  kind.storage === '/pods' && PARTS[subresource] !== undefined;

/** What a change through a subresource makes: the object with that part changed alone. */
export function changeOfPart(
  kind: Kind,
  subresource: string,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): KubeObject {
  const part = kind.storage === '/pods' ? PARTS[subresource] : undefined;
  if (!part) return after;
  // The rest of the metadata stays.
  const { managedFields } = after.metadata;
  const owned = managedFields === undefined ? before.metadata : { ...before.metadata, managedFields };
  return { ...part(after, before), metadata: owned };
}

/** A Pod of which a condition is true now: it takes the place of one that there was of its type. */
interface TrueCondition {
  readonly type: string;
  readonly reason?: string;
  readonly message?: string;
  readonly observedGeneration?: number;
}

export function withTrueCondition(pod: KubeObject, time: string, { type, ...why }: TrueCondition): KubeObject {
  const conditions = listAt(pod, 'status', 'conditions');
  const before = conditions.find((entry) => textAt(entry, 'type') === type);
  const since = textAt(before, 'status') === 'True' ? textAt(before, 'lastTransitionTime') : time;
  const next = { type, status: 'True', lastProbeTime: null, lastTransitionTime: since, ...why };
  const all = before ? conditions.map((entry) => (entry === before ? next : entry)) : [...conditions, next];
  return { ...pod, status: { ...objectAt(pod, 'status'), conditions: all } };
}
