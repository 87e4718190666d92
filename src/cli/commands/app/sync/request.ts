// What a sync asks of the server: what is planned, and how the operation is to run.

import type { SyncApplication } from '../../../../api/applications.ts';
import { formatDuration, parseDuration } from '../../../../core/time.ts';
import type { Context } from '../../../context.ts';
import { type PlannedRequest, plannedRequest, type SyncSubject } from '../shared/sync-request.ts';
import { pairs } from '../spec/source.ts';
import type { SyncOptions } from './flags.ts';

export async function syncRequest(
  subject: SyncSubject & { readonly options: SyncOptions },
  context: Context,
): Promise<SyncApplication> {
  return requestOf(await plannedRequest(subject, context), subject.options);
}

export function requestOf(planned: PlannedRequest, options: SyncOptions): SyncApplication {
  const infos = (options.info ?? []).map((text) => nameAndValue(text));
  return {
    ...planned,
    dryRun: options.dryRun ?? false,
    ...(infos.length > 0 ? { infos } : {}),
    ...(options.retryLimit ? { retryStrategy: retryOf(options, options.retryLimit) } : {}),
  };
}

function nameAndValue(text: string): { name: string; value: string } {
  const [[name, value] = ['', '']] = Object.entries(pairs([text], 'labels'));
  return { name, value };
}

function retryOf(options: SyncOptions, limit: number): SyncApplication['retryStrategy'] {
  const duration = formatDuration(parseDuration(options.retryBackoffDuration));
  const maxDuration = formatDuration(parseDuration(options.retryBackoffMaxDuration));
  const refresh = options.retryRefresh ? { refresh: true } : {};
  return { limit, ...refresh, backoff: { duration, maxDuration, factor: options.retryBackoffFactor } };
}
