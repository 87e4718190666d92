import { type ListApplications, listApplications, watchApplications } from '../api/applications.ts';
import { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Application } from '../model/application.ts';
import type { Client } from './client.ts';

export type FleetEvent =
  /** All there are. */
  | { readonly type: 'LIST'; readonly applications: readonly Application[] }
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly application: Application }
  /** What is known gets old until the next list. */
  | { readonly type: 'LOST'; readonly error: unknown };

export interface WatchListOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Lists again after so long, in case the stream has left something out. */
  readonly relistMs?: number;
}

const PAUSE = 1000;
const FINAL: readonly string[] = ['not-logged-in', 'not-allowed', 'not-found', 'usage', 'invalid', 'not-implemented'];

/** All applications and each change of them, for as long as someone listens. A stream that ends is opened again behind a new
 * list. Throws what happens before the first list, and what no second try could better. */
export async function* followApplications(
  client: Client,
  query: ListApplications,
  { signal, clock, relistMs }: WatchListOptions,
): AsyncGenerator<FleetEvent> {
  let isListed = false;
  while (!signal.aborted) {
    const relist = relistMs === undefined ? undefined : AbortSignal.timeout(relistMs);
    const until = relist ? AbortSignal.any([signal, relist]) : signal;
    try {
      const { items, metadata } = await client.call(listApplications, query, { signal });
      yield { type: 'LIST', applications: items ?? [] };
      isListed = true;
      const since = { ...query, resourceVersion: metadata?.resourceVersion };
      for await (const { type, application } of client.stream(watchApplications, since, { signal: until }))
        yield { type: type === 'DELETED' ? type : 'MODIFIED', application };
    } catch (thrown) {
      if (relist?.aborted && !signal.aborted) continue;
      if (signal.aborted || isFinal(thrown) || !isListed) throw thrown;
      yield { type: 'LOST', error: thrown };
    }
    await clock.sleep(PAUSE, signal);
  }
}

const isFinal = (thrown: unknown): boolean => thrown instanceof HawserError && FINAL.includes(thrown.code);
