// The door of the local cluster: a Kubernetes API over a folder, or in memory.

import { HawserError } from '../core/errors.ts';
import type { Clock } from '../core/time.ts';
import { type BuiltinTypes, loadBuiltinTypes } from '../objects/types.ts';
import type { Api } from './api.ts';
import { type ClusterClock, openClusterClock } from './clock.ts';
import type { Controllers } from './controllers/run.ts';
import { establishDefinitions } from './definitions.ts';
import { prepareCluster } from './first-day/first-day.ts';
import { createHandle } from './handle.ts';
import { createKinds } from './kinds.ts';
import type { LoadRequest, LoadResult } from './load-object.ts';
import type { NodeSummary } from './nodes.ts';
import type { KubeHandle } from './request.ts';
import { openFolderStore } from './store/folder.ts';
import { memoryJournal } from './store/memory-journal.ts';
import { createStore, type Store } from './store/store.ts';

export interface LocalClusterOptions {
  /** Where the state is kept; absent: in memory. */
  readonly folder?: string;
  /** The machine's. */
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

export interface LocalCluster {
  readonly handle: KubeHandle;
  readonly clock: Pick<ClusterClock, 'read' | 'change'>;
  load(request: LoadRequest): Promise<LoadResult>;
  readonly store: Pick<Store, 'revision' | 'all'>;
  nodes(): Promise<readonly NodeSummary[]>;
  setNodes(nodes: { readonly count: number; readonly zones: number }): Promise<void>;
  /** Sets the simulated controllers to work; they first catch up the time that has passed. */
  start(): void;
  stop(): void;
  /** Stops, and resolves when the last write is safe. */
  close(): Promise<void>;
  /** What the person at the terminal should know of the state that was found. */
  readonly warnings: readonly string[];
}

/** Throws `broken-state` when the folder cannot be read or written. */
export async function openLocalCluster(options: LocalClusterOptions): Promise<LocalCluster> {
  const { store, warnings } = await openStore(options.folder);
  const clock = await openClusterClock(options.clock, store);
  let types: BuiltinTypes | undefined;
  const api: Api = {
    store,
    kinds: createKinds(store),
    clock,
    wallClock: options.clock,
    random: options.random,
    ready: async () => {
      types ??= await loadBuiltinTypes();
    },
    types: () => {
      if (types) return types;
      throw new HawserError('internal', 'the types are not loaded yet');
    },
  };
  const controllers = lateControllers(api);
  const unsubscribe = establishDefinitions(api);
  await prepareCluster(api);
  const handle = createHandle(api);
  return {
    handle,
    load: async (request) => (await import('./load-object.ts')).loadObject(api, handle, request),
    clock,
    store,
    nodes: async () => (await import('./nodes.ts')).listNodes(api),
    setNodes: async (nodes) => (await import('./nodes.ts')).setNodes(api, nodes),
    start: controllers.start,
    stop: controllers.stop,
    close: async () => {
      controllers.stop();
      await controllers.idle();
      unsubscribe();
      await clock.close();
      await store.close();
    },
    warnings,
  };
}

/** Loaded when they are set to work: most commands only read. */
function lateControllers(api: Api): Controllers {
  let isStarted = false;
  let loading: Promise<Controllers> | undefined;
  const load = async (): Promise<Controllers> => {
    const { createControllers } = await import('./controllers/run.ts');
    const controllers = createControllers(api);
    if (isStarted) controllers.start();
    return controllers;
  };
  return {
    start: () => {
      isStarted = true;
      if (loading) void loading.then((controllers) => controllers.start());
      else loading = load();
    },
    stop: () => {
      isStarted = false;
      void loading?.then((controllers) => controllers.stop());
    },
    idle: async () => {
      await (await loading)?.idle();
    },
  };
}

async function openStore(folder: string | undefined): ReturnType<typeof openFolderStore> {
  if (folder !== undefined) return openFolderStore(folder);
  return { store: createStore(memoryJournal, { revision: 0, entries: [] }), warnings: [] };
}
