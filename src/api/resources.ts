// What is done to one resource of an application.

import { anything, flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { onApplication } from './rights.ts';

const RESOURCE = '/api/v1/applications/{name}/resource';

const resourcePath = ({ group = '', kind, namespace = '', resourceName }: ResourceTarget): string =>
  [group, kind, namespace, resourceName].join('/');

const target = {
  name: text,
  appNamespace: optional(text),
  project: optional(text),
  namespace: optional(text),
  resourceName: text,
  version: text,
  group: optional(text),
  kind: text,
};

const manifest = object({ manifest: optional(text) });

export interface ResourceManifest extends Of<typeof manifest> {}

const resourceTarget = object(target);

export interface ResourceTarget extends Of<typeof resourceTarget> {}

export const getResource: ApplicationEndpoint<ResourceTarget, ResourceManifest> = {
  method: 'GET',
  path: RESOURCE,
  right: onApplication('get'),
  input: resourceTarget,
  output: manifest,
};

const patchResourceInput = object({
  ...target,
  /** The body is this text alone, as a JSON string. */
  patch: text,
  /** 'application/merge-patch+json', … */
  patchType: text,
});

export interface PatchResource extends Of<typeof patchResourceInput> {}

export const patchResource: ApplicationEndpoint<PatchResource, ResourceManifest> = {
  method: 'POST',
  path: RESOURCE,
  right: onApplication((target) => `update/${resourcePath(target)}`),
  body: 'patch',
  input: patchResourceInput,
  output: manifest,
};

const deleteResourceInput = object({ ...target, force: optional(flag), orphan: optional(flag) });

export interface DeleteResource extends Of<typeof deleteResourceInput> {}

export const deleteResource: ApplicationEndpoint<DeleteResource, unknown> = {
  method: 'DELETE',
  path: RESOURCE,
  right: onApplication((target) => `delete/${resourcePath(target)}`),
  input: deleteResourceInput,
  output: anything,
};

const resourceTargetInput = object(target);

const resourceAction = object({
  name: optional(text),
  params: optional(list(object({ name: optional(text) }))),
  disabled: optional(flag),
  iconClass: optional(text),
  displayName: optional(text),
});

export interface ResourceAction extends Of<typeof resourceAction> {}

export const listResourceActions: ApplicationEndpoint<
  ResourceTarget,
  { readonly actions?: readonly ResourceAction[] }
> = {
  method: 'GET',
  path: `${RESOURCE}/actions`,
  right: onApplication('get'),
  input: resourceTargetInput,
  output: object({
    actions: optional(list(resourceAction)),
  }),
};

const runResourceActionInput = object({
  ...target,
  action: text,
  resourceActionParameters: optional(
    list(
      object({
        name: optional(text),
        value: optional(text),
      }),
    ),
  ),
});

export interface RunResourceAction extends Of<typeof runResourceActionInput> {}

export const runResourceAction: ApplicationEndpoint<RunResourceAction, unknown> = {
  method: 'POST',
  path: `${RESOURCE}/actions/v2`,
  right: onApplication(({ group = '', kind, action }) => `action/${group}/${kind}/${action}`),
  body: '*',
  input: runResourceActionInput,
  output: anything,
};

const runNamedActionInput = object({ ...target, action: text });

export interface RunNamedAction extends Of<typeof runNamedActionInput> {}

/** The older way: the body is the name of the action alone, which has no parameters. */
export const runNamedAction: ApplicationEndpoint<RunNamedAction, unknown> = {
  method: 'POST',
  path: `${RESOURCE}/actions`,
  right: onApplication(({ group = '', kind, action }) => `action/${group}/${kind}/${action}`),
  body: 'action',
  input: runNamedActionInput,
  output: anything,
};

const podLogsInput = object({
  name: text,
  appNamespace: optional(text),
  project: optional(text),
  namespace: optional(text),
  podName: optional(text),
  container: optional(text),
  sinceSeconds: optional(number),
  /** Refused in a query: `sinceSeconds` says the same. */
  sinceTime: optional(object({})),
  tailLines: optional(number),
  follow: optional(flag),
  untilTime: optional(text),
  filter: optional(text),
  kind: optional(text),
  group: optional(text),
  resourceName: optional(text),
  previous: optional(flag),
  matchCase: optional(flag),
});

export interface PodLogs extends Of<typeof podLogsInput> {}

const logEntry = object({
  content: optional(text),
  timeStamp: optional(text),
  /** The end of the log: no content. */
  last: optional(flag),
  timeStampStr: optional(text),
  podName: optional(text),
});

export interface LogEntry extends Of<typeof logEntry> {}

export const podLogs: ApplicationEndpoint<PodLogs, LogEntry> = {
  method: 'GET',
  path: '/api/v1/applications/{name}/logs',
  right: onApplication('get', { resource: 'logs', action: 'get' }),
  input: podLogsInput,
  output: logEntry,
  stream: true,
};

/** The same with the Pod in the path. */
export const onePodLogs: ApplicationEndpoint<PodLogs, LogEntry> = {
  ...podLogs,
  path: '/api/v1/applications/{name}/pods/{podName}/logs',
};

const resourceEventsInput = object({
  name: text,
  appNamespace: optional(text),
  project: optional(text),
  resourceNamespace: optional(text),
  resourceName: optional(text),
  resourceUID: optional(text),
});

export interface ResourceEvents extends Of<typeof resourceEventsInput> {}

const resourceEvent = object({
  metadata: anything,
  involvedObject: anything,
  source: anything,
  reason: optional(text),
  message: optional(text),
  type: optional(text),
  count: optional(number),
  firstTimestamp: optional(text),
  lastTimestamp: optional(text),
});

export interface ResourceEvent extends Of<typeof resourceEvent> {}

const resourceEventList = object({ metadata: anything, items: optional(list(resourceEvent)) });

export interface ResourceEventList extends Of<typeof resourceEventList> {}

export const resourceEvents: ApplicationEndpoint<ResourceEvents, ResourceEventList> = {
  method: 'GET',
  path: '/api/v1/applications/{name}/events',
  right: onApplication('get'),
  input: resourceEventsInput,
  output: resourceEventList,
};
