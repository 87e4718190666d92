import { anything, flag, list, number, type Of, object, optional, type Shape, text } from '../core/shape.ts';
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
import { retryStrategy, syncOperationResource, syncStrategy } from '../model/operation.ts';
import { syncWindow } from '../model/project.ts';
import { type ApplicationTree, applicationTree, type ManagedResource, managedResource } from '../model/resource.ts';
import { namedValue } from '../model/source.ts';
import type { ApplicationEndpoint, Endpoint } from './endpoint.ts';
import { type ApplicationTarget, onApplication, onOwner, rbacName } from './rights.ts';

export type { ApplicationTarget };

export const APPLICATION = '/api/v1/applications/{name}';

export const target = { name: text, appNamespace: optional(text), project: optional(text) };
const empty: Shape<unknown> = anything;

const listInput = object({
  name: optional(text),
  projects: optional(list(text)),
  /** Older than `projects`, and stronger. */
  project: optional(list(text)),
  selector: optional(text),
  repo: optional(text),
  appNamespace: optional(text),
  resourceVersion: optional(text),
  /** The fields to send: 'items.metadata.name,items.spec,…'. */
  fields: optional(text),
});

export interface ListApplications extends Of<typeof listInput> {}

export const listApplications: Endpoint<ListApplications, ApplicationList> = {
  method: 'GET',
  path: '/api/v1/applications',
  right: { items: 'applications' },
  input: listInput,
  output: applicationList,
};

/** ADDED for each existing application, unless a resource version is given without a name; then each change. */
export const watchApplications: Endpoint<ListApplications, ApplicationWatchEvent> = {
  method: 'GET',
  path: '/api/v1/stream/applications',
  right: { items: 'applications' },
  input: listInput,
  output: applicationWatchEvent,
  stream: true,
};

const getApplicationInput = object({
  ...target,
  /** 'hard' renders without the manifest cache; any other value is a normal refresh. The answer waits for it. */
  refresh: optional(text),
  resourceVersion: optional(text),
});

export interface GetApplication extends Of<typeof getApplicationInput> {}

export const getApplication: ApplicationEndpoint<GetApplication, Application> = {
  method: 'GET',
  path: APPLICATION,
  right: onApplication('get'),
  once: { project: 'multiple projects specified - the get endpoint accepts either zero or one project' },
  input: getApplicationInput,
  output: application,
};

/** Our own: refuses a source without a manifest, which the reference takes and calls Synced. Other servers pass over it. */
const requireManifests = optional(flag);

const createApplicationInput = object({
  application,
  upsert: optional(flag),
  /** Absent means true. */
  validate: optional(flag),
  requireManifests,
});

export interface CreateApplication extends Of<typeof createApplicationInput> {}

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
  body: 'application',
  input: createApplicationInput,
  output: application,
};

const updateApplicationInput = object({
  'application.metadata.name': text,
  application,
  validate: optional(flag),
  requireManifests,
  project: optional(text),
});

export interface UpdateApplication extends Of<typeof updateApplicationInput> {}

export const updateApplication: ApplicationEndpoint<UpdateApplication, Application> = {
  method: 'PUT',
  path: '/api/v1/applications/{application.metadata.name}',
  right: {
    application: ({ application: { metadata }, project, 'application.metadata.name': name }) => ({
      name: metadata.name || name,
      project,
      appNamespace: metadata.namespace,
    }),
    action: () => 'update',
  },
  body: 'application',
  input: updateApplicationInput,
  output: application,
};

const updateApplicationSpecInput = object({
  ...target,
  spec: applicationSpec,
  validate: optional(flag),
  requireManifests,
});

export interface UpdateApplicationSpec extends Of<typeof updateApplicationSpecInput> {}

export const updateApplicationSpec: ApplicationEndpoint<UpdateApplicationSpec, ApplicationSpec> = {
  method: 'PUT',
  path: `${APPLICATION}/spec`,
  right: onApplication('update'),
  body: 'spec',
  input: updateApplicationSpecInput,
  output: applicationSpec,
};

const patchApplicationInput = object({
  ...target,
  patch: text,
  /** 'merge' or 'json'; '' means json. */
  patchType: text,
});

export interface PatchApplication extends Of<typeof patchApplicationInput> {}

export const patchApplication: ApplicationEndpoint<PatchApplication, Application> = {
  method: 'PATCH',
  path: APPLICATION,
  right: onApplication('update'),
  body: '*',
  input: patchApplicationInput,
  output: application,
};

const deleteApplicationInput = object({
  ...target,
  /** A server takes an absent value for true, so always send it. */
  cascade: optional(flag),
  propagationPolicy: optional(text),
});

export interface DeleteApplication extends Of<typeof deleteApplicationInput> {}

export const deleteApplication: ApplicationEndpoint<DeleteApplication, unknown> = {
  method: 'DELETE',
  path: APPLICATION,
  right: onApplication('get', { resource: 'applications', action: 'delete' }),
  input: deleteApplicationInput,
  output: empty,
};

const syncApplicationInput = object({
  ...target,
  revision: optional(text),
  dryRun: optional(flag),
  prune: optional(flag),
  strategy: optional(syncStrategy),
  resources: optional(list(syncOperationResource)),
  manifests: optional(list(text)),
  infos: optional(list(namedValue)),
  retryStrategy: optional(retryStrategy),
  /** Replaces the options of the spec. */
  syncOptions: optional(object({ items: optional(list(text)) })),
  sourcePositions: optional(list(number)),
  revisions: optional(list(text)),
});

export interface SyncApplication extends Of<typeof syncApplicationInput> {}

export const syncApplication: ApplicationEndpoint<SyncApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/sync`,
  right: onApplication('get', { resource: 'applications', action: 'sync' }),
  body: '*',
  input: syncApplicationInput,
  output: application,
};

const rollbackApplicationInput = object({
  ...target,
  /** Of `status.history`. */
  id: number,
  dryRun: optional(flag),
  prune: optional(flag),
});

export interface RollbackApplication extends Of<typeof rollbackApplicationInput> {}

export const rollbackApplication: ApplicationEndpoint<RollbackApplication, Application> = {
  method: 'POST',
  path: `${APPLICATION}/rollback`,
  right: onApplication('sync'),
  body: '*',
  input: rollbackApplicationInput,
  output: application,
};

const applicationTarget = object(target);

export const terminateOperation: ApplicationEndpoint<ApplicationTarget, unknown> = {
  method: 'DELETE',
  path: `${APPLICATION}/operation`,
  right: onApplication('sync'),
  input: applicationTarget,
  output: empty,
};

const resourcesInput = object({
  applicationName: text,
  appNamespace: optional(text),
  project: optional(text),
  group: optional(text),
  kind: optional(text),
  namespace: optional(text),
  name: optional(text),
  fields: optional(text),
});

export interface ApplicationResources extends Of<typeof resourcesInput> {}

export const managedResources: ApplicationEndpoint<
  ApplicationResources,
  { readonly items?: readonly ManagedResource[] }
> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/managed-resources',
  right: onOwner('get'),
  input: resourcesInput,
  output: object({
    items: optional(list(managedResource)),
  }),
};

export const resourceTree: ApplicationEndpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/applications/{applicationName}/resource-tree',
  right: onOwner('get'),
  input: resourcesInput,
  output: applicationTree,
};

export const watchResourceTree: ApplicationEndpoint<ApplicationResources, ApplicationTree> = {
  method: 'GET',
  path: '/api/v1/stream/applications/{applicationName}/resource-tree',
  right: onOwner('get'),
  input: resourcesInput,
  output: applicationTree,
  stream: true,
};

const syncWindowsOutput = object({
  activeWindows: optional(list(syncWindow)),
  assignedWindows: optional(list(syncWindow)),
  canSync: optional(flag),
});

export interface SyncWindows extends Of<typeof syncWindowsOutput> {}

export const syncWindows: ApplicationEndpoint<ApplicationTarget, SyncWindows> = {
  method: 'GET',
  path: `${APPLICATION}/syncwindows`,
  right: onApplication('get'),
  input: applicationTarget,
  output: syncWindowsOutput,
};
