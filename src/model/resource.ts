import { anything, flag, list, type Of, object, optional, record, text } from '../core/shape.ts';

const health = object({ status: optional(text), message: optional(text), lastTransitionTime: optional(text) });

const refFields = {
  group: optional(text),
  version: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  uid: optional(text),
};
const resourceRef = object(refFields);

export interface ResourceRef extends Of<typeof resourceRef> {}

const networkingInfo = object({
  targetLabels: optional(record(text)),
  targetRefs: optional(list(resourceRef)),
  labels: optional(record(text)),
  ingress: optional(list(anything)),
  externalURLs: optional(list(text)),
});

export interface NetworkingInfo extends Of<typeof networkingInfo> {}

const resourceNode = object({
  ...refFields,
  parentRefs: optional(list(resourceRef)),
  info: optional(
    list(
      object({
        name: optional(text),
        value: optional(text),
      }),
    ),
  ),
  networkingInfo: optional(networkingInfo),
  resourceVersion: optional(text),
  images: optional(list(text)),
  health: optional(health),
  createdAt: optional(text),
});

/** One node of the resource tree; without uid it is not live. */
export interface ResourceNode extends Of<typeof resourceNode> {}

export const applicationTree = object({
  nodes: optional(list(resourceNode)),
  orphanedNodes: optional(list(resourceNode)),
  hosts: optional(list(anything)),
  shardsCount: anything,
});

export interface ApplicationTree extends Of<typeof applicationTree> {}

export const managedResource = object({
  group: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  targetState: optional(text),
  liveState: optional(text),
  hook: optional(flag),
  normalizedLiveState: optional(text),
  predictedLiveState: optional(text),
  resourceVersion: optional(text),
  modified: optional(flag),
});

/** Target and live state of one managed resource; the states are JSON texts, 'null' for an absent side. */
export interface ManagedResource extends Of<typeof managedResource> {}
