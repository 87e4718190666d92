// The objects of the cluster with one revision counter over all of them. A write is seen by others when the journal has
// it for good: first applied, then written down, then told. When the journal refuses, what was applied is taken back.

import type { KubeObject } from '../../objects/object.ts';

export interface Write {
  /** Group and plural: 'apps/deployments', '/configmaps'. */
  readonly resource: string;
  /** '' for what belongs to no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** Absent: the object is removed. */
  readonly object: KubeObject | undefined;
}

/** A write that has happened. A removed object is `before`, with the revision of its removal. */
export interface Change extends Write {
  readonly before: KubeObject | undefined;
  readonly revision: number;
}

/** Where changes are written down. Resolves when they would survive a power cut. */
export interface Journal {
  append(changes: readonly Change[]): Promise<void>;
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
  /** Everything that is stored. */
  all(): Iterable<Write & { readonly object: KubeObject }>;
  /** Resolves when it is safe, with the object as stored, or as it was removed. */
  commit(write: Write): Promise<KubeObject | undefined>;
  /** Resolves when nothing that was applied is still unsafe. */
  settled(): Promise<void>;
  /** The changes after a revision, or undefined when they are no longer known. */
  since(revision: number): readonly Change[] | undefined;
  subscribe(listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

/** How many changes a watch can look back on. */
const HISTORY = 20_000;

export function createStore(journal: Journal, initial: StoredState): Store {
  const resources = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(change: Change) => void>();
  const history: Change[] = [];
  let forgotten = initial.revision;
  let revision = initial.revision;
  let pending: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  for (const entry of initial.entries) put(entry.resource, keyOf(entry.namespace, entry.name), entry.object);

  function put(resource: string, key: string, object: KubeObject | undefined): void {
    let objects = resources.get(resource);
    if (!objects) {
      objects = new Map();
      resources.set(resource, objects);
    }
    if (object) objects.set(key, object);
    else objects.delete(key);
  }

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
        tell(change);
        resolve(change.object ?? change.before);
      }
      // Only what is safe may go into a snapshot: what still waits could be taken back.
      if (pending.length === 0) await journal.compact(() => ({ revision, entries: [...entries(resources)] }));
    } while (pending.length > 0);
    // In the same breath as the last look at `pending`: a write that comes later must start the next round.
    flushing = undefined;
  }

  function takeBack(writes: readonly Waiting[], reason: unknown): void {
    for (const { change, reject } of writes.toReversed()) {
      put(change.resource, keyOf(change.namespace, change.name), change.before);
      reject(reason);
    }
  }

  function tell(change: Change): void {
    history.push(change);
    if (history.length > HISTORY) {
      for (const dropped of history.splice(0, HISTORY / 2)) forgotten = dropped.revision;
    }
    for (const listener of [...listeners]) listener(change);
  }

  return {
    revision: () => revision,
    get: (resource, namespace, name) => resources.get(resource)?.get(keyOf(namespace, name)),
    list: (resource, namespace) => sorted(resources.get(resource), namespace),
    all: () => entries(resources),
    commit: (write) => {
      revision += 1;
      const key = keyOf(write.namespace, write.name);
      const before = resources.get(write.resource)?.get(key);
      const change = stamped(write, before, revision);
      put(write.resource, key, change.object);
      const { promise, resolve, reject } = waiting();
      pending.push({ change, resolve, reject });
      flushing ??= flush();
      return promise;
    },
    settled: () => (flushing ?? Promise.resolve()).catch(() => undefined),
    since: (from) => (from < forgotten ? undefined : history.slice(firstAfter(history, from))),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await flushing;
      await journal.close();
    },
  };
}

interface Waiting {
  readonly change: Change;
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

function stamped(write: Write, before: KubeObject | undefined, revision: number): Change {
  const stamp = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, resourceVersion: String(revision) },
  });
  if (write.object) return { ...write, object: stamp(write.object), before, revision };
  return { ...write, before: before && stamp(before), revision };
}

function* entries(resources: Map<string, Map<string, KubeObject>>): Generator<Write & { readonly object: KubeObject }> {
  for (const [resource, objects] of resources) {
    for (const object of objects.values()) {
      yield { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '', object };
    }
  }
}

function sorted(objects: Map<string, KubeObject> | undefined, namespace: string | undefined): KubeObject[] {
  if (!objects) return [];
  const keys = [...objects.keys()].sort();
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  const matches: KubeObject[] = [];
  for (const key of keys) {
    const object = key.startsWith(prefix) ? objects.get(key) : undefined;
    if (object) matches.push(object);
  }
  return matches;
}

/** The index of the first change after a revision. */
function firstAfter(history: readonly Change[], revision: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.revision ?? 0) > revision) high = middle;
    else low = middle + 1;
  }
  return low;
}

const keyOf = (namespace: string, name: string): string => `${namespace}/${name}`;
