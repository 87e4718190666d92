// Parts of a Pod that change through subresources of their own, and not with the rest of it.

import { isList, isObject, type Json, listAt, objectAt, textAt } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';

type Part = (from: KubeObject, to: KubeObject) => KubeObject;

/** By subresource: a Pod with that part of another. */
const PARTS: Readonly<Record<string, Part>> = {
  ephemeralcontainers: (from, to) => withSpec(to, 'ephemeralContainers', objectAt(from, 'spec')['ephemeralContainers']),
  binding: (from, to) => withSpec(to, 'nodeName', objectAt(from, 'spec')['nodeName']),
  resize: (from, to) => ['containers', 'initContainers'].reduce((pod, field) => withResources(from, pod, field), to),
};

function withResources(from: KubeObject, to: KubeObject, field: string): KubeObject {
  const containers = objectAt(to, 'spec')[field];
  if (!isList(containers)) return to;
  const resized = containers.map((container) => {
    const other = listAt(from, 'spec', field).find((one) => textAt(one, 'name') === textAt(container, 'name'));
    if (!isObject(container) || !isObject(other)) return container;
    const { resources, resizePolicy } = other;
    return {
      ...container,
      ...(resources === undefined ? {} : { resources }),
      ...(resizePolicy === undefined ? {} : { resizePolicy }),
    };
  });
  return withSpec(to, field, resized);
}

function withSpec(pod: KubeObject, field: string, value: Json | undefined): KubeObject {
  const { [field]: _before, ...spec } = objectAt(pod, 'spec');
  return { ...pod, spec: value === undefined ? spec : { ...spec, [field]: value } };
}

/** What a change through a subresource makes: the object with that part changed alone. */
export function changeOfPart(
  kind: Kind,
  subresource: string,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): KubeObject {
  const part = kind.storage === '/pods' ? PARTS[subresource] : undefined;
  if (!part) return after;
  // Binding also takes the labels and annotations of the Binding; the others leave the metadata alone.
  const { managedFields } = after.metadata;
  const owned = managedFields === undefined ? before.metadata : { ...before.metadata, managedFields };
  return { ...part(after, before), metadata: subresource === 'binding' ? after.metadata : owned };
}
