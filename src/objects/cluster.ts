// The port through which everything above speaks to a Kubernetes cluster. src/kubernetes implements it over the REST
// API; nobody asks which cluster answers.

import type { Json } from '../core/json.ts';
import type { KubeObject } from './object.ts';

/** One kind of objects that a cluster serves. */
export interface ResourceType {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural of the REST path, 'deployments'. */
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface ObjectReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** '' or absent for what belongs to no namespace. */
  readonly namespace?: string;
  readonly name: string;
}

export interface TypeReference {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ListQuery {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

interface ObjectList {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
}

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

interface WatchQuery extends ListQuery {
  readonly resourceVersion?: string;
  readonly signal: AbortSignal;
}

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  /** Takes over fields that another manager owns (server-side apply). */
  readonly force?: boolean;
  /** 'status', 'scale', … */
  readonly subresource?: string;
  /** What becomes of fields that the type does not have: refused, or dropped without a word. */
  readonly fieldValidation?: 'Strict' | 'Ignore';
}

export interface DeleteOptions {
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
  /** Refuses (conflict) when the object is another one by now. */
  readonly uid?: string;
}

export type Patch =
  | { readonly type: 'json'; readonly body: readonly Json[] }
  | { readonly type: 'merge' | 'strategic' | 'apply'; readonly body: Json };

/**
 * Failures are HawserErrors: `not-found`, `already-exists`, `conflict` (409), `invalid` (400, 422), `not-allowed` (403),
 * `not-logged-in` (401), `unreachable`. Messages are the API server's own.
 */
export interface Cluster {
  /** What the cluster serves, preferred versions first; cached until `forget`. */
  types(): Promise<readonly ResourceType[]>;
  /** The type of a kind in its group and, if given, version; undefined when the cluster does not serve it. */
  type(group: string, kind: string, version?: string): Promise<ResourceType | undefined>;
  /** The same cluster, asked in the name of another user, with that user's rights. */
  as(user: string): Cluster;
  /** Drops what is known of the types: a custom kind was added. */
  forget(): void;
  /** 'v1.36.1'. */
  version(): Promise<string>;
  get(reference: ObjectReference): Promise<KubeObject | undefined>;
  list(type: TypeReference, query?: ListQuery): Promise<ObjectList>;
  /** Ends without error when the server closes it; throws `conflict` when the resource version is too old (410). */
  watch(type: TypeReference, query: WatchQuery): AsyncIterable<WatchEvent>;
  create(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  update(object: KubeObject, options?: WriteOptions): Promise<KubeObject>;
  patch(reference: ObjectReference, patch: Patch, options?: WriteOptions): Promise<KubeObject>;
  delete(reference: ObjectReference, options?: DeleteOptions): Promise<void>;
  /** The log of a Pod's container, a line at a time; `follow` keeps it open. */
  logs(pod: { readonly namespace: string; readonly name: string }, query: LogQuery): AsyncIterable<string>;
}

export interface LogQuery {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly signal?: AbortSignal;
}
