// Sets of applications.

import { anything, flag, list, type Of, object, optional, text } from '../core/shape.ts';
import { type Application, application } from '../model/application.ts';
import { type ApplicationSet, applicationSet } from '../model/application-set.ts';
import type { Endpoint } from './endpoint.ts';
import { type Action, type ObjectRight, rbacName } from './rights.ts';

const SET = '/api/v1/applicationsets/{name}';

const listInput = object({
  projects: optional(list(text)),
  selector: optional(text),
  appsetNamespace: optional(text),
});

export interface ListApplicationSets extends Of<typeof listInput> {}

const applicationSetList = object({ metadata: anything, items: optional(list(applicationSet)) });

export interface ApplicationSetList extends Of<typeof applicationSetList> {}

export const listApplicationSets: Endpoint<ListApplicationSets, ApplicationSetList> = {
  method: 'GET',
  path: '/api/v1/applicationsets',
  right: { items: 'applicationsets' },
  input: listInput,
  output: applicationSetList,
};

const setTarget = object({ name: text, appsetNamespace: optional(text) });

export interface ApplicationSetTarget extends Of<typeof setTarget> {}

const onSet = (action: Action): ObjectRight<ApplicationSetTarget> => ({
  resource: 'applicationsets',
  action,
  object: (target, { applicationSet: find }) => find(target, action),
});

export const getApplicationSet: Endpoint<ApplicationSetTarget, ApplicationSet> = {
  method: 'GET',
  path: SET,
  right: onSet('get'),
  input: setTarget,
  output: applicationSet,
};

const createInput = object({ applicationset: applicationSet, upsert: optional(flag), dryRun: optional(flag) });

export interface CreateApplicationSet extends Of<typeof createInput> {}

export const createApplicationSet: Endpoint<CreateApplicationSet, ApplicationSet> = {
  method: 'POST',
  path: '/api/v1/applicationsets',
  right: {
    resource: 'applicationsets',
    action: 'create',
    object: ({ applicationset: { metadata, spec } }, { namespace }) =>
      rbacName(
        { name: metadata.name, appNamespace: metadata.namespace, project: spec.template.spec.project },
        namespace,
      ),
  },
  body: 'applicationset',
  input: createInput,
  output: applicationSet,
};

export const deleteApplicationSet: Endpoint<ApplicationSetTarget, unknown> = {
  method: 'DELETE',
  path: SET,
  right: onSet('delete'),
  input: setTarget,
  output: anything,
};

const generateInput = object({ applicationSet });

/** The applications that a set would make; nothing is stored. */
export const generateApplications: Endpoint<
  Of<typeof generateInput>,
  { readonly applications?: readonly Application[] }
> = {
  method: 'POST',
  path: '/api/v1/applicationsets/generate',
  right: {
    resource: 'applicationsets',
    action: 'create',
    object: ({ applicationSet: { metadata, spec } }, { namespace }) =>
      rbacName({ name: metadata.name, project: spec.template.spec.project }, namespace),
  },
  body: '*',
  input: generateInput,
  output: object({ applications: optional(list(application)) }),
};

const watchInput = object({
  name: optional(text),
  projects: optional(list(text)),
  selector: optional(text),
  appSetNamespace: optional(text),
  resourceVersion: optional(text),
});

const watchEvent = object({ type: text, applicationSet });

export interface ApplicationSetEvent extends Of<typeof watchEvent> {}

export const watchApplicationSets: Endpoint<Of<typeof watchInput>, ApplicationSetEvent> = {
  method: 'GET',
  path: '/api/v1/stream/applicationsets',
  right: { items: 'applicationsets' },
  input: watchInput,
  output: watchEvent,
  stream: true,
};
