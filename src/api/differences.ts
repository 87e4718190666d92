// Our own: the difference by dry runs in the cluster, or with files of the caller in place of Git. The reference's server
// has both, but only over gRPC.

import { flag, list, number, type Of, object, optional, text } from '../core/shape.ts';
import { type ManagedResource, managedResource } from '../model/resource.ts';
import { sentFiles } from '../model/sent-files.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { onOwner } from './rights.ts';

type Differences = { readonly items?: readonly ManagedResource[] };

const computeDifferencesInput = object({
  applicationName: text,
  appNamespace: optional(text),
  revision: optional(text),
  revisions: optional(list(text)),
  sourcePositions: optional(list(number)),
  /** Compares by dry runs in the cluster; otherwise the difference is computed. */
  dryRun: optional(flag),
  /** In place of the files in Git. */
  files: optional(sentFiles),
});

export interface ComputeDifferences extends Of<typeof computeDifferencesInput> {}

const differences = object({ items: optional(list(managedResource)) });

export const computeDifferences: ApplicationEndpoint<ComputeDifferences, Differences> = {
  method: 'POST',
  path: '/api/hawser/applications/{applicationName}/differences',
  right: onOwner('get'),
  body: '*',
  input: computeDifferencesInput,
  output: differences,
};

/** Whether a version is the one of a Hawser server. */
export const isHawser = (version: string): boolean => version.includes('+hawser.');
