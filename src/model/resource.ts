import { anything, flag, list, object, optional, record, type Shape, text } from '../core/shape.ts';
import type { Health } from './application.ts';

export interface ResourceRef {
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
}

/** One node of the resource tree; without uid it is not live. */
export interface ResourceNode extends ResourceRef {
  readonly parentRefs?: readonly ResourceRef[] | undefined;
  readonly info?: readonly { readonly name?: string | undefined; readonly value?: string | undefined }[] | undefined;
  readonly networkingInfo?: NetworkingInfo | undefined;
  readonly resourceVersion?: string | undefined;
  readonly images?: readonly string[] | undefined;
  readonly health?: Health | undefined;
  readonly createdAt?: string | undefined;
}

export interface NetworkingInfo {
  readonly targetLabels?: Readonly<Record<string, string>> | undefined;
  readonly targetRefs?: readonly ResourceRef[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly ingress?: readonly unknown[] | undefined;
  readonly externalURLs?: readonly string[] | undefined;
}

export interface ApplicationTree {
  readonly nodes?: readonly ResourceNode[] | undefined;
  readonly orphanedNodes?: readonly ResourceNode[] | undefined;
  readonly hosts?: readonly unknown[] | undefined;
  readonly shardsCount?: unknown;
}

/** Target and live state of one managed resource; the states are JSON texts, 'null' for an absent side. */
export interface ManagedResource {
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly targetState?: string | undefined;
  readonly liveState?: string | undefined;
  readonly hook?: boolean | undefined;
  readonly normalizedLiveState?: string | undefined;
  readonly predictedLiveState?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly modified?: boolean | undefined;
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
      object<{ readonly name?: string | undefined; readonly value?: string | undefined }>({
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
