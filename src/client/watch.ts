import { type ListApplications, listApplications, watchApplications } from '../api/applications.ts';
import { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Application, ApplicationWatchEvent } from '../model/application.ts';
import type { Client } from './client.ts';

export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told once when the stream first drops. */
  readonly onDrop: (says: string) => void;
}

const PAUSE = 1000;
const FINAL: readonly string[] = [
  'not-logged-in',
  'not-allowed',
  'not-found',
  'usage',
  'invalid',
  'not-implemented',
  'broken-state',
];

/** Changes of one application for as long as someone listens: a stream that drops is opened again, and what was missed is
 * read from the list, a deletion too. */
export async function* watchApplication(
  client: Client,
  query: ListApplications & { readonly name: string },
  options: WatchOptions,
): AsyncGenerator<ApplicationWatchEvent> {
  let isDropReported = false;
  let version = query.resourceVersion;
  for (;;) {
    try {
      const current = { ...query, resourceVersion: version };
      for await (const event of client.stream(watchApplications, current, { signal: options.signal })) {
        version = event.application.metadata.resourceVersion ?? version;
        yield event;
      }
    } catch (thrown) {
      if (options.signal.aborted || isFinal(thrown)) throw thrown;
    }
    if (options.signal.aborted) return;
    if (!isDropReported) options.onDrop(`lost the connection to ${client.address}; connecting again`);
    isDropReported = true;
    await options.clock.sleep(PAUSE, options.signal);
    const current = await lookAgain(client, query, options);
    if (current === 'gone') return yield* goodbye(query.name);
    if (current === undefined) continue;
    version = current.metadata.resourceVersion ?? version;
    yield { type: 'MODIFIED', application: current };
  }
}

const isFinal = (thrown: unknown): boolean => thrown instanceof HawserError && FINAL.includes(thrown.code);

async function lookAgain(
  client: Client,
  query: ListApplications & { readonly name: string },
  options: WatchOptions,
): Promise<Application | 'gone' | undefined> {
  const { name, appNamespace } = query;
  try {
    const { items } = await client.call(listApplications, { name, appNamespace }, { signal: options.signal });
    return (items ?? []).find((app) => app.metadata.name === name) ?? 'gone';
  } catch (thrown) {
    if (options.signal.aborted || isFinal(thrown)) throw thrown;
    return undefined;
  }
}

async function* goodbye(name: string): AsyncGenerator<ApplicationWatchEvent> {
  yield { type: 'DELETED', application: { metadata: { name }, spec: { destination: {}, project: '' } } };
}
