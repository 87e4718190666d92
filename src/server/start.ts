// Joins the system: local cluster, repo server, controller and API server, in one process. The only file that sees all.

import { join } from 'node:path';
import { createFolderCache } from '../cache/folder-cache.ts';
import { asApplication } from '../controller/applications.ts';
import { renderSources } from '../controller/compare.ts';
import { createController } from '../controller/controller.ts';
import { createInspector } from '../controller/inspect.ts';
import type { ControllerPorts, LiveState, Renderer, Types } from '../controller/ports.ts';
import { HawserError } from '../core/errors.ts';
import { parse } from '../core/shape.ts';
import type { Clock } from '../core/time.ts';
import { healthOf } from '../engine/health/health.ts';
import { createKubeCluster } from '../kubernetes/cluster.ts';
import { createWatchCache } from '../kubernetes/watch-cache.ts';
import { openLocalCluster } from '../local-cluster/open.ts';
import { type ApplicationDestination, sourcesOf } from '../model/application.ts';
import { project } from '../model/project.ts';
import type { Cluster, TypeReference } from '../objects/cluster.ts';
import { applyDefaults } from '../objects/defaults/defaults.ts';
import { draftOf } from '../objects/draft.ts';
import { groupOf, isKubeObject, type KubeObject, versionOf } from '../objects/object.ts';
import { UNTYPED } from '../objects/schema.ts';
import { builtinResources, loadBuiltinTypes } from '../objects/types.ts';
import type { LocalSourcesRequest } from '../repo/local-sources.ts';
import { createRepoServer, type RepoServer } from '../repo/repo-server.ts';
import { createTools } from '../repo/tools.ts';
import { type Answer, createDispatcher, type Request } from './dispatch.ts';
import { createKubernetesPort, type KubernetesPort } from './kubernetes-port.ts';
import type { ObjectChange, ServerPorts } from './ports.ts';
import { createRepositoryWatch } from './repository-watch.ts';
import { createRest } from './rest.ts';
import { applicationRoutes } from './routes/applications.ts';
import { changeRoutes } from './routes/change.ts';
import { computedRoutes } from './routes/computed.ts';
import { localRoutes } from './routes/local.ts';
import { operationRoutes } from './routes/operate.ts';
import { resourceRoutes } from './routes/resources.ts';
import { settingsRoutes } from './routes/settings.ts';
import { createSessions } from './sessions.ts';
import { type Certificate, serverCertificate } from './setup/certificate.ts';
import { install } from './setup/install.ts';

export interface SystemOptions {
  /** The data folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly log: (message: string) => void;
}

export interface System {
  /** For whoever reached the process by its own memory or its socket: trusted as admin. */
  readonly trusted: (request: Request) => Promise<Answer>;
  /** For whoever comes by a port: a session is needed. */
  readonly guarded: (request: Request) => Promise<Answer>;
  /** The port of the local cluster's Kubernetes API. */
  readonly kubernetes: KubernetesPort;
  /** Sets the controllers to work. */
  run(): Promise<void>;
  /** Resolves when everything that the calls caused has ended. */
  settle(): Promise<void>;
  close(): Promise<void>;
  /** For TLS on a port of the API. */
  certificate(): Promise<Certificate>;
  readonly warnings: readonly string[];
}

const NAMESPACE = 'argocd';
const IN_CLUSTER = 'https://kubernetes.default.svc';
/** Kinds that come and go all the time and belong to no application. */
const UNWATCHED = new Set([
  '/Event',
  'events.k8s.io/Event',
  'coordination.k8s.io/Lease',
  '/Endpoints',
  'discovery.k8s.io/EndpointSlice',
]);

export async function openSystem(options: SystemOptions): Promise<System> {
  const { folder, environment, clock, random, log } = options;
  const local = await openLocalCluster({ folder: join(folder, 'cluster'), clock, random });
  const home = createKubeCluster(local.handle, { userAgent: 'argocd-controller' });
  await install(home, NAMESPACE);

  const listeners = new Set<(change: ObjectChange) => void>();
  const live = createLive(home, clock, (change) => {
    for (const listener of listeners) listener(change);
  });
  const tools = createTools(environment);
  const repo = createRepoServer({
    folder: join(folder, 'repo'),
    tools,
    cache: createFolderCache(join(folder, 'cache'), clock),
    clock,
    environment,
  });
  const destination = async (wanted: ApplicationDestination): Promise<{ cluster: Cluster; live: LiveState }> => {
    if (wanted.server === IN_CLUSTER || wanted.name === 'in-cluster') return { cluster: home, live };
    if (wanted.name) throw new HawserError('not-found', `there are no clusters with this name: ${wanted.name}`);
    const message = `error getting cluster by server "${wanted.server ?? ''}": cluster "${wanted.server ?? ''}" not found`;
    throw new HawserError('not-found', message, {
      hint: `--dest-server ${IN_CLUSTER} is the cluster that is always there`,
    });
  };
  const controllerPorts: ControllerPorts = {
    home: { cluster: home, live },
    namespace: NAMESPACE,
    destination,
    renderer: rendererOf(repo),
    project: async (name) => {
      const found = await home.get({
        group: 'argoproj.io',
        version: 'v1alpha1',
        kind: 'AppProject',
        namespace: NAMESPACE,
        name,
      });
      return found && parse(project, found, `project '${name}'`);
    },
    healthOf: (object) => healthOf(object),
    types: compareTypes,
    clock,
    random,
    log,
  };
  const controller = createController(controllerPorts);
  const repositoryWatch = createRepositoryWatch({
    watch: (url, changed, signal) => repo.watchLocal(url, changed, signal),
    refresh: (name) => controller.refresh(name, 'resolve'),
  });
  listeners.add(({ before, after }) => {
    controller.changed(before, after);
    repositoryWatch.changed(before, after);
  });

  let running: Promise<void> | undefined;
  const run = (): Promise<void> => {
    running ??= (async () => {
      local.start();
      await controller.start();
      repositoryWatch.start(live.objects());
    })();
    return running;
  };
  const rest = createRest({
    home,
    namespace: NAMESPACE,
    clock,
    run,
    isRunning: () => running !== undefined,
    controller,
    subscribe,
  });
  const touched = new Set<string>();

  function subscribe(listener: (change: ObjectChange) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  const serverPorts: ServerPorts = {
    home,
    namespace: NAMESPACE,
    inspector: createInspector(controllerPorts),
    repositories: {
      resolve: async (source, { force }) => (await repo.resolve({ source, force })).revision,
      metadata: (source, revision) => repo.metadata({ url: source.repoURL }, revision),
      chart: (source, revision) => repo.chart({ source, revision }),
      applications: (url, revision) => foundApplications(repo, url, revision),
      references: (url) => repo.references({ url }),
    },
    clock,
    cluster: async (wanted) => (await destination(wanted)).cluster,
    tryRender: async (object) => {
      const app = asApplication(object);
      const { cluster } = await destination(app.spec.destination);
      const sources = sourcesOf(app.spec);
      const { manifests } = await renderSources(
        controllerPorts,
        app,
        sources,
        { forceResolve: true, noCache: false },
        cluster,
      );
      if (manifests.length === 0) throw nothingToDeploy(sources[0]?.path ?? '');
    },
    run,
    touch: (name) => touched.add(name),
    catchUp: rest.catchUp,
    subscribe,
    toolVersions: async () => {
      const { helm, kubectl, kustomize, jsonnet } = await tools.versions();
      return {
        ...(kustomize ? { KustomizeVersion: kustomize } : {}),
        ...(helm ? { HelmVersion: helm } : {}),
        ...(kubectl ? { KubectlVersion: kubectl } : {}),
        ...(jsonnet ? { JsonnetVersion: jsonnet } : {}),
      };
    },
    version: `v3.5.1+hawser.${options.version}`,
  };
  const sessions = createSessions({ home, namespace: NAMESPACE, clock });
  const routes = [
    ...applicationRoutes(serverPorts),
    ...changeRoutes(serverPorts),
    ...operationRoutes(serverPorts),
    ...computedRoutes(serverPorts),
    ...resourceRoutes(serverPorts),
    ...settingsRoutes(serverPorts, sessions),
  ];
  const kubernetes = createKubernetesPort({
    home,
    clock,
    run,
    listener: async (token) => {
      const { createKubeListener } = await import('../local-cluster/listen.ts');
      return createKubeListener(local.handle, { token });
    },
  });
  const trustedRoutes = [...routes, ...localRoutes(kubernetes, () => sessions.initialPassword())];
  return {
    trusted: createDispatcher({
      routes: trustedRoutes,
      authenticate: async () => ({ username: 'admin', issuer: 'argocd' }),
    }),
    guarded: createDispatcher({ routes, authenticate: (request) => sessions.authenticate(request) }),
    kubernetes,
    run,
    settle: async () => {
      await Promise.all([...touched].map((name) => controller.settled(name)));
    },
    close: async () => {
      await kubernetes.close();
      repositoryWatch.stop();
      await controller.stop();
      live.stop();
      await local.close();
    },
    certificate: async () => {
      await sessions.initialPassword();
      return serverCertificate(home, { namespace: NAMESPACE, name: 'argocd-secret' }, clock.now());
    },
    warnings: local.warnings,
  };
}

/** What folders here render to, each object with the namespace that it would get: no cluster is asked. */
export async function renderLocal(
  options: Pick<SystemOptions, 'folder' | 'environment' | 'clock'>,
  request: LocalSourcesRequest,
): Promise<{ readonly object: KubeObject; readonly namespace: string }[]> {
  const { folder, environment, clock } = options;
  const cache = createFolderCache(join(folder, 'cache'), clock);
  const tools = createTools(environment);
  const repo = createRepoServer({ folder: join(folder, 'repo'), tools, cache, clock, environment });
  const { renderLocalSources } = await import('../repo/local-sources.ts');
  const resources = builtinResources();
  const served = Object.entries(resources).flatMap(([version, kinds]) => [
    version,
    ...kinds.map(({ kind }) => `${version}/${kind}`),
  ]);
  const apiVersions = request.apiVersions.length > 0 ? request.apiVersions : served;
  const manifests = await renderLocalSources(repo, { ...request, apiVersions });
  return manifests.map((object) => {
    const entry = resources[object.apiVersion]?.find(({ kind }) => kind === object.kind);
    const namespace = object.metadata.namespace || request.destinationNamespace;
    return { object, namespace: entry?.namespaced === false ? '' : namespace };
  });
}

/** The live state of a cluster: every kind that can be watched, followed from the first time that somebody asks. */
function createLive(
  cluster: Cluster,
  clock: Clock,
  changed: (change: ObjectChange) => void,
): LiveState & { stop(): void } {
  const cache = createWatchCache({
    cluster,
    clock,
    changed: (change) => {
      changed(change);
      const object = change.after ?? change.before;
      if (object?.kind === 'CustomResourceDefinition') {
        cluster.forget();
        void follow();
      }
    },
  });
  let ready: Promise<void> | undefined;

  async function follow(): Promise<void> {
    const types = await cluster.types();
    const preferred = new Map<string, TypeReference>();
    for (const type of types) {
      const name = `${type.group}/${type.kind}`;
      const watched = type.verbs.includes('list') && type.verbs.includes('watch') && !UNWATCHED.has(name);
      if (watched && !preferred.has(name))
        preferred.set(name, { group: type.group, version: type.version, kind: type.kind });
    }
    await cache.follow([...preferred.values()].filter((type) => !cache.follows(type)));
  }

  return {
    ready: () => {
      ready ??= follow();
      return ready;
    },
    get: (key) => cache.get(key),
    objects: () => cache.objects(),
    put: (object) => cache.put(object),
    stop: () => cache.stop(),
  };
}

function rendererOf(repo: RepoServer): Renderer {
  return {
    resolve: async (source, { force }) => (await repo.resolve({ source, force })).revision,
    render: async ({ references, ...request }) => {
      const refSources = Object.fromEntries(references.map((reference) => [reference.source.ref ?? '', reference]));
      const { manifests, sourceType } = await repo.render({ ...request, refSources });
      return { manifests, sourceType };
    },
  };
}

async function foundApplications(
  repo: RepoServer,
  url: string,
  revision: string,
): Promise<readonly { readonly type: string; readonly path: string }[]> {
  const resolved = await repo.resolve({ source: { repoURL: url, targetRevision: revision } });
  return repo.applications({ url }, resolved.revision);
}

/** The reference would create it, and call it Synced; that is never what was meant. */
function nothingToDeploy(path: string): HawserError {
  return new HawserError('invalid', `there is no manifest in '${path}'`, {
    hint: 'check --path, and --directory-recurse for folders below it; --validate=false creates it all the same',
  });
}

async function compareTypes(): Promise<Types> {
  const types = await loadBuiltinTypes();
  return {
    typeOf: (object) => types.ofKind(groupOf(object.apiVersion), versionOf(object.apiVersion), object.kind) ?? UNTYPED,
    withDefaults: (object) => withDefaults(object),
  };
}

function withDefaults(object: KubeObject): KubeObject {
  const draft = draftOf(object);
  applyDefaults(groupOf(object.apiVersion), object.kind, draft);
  const filled: unknown = draft;
  return isKubeObject(filled) ? filled : object;
}
