import {
  type ClusterConnection,
  getCluster,
  listClusters,
  listReferences,
  listRepositories,
  listRepositoryApplications,
} from '../../api/connections.ts';
import { listAt, textAt } from '../../core/json.ts';
import { permissionDenied, type Route, route } from '../http/dispatch.ts';
import type { ServerPorts } from '../ports.ts';
import { APPLICATION_TYPE } from './applications/find.ts';

const IN_CLUSTER = { server: 'https://kubernetes.default.svc', name: 'in-cluster' } as const;

export function connectionRoutes(ports: ServerPorts): Route[] {
  const inCluster = async (): Promise<ClusterConnection> => {
    const [serverVersion, { items }] = await Promise.all([
      ports.home.version(),
      ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace }),
    ]);
    const connectionState = { status: 'Successful', message: '', attemptedAt: null };
    const version = serverVersion.replace(/^v(\d+\.\d+).*$/, '$1');
    const info = { connectionState, serverVersion: version, cacheInfo: {}, applicationsCount: items.length };
    return { ...IN_CLUSTER, config: {}, connectionState, serverVersion: version, info } satisfies ClusterConnection & {
      config: object;
    };
  };
  return [
    route(listClusters, async () => ({ items: [await inCluster()] })),
    route(getCluster, async (query) => {
      const wanted = query['id.type'] === 'name' ? IN_CLUSTER.name : IN_CLUSTER.server;
      if (query['id.value'] !== wanted) throw permissionDenied();
      return inCluster();
    }),
    route(listRepositories, async () => ({ items: await repositoriesInUse(ports) })),
    route(listRepositoryApplications, async ({ repo, revision }) => ({
      items: await ports.repositories.applications(repo, revision ?? ''),
    })),
    route(listReferences, async ({ repo }) => ports.repositories.references(repo)),
  ];
}

/** The repositories of the applications: a public repository need not be registered. */
async function repositoriesInUse(ports: ServerPorts): Promise<{ repo: string; type: string }[]> {
  const { items } = await ports.home.list(APPLICATION_TYPE, { namespace: ports.namespace });
  const urls = items.flatMap((object) => [
    textAt(object, 'spec', 'source', 'repoURL'),
    ...listAt(object, 'spec', 'sources').map((source) => textAt(source, 'repoURL')),
  ]);
  return [...new Set(urls)]
    .filter((url) => url !== '')
    .sort()
    .map((repo) => ({ repo, type: 'git' }));
}
