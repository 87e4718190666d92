// The objects of some types as the cluster has them: listed once, then watched. After a lost connection, or when the version
// is too old to go on from, they are listed again.

import { asHawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Cluster, TypeReference } from '../objects/cluster.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../objects/object.ts';
import { createObjectTable, type KindReference, type ObjectTable } from './object-table.ts';

interface CacheChange {
  /** Absent when the object is new. */
  readonly before: KubeObject | undefined;
  /** Absent when the object is gone. */
  readonly after: KubeObject | undefined;
}

export interface WatchCacheOptions {
  readonly cluster: Pick<Cluster, 'list' | 'watch'>;
  readonly clock: Clock;
  /** The namespaces whose objects are followed; all when empty. */
  readonly namespaces?: readonly string[];
  readonly changed?: (change: CacheChange) => void;
  /** The names that `indexed` looks an object up by. */
  readonly indexes?: (object: KubeObject) => readonly string[];
}

export interface WatchCache {
  /** Begins to follow these types as well; resolves when each has been listed once, or could not be. */
  follow(types: readonly TypeReference[]): Promise<void>;
  follows(type: TypeReference): boolean;
  get(key: ObjectKey): KubeObject | undefined;
  ofKind(kind: KindReference): Iterable<KubeObject>;
  /** The objects of which `indexes` names this. */
  indexed(name: string): Iterable<KubeObject>;
  /** Takes over what a write answered, so that one's own writes are seen at once. */
  put(object: KubeObject): void;
  /** How many objects, of how many kinds. */
  count(): { readonly objects: number; readonly kinds: number };
  stop(): void;
}

export function createWatchCache(options: WatchCacheOptions): WatchCache {
  const table = createObjectTable(options.indexes ?? (() => []));
  const followed = new Set<string>();
  // One a watch: Node takes many listeners on one signal for a leak.
  const watches: AbortController[] = [];
  const { namespaces = [] } = options;
  // The answer of a write may come after the news that the object is gone.
  const gone = createRecent(REMEMBERED);
  const watch: KindWatch = {
    ...options,
    table,
    store: (key, after) => {
      const before = table.replace(key, after);
      if (after) gone.delete(after.metadata.uid ?? '');
      else if (before) gone.add(before.metadata.uid ?? '');
      if (before ?? after) options.changed?.({ before, after });
    },
  };
  return {
    follow: async (types) => {
      const scopes = namespaces.length > 0 ? namespaces : [undefined];
      const added = types.filter((type) => !followed.has(nameOf(type)));
      for (const type of added) followed.add(nameOf(type));
      const lists = added.flatMap((type) =>
        scopes.map((namespace) => {
          const control = new AbortController();
          watches.push(control);
          const { signal } = control;
          return new Promise<void>((listed) => void keepUp(watch, { type, namespace, signal, listed }));
        }),
      );
      await Promise.all(lists);
    },
    follows: (type) => followed.has(nameOf(type)),
    get: (key) => table.get(keyText(key)),
    ofKind: (kind) => table.ofKind(kind).values(),
    indexed: (name) => table.indexed(name),
    put: (object) => {
      if (gone.has(object.metadata.uid ?? '') || isOlder(watch, object)) return;
      watch.store(keyText(keyOf(object)), object);
    },
    count: () => ({ objects: table.size(), kinds: followed.size }),
    stop: () => {
      for (const control of watches) control.abort();
    },
  };
}

/** Far more than go while a write is answered. */
const REMEMBERED = 10_000;

/** The newest of the names that were added. */
function createRecent(limit: number): Pick<Set<string>, 'add' | 'delete' | 'has'> {
  const names = new Set<string>();
  return {
    has: (name) => name !== '' && names.has(name),
    delete: (name) => names.delete(name),
    add: (name) => {
      names.add(name);
      const [oldest] = names;
      if (names.size > limit && oldest !== undefined) names.delete(oldest);
      return names;
    },
  };
}

interface KindWatch extends Pick<WatchCacheOptions, 'cluster' | 'clock'> {
  readonly table: ObjectTable;
  store(key: string, after: KubeObject | undefined): void;
}

interface WatchedType {
  readonly type: TypeReference;
  /** Every one when absent. */
  readonly namespace: string | undefined;
  readonly signal: AbortSignal;
  /** To be told of each list, and of each failure. */
  readonly listed: () => void;
}

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** Lists and watches until the cache is stopped. */
async function keepUp(watch: KindWatch, watched: WatchedType): Promise<void> {
  const { cluster, clock, store } = watch;
  const { type, namespace, signal, listed } = watched;
  let resourceVersion: string | undefined;
  let delay = FIRST_DELAY_MS;
  while (!signal.aborted) {
    try {
      resourceVersion ??= await relist(watch, watched);
      listed();
      for await (const event of cluster.watch(type, { resourceVersion, signal, namespace })) {
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        delay = FIRST_DELAY_MS;
        if (event.type === 'BOOKMARK') continue;
        const key = keyText(keyOf(event.object));
        if (event.type === 'DELETED') store(key, undefined);
        else if (!isOlder(watch, event.object)) store(key, event.object);
      }
    } catch (thrown) {
      if (signal.aborted) return;
      const { code } = asHawserError(thrown);
      listed();
      if (code === 'conflict') resourceVersion = undefined;
      await clock.sleep(delay, signal).catch(() => undefined);
      delay = Math.min(delay * 2, MAX_DELAY_MS);
      // What happened meanwhile may be gone from the server's memory: the list is the truth.
      if (code !== 'conflict' && code !== 'unreachable') resourceVersion = undefined;
    }
  }
}

async function relist(watch: KindWatch, { type, namespace, signal }: WatchedType): Promise<string> {
  const { items, resourceVersion } = await watch.cluster.list(type, { namespace });
  if (signal.aborted) return resourceVersion;
  const listed = new Set<string>();
  for (const item of items) {
    const key = keyText(keyOf(item));
    listed.add(key);
    if (!isOlder(watch, item)) watch.store(key, item);
  }
  for (const [key, object] of [...watch.table.ofKind(type)]) {
    const isListed = namespace === undefined || object.metadata.namespace === namespace;
    if (isListed && !listed.has(key)) watch.store(key, undefined);
  }
  return resourceVersion;
}

/** The answer of a write may be newer than the event that is on its way. */
function isOlder({ table }: KindWatch, object: KubeObject): boolean {
  const current = table.get(keyText(keyOf(object)))?.metadata.resourceVersion;
  const incoming = object.metadata.resourceVersion;
  return current !== undefined && incoming !== undefined && BigInt(incoming) <= BigInt(current);
}

const nameOf = (type: TypeReference): string => `${type.group}/${type.kind}`;
