// watch: what has changed since a revision, then what changes.

import type { JsonObject } from '../../core/json.ts';
import { apiVersionOf, isKubeObject, type KubeObject } from '../../objects/object.ts';
import type { ResourceRequest } from '../api.ts';
import type { Kind } from '../kinds.ts';
import { isOn } from '../query.ts';
import type { KubeResponse } from '../request.ts';
import { inServedVersion, JSON_HEADERS } from '../response.ts';
import { type Cause, forbiddenField, invalidOptions } from '../status.ts';
import type { StoredChange } from '../store/store.ts';
import { tableOf, wantsTable } from '../tables/table.ts';
import { checkVersionOfStore, gone, type Selects, selection } from './read.ts';

const BOOKMARK_EVERY_MS = 60_000;

export async function watchObjects(call: ResourceRequest): Promise<KubeResponse> {
  checkOptions(call.request.query);
  checkVersionOfStore(call.request.query);
  await call.api.store.settled();
  return { status: 200, headers: JSON_HEADERS, body: events(call, selection(call)) };
}

function checkOptions(query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = query.get('sendInitialEvents');
  const causes: Cause[] = [];
  if (initial !== null && match !== 'NotOlderThan') {
    const message = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    causes.push(forbiddenField('resourceVersionMatch', message));
  }
  if (initial === null && match !== '') {
    const message = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    causes.push(forbiddenField('resourceVersionMatch', message));
  }
  if (causes.length > 0) throw invalidOptions('ListOptions', causes);
}

/** The events of one watch; ends when the client goes, or after timeoutSeconds. */
async function* events(call: ResourceRequest, selects: Selects): AsyncGenerator<JsonObject> {
  const { api, kind, path, request } = call;
  const from = request.query.get('resourceVersion') ?? '';
  const initial = wantsInitial(request.query);
  const bookmarks = isOn(request.query, 'allowWatchBookmarks');
  const queue = createQueue(request.signal);
  const take = (change: StoredChange): void => {
    const event = eventOf(kind, path.namespace, selects, change);
    if (event) queue.push(event);
  };
  // Nothing is awaited between looking back and listening, so that no change falls between.
  const past = initial || from === '' || from === '0' ? undefined : api.store.since(Number(from));
  const tooOld = !initial && from !== '' && from !== '0' && past === undefined;
  if (tooOld) queue.push(errorEvent(gone(`too old resource version: ${from}`).status));
  else if (past === undefined) {
    const namespace = path.namespace === '' ? undefined : path.namespace;
    for (const object of api.store.list(kind.storage, namespace)) {
      if (selects(object)) queue.push({ type: 'ADDED', object: inServedVersion(kind, object) });
    }
    if (initial && bookmarks) queue.push(bookmark(kind, api.store.revision(), true));
  } else for (const change of past) take(change);
  const unsubscribe = tooOld ? () => undefined : api.store.subscribe(take);
  const control = new AbortController();
  const timeout = Number(request.query.get('timeoutSeconds') ?? '0');
  if (tooOld) queue.end();
  else if (timeout > 0) void api.wallClock.sleep(timeout * 1000, control.signal).then(queue.end, () => undefined);
  if (bookmarks && !tooOld) void tick(call, queue, control.signal);
  try {
    for await (const event of queue.items) yield asAsked(call, event);
  } finally {
    control.abort();
    unsubscribe();
  }
}

/** Events of a client that prints tables hold a table of one row. */
function asAsked(call: ResourceRequest, event: JsonObject): JsonObject {
  const { object } = event;
  if (!isKubeObject(object) || !wantsTable(call)) return event;
  return { ...event, object: tableOf(call, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }) };
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

function wantsInitial(query: URLSearchParams): boolean {
  return isOn(query, 'sendInitialEvents');
}

/** What a change is to one watcher: an object that leaves the selection is deleted for him. */
function eventOf(kind: Kind, namespace: string, selects: Selects, change: StoredChange): JsonObject | undefined {
  if (change.resource !== kind.storage || (namespace !== '' && change.namespace !== namespace)) return undefined;
  const { before } = change;
  const was = before !== undefined && selects(before);
  const is = change.object !== undefined && selects(change.object);
  if (is && change.object) return { type: was ? 'MODIFIED' : 'ADDED', object: inServedVersion(kind, change.object) };
  if (!was) return undefined;
  const metadata = { ...before.metadata, resourceVersion: String(change.revision) };
  const last: KubeObject = { ...before, metadata };
  return { type: 'DELETED', object: inServedVersion(kind, last) };
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
