import { anything, flag, list, number, object, optional, record, type Shape, text } from '../core/shape.ts';
import {
  type ManagedNamespaceMetadata,
  managedNamespaceMetadata,
  type Operation,
  type OperationState,
  operation,
  operationState,
  type RetryStrategy,
  retryStrategy,
} from './operation.ts';
import { type ApplicationSource, applicationSource, type NamedValue, namedValue } from './source.ts';

export const HEALTH_STATUSES = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** An Application as the API speaks of it: without apiVersion and kind. */
export interface Application {
  readonly metadata: ApplicationMeta;
  readonly spec: ApplicationSpec;
  readonly status?: ApplicationStatus | undefined;
  readonly operation?: Operation | undefined;
}

export interface ApplicationMeta {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly generation?: number | undefined;
  readonly creationTimestamp?: string | undefined;
  readonly deletionTimestamp?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly finalizers?: readonly string[] | undefined;
  readonly ownerReferences?: readonly unknown[] | undefined;
}

export interface ApplicationSpec {
  readonly source?: ApplicationSource | undefined;
  readonly destination: ApplicationDestination;
  readonly project: string;
  readonly syncPolicy?: SyncPolicy | undefined;
  readonly ignoreDifferences?: readonly ResourceIgnoreDifferences[] | undefined;
  readonly info?: readonly NamedValue[] | undefined;
  readonly revisionHistoryLimit?: number | undefined;
  /** When not empty they win over `source`. */
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly sourceHydrator?: unknown;
}

/** Exactly one of server and name. */
export interface ApplicationDestination {
  readonly server?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

export interface SyncPolicy {
  readonly automated?: AutomatedPolicy | undefined;
  readonly syncOptions?: readonly string[] | undefined;
  readonly retry?: RetryStrategy | undefined;
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata | undefined;
}

/** Being there means on, unless `enabled` is false. */
export interface AutomatedPolicy {
  readonly prune?: boolean | undefined;
  readonly selfHeal?: boolean | undefined;
  readonly allowEmpty?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

export interface ResourceIgnoreDifferences {
  readonly group?: string | undefined;
  readonly kind: string;
  readonly name?: string | undefined;
  readonly namespace?: string | undefined;
  readonly jsonPointers?: readonly string[] | undefined;
  readonly jqPathExpressions?: readonly string[] | undefined;
  readonly managedFieldsManagers?: readonly string[] | undefined;
}

export interface ApplicationStatus {
  readonly resources?: readonly ResourceStatus[] | undefined;
  readonly sync?: SyncStatus | undefined;
  readonly health?: Health | undefined;
  readonly history?: readonly RevisionHistory[] | undefined;
  readonly conditions?: readonly ApplicationCondition[] | undefined;
  readonly reconciledAt?: string | undefined;
  readonly operationState?: OperationState | undefined;
  readonly observedAt?: string | undefined;
  readonly sourceType?: string | undefined;
  readonly summary?: ApplicationSummary | undefined;
  readonly resourceHealthSource?: string | undefined;
  readonly sourceTypes?: readonly string[] | undefined;
  readonly controllerNamespace?: string | undefined;
  readonly sourceHydrator?: unknown;
}

export interface SyncStatus {
  /** Synced, OutOfSync, Unknown, or '' before the first comparison. */
  readonly status?: string | undefined;
  readonly comparedTo?: ComparedTo | undefined;
  readonly revision?: string | undefined;
  readonly revisions?: readonly string[] | undefined;
}

export interface ComparedTo {
  readonly source?: ApplicationSource | undefined;
  readonly destination?: ApplicationDestination | undefined;
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly ignoreDifferences?: readonly ResourceIgnoreDifferences[] | undefined;
}

export interface Health {
  readonly status?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export interface ResourceStatus {
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** Synced, OutOfSync, Unknown; absent on hooks. */
  readonly status?: string | undefined;
  readonly health?: Health | undefined;
  readonly hook?: boolean | undefined;
  readonly requiresPruning?: boolean | undefined;
  readonly syncWave?: number | undefined;
  readonly requiresDeletionConfirmation?: boolean | undefined;
}

/** One deployment: `id` is what rollback takes. */
export interface RevisionHistory {
  readonly revision?: string | undefined;
  readonly deployedAt: string;
  readonly id: number;
  readonly source?: ApplicationSource | undefined;
  readonly deployStartedAt?: string | undefined;
  readonly sources?: readonly ApplicationSource[] | undefined;
  readonly revisions?: readonly string[] | undefined;
  readonly initiatedBy?:
    | { readonly username?: string | undefined; readonly automated?: boolean | undefined }
    | undefined;
}

export interface ApplicationCondition {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionTime?: string | undefined;
}

export interface ApplicationSummary {
  readonly externalURLs?: readonly string[] | undefined;
  readonly images?: readonly string[] | undefined;
  readonly isAppOfApps?: boolean | undefined;
}

export interface ApplicationList {
  readonly items?: readonly Application[] | undefined;
  readonly metadata?: { readonly resourceVersion?: string | undefined } | undefined;
}

export interface ApplicationWatchEvent {
  readonly type: string;
  readonly application: Application;
}

const destination = object<ApplicationDestination>({
  server: optional(text),
  namespace: optional(text),
  name: optional(text),
});

const ignoreDifferences = object<ResourceIgnoreDifferences>({
  group: optional(text),
  kind: text,
  name: optional(text),
  namespace: optional(text),
  jsonPointers: optional(list(text)),
  jqPathExpressions: optional(list(text)),
  managedFieldsManagers: optional(list(text)),
});

const syncPolicy: Shape<SyncPolicy> = object<SyncPolicy>({
  automated: optional(
    object<AutomatedPolicy>({
      prune: optional(flag),
      selfHeal: optional(flag),
      allowEmpty: optional(flag),
      enabled: optional(flag),
    }),
  ),
  syncOptions: optional(list(text)),
  retry: optional(retryStrategy),
  managedNamespaceMetadata: optional(managedNamespaceMetadata),
});

export const applicationSpec: Shape<ApplicationSpec> = object<ApplicationSpec>({
  source: optional(applicationSource),
  destination,
  project: text,
  syncPolicy: optional(syncPolicy),
  ignoreDifferences: optional(list(ignoreDifferences)),
  info: optional(list(namedValue)),
  revisionHistoryLimit: optional(number),
  sources: optional(list(applicationSource)),
  sourceHydrator: anything,
});

const health = object<Health>({ status: optional(text), message: optional(text), lastTransitionTime: optional(text) });

const resourceStatus = object<ResourceStatus>({
  group: optional(text),
  version: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  status: optional(text),
  health: optional(health),
  hook: optional(flag),
  requiresPruning: optional(flag),
  syncWave: optional(number),
  requiresDeletionConfirmation: optional(flag),
});

const revisionHistory = object<RevisionHistory>({
  revision: optional(text),
  deployedAt: text,
  id: number,
  source: optional(applicationSource),
  deployStartedAt: optional(text),
  sources: optional(list(applicationSource)),
  revisions: optional(list(text)),
  initiatedBy: optional(
    object<{ readonly username?: string | undefined; readonly automated?: boolean | undefined }>({
      username: optional(text),
      automated: optional(flag),
    }),
  ),
});

const comparedTo = object<ComparedTo>({
  source: optional(applicationSource),
  destination: optional(destination),
  sources: optional(list(applicationSource)),
  ignoreDifferences: optional(list(ignoreDifferences)),
});

const applicationStatus: Shape<ApplicationStatus> = object<ApplicationStatus>({
  resources: optional(list(resourceStatus)),
  sync: optional(
    object<SyncStatus>({
      status: optional(text),
      comparedTo: optional(comparedTo),
      revision: optional(text),
      revisions: optional(list(text)),
    }),
  ),
  health: optional(health),
  history: optional(list(revisionHistory)),
  conditions: optional(
    list(object<ApplicationCondition>({ type: text, message: text, lastTransitionTime: optional(text) })),
  ),
  reconciledAt: optional(text),
  operationState: optional(operationState),
  observedAt: optional(text),
  sourceType: optional(text),
  summary: optional(
    object<ApplicationSummary>({
      externalURLs: optional(list(text)),
      images: optional(list(text)),
      isAppOfApps: optional(flag),
    }),
  ),
  resourceHealthSource: optional(text),
  sourceTypes: optional(list(text)),
  controllerNamespace: optional(text),
  sourceHydrator: anything,
});

export const applicationMeta: Shape<ApplicationMeta> = object<ApplicationMeta>({
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

export const application: Shape<Application> = object<Application>({
  metadata: applicationMeta,
  spec: applicationSpec,
  status: optional(applicationStatus),
  operation: optional(operation),
});

export const applicationList: Shape<ApplicationList> = object<ApplicationList>({
  items: optional(list(application)),
  metadata: optional(object<{ readonly resourceVersion?: string | undefined }>({ resourceVersion: optional(text) })),
});

export const applicationWatchEvent: Shape<ApplicationWatchEvent> = object<ApplicationWatchEvent>({
  type: text,
  application,
});

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
