// Parts of a Pod that change through subresources of their own, and not with the rest of it.

import { isObject, type Json, listAt, objectAt, textAt } from '../core/json.ts';
import type { KubeObject } from '../objects/object.ts';
import type { Kind } from './kinds.ts';

type Part = (from: KubeObject, to: KubeObject) => KubeObject;

/** By subresource: a Pod with that part of another. */
const PARTS: Readonly<Record<string, Part>> = {
  ephemeralcontainers: (from, to) => withSpec(to, 'ephemeralContainers', objectAt(from, 'spec')['ephemeralContainers']),
  binding: (from, to) => withSpec(to, 'nodeName', objectAt(from, 'spec')['nodeName']),
  resize: (from, to) =>
    withSpec(
      to,
      'containers',
      listAt(to, 'spec', 'containers').map((container) => {
        const other = listAt(from, 'spec', 'containers').find(
          (one) => textAt(one, 'name') === textAt(container, 'name'),
        );
        const resources = isObject(other) ? other['resources'] : undefined;
        return isObject(container) && resources !== undefined ? { ...container, resources } : container;
      }),
    ),
};

function withSpec(pod: KubeObject, field: string, value: Json | undefined): KubeObject {
  const { [field]: _before, ...spec } = objectAt(pod, 'spec');
  return { ...pod, spec: value === undefined ? spec : { ...spec, [field]: value } };
}

/** A change through a subresource: the object with that part changed alone, and what the rest is compared with. */
export function changeOfPart(
  kind: Kind,
  subresource: string,
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
): { readonly after: KubeObject; readonly compared: KubeObject } {
  const part = kind.storage === '/pods' ? PARTS[subresource] : undefined;
  if (!part) return { after, compared: before };
  const changed = { ...part(after, before), metadata: after.metadata };
  return { after: changed, compared: part(changed, before) };
}
