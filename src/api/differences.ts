// Ours: the difference as the cluster itself tells it, or as files that are sent along would make it. The reference's server
// has both over gRPC alone.

import { flag, list, number, object, optional, text } from '../core/shape.ts';
import { type ManagedResource, managedResource } from '../model/resource.ts';
import { type SentFiles, sentFiles } from '../model/sent-files.ts';
import type { ApplicationEndpoint } from './endpoint.ts';
import { onOwner } from './rights.ts';

export interface ComputeDifferences {
  readonly applicationName: string;
  readonly appNamespace?: string;
  readonly revision?: string;
  readonly revisions?: readonly string[];
  readonly sourcePositions?: readonly number[];
  /** Asks the cluster by dry runs; else the difference is computed. */
  readonly dryRun?: boolean;
  /** Instead of what Git says. */
  readonly files?: SentFiles;
}

type Differences = { readonly items?: readonly ManagedResource[] };

export const computeDifferences: ApplicationEndpoint<ComputeDifferences, Differences> = {
  method: 'POST',
  path: '/api/hawser/applications/{applicationName}/differences',
  right: onOwner('get'),
  body: '*',
  input: object<ComputeDifferences>({
    applicationName: text,
    appNamespace: optional(text),
    revision: optional(text),
    revisions: optional(list(text)),
    sourcePositions: optional(list(number)),
    dryRun: optional(flag),
    files: optional(sentFiles),
  }),
  output: object<Differences>({ items: optional(list(managedResource)) }),
};

/** Whether a server is one of ours, by the version that it tells. */
export const isHawser = (version: string): boolean => version.includes('+hawser.');
