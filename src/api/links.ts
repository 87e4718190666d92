// Links that the settings give to applications, their resources and projects.

import { list, type Of, object, optional, text } from '../core/shape.ts';
import { APPLICATION, target } from './applications.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { onApplication } from './rights.ts';

const links = object({
  items: optional(list(object({ title: text, url: text, description: optional(text), iconClass: optional(text) }))),
});

export interface Links extends Of<typeof links> {}

const applicationLinksInput = object(target);

export const applicationLinks: ApplicationEndpoint<Of<typeof applicationLinksInput>, Links> = {
  method: 'GET',
  path: `${APPLICATION}/links`,
  right: onApplication('get'),
  input: applicationLinksInput,
  output: links,
};

const resourceLinksInput = object({
  ...target,
  namespace: optional(text),
  resourceName: text,
  version: text,
  group: optional(text),
  kind: text,
});

export const resourceLinks: ApplicationEndpoint<Of<typeof resourceLinksInput>, Links> = {
  method: 'GET',
  path: `${APPLICATION}/resource/links`,
  right: onApplication('get'),
  input: resourceLinksInput,
  output: links,
};
