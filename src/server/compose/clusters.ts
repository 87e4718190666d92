// The clusters of a system. Its own is the first of the registry; the live state of each is followed from when it is needed.

import { type ClusterRegistry, createClusterRegistry } from '../../controller/cluster-registry.ts';
import type { ControllerPorts, Destination, ObjectChange } from '../../controller/ports.ts';
import { objectAt } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import { IN_CLUSTER } from '../../model/cluster.ts';
import { type ComparisonSettings, isExcluded, parseComparisonSettings } from '../../model/comparison-settings.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import { createLive, type Live } from './live.ts';

export interface Clusters {
  readonly registry: ClusterRegistry<Live>;
  readonly home: Destination & { readonly live: Live };
  readonly comparisonSettings: ControllerPorts['comparisonSettings'];
  /** Tells of the changes in every cluster whose live state is open. */
  subscribe(listener: (change: ObjectChange) => void): () => void;
}

export interface ClustersOptions {
  readonly cluster: Cluster;
  /** Of the settings in it. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
}

/** What the system itself is made of: it is followed even where applications are to leave it out. */
const OWN_KINDS: ReadonlySet<string> = new Set([
  '/ConfigMap',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'argoproj.io/Application',
  'argoproj.io/AppProject',
]);

export function createClusters({ cluster: home, namespace, clock, log }: ClustersOptions): Clusters {
  const settingsKey = { group: '', kind: 'ConfigMap', namespace, name: 'argocd-cm' } as const;
  const listeners = new Set<(change: ObjectChange) => void>();
  const changed = (change: ObjectChange): void => {
    // A write that was under way may be answered after its cluster was unregistered.
    if (registry.serverOf(change) === undefined) return;
    if (change.server === IN_CLUSTER.server && isSettings(change.before, namespace))
      for (const live of registry.lives()) live.followAgain();
    for (const listener of listeners) listener(change);
  };
  const registry = createClusterRegistry(({ server, cluster, namespaces }) =>
    createLive({
      cluster,
      namespaces,
      clock,
      changed: (change) => changed({ ...change, server }),
      exclusions: async () => {
        const object = await home.get({ ...settingsKey, version: 'v1' });
        // Settings that cannot be read are told by each comparison; the cluster is followed all the same.
        const settings = readable(() => settingsIn(object)) ?? parseComparisonSettings({});
        return (kind) => !OWN_KINDS.has(`${kind.group}/${kind.kind}`) && isExcluded(settings, { ...kind, server });
      },
      log,
    }),
  );
  registry.register({ ...IN_CLUSTER, namespaces: [], cluster: home });
  const own = registry.open({ server: IN_CLUSTER.server });
  return {
    registry,
    home: own,
    comparisonSettings: latestSettings(() => own.live.get(settingsKey)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isSettings(object: KubeObject | undefined, namespace: string): boolean {
  if (object?.kind !== 'ConfigMap') return false;
  return object.metadata.name === 'argocd-cm' && object.metadata.namespace === namespace;
}

/** The settings of the object as it is now; read anew only when it has changed. */
function latestSettings(read: () => KubeObject | undefined): () => ComparisonSettings {
  let last: { readonly object: KubeObject | undefined; readonly settings: ComparisonSettings } | undefined;
  return () => {
    const object = read();
    if (last === undefined || last.object !== object) last = { object, settings: settingsIn(object) };
    return last.settings;
  };
}

function settingsIn(object: KubeObject | undefined): ComparisonSettings {
  const data = Object.entries(objectAt(object, 'data')).map(([key, value]) => [key, String(value)] as const);
  return parseComparisonSettings(Object.fromEntries(data));
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
