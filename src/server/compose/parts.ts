// What every system is joined from, wherever its cluster is: repo server, what is computed when asked, and the API.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFolderCache } from '../../cache/folder-cache.ts';
import { asApplication } from '../../controller/applications.ts';
import { createInspector } from '../../controller/inspect.ts';
import type { ControllerPorts, Renderer } from '../../controller/ports.ts';
import { renderSources } from '../../controller/rendering.ts';
import { HawserError } from '../../core/errors.ts';
import { parse } from '../../core/shape.ts';
import type { Clock } from '../../core/time.ts';
import { healthOf } from '../../engine/health/health.ts';
import { sourcesOf } from '../../model/application.ts';
import { project } from '../../model/project.ts';
import type { SentFiles } from '../../model/sent-files.ts';
import type { Cluster } from '../../objects/cluster.ts';
import { createRepoServer, type RepoServer } from '../../repo/repo-server.ts';
import { withSentFiles } from '../../repo/sent-files.ts';
import { createTools } from '../../repo/tools.ts';
import { createSessions, type Sessions } from '../auth/sessions.ts';
import type { Route } from '../http/route.ts';
import type { ServerPorts } from '../ports.ts';
import { applicationRoutes } from '../routes/applications.ts';
import { connectionRoutes } from '../routes/connections.ts';
import { differenceRoutes } from '../routes/differences.ts';
import { projectRoutes } from '../routes/projects.ts';
import { resourceRoutes } from '../routes/resources.ts';
import { sessionRoutes } from '../routes/sessions.ts';
import { type Clusters, createClusters } from './clusters.ts';
import { createJq } from './jq.ts';
import type { Live } from './live.ts';

export interface Surroundings {
  /** The data folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly version: string;
  readonly log: (message: string) => void;
  /** Where Applications are worked on; the namespace of the system alone when absent. */
  readonly namespaces?: readonly string[];
}

export interface Parts {
  readonly clusters: Clusters;
  /** Of the system's own cluster. */
  readonly live: Live;
  readonly repo: RepoServer;
  readonly controllerPorts: ControllerPorts;
  readonly sessions: Sessions;
  /** The API, given who works when a call has caused something. */
  routes(work: Pick<ServerPorts, 'run' | 'touch' | 'catchUp' | 'failureOf'>): Route[];
}

/** `namespace` is the one of the Applications in the cluster `home`. */
export function createParts(home: Cluster, namespace: string, surroundings: Surroundings): Parts {
  const { namespaces = [namespace], folder, environment, clock, random, log, version } = surroundings;
  const clusters = createClusters({ cluster: home, namespace, clock, log });
  const { live } = clusters.home;
  const tools = createTools(environment);
  const repo = createRepoServer({
    folder: join(folder, 'repo'),
    tools,
    cache: createFolderCache(join(folder, 'cache'), clock),
    clock,
    environment,
  });
  const controllerPorts: ControllerPorts = {
    home: clusters.home,
    namespace,
    namespaces,
    destinations: clusters.registry,
    renderer: rendererOf(repo),
    project: async (name) => {
      const found = await home.get({
        group: 'argoproj.io',
        version: 'v1alpha1',
        kind: 'AppProject',
        namespace,
        name,
      });
      return found && parse(project, found, `project '${name}'`);
    },
    healthOf: (object) => healthOf(object),
    comparisonSettings: clusters.comparisonSettings,
    deleteByJq: createJq(fileURLToPath(import.meta.resolve('jq-wasm'))),
    clock,
    random,
    log,
  };
  const sessions = createSessions({ home, namespace, clock });
  const routes: Parts['routes'] = (work) => {
    const serverPorts: ServerPorts = {
      home,
      namespace,
      inspector: createInspector(controllerPorts),
      repositories: {
        resolve: async (source, { force }) => (await repo.resolve({ source, force })).revision,
        metadata: (source, revision) => repo.metadata({ url: source.repoURL }, revision),
        chart: (source, revision) => repo.chart({ source, revision }),
        applications: (url, revision) => foundApplications(repo, url, revision),
        references: (url) => repo.references({ url }),
      },
      clock,
      cluster: async (wanted) => clusters.registry.open(wanted).cluster,
      tryRender: async (object) => {
        const app = asApplication(object);
        const destination = clusters.registry.open(app.spec.destination);
        const request = { forceResolve: true, noCache: false };
        const { manifests } = await renderSources(controllerPorts, app, destination, request);
        if (manifests.length === 0) throw nothingToDeploy(sourcesOf(app.spec)[0]?.path ?? '');
      },
      ...work,
      subscribe: (listener) =>
        clusters.subscribe((change) => {
          if (change.server === clusters.home.server) listener(change);
        }),
      toolVersions: async () => {
        const { helm, kubectl, kustomize, jsonnet } = await tools.versions();
        return {
          ...(kustomize ? { KustomizeVersion: kustomize } : {}),
          ...(helm ? { HelmVersion: helm } : {}),
          ...(kubectl ? { KubectlVersion: kubectl } : {}),
          ...(jsonnet ? { JsonnetVersion: jsonnet } : {}),
        };
      },
      version: `v3.5.1+hawser.${version}`,
    };
    return [
      ...applicationRoutes(serverPorts),
      ...resourceRoutes(serverPorts),
      ...differenceRoutes(serverPorts),
      ...projectRoutes(serverPorts),
      ...connectionRoutes(serverPorts),
      ...sessionRoutes(serverPorts, sessions),
    ];
  };
  return { clusters, live, repo, controllerPorts, sessions, routes };
}

function rendererOf(repo: RepoServer): Renderer {
  return {
    resolve: async (source, { force, maxAgeMs }) => (await repo.resolve({ source, force, maxAgeMs })).revision,
    contentOf: (source, revision) => repo.content({ source, revision }),
    render: async ({ references, files, ...request }) => {
      const refSources = Object.fromEntries(references.map((reference) => [reference.source.ref ?? '', reference]));
      const wanted = { ...request, refSources };
      const { manifests, sourceType, isOwn } = await (files ? renderSent(repo, wanted, files) : repo.render(wanted));
      return { manifests, sourceType, isOwn };
    },
  };
}

async function renderSent(repo: RepoServer, request: Parameters<RepoServer['render']>[0], sent: SentFiles) {
  return withSentFiles(sent.files, (root) => {
    const { chart: _chart, ...source } = request.source;
    return repo.renderLocal({ ...request, source: { ...source, path: sent.path } }, { root, folders: {} });
  });
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
