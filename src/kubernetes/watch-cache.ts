// The objects of some types, kept as the cluster has them: listed once, then watched. What is lost (a broken connection,
// a version too old) is listed anew.

import { asHawserError, type HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import type { Cluster, TypeReference } from '../objects/cluster.ts';
import { type KubeObject, keyOf, keyText, type ObjectKey } from '../objects/object.ts';

interface CacheChange {
  /** Absent when the object is new. */
  readonly before: KubeObject | undefined;
  /** Absent when the object is gone. */
  readonly after: KubeObject | undefined;
}

export interface WatchCacheOptions {
  readonly cluster: Pick<Cluster, 'list' | 'watch'>;
  readonly clock: Clock;
  readonly changed?: (change: CacheChange, type: TypeReference) => void;
  /** Under what an object is found by `indexed`. */
  readonly indexes?: (object: KubeObject) => readonly string[];
  /** What went wrong and is being tried again. */
  readonly failed?: (error: HawserError, type: TypeReference) => void;
}

export interface WatchCache {
  /** Begins to follow these types as well; resolves when each has been listed once, or could not be. */
  follow(types: readonly TypeReference[]): Promise<void>;
  /** Stops following a type and forgets its objects. */
  unfollow(type: TypeReference): void;
  follows(type: TypeReference): boolean;
  get(key: ObjectKey): KubeObject | undefined;
  objects(): Iterable<KubeObject>;
  /** The objects of which `indexes` names this. */
  indexed(name: string): Iterable<KubeObject>;
  /** Takes over what a write answered, so that one's own writes are seen at once. */
  put(object: KubeObject): void;
  stop(): void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

export function createWatchCache(options: WatchCacheOptions): WatchCache {
  const objects = new Map<string, KubeObject>();
  const index = createIndex(options.indexes ?? (() => []));
  const followed = new Map<string, AbortController>();

  function store(key: string, after: KubeObject | undefined, type: TypeReference): void {
    const before = objects.get(key);
    if (after) objects.set(key, after);
    else objects.delete(key);
    index.change(key, before, after);
    if (before ?? after) options.changed?.({ before, after }, type);
  }

  /** A write's answer may be newer than the event that is on its way. */
  function isOlder(object: KubeObject): boolean {
    const known = objects.get(keyText(keyOf(object)))?.metadata.resourceVersion;
    const given = object.metadata.resourceVersion;
    return known !== undefined && given !== undefined && BigInt(given) <= BigInt(known);
  }

  async function relist(type: TypeReference): Promise<string> {
    const { items, resourceVersion } = await options.cluster.list(type);
    const seen = new Set<string>();
    for (const item of items) {
      const key = keyText(keyOf(item));
      seen.add(key);
      if (!isOlder(item)) store(key, item, type);
    }
    for (const [key, object] of objects) {
      if (!seen.has(key) && keyOf(object).group === type.group && object.kind === type.kind)
        store(key, undefined, type);
    }
    return resourceVersion;
  }

  async function keep(type: TypeReference, signal: AbortSignal, listed: () => void): Promise<void> {
    let resourceVersion: string | undefined;
    let delay = FIRST_DELAY_MS;
    while (!signal.aborted) {
      try {
        resourceVersion ??= await relist(type);
        listed();
        for await (const event of options.cluster.watch(type, { resourceVersion, signal })) {
          resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
          delay = FIRST_DELAY_MS;
          if (event.type === 'BOOKMARK') continue;
          const key = keyText(keyOf(event.object));
          if (event.type === 'DELETED') store(key, undefined, type);
          else if (!isOlder(event.object)) store(key, event.object, type);
        }
      } catch (thrown) {
        if (signal.aborted) return;
        const error = asHawserError(thrown);
        if (error.code === 'conflict') resourceVersion = undefined;
        options.failed?.(error, type);
        listed();
        await options.clock.sleep(delay, signal).catch(() => undefined);
        delay = Math.min(delay * 2, LONGEST_DELAY_MS);
        // What happened while nobody looked may be gone from the server's memory: the list is the truth.
        if (error.code !== 'conflict' && error.code !== 'unreachable') resourceVersion = undefined;
      }
    }
  }

  return {
    follow: async (types) => {
      await Promise.all(
        types.map((type) => {
          const name = nameOf(type);
          if (followed.has(name)) return undefined;
          const control = new AbortController();
          followed.set(name, control);
          return new Promise<void>((resolve) => {
            void keep(type, control.signal, resolve);
          });
        }),
      );
    },
    unfollow: (type) => {
      followed.get(nameOf(type))?.abort();
      followed.delete(nameOf(type));
      for (const [key, object] of objects) {
        if (keyOf(object).group !== type.group || object.kind !== type.kind) continue;
        objects.delete(key);
        index.change(key, object, undefined);
      }
    },
    follows: (type) => followed.has(nameOf(type)),
    get: (key) => objects.get(keyText(key)),
    objects: () => objects.values(),
    indexed: (name) => index.get(name).values(),
    put: (object) => {
      if (isOlder(object)) return;
      const key = keyOf(object);
      const [version = ''] = object.apiVersion.split('/').slice(-1);
      store(keyText(key), object, { group: key.group, version, kind: key.kind });
    },
    stop: () => {
      for (const control of followed.values()) control.abort();
      followed.clear();
    },
  };
}

interface Index {
  get(name: string): ReadonlyMap<string, KubeObject>;
  change(key: string, before: KubeObject | undefined, after: KubeObject | undefined): void;
}

const NOTHING: ReadonlyMap<string, KubeObject> = new Map();

function createIndex(namesOf: (object: KubeObject) => readonly string[]): Index {
  const byName = new Map<string, Map<string, KubeObject>>();
  return {
    get: (name) => byName.get(name) ?? NOTHING,
    change: (key, before, after) => {
      for (const name of before ? namesOf(before) : []) {
        const found = byName.get(name);
        found?.delete(key);
        if (found?.size === 0) byName.delete(name);
      }
      if (!after) return;
      for (const name of namesOf(after)) {
        byName.set(name, (byName.get(name) ?? new Map<string, KubeObject>()).set(key, after));
      }
    },
  };
}

const nameOf = (type: TypeReference): string => `${type.group}/${type.kind}`;
