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
  readonly status?: ApplicationStatus;
  readonly operation?: Operation;
}

export interface ApplicationMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly unknown[];
}

export interface ApplicationSpec {
  readonly source?: ApplicationSource;
  readonly destination: ApplicationDestination;
  readonly project: string;
  readonly syncPolicy?: SyncPolicy;
  readonly ignoreDifferences?: readonly ResourceIgnoreDifferences[];
  readonly info?: readonly NamedValue[];
  readonly revisionHistoryLimit?: number;
  /** When not empty they win over `source`. */
  readonly sources?: readonly ApplicationSource[];
  readonly sourceHydrator?: unknown;
}

/** Exactly one of server and name. */
export interface ApplicationDestination {
  readonly server?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface SyncPolicy {
  readonly automated?: AutomatedPolicy;
  readonly syncOptions?: readonly string[];
  readonly retry?: RetryStrategy;
  readonly managedNamespaceMetadata?: ManagedNamespaceMetadata;
}

/** Being there means on, unless `enabled` is false. */
export interface AutomatedPolicy {
  readonly prune?: boolean;
  readonly selfHeal?: boolean;
  readonly allowEmpty?: boolean;
  readonly enabled?: boolean;
}

export interface ResourceIgnoreDifferences {
  readonly group?: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
  readonly managedFieldsManagers?: readonly string[];
}

export interface ApplicationStatus {
  readonly resources?: readonly ResourceStatus[];
  readonly sync?: SyncStatus;
  readonly health?: Health;
  readonly history?: readonly RevisionHistory[];
  readonly conditions?: readonly ApplicationCondition[];
  readonly reconciledAt?: string;
  readonly operationState?: OperationState;
  readonly observedAt?: string;
  readonly sourceType?: string;
  readonly summary?: ApplicationSummary;
  readonly resourceHealthSource?: string;
  readonly sourceTypes?: readonly string[];
  readonly controllerNamespace?: string;
  readonly sourceHydrator?: unknown;
}

export interface SyncStatus {
  /** Synced, OutOfSync, Unknown, or '' before the first comparison. */
  readonly status?: string;
  readonly comparedTo?: ComparedTo;
  readonly revision?: string;
  readonly revisions?: readonly string[];
}

export interface ComparedTo {
  readonly source?: ApplicationSource;
  readonly destination?: ApplicationDestination;
  readonly sources?: readonly ApplicationSource[];
  readonly ignoreDifferences?: readonly ResourceIgnoreDifferences[];
}

export interface Health {
  readonly status?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface ResourceStatus {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Synced, OutOfSync, Unknown; absent on hooks. */
  readonly status?: string;
  readonly health?: Health;
  readonly hook?: boolean;
  readonly requiresPruning?: boolean;
  readonly syncWave?: number;
  readonly requiresDeletionConfirmation?: boolean;
}

/** One deployment: `id` is what rollback takes. */
export interface RevisionHistory {
  readonly revision?: string;
  readonly deployedAt: string;
  readonly id: number;
  readonly source?: ApplicationSource;
  readonly deployStartedAt?: string;
  readonly sources?: readonly ApplicationSource[];
  readonly revisions?: readonly string[];
  readonly initiatedBy?: { readonly username?: string; readonly automated?: boolean } | undefined;
}

export interface ApplicationCondition {
  readonly type: string;
  readonly message: string;
  readonly lastTransitionTime?: string;
}

export interface ApplicationSummary {
  readonly externalURLs?: readonly string[];
  readonly images?: readonly string[];
  readonly isAppOfApps?: boolean;
}

export interface ApplicationList {
  readonly items?: readonly Application[];
  readonly metadata?: { readonly resourceVersion?: string };
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
    object<{ readonly username?: string; readonly automated?: boolean }>({
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
  metadata: optional(object<{ readonly resourceVersion?: string }>({ resourceVersion: optional(text) })),
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
