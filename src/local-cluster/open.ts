// The door of the local cluster: a Kubernetes API over a folder, or in memory.

import type { Clock } from '../core/time.ts';
import { loadBuiltinTypes } from '../objects/types.ts';
import type { Api, WriteSettings } from './api.ts';
import { establishDefinitions } from './definitions.ts';
import { createHandle } from './handle.ts';
import { createKinds } from './kinds.ts';
import type { KubeHandle } from './request.ts';
import { openFolderStore } from './store/folder.ts';
import { memoryJournal } from './store/memory-journal.ts';
import { createStore } from './store/store.ts';
import { storeNew } from './writing.ts';

export interface LocalClusterOptions {
  /** Where the state is kept; absent: in memory. */
  readonly folder?: string;
  readonly clock: Clock;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

export interface LocalCluster {
  readonly handle: KubeHandle;
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
  const api: Api = {
    store,
    kinds: createKinds(store),
    clock: options.clock,
    random: options.random,
    types: loadBuiltinTypes,
  };
  const unsubscribe = establishDefinitions(api);
  if (store.revision() === 0) await prepare(api);
  return {
    handle: createHandle(api),
    start: () => undefined,
    stop: () => undefined,
    close: async () => {
      unsubscribe();
      await store.close();
    },
    warnings,
  };
}

async function openStore(folder: string | undefined): ReturnType<typeof openFolderStore> {
  if (folder !== undefined) return openFolderStore(folder);
  return { store: createStore(memoryJournal, { revision: 0, entries: [] }), warnings: [] };
}

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease', 'argocd'];

/** What a new cluster has from the first day. */
async function prepare(api: Api): Promise<void> {
  const kind = api.kinds.find('', 'v1', 'namespaces');
  if (!kind) return;
  const settings: WriteSettings = { dryRun: false, manager: 'hawser', subresource: '', operation: 'Update' };
  await Promise.all(
    NAMESPACES.map((name) =>
      storeNew(api, kind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, settings),
    ),
  );
}
