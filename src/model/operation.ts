import { flag, list, number, type Of, object, oneOf, optional, record, text } from '../core/shape.ts';
import { applicationSource, namedValue } from './source.ts';

export type OperationPhase = 'Running' | 'Terminating' | 'Succeeded' | 'Failed' | 'Error';
export const OPERATION_PHASES = ['Running', 'Terminating', 'Succeeded', 'Failed', 'Error'] as const;

/** Labels and annotations of the namespace that an application makes for itself. */
export const managedNamespaceMetadata = object({
  labels: optional(record(text)),
  annotations: optional(record(text)),
});

const backoff = object({ duration: optional(text), factor: optional(number), maxDuration: optional(text) });

export const retryStrategy = object({
  /** Below 0: without end. */
  limit: optional(number),
  backoff: optional(backoff),
  refresh: optional(flag),
});

export interface RetryStrategy extends Of<typeof retryStrategy> {}

const forced = object({ force: optional(flag) });
export const syncStrategy = object({
  apply: optional(forced),
  hook: optional(forced),
});

/** Neither of them means hook. */
export interface SyncStrategy extends Of<typeof syncStrategy> {}

export const syncOperationResource = object({
  group: optional(text),
  kind: text,
  name: text,
  namespace: optional(text),
});

export interface SyncOperationResource extends Of<typeof syncOperationResource> {}

const syncOperation = object({
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
});

export interface SyncOperation extends Of<typeof syncOperation> {}

const operationInitiator = object({ username: optional(text), automated: optional(flag) });

export const operation = object({
  sync: optional(syncOperation),
  initiatedBy: optional(operationInitiator),
  info: optional(list(namedValue)),
  retry: optional(retryStrategy),
});

/** A request to run something, at the top level of an Application. */
export interface Operation extends Of<typeof operation> {}

const resourceResult = object({
  group: optional(text),
  version: text,
  kind: text,
  namespace: text,
  name: text,
  /** Synced, SyncFailed, Pruned, PruneSkipped, or '' while it runs. */
  status: optional(text),
  message: optional(text),
  hookType: optional(text),
  hookPhase: optional(text),
  syncPhase: optional(text),
  images: optional(list(text)),
});

/** What became of one resource in an operation. */
export interface ResourceResult extends Of<typeof resourceResult> {}

const syncOperationResult = object({
  resources: optional(list(resourceResult)),
  revision: optional(text),
  source: optional(applicationSource),
  sources: optional(list(applicationSource)),
  revisions: optional(list(text)),
  managedNamespaceMetadata: optional(managedNamespaceMetadata),
});

export const operationState = object({
  /** Absent only where a list was asked for less. */
  operation: optional(operation),
  phase: oneOf(...OPERATION_PHASES),
  message: optional(text),
  syncResult: optional(syncOperationResult),
  startedAt: optional(text),
  finishedAt: optional(text),
  retryCount: optional(number),
});

export interface OperationState extends Of<typeof operationState> {}
