// The clusters of a system. Its own is the first of the registry; the live state of each is followed from when it is needed.

import { type ClusterRegistry, createClusterRegistry } from '../../controller/cluster-registry.ts';
import type { ControllerPorts, Destination, Impersonation, ObjectChange } from '../../controller/ports.ts';
import { messageOf } from '../../core/errors.ts';
import { canonicalJson, objectAt, textAt, toJson } from '../../core/json.ts';
import type { Clock } from '../../core/time.ts';
import { type ClusterSettings, IN_CLUSTER } from '../../model/cluster.ts';
import { type ComparisonSettings, isExcluded, parseComparisonSettings } from '../../model/comparison-settings.ts';
import { SECRET_TYPE_LABEL, SECRET_TYPES } from '../../model/connection-secret.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { type KubeObject, labelsOf } from '../../objects/object.ts';
import { createClusterStore, type StoredCluster } from '../connections/clusters.ts';
import { createLive, type Live } from './live.ts';
import type { RemoteCluster } from './remote-clusters.ts';

export interface Clusters {
  readonly registry: ClusterRegistry<Live>;
  readonly home: Destination & { readonly live: Live };
  readonly comparisonSettings: ControllerPorts['comparisonSettings'];
  readonly impersonation: ControllerPorts['impersonation'];
  /** Registers the clusters that have Secrets, and lets go of those that have none any more. */
  load(): Promise<void>;
  /** Tells of each cluster that is new, or is reached in another way. */
  onRegistered(listener: (server: string) => void): void;
  close(): void;
  /** Tells of the changes in every cluster whose live state is open. */
  subscribe(listener: (change: ObjectChange) => void): () => void;
}

export interface ClustersOptions {
  readonly cluster: Cluster;
  /** Of the settings in it. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly connect: (settings: ClusterSettings) => RemoteCluster;
}

/** What the system itself is made of: it is followed even where applications are to leave it out. */
const OWN_KINDS: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/Secret',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'argoproj.io/Application',
  'argoproj.io/AppProject',
]);

export function createClusters({ cluster: home, namespace, clock, log, connect }: ClustersOptions): Clusters {
  const settingsKey = { group: '', kind: 'ConfigMap', namespace, name: 'argocd-cm' } as const;
  const listeners = new Set<(change: ObjectChange) => void>();
  const changed = (change: ObjectChange): void => {
    // A write that was under way may be answered after its cluster was unregistered.
    if (registry.serverOf(change) === undefined) return;
    if (change.server === IN_CLUSTER.server && isSettings(change.before, namespace))
      for (const live of registry.lives()) live.followAgain();
    if (change.server === IN_CLUSTER.server && isClusterSecret(change, namespace)) reload();
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
  const registrations = new Set<(server: string) => void>();
  const registered = (server: string): void => {
    for (const listener of registrations) listener(server);
  };
  const loader = createLoader({ home, namespace, log, connect, registry, registered });
  const reload = (): void => {
    loader.load().catch((thrown: unknown) => log(`warning: cannot read the registered clusters: ${messageOf(thrown)}`));
  };
  return {
    registry,
    home: own,
    load: loader.load,
    onRegistered: (listener) => registrations.add(listener),
    close: () => {
      registry.close();
      loader.close();
    },
    comparisonSettings: latestSettings(() => own.live.get(settingsKey)),
    impersonation: () => impersonationIn(own.live.get(settingsKey)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function impersonationIn(settings: KubeObject | undefined): Impersonation {
  const setting = (key: string): string => textAt(settings, 'data', `application.sync.impersonation.${key}`);
  if (setting('enabled') !== 'true') return 'off';
  return setting('enforced') === 'false' ? 'optional' : 'enforced';
}

interface LoaderOptions extends Omit<ClustersOptions, 'cluster' | 'clock'> {
  readonly home: Cluster;
  readonly registered: (server: string) => void;
  readonly registry: ClusterRegistry<Live>;
}

interface Loaded {
  readonly identity: string;
  readonly secret: string;
  readonly remote: RemoteCluster;
}

function createLoader({
  home,
  namespace,
  log,
  connect,
  registry,
  registered,
}: LoaderOptions): Pick<Clusters, 'load' | 'close'> {
  const store = createClusterStore(home, namespace);
  const loaded = new Map<string, Loaded>();
  const told = new Set<string>();

  function register({ server, name, namespaces = [], ...cluster }: StoredCluster): void {
    if (server === IN_CLUSTER.server) {
      registry.register({ server, name, namespaces: [], cluster: home });
      return;
    }
    const identity = canonicalJson(toJson({ config: cluster.config, namespaces }));
    const before = loaded.get(server);
    const isSame = before?.identity === identity;
    const remote = isSame ? before.remote : connect({ ...cluster, server, name });
    registry.register({ server, name, namespaces, project: cluster.project, cluster: remote.cluster });
    loaded.set(server, { identity, remote, secret: cluster.secret?.metadata.name ?? '' });
    if (isSame) return;
    before?.remote.close();
    registered(server);
  }

  async function read(): Promise<void> {
    const broken = new Set<string>();
    const all = await store.list((secret, why) => {
      broken.add(secret);
      const text = `warning: the cluster of Secret '${secret}' cannot be read: ${why}`;
      if (!told.has(text)) log(text);
      told.add(text);
    });
    for (const cluster of all) register(cluster);
    const servers = new Set(all.map(({ server }) => server));
    for (const [server, { secret, remote }] of loaded) {
      // What was read last stays in force while its Secret is damaged.
      if (servers.has(server) || broken.has(secret)) continue;
      registry.unregister(server);
      loaded.delete(server);
      remote.close();
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  return {
    load: () => {
      const reading = last.then(read);
      last = reading.catch(() => undefined);
      return reading;
    },
    close: () => {
      for (const { remote } of loaded.values()) remote.close();
    },
  };
}

function isClusterSecret({ before, after }: ObjectChange, namespace: string): boolean {
  return [before, after].some(
    (object) =>
      object?.kind === 'Secret' &&
      object.metadata.namespace === namespace &&
      labelsOf(object)[SECRET_TYPE_LABEL] === SECRET_TYPES.cluster,
  );
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
