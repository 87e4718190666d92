// The components of every system, wherever its cluster is: clusters, repo server, ports of the controller, and the API.

import { join } from 'node:path';
import { createFolderCache } from '../../cache/folder-cache.ts';
import { asApplication } from '../../controller/applications.ts';
import { createInspector } from '../../controller/inspect.ts';
import type { ControllerPorts } from '../../controller/ports.ts';
import { renderSources } from '../../controller/rendering.ts';
import type { Clock } from '../../core/time.ts';
import type { ClusterSettings } from '../../model/cluster.ts';
import type { Cluster } from '../../objects/cluster.ts';
import type { KubeObject } from '../../objects/object.ts';
import type { Reach } from '../../repo/address.ts';
import { createRepoServer, type RepoServer } from '../../repo/repo-server.ts';
import { createTools } from '../../repo/tools.ts';
import type { Audit } from '../audit/audit.ts';
import { createPasswords } from '../auth/passwords.ts';
import { createSessions, type Sessions } from '../auth/sessions.ts';
import { createSettings, type Settings } from '../auth/settings.ts';
import { createTextMap } from '../connections/config-maps.ts';
import type { Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { accountRoutes } from '../routes/accounts.ts';
import { applicationSetRoutes } from '../routes/application-sets.ts';
import { applicationRoutes } from '../routes/applications.ts';
import { auditRoutes } from '../routes/audit.ts';
import { badgeRoutes } from '../routes/badge.ts';
import { certificateRoutes } from '../routes/certificates.ts';
import { clusterRoutes } from '../routes/clusters.ts';
import { differenceRoutes } from '../routes/differences.ts';
import { GPG_MAP, gpgKeyRoutes } from '../routes/gpg-keys.ts';
import { installationRoutes } from '../routes/installation.ts';
import { linkRoutes } from '../routes/links.ts';
import { notificationRoutes } from '../routes/notifications.ts';
import { enforcedProject } from '../routes/projects/find.ts';
import { projectRoutes } from '../routes/projects.ts';
import { repositoryRoutes } from '../routes/repositories.ts';
import { repositoryContentRoutes } from '../routes/repository-contents.ts';
import { repositoryCredentialsRoutes } from '../routes/repository-credentials.ts';
import { resourceRoutes } from '../routes/resources.ts';
import { revisionRoutes } from '../routes/revisions.ts';
import { roleTokenRoutes } from '../routes/role-tokens.ts';
import { sessionRoutes } from '../routes/sessions.ts';
import { settingsRoutes } from '../routes/settings.ts';
import { webhookRoutes } from '../routes/webhooks.ts';
import { writeRepositoryRoutes } from '../routes/write-repositories.ts';
import { createClusterFacts } from './cluster-facts.ts';
import { type Clusters, createClusters } from './clusters.ts';
import { createJq } from './jq.ts';
import type { Live } from './live.ts';
import { createLuaThread } from './lua-thread.ts';
import { connectCluster, type RemoteCluster } from './remote-clusters.ts';
import { rendererOf, repositoriesOf, toolVersionsOf } from './repo-adapters.ts';
import { createRepositoryAccess } from './repository-access.ts';
import { createResourceActions } from './resource-actions.ts';
import { createResourceHealth, latestOverrides } from './resource-health.ts';
import { settingsObjects } from './settings-objects.ts';
import type { WayOut } from './way-out.ts';

export interface SystemOptions {
  /** The data folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly log: (message: string) => void;
  /** How far repositories may be away, of a server that others use too. */
  readonly reach?: Reach;
  /** The namespaces of Applications; absent means the one of the system. */
  readonly namespaces?: readonly string[];
  /** Absent where others write to the cluster as well. */
  readonly audit?: Audit;
}

export interface Components {
  readonly clusters: Clusters;
  /** Of the system's own cluster. */
  readonly live: Live;
  readonly repo: RepoServer;
  readonly controllerPorts: ControllerPorts;
  readonly settings: Settings;
  readonly sessions: Sessions;
  /** The API. `work` is what runs when a call has caused something. */
  routes(work: Pick<ServerPorts, 'run' | 'touch' | 'catchUp' | 'failureOf'>): Route[];
}

/** `namespace` is where the cluster `home` has the control plane. */
export function createComponents(
  home: Cluster,
  namespace: string,
  { wayOut, ...options }: SystemOptions & { readonly wayOut?: WayOut },
): Components {
  const { namespaces = [namespace], folder, environment, clock, random, log, version, audit } = options;
  const written = audit?.observe(home) ?? home;
  const connect = (settings: ClusterSettings): RemoteCluster => connectCluster(settings, environment);
  const clusters = createClusters({ cluster: home, namespace, clock, log, connect });
  const { live } = clusters.home;
  const tools = createTools(environment);
  const cache = createFolderCache(join(folder, 'cache'), clock);
  const straight = createRepositoryAccess({ home, namespace, clock });
  const access = wayOut?.guard(straight) ?? straight;
  const repo = createRepoServer({
    folder: join(folder, 'repo'),
    tools,
    cache,
    clock,
    environment: wayOut?.environment ?? environment,
  });
  const runScript = createLuaThread(clock);
  const overrides = latestOverrides(() => live.get({ group: '', kind: 'ConfigMap', namespace, name: 'argocd-cm' }));
  const health = createResourceHealth(overrides, runScript);
  const controllerPorts: ControllerPorts = {
    home: clusters.home,
    namespace,
    namespaces,
    destinations: clusters.registry,
    renderer: rendererOf(repo, access, publicKeysOf({ home, namespace, environment })),
    project: (name) => enforcedProject({ home, namespace }, name),
    ...health,
    comparisonSettings: clusters.comparisonSettings,
    impersonation: clusters.impersonation,
    deleteByJq: createJq(),
    clock,
    random,
    log,
  };
  const objects = settingsObjects(live);
  const settings = createSettings({ objects, namespace, log });
  const sessions = createSessions({ home: written, namespace, clock, settings, objects, passwords: createPasswords() });
  const routes: Components['routes'] = (work) => {
    const serverPorts: ServerPorts = {
      home: written,
      namespace,
      inspector: createInspector(controllerPorts),
      repositories: repositoriesOf(repo, access),
      clusters: createClusterFacts({ home, registry: clusters.registry, clock, connect, reload: clusters.load }),
      actions: createResourceActions(overrides, runScript),
      cache,
      clock,
      serverOf: clusters.registry.serverOf,
      clusterProject: (destination) => clusters.registry.open(destination).project,
      cluster: async (destination) => {
        const { cluster, server } = clusters.registry.open(destination);
        return audit?.observe(cluster, server) ?? cluster;
      },
      tryRender: (object) => tryRender(controllerPorts, object),
      ...work,
      subscribe: (listener) =>
        clusters.subscribe((change) => {
          if (change.server === clusters.home.server) listener(change);
        }),
      toolVersions: toolVersionsOf(tools),
      version: `v3.5.1+hawser.${version}`,
    };
    return [...routesOf(serverPorts, settings, sessions), ...auditRoutes(serverPorts, audit)];
  };
  return { clusters, live, repo, controllerPorts, settings, sessions, routes };
}

interface KeyPlace {
  readonly home: Cluster;
  readonly namespace: string;
  readonly environment: NodeJS.ProcessEnv;
}

function publicKeysOf({ home, namespace, environment }: KeyPlace): () => Promise<readonly string[] | undefined> {
  const map = createTextMap(home, { namespace, name: GPG_MAP });
  return async () => (environment['ARGOCD_GPG_ENABLED'] === 'false' ? undefined : Object.values(await map.read()));
}

function routesOf(serverPorts: ServerPorts, settings: Settings, sessions: Sessions): Route[] {
  return [
    ...applicationRoutes(serverPorts),
    ...applicationSetRoutes(serverPorts),
    ...resourceRoutes(serverPorts),
    ...revisionRoutes(serverPorts),
    ...linkRoutes(serverPorts),
    ...badgeRoutes(serverPorts),
    ...webhookRoutes(serverPorts),
    ...notificationRoutes(serverPorts),
    ...installationRoutes(serverPorts),
    ...differenceRoutes(serverPorts),
    ...projectRoutes(serverPorts),
    ...roleTokenRoutes(serverPorts, sessions),
    ...repositoryRoutes(serverPorts),
    ...repositoryContentRoutes(serverPorts),
    ...writeRepositoryRoutes(),
    ...repositoryCredentialsRoutes(serverPorts),
    ...certificateRoutes(serverPorts),
    ...gpgKeyRoutes(serverPorts),
    ...clusterRoutes(serverPorts),
    ...sessionRoutes(sessions, () => settings.config()['url'] || '/'),
    ...accountRoutes(serverPorts, sessions),
    ...settingsRoutes(serverPorts, settings),
  ];
}

/** The number of manifests; throws what would keep an application from being deployed. */
async function tryRender(ports: ControllerPorts, object: KubeObject): Promise<number> {
  const app = asApplication(object);
  const destination = ports.destinations.open(app.spec.destination);
  const request = { forceResolve: true, noCache: false };
  const { manifests } = await renderSources(ports, app, destination, request);
  return manifests.length;
}
