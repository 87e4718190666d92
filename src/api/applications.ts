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
import type { ApplicationEndpoint, Endpoint } from './endpoint.ts';
import { type ApplicationTarget, onApplication, onOwner, rbacName } from './rights.ts';

export type { ApplicationTarget };

const APPLICATION = '/api/v1/applications/{name}';

const target = { name: text, appNamespace: optional(text), project: optional(text) };
const IN_PLACE = { appNamespace: 'text', project: 'text' } as const;
const empty: Shape<unknown> = anything;

export interface ListApplications {
  readonly name?: string;
  readonly projects?: readonly string[];
  readonly selector?: string;
  readonly repo?: string;
  readonly appNamespace?: string;
  readonly resourceVersion?: string;
  /** 'items.metadata.name,items.spec,…': only these are sent. */
  readonly fields?: string;
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
  right: { items: 'applications' },
  query: LIST_QUERY,
  input: listInput,
  output: applicationList,
};

/** ADDED for each there is (unless a resource version is given without a name), then changes as they come. */
export const watchApplications: Endpoint<ListApplications, ApplicationWatchEvent> = {
  method: 'GET',
  path: '/api/v1/stream/applications',
  right: { items: 'applications' },
  query: LIST_QUERY,
  input: listInput,
  output: applicationWatchEvent,
  stream: true,
};

export interface GetApplication extends ApplicationTarget {
  /** 'hard' drops the manifest cache too; anything else that is there is a normal refresh. Answers when it is done. */
  readonly refresh?: string;
  readonly resourceVersion?: string;
}

export const getApplication: ApplicationEndpoint<GetApplication, Application> = {
  method: 'GET',
  path: APPLICATION,
  right: onApplication('get'),
  query: { refresh: 'text', resourceVersion: 'text', ...IN_PLACE },
  input: object<GetApplication>({ ...target, refresh: optional(text), resourceVersion: optional(text) }),
  output: application,
};

export interface CreateApplication {
  readonly application: Application;
  readonly upsert?: boolean;
  /** Absent means true. */
  readonly validate?: boolean;
}

export const createApplication: Endpoint<CreateApplication, Application> = {
  method: 'POST',
  path: '/api/v1/applications',
  right: {
    resource: 'applications',
    action: 'create',
    object: ({ application: { metadata, spec } }, { namespace }) =>
      rbacName(
        { name: metadata.name, appNamespace: metadata.namespace, project: spec.project || 'default' },
        namespace,
      ),
  },
  query: { upsert: 'flag', validate: 'flag' },
  body: 'application',
  input: object<CreateApplication>({ application, upsert: optional(flag), validate: optional(flag) }),
  output: application,
};

export interface UpdateApplication {
  readonly 'application.metadata.name': string;
  readonly application: Application;
  readonly validate?: boolean;
  readonly project?: string;
}

export const updateApplication: ApplicationEndpoint<UpdateApplication, Application> = {
  method: 'PUT',
  path: '/api/v1/applications/{application.metadata.name}',
  right: {
    application: ({ application: { metadata }, project, 'application.metadata.name': name }) => ({
      name,
      project,
      appNamespace: metadata.namespace,
    }),
    action: () => 'update',
  },
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
  readonly validate?: boolean;
}

export const updateApplicationSpec: ApplicationEndpoint<UpdateApplicationSpec, ApplicationSpec> = {
  method: 'PUT',
  path: `${APPLICATION}/spec`,
  right: onApplication('update'),
  query: { validate: 'flag', ...IN_PLACE },
  body: 'spec',
  input: object<UpdateApplicationSpec>({ ...target, spec: applicationSpec, validate: optional(flag) }),
  output: applicationSpec,
};

export interface PatchApplication extends ApplicationTarget {
  readonly patch: string;
  /** 'merge' or 'json'; absent means json. */
  readonly patchType?: string;
}

export const patchApplication: ApplicationEndpoint<PatchApplication, Application> = {
  method: 'PATCH',
  path: APPLICATION,
  right: onApplication('update'),
  body: '*',
  input: object<PatchApplication>({ ...target, patch: text, patchType: optional(text) }),
  output: application,
};

export interface DeleteApplication extends ApplicationTarget {
  /** Absent means true to a server: say it. */
  readonly cascade?: boolean;
  readonly propagationPolicy?: string;
}

export const deleteApplication: ApplicationEndpoint<DeleteApplication, unknown> = {
  method: 'DELETE',
  path: APPLICATION,
  right: onApplication('get', { resource: 'applications', action: 'delete' }),
  query: { cascade: 'flag', propagationPolicy: 'text', ...IN_PLACE },
  input: object<DeleteApplication>({ ...target, cascade: optional(flag), propagationPolicy: optional(text) }),
  output: empty,
};

export interface SyncApplication extends ApplicationTarget {
  readonly revision?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
  readonly strategy?: SyncStrategy;
  readonly resources?: readonly SyncOperationResource[];
  readonly manifests?: readonly string[];
  readonly infos?: readonly NamedValue[];
  readonly retryStrategy?: RetryStrategy;
  /** Replaces the spec's options where it is given. */
  readonly syncOptions?: { readonly items?: readonly string[] };
  readonly sourcePositions?: readonly number[];
  readonly revisions?: readonly string[];
}

export const syncApplication: ApplicationEndpoint<SyncApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/sync`,
  right: onApplication('get', { resource: 'applications', action: 'sync' }),
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
    syncOptions: optional(object<{ readonly items?: readonly string[] }>({ items: optional(list(text)) })),
    sourcePositions: optional(list(number)),
    revisions: optional(list(text)),
  }),
  output: application,
};

export interface RollbackApplication extends ApplicationTarget {
  /** Of `status.history`. */
  readonly id: number;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

export const rollbackApplication: ApplicationEndpoint<RollbackApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/rollback`,
  right: onApplication('sync'),
  body: '*',
  input: object<RollbackApplication>({ ...target, id: number, dryRun: optional(flag), prune: optional(flag) }),
  output: application,
};

export const terminateOperation: ApplicationEndpoint<ApplicationTarget, unknown> = {
  method: 'DELETE',
  path: `${APPLICATION}/operation`,
  right: onApplication('sync'),
  query: IN_PLACE,
  input: object<ApplicationTarget>(target),
  output: empty,
};

export interface ApplicationResources {
  readonly applicationName: string;
  readonly appNamespace?: string;
  readonly project?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fields?: string;
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

export const managedResources: ApplicationEndpoint<
  ApplicationResources,
  { readonly items?: readonly ManagedResource[] }
> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/managed-resources',
  right: onOwner('get'),
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: object<{ readonly items?: readonly ManagedResource[] }>({
    items: optional(list(managedResource)),
  }),
};

export const resourceTree: ApplicationEndpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/resource-tree',
  right: onOwner('get'),
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: applicationTree,
};

export const watchResourceTree: ApplicationEndpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/stream/applications/{applicationName}/resource-tree',
  right: onOwner('get'),
  query: RESOURCES_QUERY,
  input: resourcesInput,
  output: applicationTree,
  stream: true,
};

export interface GetManifests extends ApplicationTarget {
  readonly revision?: string;
  readonly sourcePositions?: readonly number[];
  readonly revisions?: readonly string[];
  readonly noCache?: boolean;
}

export interface RenderedManifests {
  /** JSON texts, Secrets masked. */
  readonly manifests?: readonly string[];
  /** What the asked revision is. */
  readonly revision?: string;
}

export const getManifests: ApplicationEndpoint<GetManifests, RenderedManifests> = {
  method: 'GET',
  path: `${APPLICATION}/manifests`,
  right: onApplication('get'),
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
  readonly sourceIndex?: number;
  /** The id of the history entry whose sources are meant. */
  readonly versionId?: number;
}

const REVISION_QUERY = { sourceIndex: 'number', versionId: 'number', ...IN_PLACE } as const;
const revisionInput = object<RevisionQuery>({
  ...target,
  revision: text,
  sourceIndex: optional(number),
  versionId: optional(number),
});

export interface RevisionMetadata {
  readonly author?: string;
  readonly date?: string;
  readonly tags?: readonly string[];
  readonly message?: string;
  readonly signatureInfo?: string;
}

export const revisionMetadata: ApplicationEndpoint<RevisionQuery, RevisionMetadata> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/metadata`,
  right: onApplication('get'),
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
  readonly description?: string;
  readonly home?: string;
  readonly maintainers?: readonly string[];
}

export const chartDetails: ApplicationEndpoint<RevisionQuery, ChartDetails> = {
  method: 'GET',
  path: `${APPLICATION}/revisions/{revision}/chartdetails`,
  right: onApplication('get'),
  query: REVISION_QUERY,
  input: revisionInput,
  output: object<ChartDetails>({
    description: optional(text),
    home: optional(text),
    maintainers: optional(list(text)),
  }),
};

export interface SyncWindows {
  readonly activeWindows?: readonly SyncWindow[];
  readonly assignedWindows?: readonly SyncWindow[];
  readonly canSync?: boolean;
}

export const syncWindows: ApplicationEndpoint<ApplicationTarget, SyncWindows> = {
  method: 'GET',
  path: `${APPLICATION}/syncwindows`,
  right: onApplication('get'),
  query: IN_PLACE,
  input: object<ApplicationTarget>(target),
  output: object<SyncWindows>({
    activeWindows: optional(list(syncWindow)),
    assignedWindows: optional(list(syncWindow)),
    canSync: optional(flag),
  }),
};
