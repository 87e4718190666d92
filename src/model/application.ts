import { anything, flag, list, number, type Of, object, optional, record, text } from '../core/shape.ts';
import { managedNamespaceMetadata, operation, operationState, retryStrategy } from './operation.ts';
import { type ApplicationSource, applicationSource, namedValue } from './source.ts';

export const HEALTH_STATUSES = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

const destination = object({
  server: optional(text),
  namespace: optional(text),
  name: optional(text),
});

/** Exactly one of server and name. */
export interface ApplicationDestination extends Of<typeof destination> {}

const ignoreDifferences = object({
  group: optional(text),
  kind: text,
  name: optional(text),
  namespace: optional(text),
  jsonPointers: optional(list(text)),
  jqPathExpressions: optional(list(text)),
  managedFieldsManagers: optional(list(text)),
});

export interface ResourceIgnoreDifferences extends Of<typeof ignoreDifferences> {}

export const automatedPolicy = object({
  prune: optional(flag),
  selfHeal: optional(flag),
  allowEmpty: optional(flag),
  enabled: optional(flag),
});

/** Being there means on, unless `enabled` is false. */
export interface AutomatedPolicy extends Of<typeof automatedPolicy> {}

const syncPolicy = object({
  automated: optional(automatedPolicy),
  syncOptions: optional(list(text)),
  retry: optional(retryStrategy),
  managedNamespaceMetadata: optional(managedNamespaceMetadata),
});

export interface SyncPolicy extends Of<typeof syncPolicy> {}

export const applicationSpec = object({
  source: optional(applicationSource),
  destination,
  project: text,
  syncPolicy: optional(syncPolicy),
  ignoreDifferences: optional(list(ignoreDifferences)),
  info: optional(list(namedValue)),
  revisionHistoryLimit: optional(number),
  /** When not empty they win over `source`. */
  sources: optional(list(applicationSource)),
  sourceHydrator: anything,
});

export interface ApplicationSpec extends Of<typeof applicationSpec> {}

const health = object({ status: optional(text), message: optional(text), lastTransitionTime: optional(text) });

export interface Health extends Of<typeof health> {}

const resourceStatus = object({
  group: optional(text),
  version: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  /** Synced, OutOfSync, Unknown; absent on hooks. */
  status: optional(text),
  health: optional(health),
  hook: optional(flag),
  requiresPruning: optional(flag),
  syncWave: optional(number),
  requiresDeletionConfirmation: optional(flag),
});

export interface ResourceStatus extends Of<typeof resourceStatus> {}

const revisionHistory = object({
  revision: optional(text),
  deployedAt: text,
  id: number,
  source: optional(applicationSource),
  deployStartedAt: optional(text),
  sources: optional(list(applicationSource)),
  revisions: optional(list(text)),
  initiatedBy: optional(
    object({
      username: optional(text),
      automated: optional(flag),
    }),
  ),
});

/** One deployment: `id` is what rollback takes. */
export interface RevisionHistory extends Of<typeof revisionHistory> {}

const comparedTo = object({
  source: optional(applicationSource),
  destination: optional(destination),
  sources: optional(list(applicationSource)),
  ignoreDifferences: optional(list(ignoreDifferences)),
});

const syncStatus = object({
  /** Synced, OutOfSync, Unknown, or '' before the first comparison. */
  status: optional(text),
  comparedTo: optional(comparedTo),
  revision: optional(text),
  revisions: optional(list(text)),
});

const applicationCondition = object({ type: text, message: text, lastTransitionTime: optional(text) });

export interface ApplicationCondition extends Of<typeof applicationCondition> {}

const applicationSummary = object({
  externalURLs: optional(list(text)),
  images: optional(list(text)),
  isAppOfApps: optional(flag),
});

const applicationStatus = object({
  resources: optional(list(resourceStatus)),
  sync: optional(syncStatus),
  health: optional(health),
  history: optional(list(revisionHistory)),
  conditions: optional(list(applicationCondition)),
  reconciledAt: optional(text),
  operationState: optional(operationState),
  observedAt: optional(text),
  sourceType: optional(text),
  summary: optional(applicationSummary),
  resourceHealthSource: optional(text),
  sourceTypes: optional(list(text)),
  controllerNamespace: optional(text),
  sourceHydrator: anything,
});

export interface ApplicationStatus extends Of<typeof applicationStatus> {}

export const applicationMeta = object({
  name: text,
  namespace: optional(text),
  uid: optional(text),
  resourceVersion: optional(text),
  generation: optional(number),
  creationTimestamp: optional(text),
  deletionTimestamp: optional(text),
  labels: optional(record(text)),
  annotations: optional(record(text)),
  finalizers: optional(list(text)),
  ownerReferences: optional(list(anything)),
});

export const application = object({
  metadata: applicationMeta,
  spec: applicationSpec,
  status: optional(applicationStatus),
  operation: optional(operation),
});

/** An Application as the API speaks of it: without apiVersion and kind. */
export interface Application extends Of<typeof application> {}

export const applicationList = object({
  items: optional(list(application)),
  metadata: optional(object({ resourceVersion: optional(text) })),
});

export interface ApplicationList extends Of<typeof applicationList> {}

export const applicationWatchEvent = object({
  type: text,
  application,
});

export interface ApplicationWatchEvent extends Of<typeof applicationWatchEvent> {}

/** The sources that count: `sources` when there are any, else the one `source`. */
export function sourcesOf(spec: ApplicationSpec): readonly ApplicationSource[] {
  if (spec.sources && spec.sources.length > 0) return spec.sources;
  return spec.source ? [spec.source] : [];
}

export function hasMultipleSources(spec: ApplicationSpec): boolean {
  return (spec.sources?.length ?? 0) > 0;
}

export function isAutomated(spec: ApplicationSpec): boolean {
  const automated = spec.syncPolicy?.automated;
  return automated !== undefined && automated !== null && automated.enabled !== false;
}

/** 'argocd/guestbook', as lists and `-o name` print it. */
export function qualifiedName(app: Application): string {
  return app.metadata.namespace ? `${app.metadata.namespace}/${app.metadata.name}` : app.metadata.name;
}
