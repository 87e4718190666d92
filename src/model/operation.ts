import { flag, list, number, object, oneOf, optional, record, type Shape, text } from '../core/shape.ts';
import { type ApplicationSource, applicationSource, type NamedValue, namedValue } from './source.ts';

export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
export const OPERATION_PHASES = ['Running', 'Terminating', 'Succeeded', 'Failed', 'Error'] as const;

/** A request to run something, at the top level of an Application. */
export interface Operation {
  readonly sync?: SyncOperation;
  readonly initiatedBy?: OperationInitiator;
  readonly info?: readonly NamedValue[];
  readonly retry?: RetryStrategy;
}

export interface SyncOperation {
  readonly revision?: string;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
  readonly syncStrategy?: SyncStrategy;
  readonly resources?: readonly SyncOperationResource[];
  readonly source?: ApplicationSource;
  readonly manifests?: readonly string[];
  readonly syncOptions?: readonly string[];
  readonly sources?: readonly ApplicationSource[];
  readonly revisions?: readonly string[];
  readonly autoHealAttemptsCount?: number;
}

/** Neither of them means hook. */
export interface SyncStrategy {
  readonly apply?: { readonly force?: boolean };
  readonly hook?: { readonly force?: boolean };
}

export interface SyncOperationResource {
  readonly group?: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface OperationInitiator {
  readonly username?: string;
  readonly automated?: boolean;
}

export interface RetryStrategy {
  /** Below 0: without end. */
  readonly limit?: number;
  readonly backoff?: Backoff;
  readonly refresh?: boolean;
}

export interface Backoff {
  readonly duration?: string;
  readonly factor?: number;
  readonly maxDuration?: string;
}

export interface OperationState {
  /** Absent only where a list was asked for less. */
  readonly operation?: Operation;
  readonly phase: OperationPhase;
  readonly message?: string;
  readonly syncResult?: SyncOperationResult;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly retryCount?: number;
}

export interface SyncOperationResult {
  readonly resources?: readonly ResourceResult[];
  readonly revision?: string;
  readonly source?: ApplicationSource;
  readonly sources?: readonly ApplicationSource[];
  readonly revisions?: readonly string[];
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata;
}

/** Labels and annotations of the namespace that an application makes for itself. */
export interface ManagedNamespaceMetadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export const managedNamespaceMetadata: Shape<ManagedNamespaceMetadata> = object<ManagedNamespaceMetadata>({
  labels: optional(record(text)),
  annotations: optional(record(text)),
});

/** What became of one resource in an operation. */
export interface ResourceResult {
  readonly group?: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Synced, SyncFailed, Pruned, PruneSkipped, or '' while it runs. */
  readonly status?: string;
  readonly message?: string;
  readonly hookType?: string;
  readonly hookPhase?: string;
  readonly syncPhase?: string;
  readonly images?: readonly string[];
}

const backoff = object<Backoff>({ duration: optional(text), factor: optional(number), maxDuration: optional(text) });
export const retryStrategy: Shape<RetryStrategy> = object<RetryStrategy>({
  limit: optional(number),
  backoff: optional(backoff),
  refresh: optional(flag),
});

const forced = object<{ readonly force?: boolean }>({ force: optional(flag) });
export const syncStrategy: Shape<SyncStrategy> = object<SyncStrategy>({
  apply: optional(forced),
  hook: optional(forced),
});

export const syncOperationResource: Shape<SyncOperationResource> = object<SyncOperationResource>({
  group: optional(text),
  kind: text,
  name: text,
  namespace: optional(text),
});

export const operation: Shape<Operation> = object<Operation>({
  sync: optional(
    object<SyncOperation>({
      revision: optional(text),
      prune: optional(flag),
      dryRun: optional(flag),
      syncStrategy: optional(syncStrategy),
      resources: optional(list(syncOperationResource)),
      source: optional(applicationSource),
      manifests: optional(list(text)),
      syncOptions: optional(list(text)),
      sources: optional(list(applicationSource)),
      revisions: optional(list(text)),
      autoHealAttemptsCount: optional(number),
    }),
  ),
  initiatedBy: optional(object<OperationInitiator>({ username: optional(text), automated: optional(flag) })),
  info: optional(list(namedValue)),
  retry: optional(retryStrategy),
});

const resourceResult = object<ResourceResult>({
  group: optional(text),
  version: text,
  kind: text,
  namespace: text,
  name: text,
  status: optional(text),
  message: optional(text),
  hookType: optional(text),
  hookPhase: optional(text),
  syncPhase: optional(text),
  images: optional(list(text)),
});

export const operationState: Shape<OperationState> = object<OperationState>({
  operation: optional(operation),
  phase: oneOf(...OPERATION_PHASES),
  message: optional(text),
  syncResult: optional(
    object<SyncOperationResult>({
      resources: optional(list(resourceResult)),
      revision: optional(text),
      source: optional(applicationSource),
      sources: optional(list(applicationSource)),
      revisions: optional(list(text)),
      managedNamespaceMetadata: optional(managedNamespaceMetadata),
    }),
  ),
  startedAt: optional(text),
  finishedAt: optional(text),
  retryCount: optional(number),
});
