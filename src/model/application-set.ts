// Sets of applications: a template, and generators that fill it.

import { anything, flag, list, type Of, object, optional, text } from '../core/shape.ts';
import { applicationMeta, applicationSpec } from './application.ts';

export const APPLICATION_SET_TYPE = { group: 'argoproj.io', version: 'v1alpha1', kind: 'ApplicationSet' } as const;

const setCondition = object({
  type: text,
  status: optional(text),
  message: optional(text),
  reason: optional(text),
  lastTransitionTime: optional(text),
});

export interface ApplicationSetCondition extends Of<typeof setCondition> {}

const setSyncPolicy = object({ preserveResourcesOnDeletion: optional(flag), applicationsSync: optional(text) });

const applicationSetSpec = object({
  generators: optional(list(anything)),
  /** Fields may hold expressions. */
  template: object({ metadata: anything, spec: applicationSpec }),
  syncPolicy: optional(setSyncPolicy),
});

const applicationSetStatus = object({
  conditions: optional(list(setCondition)),
  health: optional(object({ status: optional(text), message: optional(text) })),
});

export const applicationSet = object({
  metadata: applicationMeta,
  spec: applicationSetSpec,
  status: optional(applicationSetStatus),
});

export interface ApplicationSet extends Of<typeof applicationSet> {}
