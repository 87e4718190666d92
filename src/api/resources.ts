// What is done to one resource of an application.

import { anything, flag, list, number, object, optional, text } from '../core/shape.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { type ApplicationTarget, onApplication } from './rights.ts';

const RESOURCE = '/api/v1/applications/{name}/resource';

export interface ResourceTarget extends ApplicationTarget {
  readonly namespace?: string;
  readonly resourceName: string;
  readonly version: string;
  readonly group?: string;
  readonly kind: string;
}

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

const TARGET_QUERY = {
  namespace: 'text',
  resourceName: 'text',
  version: 'text',
  group: 'text',
  kind: 'text',
  appNamespace: 'text',
  project: 'text',
} as const;

export interface ResourceManifest {
  readonly manifest?: string;
}

const manifest = object<ResourceManifest>({ manifest: optional(text) });

export const getResource: ApplicationEndpoint<ResourceTarget, ResourceManifest> = {
  method: 'GET',
  path: RESOURCE,
  right: onApplication('get'),
  query: TARGET_QUERY,
  input: object<ResourceTarget>(target),
  output: manifest,
};

export interface PatchResource extends ResourceTarget {
  /** The body is this text alone, as a JSON string. */
  readonly patch: string;
  /** 'application/merge-patch+json', … */
  readonly patchType: string;
}

export const patchResource: ApplicationEndpoint<PatchResource, ResourceManifest> = {
  method: 'POST',
  path: RESOURCE,
  right: onApplication((target) => `update/${resourcePath(target)}`),
  query: { ...TARGET_QUERY, patchType: 'text' },
  body: 'patch',
  input: object<PatchResource>({ ...target, patch: text, patchType: text }),
  output: manifest,
};

export interface DeleteResource extends ResourceTarget {
  readonly force?: boolean;
  readonly orphan?: boolean;
}

export const deleteResource: ApplicationEndpoint<DeleteResource, unknown> = {
  method: 'DELETE',
  path: RESOURCE,
  right: onApplication((target) => `delete/${resourcePath(target)}`),
  query: { ...TARGET_QUERY, force: 'flag', orphan: 'flag' },
  input: object<DeleteResource>({ ...target, force: optional(flag), orphan: optional(flag) }),
  output: anything,
};

export interface ResourceAction {
  readonly name?: string;
  readonly params?: readonly { readonly name?: string }[];
  readonly disabled?: boolean;
  readonly iconClass?: string;
  readonly displayName?: string;
}

export const listResourceActions: ApplicationEndpoint<
  ResourceTarget,
  { readonly actions?: readonly ResourceAction[] }
> = {
  method: 'GET',
  path: `${RESOURCE}/actions`,
  right: onApplication('get'),
  query: TARGET_QUERY,
  input: object<ResourceTarget>(target),
  output: object<{ readonly actions?: readonly ResourceAction[] }>({
    actions: optional(
      list(
        object<ResourceAction>({
          name: optional(text),
          params: optional(list(object<{ readonly name?: string }>({ name: optional(text) }))),
          disabled: optional(flag),
          iconClass: optional(text),
          displayName: optional(text),
        }),
      ),
    ),
  }),
};

export interface RunResourceAction extends ResourceTarget {
  readonly action: string;
  readonly resourceActionParameters?: readonly { readonly name?: string; readonly value?: string }[] | undefined;
}

export const runResourceAction: ApplicationEndpoint<RunResourceAction, unknown> = {
  method: 'POST',
  path: `${RESOURCE}/actions/v2`,
  right: onApplication(({ group = '', kind, action }) => `action/${group}/${kind}/${action}`),
  body: '*',
  input: object<RunResourceAction>({
    ...target,
    action: text,
    resourceActionParameters: optional(
      list(
        object<{ readonly name?: string; readonly value?: string }>({
          name: optional(text),
          value: optional(text),
        }),
      ),
    ),
  }),
  output: anything,
};

export interface PodLogs extends ApplicationTarget {
  readonly namespace?: string;
  readonly podName?: string;
  readonly container?: string;
  readonly sinceSeconds?: number;
  readonly tailLines?: number;
  readonly follow?: boolean;
  readonly untilTime?: string;
  readonly filter?: string;
  readonly kind?: string;
  readonly group?: string;
  readonly resourceName?: string;
  readonly previous?: boolean;
  readonly matchCase?: boolean;
}

export interface LogEntry {
  readonly content?: string;
  readonly timeStamp?: string;
  /** The end of the log: no content. */
  readonly last?: boolean;
  readonly timeStampStr?: string;
  readonly podName?: string;
}

export const podLogs: ApplicationEndpoint<PodLogs, LogEntry> = {
  method: 'GET',
  path: '/api/v1/applications/{name}/logs',
  right: onApplication('get', { resource: 'logs', action: 'get' }),
  query: {
    namespace: 'text',
    podName: 'text',
    container: 'text',
    sinceSeconds: 'number',
    tailLines: 'number',
    follow: 'flag',
    untilTime: 'text',
    filter: 'text',
    kind: 'text',
    group: 'text',
    resourceName: 'text',
    previous: 'flag',
    matchCase: 'flag',
    appNamespace: 'text',
    project: 'text',
  },
  input: object<PodLogs>({
    name: text,
    appNamespace: optional(text),
    project: optional(text),
    namespace: optional(text),
    podName: optional(text),
    container: optional(text),
    sinceSeconds: optional(number),
    tailLines: optional(number),
    follow: optional(flag),
    untilTime: optional(text),
    filter: optional(text),
    kind: optional(text),
    group: optional(text),
    resourceName: optional(text),
    previous: optional(flag),
    matchCase: optional(flag),
  }),
  output: object<LogEntry>({
    content: optional(text),
    timeStamp: optional(text),
    last: optional(flag),
    timeStampStr: optional(text),
    podName: optional(text),
  }),
  stream: true,
};

export interface ResourceEvents extends ApplicationTarget {
  readonly resourceNamespace?: string;
  readonly resourceName?: string;
  readonly resourceUID?: string;
}

export interface ResourceEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly type?: string;
  readonly count?: number;
  readonly firstTimestamp?: string;
  readonly lastTimestamp?: string;
}

export const resourceEvents: ApplicationEndpoint<ResourceEvents, { readonly items?: readonly ResourceEvent[] }> = {
  method: 'GET',
  path: '/api/v1/applications/{name}/events',
  right: onApplication('get'),
  query: {
    resourceNamespace: 'text',
    resourceName: 'text',
    resourceUID: 'text',
    appNamespace: 'text',
    project: 'text',
  },
  input: object<ResourceEvents>({
    name: text,
    appNamespace: optional(text),
    project: optional(text),
    resourceNamespace: optional(text),
    resourceName: optional(text),
    resourceUID: optional(text),
  }),
  output: object<{ readonly items?: readonly ResourceEvent[] }>({
    items: optional(
      list(
        object<ResourceEvent>({
          reason: optional(text),
          message: optional(text),
          type: optional(text),
          count: optional(number),
          firstTimestamp: optional(text),
          lastTimestamp: optional(text),
        }),
      ),
    ),
  }),
};
