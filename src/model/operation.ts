import { flag, list, number, object, oneOf, optional, record, type Shape, text } from '../core/shape.ts';
import { type ApplicationSource, applicationSource, type NamedValue, namedValue } from './source.ts';

export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
export const OPERATION_PHASES = ['Running', 'Terminating', 'Succeeded', 'Failed', 'Error'] as const;

/** A request to run something, at the top level of an Application. */
export interface Operation {
  readonly sync?: SyncOperation | undefined;
  readonly initiatedBy?: OperationInitiator | undefined;
  readonly info?: readonly NamedValue[] | undefined;
  readonly retry?: RetryStrategy | undefined;
}

export interface SyncOperation {
  readonly revision?: string | undefined;
  readonly prune?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly syncStrategy?: SyncStrategy | undefined;
  readonly resources?: readonly SyncOperationResource[] | undefined;
  readonly source?: ApplicationSource | undefined;
  readonly manifests?: readonly string[] | undefined;
  readonly syncOptions?: readonly string[] | undefined;
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly revisions?: readonly string[] | undefined;
  readonly autoHealAttemptsCount?: number | undefined;
}

/** Neither of them means hook. */
export interface SyncStrategy {
  readonly apply?: { readonly force?: boolean | undefined } | undefined;
  readonly hook?: { readonly force?: boolean | undefined } | undefined;
}

export interface SyncOperationResource {
  readonly group?: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
}

export interface OperationInitiator {
  readonly username?: string | undefined;
  readonly automated?: boolean | undefined;
}

export interface RetryStrategy {
  /** Below 0: without end. */
  readonly limit?: number | undefined;
  readonly backoff?: Backoff | undefined;
  readonly refresh?: boolean | undefined;
}

export interface Backoff {
  readonly duration?: string | undefined;
  readonly factor?: number | undefined;
  readonly maxDuration?: string | undefined;
}

export interface OperationState {
  /** Absent only where a list was asked for less. */
  readonly operation?: Operation | undefined;
  readonly phase: OperationPhase;
  readonly message?: string | undefined;
  readonly syncResult?: SyncOperationResult | undefined;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly retryCount?: number | undefined;
}

export interface SyncOperationResult {
  readonly resources?: readonly ResourceResult[] | undefined;
  readonly revision?: string | undefined;
  readonly source?: ApplicationSource | undefined;
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly revisions?: readonly string[] | undefined;
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata | undefined;
}

/** Labels and annotations of the namespace that an application makes for itself. */
export interface ManagedNamespaceMetadata {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

export const managedNamespaceMetadata: Shape<ManagedNamespaceMetadata> = object<ManagedNamespaceMetadata>({
  labels: optional(record(text)),
  annotations: optional(record(text)),
});

/** What became of one resource in an operation. */
export interface ResourceResult {
  readonly group?: string | undefined;
  readonly version: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Synced, SyncFailed, Pruned, PruneSkipped, or '' while it runs. */
  readonly status?: string | undefined;
  readonly message?: string | undefined;
  readonly hookType?: string | undefined;
  readonly hookPhase?: string | undefined;
  readonly syncPhase?: string | undefined;
  readonly images?: readonly string[] | undefined;
}

const backoff = object<Backoff>({ duration: optional(text), factor: optional(number), maxDuration: optional(text) });
export const retryStrategy: Shape<RetryStrategy> = object<RetryStrategy>({
  limit: optional(number),
  backoff: optional(backoff),
  refresh: optional(flag),
});

const forced = object<{ readonly force?: boolean | undefined }>({ force: optional(flag) });
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
