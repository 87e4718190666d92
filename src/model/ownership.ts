// Which applications own a resource.

import type { JsonObject } from '../core/json.ts';

export interface OwnedResource extends JsonObject {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** How the object in the cluster says whose it is; 'none' where it says nothing, 'absent' where there is no object. */
export type TrackingMethod = 'annotation' | 'label' | 'none' | 'absent' | 'unknown';

export interface Owner extends JsonObject {
  /** 'argocd/shop' */
  readonly application: string;
  readonly project: string;
  readonly resource: OwnedResource;
  /** The resource of the application that owns this one: 'Deployment/web'. '' where it is one itself. */
  readonly through: string;
  readonly sync: string;
  readonly health: string;
  readonly tracking: TrackingMethod;
  /** The application that the object names; '' where it names none. */
  readonly instance: string;
}

export interface Ownership {
  readonly owners: readonly Owner[];
  /** What does not fit together, a sentence each. */
  readonly contradictions: readonly string[];
}

export const labelOf = ({ kind, name }: { readonly kind?: string; readonly name?: string }): string =>
  `${kind}/${name}`;
