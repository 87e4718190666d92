import { anything, flag, list, object, optional, record, type Shape, text } from '../core/shape.ts';
import type { Health } from './application.ts';

export interface ResourceRef {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
}

/** One node of the resource tree; without uid it is not live. */
export interface ResourceNode extends ResourceRef {
  readonly parentRefs?: readonly ResourceRef[];
  readonly info?: readonly { readonly name?: string; readonly value?: string }[];
  readonly networkingInfo?: NetworkingInfo;
  readonly resourceVersion?: string;
  readonly images?: readonly string[];
  readonly health?: Health;
  readonly createdAt?: string;
}

export interface NetworkingInfo {
  readonly targetLabels?: Readonly<Record<string, string>>;
  readonly targetRefs?: readonly ResourceRef[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly ingress?: readonly unknown[];
  readonly externalURLs?: readonly string[];
}

export interface ApplicationTree {
  readonly nodes?: readonly ResourceNode[];
  readonly orphanedNodes?: readonly ResourceNode[];
  readonly hosts?: readonly unknown[];
  readonly shardsCount?: unknown;
}

/** Target and live state of one managed resource; the states are JSON texts, 'null' for an absent side. */
export interface ManagedResource {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly targetState?: string;
  readonly liveState?: string;
  readonly hook?: boolean;
  readonly normalizedLiveState?: string;
  readonly predictedLiveState?: string;
  readonly resourceVersion?: string;
  readonly modified?: boolean;
}

const health = object<Health>({ status: optional(text), message: optional(text), lastTransitionTime: optional(text) });

const refFields = {
  group: optional(text),
  version: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  uid: optional(text),
};
const resourceRef: Shape<ResourceRef> = object<ResourceRef>(refFields);

const resourceNode: Shape<ResourceNode> = object<ResourceNode>({
  ...refFields,
  parentRefs: optional(list(resourceRef)),
  info: optional(
    list(
      object<{ readonly name?: string; readonly value?: string }>({
        name: optional(text),
        value: optional(text),
      }),
    ),
  ),
  networkingInfo: optional(
    object<NetworkingInfo>({
      targetLabels: optional(record(text)),
      targetRefs: optional(list(resourceRef)),
      labels: optional(record(text)),
      ingress: optional(list(anything)),
      externalURLs: optional(list(text)),
    }),
  ),
  resourceVersion: optional(text),
  images: optional(list(text)),
  health: optional(health),
  createdAt: optional(text),
});

export const applicationTree: Shape<ApplicationTree> = object<ApplicationTree>({
  nodes: optional(list(resourceNode)),
  orphanedNodes: optional(list(resourceNode)),
  hosts: optional(list(anything)),
  shardsCount: anything,
});

export const managedResource: Shape<ManagedResource> = object<ManagedResource>({
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
