// watch: what has changed since a revision, then what changes.

import type { JsonObject } from '../../core/json.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { isOn } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, JSON_HEADERS } from '../response.ts';
import { asServed } from '../served.ts';
import type { ApiError } from '../status.ts';
import type { Store, StoredChange } from '../store/store.ts';
import { includedOf, tableOf, wantsTable } from '../tables/table.ts';
import { readListOptions, type Selects } from './list-options.ts';
import { checkVersionOfStore, gone, versionAhead } from './versions.ts';

const BOOKMARK_EVERY_MS = 60_000;

export async function watchObjects(call: ResourceRequest): Promise<KubeResponse> {
  const selects = readListOptions(call, true);
  checkVersionOfStore(call.request.query);
  if (wantsTable(call)) includedOf(call);
  await call.api.store.settled();
  return { status: 200, headers: JSON_HEADERS, body: events(call, selects) };
}

/** The events of one watch; ends when the client goes, or after timeoutSeconds. */
async function* events(call: ResourceRequest, selects: Selects): AsyncGenerator<JsonObject> {
  const { api, kind, path, request } = call;
  const from = request.query.get('resourceVersion') ?? '';
  const initial = wantsInitial(request.query, from);
  const bookmarks = isOn(request.query, 'allowWatchBookmarks');
  const queue = createQueue(request.signal);
  const take = (change: StoredChange): void => {
    // Whoever asks for what comes after a version to come waits for that.
    if (change.revision <= Number(from)) return;
    const event = eventOf(kind, path.namespace, selects, change);
    if (event) queue.push(event);
  };
  // Nothing is awaited between looking back and listening, so that no change falls between.
  const past = initial ? [] : changesAfter(api.store, from);
  const fault = initial ? versionAhead(call) : past ? undefined : tooOld(api.store, from);
  if (fault) queue.push(errorEvent(fault.status));
  else if (initial) {
    const namespace = path.namespace === '' ? undefined : path.namespace;
    for (const object of api.store.list(kind.storage, namespace)) {
      if (selects(asServed(kind, object))) queue.push({ type: 'ADDED', object });
    }
    if (bookmarks) queue.push(bookmark(kind, api.store.revision(), true));
  }
  for (const change of past ?? []) take(change);
  const unsubscribe = fault ? () => undefined : api.store.subscribe(take);
  const control = new AbortController();
  const timeout = Number(request.query.get('timeoutSeconds') ?? '0');
  if (fault) queue.end();
  else if (timeout > 0) void api.wallClock.sleep(timeout * 1000, control.signal).then(queue.end, () => undefined);
  if (bookmarks && !fault) void tick(call, queue, control.signal);
  try {
    let isFirst = true;
    for await (const event of queue.items) {
      yield asAsked(call, event, isFirst);
      isFirst = false;
    }
  } finally {
    control.abort();
    unsubscribe();
  }
}

/** An object as it is stored, in the version that is asked for. Events of a client that prints tables hold a table of one row; only the first tells of the columns. */
function asAsked(call: ResourceRequest, event: JsonObject, isFirst: boolean): JsonObject {
  const { object } = event;
  if (!isKubeObject(object) || event['type'] === 'ERROR') return event;
  if (!wantsTable(call)) return { ...event, object: inServedVersion(call.kind, object) };
  const table = tableOf(call, [asServed(call.kind, object)], {
    resourceVersion: object.metadata.resourceVersion ?? '',
  });
  return { ...event, object: isFirst ? table : { ...table, columnDefinitions: null } };
}

async function tick(call: ResourceRequest, queue: Queue, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await call.api.wallClock.sleep(BOOKMARK_EVERY_MS, signal);
      queue.push(bookmark(call.kind, call.api.store.revision(), false));
    }
  } catch {
    // The watch has ended.
  }
}

/** Whether what there is comes first: asked for, or where no version is given to begin after. */
const wantsInitial = (query: URLSearchParams, from: string): boolean =>
  query.has('sendInitialEvents') ? isOn(query, 'sendInitialEvents') : isNoVersion(from);

const isNoVersion = (version: string): boolean => version === '' || version === '0';

/** What has changed since a version, nothing since none; undefined where that is no longer known. */
const changesAfter = (store: Store, from: string): readonly StoredChange[] | undefined =>
  isNoVersion(from) ? [] : store.since(Number(from));

const tooOld = (store: Store, from: string): ApiError => gone(`too old resource version: ${from} (${store.oldest()})`);

/** What a change is to one watcher: an object that leaves the selection is deleted for him. */
function eventOf(kind: Kind, namespace: string, selects: Selects, change: StoredChange): JsonObject | undefined {
  if (change.resource !== kind.storage || (namespace !== '' && change.namespace !== namespace)) return undefined;
  const { before } = change;
  const was = before !== undefined && selects(asServed(kind, before));
  const is = change.object !== undefined && selects(asServed(kind, change.object));
  if (is && change.object) return { type: was ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!was) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(change.revision) };
  const last: KubeObject = { ...before, metadata };
  return { type: 'DELETED', object: last };
}

function bookmark(kind: Kind, revision: number, initialEnd: boolean): JsonObject {
  const annotations = initialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {};
  const object = {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind.group, kind.version),
    metadata: { resourceVersion: String(revision), ...annotations },
  };
  return { type: 'BOOKMARK', object };
}

function errorEvent(status: JsonObject): JsonObject {
  return { type: 'ERROR', object: status };
}

interface Queue {
  push(event: JsonObject): void;
  end(): void;
  readonly items: AsyncGenerator<JsonObject>;
}

function createQueue(signal: AbortSignal | undefined): Queue {
  let waiting: JsonObject[] = [];
  let ended = signal?.aborted ?? false;
  let wake: () => void = () => undefined;
  const end = (): void => {
    ended = true;
    wake();
  };
  signal?.addEventListener('abort', end, { once: true });
  async function* items(): AsyncGenerator<JsonObject> {
    try {
      for (;;) {
        const batch = waiting;
        waiting = [];
        yield* batch;
        if (waiting.length > 0) continue;
        if (ended) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener('abort', end);
    }
  }
  return {
    push: (event) => {
      waiting.push(event);
      wake();
    },
    end,
    items: items(),
  };
}
