import { anything, flag, list, number, object, optional, type Shape, text } from '../core/shape.ts';
import {
  type Application,
  type ApplicationList,
  type ApplicationSpec,
  type ApplicationWatchEvent,
  application,
  applicationList,
  applicationSpec,
  applicationWatchEvent,
} from '../model/application.ts';
import {
  type RetryStrategy,
  retryStrategy,
  type SyncOperationResource,
  type SyncStrategy,
  syncOperationResource,
  syncStrategy,
} from '../model/operation.ts';
import { type SyncWindow, syncWindow } from '../model/project.ts';
import { type ApplicationTree, applicationTree, type ManagedResource, managedResource } from '../model/resource.ts';
import { type NamedValue, namedValue } from '../model/source.ts';
import type { Endpoint } from './endpoint.ts';

const APPLICATION = '/api/v1/applications/{name}';

/** One application: its bare name, and the namespace and project it is asked for in. */
export interface ApplicationTarget {
  readonly name: string;
  readonly appNamespace?: string | undefined;
  readonly project?: string | undefined;
}

const target = { name: text, appNamespace: optional(text), project: optional(text) };
const IN_PLACE = { appNamespace: 'text', project: 'text' } as const;
const empty: Shape<unknown> = anything;

export interface ListApplications {
  readonly name?: string | undefined;
  readonly projects?: readonly string[] | undefined;
  readonly selector?: string | undefined;
  readonly repo?: string | undefined;
  readonly appNamespace?: string | undefined;
  readonly resourceVersion?: string | undefined;
  /** 'items.metadata.name,items.spec,…': only these are sent. */
  readonly fields?: string | undefined;
}

const LIST_QUERY = {
  name: 'text',
  projects: 'texts',
  selector: 'text',
  repo: 'text',
  appNamespace: 'text',
  resourceVersion: 'text',
  fields: 'text',
} as const;

const listInput = object<ListApplications>({
  name: optional(text),
  projects: optional(list(text)),
  selector: optional(text),
  repo: optional(text),
  appNamespace: optional(text),
  resourceVersion: optional(text),
  fields: optional(text),
});

export const listApplications: Endpoint<ListApplications, ApplicationList> = {
  method: 'GET',
  path: '/api/v1/applications',
  query: LIST_QUERY,
  input: listInput,
  output: applicationList,
};

/** ADDED for each there is (unless a resource version is given without a name), then changes as they come. */
export const watchApplications: Endpoint<ListApplications, ApplicationWatchEvent> = {
  method: 'GET',
  path: '/api/v1/stream/applications',
  query: LIST_QUERY,
  input: listInput,
  output: applicationWatchEvent,
  stream: true,
};

export interface GetApplication extends ApplicationTarget {
  /** 'hard' drops the manifest cache too; anything else that is there is a normal refresh. Answers when it is done. */
  readonly refresh?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export const getApplication: Endpoint<GetApplication, Application> = {
  method: 'GET',
  path: APPLICATION,
  query: { refresh: 'text', resourceVersion: 'text', ...IN_PLACE },
  input: object<GetApplication>({ ...target, refresh: optional(text), resourceVersion: optional(text) }),
  output: application,
};

export interface CreateApplication {
  readonly application: Application;
  readonly upsert?: boolean | undefined;
  /** Absent means true. */
  readonly validate?: boolean | undefined;
}

export const createApplication: Endpoint<CreateApplication, Application> = {
  method: 'POST',
  path: '/api/v1/applications',
  query: { upsert: 'flag', validate: 'flag' },
  body: 'application',
  input: object<CreateApplication>({ application, upsert: optional(flag), validate: optional(flag) }),
  output: application,
};

export interface UpdateApplication {
  readonly 'application.metadata.name': string;
  readonly application: Application;
  readonly validate?: boolean | undefined;
  readonly project?: string | undefined;
}

export const updateApplication: Endpoint<UpdateApplication, Application> = {
  method: 'PUT',
  path: '/api/v1/applications/{application.metadata.name}',
  query: { validate: 'flag', project: 'text' },
  body: 'application',
  input: object<UpdateApplication>({
    'application.metadata.name': text,
    application,
    validate: optional(flag),
    project: optional(text),
  }),
  output: application,
};

export interface UpdateApplicationSpec extends ApplicationTarget {
  readonly spec: ApplicationSpec;
  readonly validate?: boolean | undefined;
}

export const updateApplicationSpec: Endpoint<UpdateApplicationSpec, ApplicationSpec> = {
  method: 'PUT',
  path: `${APPLICATION}/spec`,
  query: { validate: 'flag', ...IN_PLACE },
  body: 'spec',
  input: object<UpdateApplicationSpec>({ ...target, spec: applicationSpec, validate: optional(flag) }),
  output: applicationSpec,
};

export interface PatchApplication extends ApplicationTarget {
  readonly patch: string;
  /** 'merge' or 'json'; absent means json. */
  readonly patchType?: string | undefined;
}

export const patchApplication: Endpoint<PatchApplication, Application> = {
  method: 'PATCH',
  path: APPLICATION,
  body: '*',
  input: object<PatchApplication>({ ...target, patch: text, patchType: optional(text) }),
  output: application,
};

export interface DeleteApplication extends ApplicationTarget {
  /** Absent means true to a server: say it. */
  readonly cascade?: boolean | undefined;
  readonly propagationPolicy?: string | undefined;
}

export const deleteApplication: Endpoint<DeleteApplication, unknown> = {
  method: 'DELETE',
  path: APPLICATION,
  query: { cascade: 'flag', propagationPolicy: 'text', ...IN_PLACE },
  input: object<DeleteApplication>({ ...target, cascade: optional(flag), propagationPolicy: optional(text) }),
  output: empty,
};

export interface SyncApplication extends ApplicationTarget {
  readonly revision?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly prune?: boolean | undefined;
  readonly strategy?: SyncStrategy | undefined;
  readonly resources?: readonly SyncOperationResource[] | undefined;
  readonly manifests?: readonly string[] | undefined;
  readonly infos?: readonly NamedValue[] | undefined;
  readonly retryStrategy?: RetryStrategy | undefined;
  /** Replaces the spec's options where it is given. */
  readonly syncOptions?: { readonly items?: readonly string[] | undefined } | undefined;
  readonly sourcePositions?: readonly number[] | undefined;
  readonly revisions?: readonly string[] | undefined;
}

export const syncApplication: Endpoint<SyncApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/sync`,
  body: '*',
  input: object<SyncApplication>({
    ...target,
    revision: optional(text),
    dryRun: optional(flag),
    prune: optional(flag),
    strategy: optional(syncStrategy),
    resources: optional(list(syncOperationResource)),
    manifests: optional(list(text)),
    infos: optional(list(namedValue)),
    retryStrategy: optional(retryStrategy),
    syncOptions: optional(object<{ readonly items?: readonly string[] | undefined }>({ items: optional(list(text)) })),
    sourcePositions: optional(list(number)),
    revisions: optional(list(text)),
  }),
  output: application,
};

export interface RollbackApplication extends ApplicationTarget {
  /** Of `status.history`. */
  readonly id: number;
  readonly dryRun?: boolean | undefined;
  readonly prune?: boolean | undefined;
}

export const rollbackApplication: Endpoint<RollbackApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/rollback`,
  body: '*',
  input: object<RollbackApplication>({ ...target, id: number, dryRun: optional(flag), prune: optional(flag) }),
  output: application,
};

export const terminateOperation: Endpoint<ApplicationTarget, unknown> = {
  method: 'DELETE',
  path: `${APPLICATION}/operation`,
  query: IN_PLACE,
  input: object<ApplicationTarget>(target),
  output: empty,
};

export interface ApplicationResources {
  readonly applicationName: string;
  readonly appNamespace?: string | undefined;
  readonly project?: string | undefined;
  readonly group?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly fields?: string | undefined;
}

const RESOURCES_QUERY = {
  group: 'text',
  kind: 'text',
  namespace: 'text',
  name: 'text',
  fields: 'text',
  ...IN_PLACE,
} as const;
const resourcesInput = object<ApplicationResources>({
  applicationName: text,
  appNamespace: optional(text),
  project: optional(text),
  group: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  fields: optional(text),
});

export const managedResources: Endpoint<
  ApplicationResources,
  { readonly items?: readonly ManagedResource[] | undefined }
> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/managed-resources',
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: object<{ readonly items?: readonly ManagedResource[] | undefined }>({
    items: optional(list(managedResource)),
  }),
};

export const resourceTree: Endpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/resource-tree',
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: applicationTree,
};

export const watchResourceTree: Endpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/stream/applications/{applicationName}/resource-tree',
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: applicationTree,
  stream: true,
};

export interface GetManifests extends ApplicationTarget {
  readonly revision?: string | undefined;
  readonly sourcePositions?: readonly number[] | undefined;
  readonly revisions?: readonly string[] | undefined;
  readonly noCache?: boolean | undefined;
}

export interface RenderedManifests {
  /** JSON texts, Secrets masked. */
  readonly manifests?: readonly string[] | undefined;
  /** What the asked revision is. */
  readonly revision?: string | undefined;
}

export const getManifests: Endpoint<GetManifests, RenderedManifests> = {
  method: 'GET',
  path: `${APPLICATION}/manifests`,
  query: { revision: 'text', sourcePositions: 'numbers', revisions: 'texts', noCache: 'flag', ...IN_PLACE },
  input: object<GetManifests>({
    ...target,
    revision: optional(text),
    sourcePositions: optional(list(number)),
    revisions: optional(list(text)),
    noCache: optional(flag),
  }),
  output: object<RenderedManifests>({ manifests: optional(list(text)), revision: optional(text) }),
};

export interface RevisionQuery extends ApplicationTarget {
  readonly revision: string;
  /** Counted from 0. */
  readonly sourceIndex?: number | undefined;
  /** The id of the history entry whose sources are meant. */
  readonly versionId?: number | undefined;
}

const REVISION_QUERY = { sourceIndex: 'number', versionId: 'number', ...IN_PLACE } as const;
const revisionInput = object<RevisionQuery>({
  ...target,
  revision: text,
  sourceIndex: optional(number),
  versionId: optional(number),
});

export interface RevisionMetadata {
  readonly author?: string | undefined;
  readonly date?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly message?: string | undefined;
  readonly signatureInfo?: string | undefined;
}

export const revisionMetadata: Endpoint<RevisionQuery, RevisionMetadata> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/metadata`,
  query: REVISION_QUERY,
  input: revisionInput,
  output: object<RevisionMetadata>({
    author: optional(text),
    date: optional(text),
    tags: optional(list(text)),
    message: optional(text),
    signatureInfo: optional(text),
  }),
};

export interface ChartDetails {
  readonly description?: string | undefined;
  readonly home?: string | undefined;
  readonly maintainers?: readonly string[] | undefined;
}

export const chartDetails: Endpoint<RevisionQuery, ChartDetails> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/chartdetails`,
  query: REVISION_QUERY,
  input: revisionInput,
  output: object<ChartDetails>({
    description: optional(text),
    home: optional(text),
    maintainers: optional(list(text)),
  }),
};

export interface SyncWindows {
  readonly activeWindows?: readonly SyncWindow[] | undefined;
  readonly assignedWindows?: readonly SyncWindow[] | undefined;
  readonly canSync?: boolean | undefined;
}

export const syncWindows: Endpoint<ApplicationTarget, SyncWindows> = {
  method: 'GET',
  path: `${APPLICATION}/syncwindows`,
  query: IN_PLACE,
  input: object<ApplicationTarget>(target),
  output: object<SyncWindows>({
    activeWindows: optional(list(syncWindow)),
    assignedWindows: optional(list(syncWindow)),
    canSync: optional(flag),
  }),
};
