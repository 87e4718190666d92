// A whole installation: its applications, projects, sets, settings and Secrets, out of it and into it.

import { anything, flag, list, number, type Of, object, oneOf, optional, text } from '../core/shape.ts';
import type { Endpoint } from './endpoint.ts';
import type { ObjectRight } from './rights.ts';

const PATH = '/api/hawser/installation';

/** Namespaces of applications and sets beside the one of the installation; globs. Without any, those of its settings. */
const scope = {
  applicationNamespaces: optional(list(text)),
  applicationsetNamespaces: optional(list(text)),
  /** The objects that the reference exports, and no others. */
  asReference: optional(flag),
};

/** An installation has every password in it, and decides who may do what: its routes ask for every other right as well. */
const everything: ObjectRight<unknown> = { resource: 'accounts', action: 'update', object: () => '*' };

const exportInput = object({ ...scope, secrets: optional(flag) });

export interface ExportInstallation extends Of<typeof exportInput> {}

/** An object, or at the end how many Secrets were left out. */
const exportEvent = object({ object: anything, secretsLeftOut: optional(number) });

export const exportInstallation: Endpoint<ExportInstallation, Of<typeof exportEvent>> = {
  method: 'GET',
  path: PATH,
  right: everything,
  input: exportInput,
  output: exportEvent,
  stream: true,
};

const importInput = object({
  ...scope,
  /** In the order of the documents. */
  objects: list(anything),
  dryRun: optional(flag),
  /** Objects to delete, as events name them. */
  prune: optional(list(text)),
  /** 'key' or 'key=value': objects with this label are passed over. */
  skipLabel: optional(text),
  stopOperation: optional(flag),
  /** What tracks an object stays as it is in the cluster. */
  ignoreTracking: optional(flag),
  /** An object that changes meanwhile is written all the same. */
  overrideOnConflict: optional(flag),
});

export interface ImportInstallation extends Of<typeof importInput> {}

const importEvent = object({
  /** 'extra' is what is there and not among the documents. */
  action: oneOf('created', 'updated', 'unchanged', 'skipped', 'pruned', 'extra'),
  group: text,
  kind: text,
  namespace: text,
  name: text,
});

export interface ImportEvent extends Of<typeof importEvent> {}

export type ImportAction = ImportEvent['action'];

/** All documents are checked before the first is written; each event comes when its object is written. */
export const importInstallation: Endpoint<ImportInstallation, ImportEvent> = {
  method: 'POST',
  path: PATH,
  right: everything,
  body: '*',
  input: importInput,
  output: importEvent,
  stream: true,
  maxBody: 256 * 1024 * 1024,
};

/** An object as a request to prune it names it. */
export const pruneName = ({ kind, namespace, name }: Omit<ImportEvent, 'action' | 'group'>): string =>
  `${kind}/${namespace}/${name}`;
