// The objects of the cluster with one revision counter over all of them. A write is seen by others when the journal has
// it for good: first applied, then written down, then told. When the journal refuses, what was applied is taken back.

import type { KubeObject } from '../../objects/object.ts';
import { heldIn } from './held.ts';
import { createStoredObjects, type StoredObjects } from './objects.ts';

export interface Write {
  /** Group and plural: 'apps/deployments', '/configmaps'. */
  readonly resource: string;
  /** '' for what belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** Absent: the object is removed. */
  readonly object: KubeObject | undefined;
}

/** A write that has happened. */
export interface StoredChange extends Write {
  readonly before: KubeObject | undefined;
  readonly revision: number;
}

/** Where changes are written down. Resolves when they would survive a power cut. */
export interface Journal {
  append(changes: readonly StoredChange[]): Promise<void>;
  /** Writes the whole state anew when the log has grown past its use. */
  compact(state: () => StoredState): Promise<void>;
  close(): Promise<void>;
}

export interface StoredState {
  readonly revision: number;
  readonly entries: Iterable<Write>;
}

export interface Store {
  revision(): number;
  get(resource: string, namespace: string, name: string): KubeObject | undefined;
  /** Sorted by namespace and name. */
  list(resource: string, namespace?: string): KubeObject[];
  /** The objects that one controls, by its uid; '' finds those that none does. */
  controlledBy(resource: string, uid: string): KubeObject[];
  /** Whether an address or a port (`held.ts`) is that of some object. */
  isHeld(resource: string, value: string): boolean;
  /** Everything that is stored. */
  all(): Iterable<Write & { readonly object: KubeObject }>;
  /** Resolves when it is safe, with the object as stored, or as it was removed. */
  commit(write: Write): Promise<KubeObject | undefined>;
  /** Puts in its place what every cluster has, where it is not there; it is written down only when it changes. */
  seed(resource: string, object: KubeObject): void;
  /** Resolves when nothing that was applied is still unsafe. */
  settled(): Promise<void>;
  /** The changes after a revision, or undefined when they are no longer known. */
  since(revision: number): readonly StoredChange[] | undefined;
  /** The first revision that is still known. */
  oldest(): number;
  subscribe(listener: (change: StoredChange) => void): () => void;
  close(): Promise<void>;
}

export function createStore(journal: Journal, initial: StoredState): Store {
  const resources: Resources = new Map();
  const history = createHistory(initial.revision);
  let revision = initial.revision;
  let pending: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  for (const entry of initial.entries) put(resources, entry.resource, keyIn(entry.namespace, entry.name), entry.object);

  async function flush(): Promise<void> {
    do {
      const batch = pending;
      pending = [];
      try {
        await journal.append(batch.map(({ change }) => change));
      } catch (thrown) {
        takeBack([...batch, ...pending], thrown);
        pending = [];
        break;
      }
      for (const { change, resolve } of batch) {
        history.push(change);
        resolve(change.object ?? removed(change));
      }
      // Only what is safe may go into a snapshot: what still waits could be taken back.
      if (pending.length === 0) await journal.compact(() => ({ revision, entries: [...entries(resources)] }));
    } while (pending.length > 0);
    // Without a pause after the last look at `pending`: a write that comes later must start the next round.
    flushing = undefined;
  }

  function takeBack(writes: readonly Waiting[], reason: unknown): void {
    for (const { change, reject } of writes.toReversed()) {
      put(resources, change.resource, keyIn(change.namespace, change.name), change.before);
      reject(reason);
    }
  }

  return {
    revision: () => revision,
    get: (resource, namespace, name) => resources.get(resource)?.get(keyIn(namespace, name)),
    list: (resource, namespace) => resources.get(resource)?.list(namespace) ?? [],
    controlledBy: (resource, uid) => resources.get(resource)?.controlledBy(uid) ?? [],
    isHeld: (resource, value) => resources.get(resource)?.isHeld(value) ?? false,
    all: () => entries(resources),
    commit: (write) => {
      revision += 1;
      const key = keyIn(write.namespace, write.name);
      const before = resources.get(write.resource)?.get(key);
      const change = stamped(write, before, revision);
      put(resources, write.resource, key, change.object);
      const { promise, ...callbacks } = waiting();
      pending.push({ change, ...callbacks });
      flushing ??= flush();
      return promise;
    },
    seed: (resource, object) => {
      const key = keyIn(object.metadata.namespace ?? '', object.metadata.name ?? '');
      if (resources.get(resource)?.get(key)) return;
      seeds.add(object);
      put(resources, resource, key, object);
    },
    settled: () => (flushing ?? Promise.resolve()).catch(() => undefined),
    since: history.since,
    oldest: history.oldest,
    subscribe: history.subscribe,
    close: () => Promise.resolve(flushing).then(() => journal.close()),
  };
}

interface Waiting {
  readonly change: StoredChange;
  readonly resolve: (object: KubeObject | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

function waiting(): { promise: Promise<KubeObject | undefined> } & Omit<Waiting, 'change'> {
  let resolve: Waiting['resolve'] = () => undefined;
  let reject: Waiting['reject'] = () => undefined;
  const promise = new Promise<KubeObject | undefined>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}

type Resources = Map<string, StoredObjects>;

function put(resources: Resources, resource: string, key: string, object: KubeObject | undefined): void {
  const objects = resources.get(resource) ?? createStoredObjects(heldIn(resource));
  resources.set(resource, objects);
  objects.put(key, object);
}

const stamped = (write: Write, before: KubeObject | undefined, revision: number): StoredChange => ({
  ...write,
  object: write.object && withRevision(write.object, revision),
  before,
  revision,
});

/** What was removed has the revision of its removal. */
const removed = ({ before, revision }: StoredChange): KubeObject | undefined =>
  before && withRevision(before, revision);

const withRevision = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

/** What every cluster has is no part of its state. */
const seeds = new WeakSet<KubeObject>();

function* entries(resources: Resources): Generator<Write & { readonly object: KubeObject }> {
  for (const [resource, objects] of resources) {
    for (const object of objects.values()) {
      if (seeds.has(object)) continue;
      yield { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '', object };
    }
  }
}

interface History extends Pick<Store, 'since' | 'oldest' | 'subscribe'> {
  push(change: StoredChange): void;
}

/** How many changes a watch can look back on. */
const MAX_CHANGES = 20_000;

function createHistory(from: number): History {
  const listeners = new Set<(change: StoredChange) => void>();
  const changes: StoredChange[] = [];
  let forgotten = from;
  return {
    push: (change) => {
      changes.push(change);
      if (changes.length > MAX_CHANGES) {
        for (const dropped of changes.splice(0, MAX_CHANGES / 2)) forgotten = dropped.revision;
      }
      for (const listener of [...listeners]) listener(change);
    },
    oldest: () => forgotten + 1,
    since: (revision) => (revision < forgotten ? undefined : changes.slice(firstAfter(changes, revision))),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The index of the first change after a revision. */
function firstAfter(history: readonly StoredChange[], revision: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}

const keyIn = (namespace: string, name: string): string => `${namespace}/${name}`;
