// Ours: the difference as the cluster itself tells it, or as files that are sent along would make it. The reference's server
// has both over gRPC alone.

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
  /** Asks the cluster by dry runs; else the difference is computed. */
  dryRun: optional(flag),
  /** Instead of what Git says. */
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

/** Whether a server is one of ours, by the version that it tells. */
export const isHawser = (version: string): boolean => version.includes('+hawser.');
